/*
 * Numbering (番号法7条, 8条; 住基法30条の2, 30条の3).
 *
 * A record gets a Resident Record Code from the pool that jukinet designated
 * to this municipality, is sent to jukinet under that code, and is assigned
 * the Individual Number at the instant the answer is taken in (施行令2条).
 *
 * A record that has no number yet has a state in the database: `waiting`, and
 * `requested` from the transaction that puts the request into the outbox.  The
 * outbox loses nothing, so no number is requested twice.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_NUMBERING_H
#define BANGO_SYSTEMS_REGISTRY_NUMBERING_H

#include "host/system.h"
#include "systems/registry/resident.h"

/* Why a number was assigned. */
#define ASSIGNED_FIRST "first"
#define ASSIGNED_CHANGE "change"     /* after a leak (番号法7条2項) */
#define ASSIGNED_TRANSFER "transfer" /* it came with the person */

/* Timer: give codes to waiting residents, request their numbers, and keep the
 * pool filled. */
MUST_USE enum err numbering_timer(struct turn *turn);
/* numbering.answer */
MUST_USE enum err
numbering_take_answer(struct turn *turn, const struct message *message);

/* A code of the pool for a new record.  ERR_NOT_FOUND if the pool is empty. */
MUST_USE enum err numbering_take_code(
    struct turn *turn, struct tally *tally, struct resident_code *ret);
/* Request the number of one resident, who must have a code and wait, now. */
MUST_USE enum err numbering_request(
    struct turn *turn, struct tally *tally, struct resident *resident);

/*
 * Assign a number now; the resident becomes numbered.  ERR_CONFLICT if it is
 * another resident's.  The audit entry is written.
 */
MUST_USE enum err numbering_assign(struct turn *turn, struct tally *tally,
    struct resident *resident, const struct individual_number *number,
    const char *reason);

/* The same for a number that came with the resident, unless the record has it
 * already; the number may have been changed elsewhere meanwhile. */
MUST_USE enum err numbering_carry(struct turn *turn, struct tally *tally,
    struct resident *resident, const struct individual_number *number);

#endif
