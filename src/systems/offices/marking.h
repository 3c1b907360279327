/*
 * Marks that an office orders from the relay by business number: 自動応答不可
 * (hold) and 不開示 (undisclosed), for a person or one item of information.
 *
 *   ordered   under way to the relay
 *   done      the relay has the mark: a hold is effective from then on
 *   refused   the organisation knows nobody with that business number
 *
 * The reason goes to the relay and is not kept here.
 */
#ifndef BANGO_SYSTEMS_OFFICES_MARKING_H
#define BANGO_SYSTEMS_OFFICES_MARKING_H

#include "host/system.h"

extern const struct shape offices_mark_input_shape,
    offices_mark_wait_input_shape;

/* mark.done, from our own relay; mark.refused, from our own addressee. */
MUST_USE enum err
marking_done(struct turn *turn, const struct message *message);
MUST_USE enum err
marking_refused(struct turn *turn, const struct message *message);

/* Routes: POST /marks, once for each id; GET /marks/{mark}. */
MUST_USE enum err marking_route_post(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err marking_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
