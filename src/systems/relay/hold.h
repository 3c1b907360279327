/*
 * Holds (自動応答不可): permits that a person of ours decides about.
 *
 * If the person or the item asked for is marked `hold`, the relay does not
 * answer by itself.  The inquirer gets a notice with the deadline; an operator
 * releases the answer or refuses it, with a reason.  A permit that nobody decided about by the deadline is refused.  The permit's own
 * expiry applies in any case (令85 41条3項).
 */
#ifndef BANGO_SYSTEMS_RELAY_HOLD_H
#define BANGO_SYSTEMS_RELAY_HOLD_H

#include "host/system.h"
#include "systems/relay/permit.h"

/* How long a person has to decide.  The real figure is not published; this one
 * is our choice, and shorter than the life of a permit. */
#define HOLD_MS (3 * 24 * 3600ll * 1000)

/* Put a permit aside, and tell the inquirer. */
MUST_USE enum err hold_begin(struct turn *turn, const struct permit *permit,
    struct internal_number internal);
/* OK if the permit is or was held, ERR_NOT_FOUND if not. */
MUST_USE enum err hold_find(struct turn *turn, struct slice permit);
/* The network revoked the permit: end it.  *ret is false if the permit is not
 * waiting for a decision. */
MUST_USE enum err hold_stop(
    struct turn *turn, struct slice permit, struct slice outcome, bool *ret);
/* Hook: a system is revoked; permits that are held for it as an inquirer's relay
 * end as revoked. */
MUST_USE enum err
hold_revoked(struct turn *turn, const struct system_id *system);
/* Timer: refuse permits that nobody decided about by the deadline. */
MUST_USE enum err hold_expire(struct turn *turn);

/* Routes: GET /held, POST /held/{permit}/decision: ERR_NOT_FOUND; ERR_CONFLICT
 * if it was decided otherwise, or its deadline passed.  The same decision again
 * changes nothing. */
MUST_USE enum err
hold_route_get(struct turn *turn, const struct input *in, struct reply *reply);
extern const struct shape relay_decision_input_shape;
MUST_USE enum err hold_route_decide(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
