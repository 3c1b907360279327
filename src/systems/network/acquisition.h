/*
 * Acquisition of linkage codes (番号法21条の2, 施行令27条, 令85 44条).
 *
 * Jukinet says to which Resident Record Code an acquisition number (取得番号)
 * belongs; the network makes the organisation's linkage code from it and tells
 * the relay.  The acquisition number is not stored here at all.
 */
#ifndef BANGO_SYSTEMS_NETWORK_ACQUISITION_H
#define BANGO_SYSTEMS_NETWORK_ACQUISITION_H

#include "host/system.h"
#include "network_rows.h"
#include "number/linkage_code.h"

struct organisation;

/* acquisition.identify, from jukinet, with the codes that each person had
 * before. */
MUST_USE enum err
acquisition_identify(struct turn *turn, const struct message *message);

/* enrolment.identified, from jukinet: the portal is told its code for each resident
 * who is at a counter, also where it holds that code already. */
MUST_USE enum err
acquisition_enrol(struct turn *turn, const struct message *message);

/*
 * code.changed, from jukinet (住基法30条の9の2).  The person stays the same, and so
 * do all linkage codes and records; an acquisition under any of the Resident
 * Record Codes finds the same person.  Old or repeated news changes nothing;
 * ERR_CONFLICT if the two codes belong to two persons here.
 */
MUST_USE enum err
acquisition_recode(struct turn *turn, const struct message *message);

/* The person whom the organisation knows by `code`.  ERR_NOT_FOUND if the code
 * is not the organisation's or was never given to it, if it is of an epoch that
 * does not count any more (relinking.h), or if `organisation` is NULL. */
MUST_USE enum err
acquisition_person(struct turn *turn, const struct organisation *organisation,
    const struct linkage_code *code, struct network_person_row *ret);

#endif
