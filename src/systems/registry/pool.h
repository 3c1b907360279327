/*
 * The pool of Resident Record Codes designated to this municipality and not
 * yet on a record (住基法30条の2).
 */
#ifndef BANGO_SYSTEMS_REGISTRY_POOL_H
#define BANGO_SYSTEMS_REGISTRY_POOL_H

#include "host/system.h"
#include "number/resident_code.h"
#include "systems/registry/tally.h"

/* Request from jukinet the codes that are missing for waiting residents and for
 * the reserve, unless they are on their way. */
MUST_USE enum err pool_fill(struct turn *turn, const struct tally *tally);
/*
 * Take out up to `max` codes, in the order in which they arrived.  Codes that are
 * on a record already, which would be a fault of the network, are dropped.
 */
MUST_USE enum err pool_take(struct turn *turn, struct tally *tally,
    struct resident_code *ret, size_t max, size_t *ret_n);
/* codes.designated */
MUST_USE enum err
pool_take_message(struct turn *turn, const struct message *message);
/* codes.refused */
MUST_USE enum err
pool_take_refusal(struct turn *turn, const struct message *message);
/* POST /pool/returns: give back the codes beyond the reserve.  Once more gives back
 * nothing, or the rest of a great many. */
MUST_USE enum err pool_post_return(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
