/*
 * Loading the offices' own data: local tax records, and insured persons with
 * their pension records.  Their replicas are put to the relay afterwards.
 */
#ifndef BANGO_SYSTEMS_OFFICES_LOADING_H
#define BANGO_SYSTEMS_OFFICES_LOADING_H

#include "host/system.h"

extern const struct shape offices_tax_input_shape, offices_insured_input_shape;

/* Routes: POST /tax-records, POST /insured. */
MUST_USE enum err loading_route_tax(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err loading_route_insured(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
