/*
 * Acts that need two holders (docs/decisions/0038-holders-and-duties.md).
 *
 * A request that needs a second holder is kept as a row: its route, the digest
 * of route and body, its duty and its first holder; not the body, which the
 * second holder sends again.
 */
#ifndef BANGO_HOST_PENDING_H
#define BANGO_HOST_PENDING_H

#include "host/system.h"

/* How long a request waits for its second holder. */
#define PENDING_MS (24 * 3600 * 1000ll)

extern const struct shape pending_one_shape, pending_emergency_shape;

/* GET /pending: what waits, of the duties that the caller has, and what one
 * holder did alone in the last days. */
MUST_USE enum err
pending_list(struct turn *turn, const struct input *in, struct reply *reply);
/*
 * POST /pending/{id}/confirmation with the body of the request: it is done now,
 * in this turn, under both names.  403 for the first holder and for one without
 * the duty, 404 when its time is over, 409 for another body.
 */
MUST_USE enum err
pending_confirm(struct turn *turn, const struct input *in, struct reply *reply);
/* POST /pending/{id}/withdrawal, by the first holder: 403 for others. */
MUST_USE enum err pending_withdraw(
    struct turn *turn, const struct input *in, struct reply *reply);
/*
 * POST /pending/{id}/emergency?reason= with the body of the request: the first
 * holder acts alone, and all others with the duty see it in GET /pending.  403
 * for a duty that opens something, and for others than the first holder.
 */
MUST_USE enum err pending_emergency(
    struct turn *turn, const struct input *in, struct reply *reply);

/* Erase what waited in vain, and emergencies of long ago. */
MUST_USE enum err pending_erase(struct turn *turn);

#endif
