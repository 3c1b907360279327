/*
 * What second holders do about requests that wait (host/pending.h): they list,
 * confirm and withdraw them.
 */
#ifndef BANGO_HOST_CONFIRMATION_H
#define BANGO_HOST_CONFIRMATION_H

#include "host/system.h"

extern const struct shape pending_one_shape, pending_emergency_shape;

/* GET /pending: what waits, of the duties that the caller has, and what one
 * holder did alone in the last days. */
MUST_USE enum err confirmation_list(
    struct turn *turn, const struct input *in, struct reply *reply);
/*
 * POST /pending/{id}/confirmation with the body of the request: it is done now,
 * in this turn, under both names.  403 for the first holder and for one without
 * the duty, 404 when its time is over, 409 for another body.
 */
MUST_USE enum err confirmation_post(
    struct turn *turn, const struct input *in, struct reply *reply);
/* POST /pending/{id}/withdrawal, by the first holder: 403 for others. */
MUST_USE enum err confirmation_withdraw(
    struct turn *turn, const struct input *in, struct reply *reply);
/*
 * POST /pending/{id}/emergency?reason= with the body of the request: the first
 * holder acts alone, and all others with the duty see it in GET /pending.  403
 * for a duty that opens something, and for others than the first holder.
 */
MUST_USE enum err confirmation_alone(
    struct turn *turn, const struct input *in, struct reply *reply);

/* Erase what waited in vain, and emergencies of long ago. */
MUST_USE enum err confirmation_erase(struct turn *turn);

#endif
