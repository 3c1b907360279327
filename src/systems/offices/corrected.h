/*
 * What was received and then corrected by its provider (個人情報の保護に
 * 関する法律97条): the office sees which of its files stand on it, and can ask
 * again.
 */
#ifndef BANGO_SYSTEMS_OFFICES_CORRECTED_H
#define BANGO_SYSTEMS_OFFICES_CORRECTED_H

#include "host/system.h"

/* inquiry.corrected, from our own relay; also before the answer that it
 * speaks of.  Of an inquiry that we do not know nothing is kept. */
MUST_USE enum err
corrected_take(struct turn *turn, const struct message *message);

/* Route: GET /corrections. */
MUST_USE enum err corrected_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
