/*
 * Searches for the organisations that could be asked for an item about a person
 * (令85 40条3項), for a clerk who cannot name the provider.
 */
#ifndef BANGO_SYSTEMS_OFFICES_FINDING_H
#define BANGO_SYSTEMS_OFFICES_FINDING_H

#include "host/system.h"

extern const struct shape offices_search_input_shape,
    offices_search_wait_input_shape;

/* provider.found, from our own relay; for an unknown person, from our own
 * addressee. */
MUST_USE enum err
finding_found(struct turn *turn, const struct message *message);

/* Routes. */
MUST_USE enum err finding_route_post(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err finding_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
