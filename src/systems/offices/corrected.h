/*
 * Contents that were received and later corrected by their provider
 * (個人情報の保護に関する法律97条): the office sees which of its files depend on
 * them, and can ask again.
 */
#ifndef BANGO_SYSTEMS_OFFICES_CORRECTED_H
#define BANGO_SYSTEMS_OFFICES_CORRECTED_H

#include "host/system.h"

/* inquiry.corrected, from our own relay; it may arrive before the answer that it
 * refers to.  Nothing is kept for an inquiry that we do not know. */
MUST_USE enum err
corrected_take(struct turn *turn, const struct message *message);

/* Route: GET /corrections. */
MUST_USE enum err corrected_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
