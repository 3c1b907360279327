/*
 * Acquisition of linkage codes (番号法21条の2, 施行令27条, 令85 44条).
 *
 * Jukinet says which Resident Record Code stands behind an acquisition
 * number (取得番号); the network makes the organisation's code of it and tells
 * the relay.  The acquisition number is not stored here at all.
 */
#ifndef BANGO_SYSTEMS_NETWORK_ACQUISITION_H
#define BANGO_SYSTEMS_NETWORK_ACQUISITION_H

#include "host/system.h"
#include "systems/network/linkage.h"

#define RECORD_CODE_LEN 16

/* Under which records of a person are kept; stands nowhere else.  Secret. */
struct record_code {
	uint8_t bytes[RECORD_CODE_LEN];
};

/* As a blob, and as the subject of an audit entry; borrowed, in the arena. */
struct slice record_code_slice(const struct record_code *code);
struct slice
record_code_text(struct turn *turn, const struct record_code *code);

/* acquisition.identify: {for, items: [[AN, RC], ...]}; a row has the codes that
 * the person had before as a third element, if there are any. */
MUST_USE enum err
acquisition_identify(struct turn *turn, const struct message *message);

/*
 * code.changed, from jukinet: {items: [[old RC, new RC], ...]} (住基法30条の9の2).
 * The person stays the same, and so do all codes and records; an acquisition
 * under any of the codes finds the same person.  Old news and the same news
 * again change nothing; ERR_CONFLICT if the two codes are two persons' here.
 */
MUST_USE enum err
acquisition_recode(struct turn *turn, const struct message *message);

/* The record code of a person, ERR_NOT_FOUND. */
MUST_USE enum err acquisition_record_code(
    struct turn *turn, struct id_code id, struct record_code *ret);
/* Under which epoch an organisation's code was made; ERR_NOT_FOUND if it has
 * none for the person. */
MUST_USE enum err acquisition_epoch(
    struct turn *turn, struct id_code id, uint32_t organisation, uint16_t *ret);

#endif
