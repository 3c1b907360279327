/*
 * Another Resident Record Code on request (住基法30条の4).
 *
 * The resident need not say why, but for another change within a year: then papers
 * show it.  The new code comes out of the pool and
 * counts at once; jukinet is told, and tells the network.  The Individual Number
 * stays, and the offices are told nothing.  A card with the old code expires
 * (番号法施行令14条5号), which is up to the issuer of cards.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_RECODE_H
#define BANGO_SYSTEMS_REGISTRY_RECODE_H

#include "host/system.h"

extern const struct shape recode_request_input_shape;

/*
 * POST /code-changes: answers with the notice to the person (30条の4第4項); the
 * same `request` again gets the same answer.  ERR_CONFLICT for a person who does
 * not live here, has no number yet, or had another code less than a year ago and
 * brings no papers; ERR_BUSY if the pool is empty.
 */
MUST_USE enum err
recode_request(struct turn *turn, const struct input *in, struct reply *reply);
/* Jukinet refused code.changed for good: a change elsewhere was less than a year
 * ago.  The resident has the former code again. */
MUST_USE enum err
recode_not_taken(struct turn *turn, const struct message *message);

#endif
