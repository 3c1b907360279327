/*
 * POST /lookups: a person's record with its business numbers and without the
 * Individual Number, for an operator who names the person in exactly one way.
 * ERR_NOT_FOUND.
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_LOOKUP_H
#define BANGO_SYSTEMS_ADDRESSEE_LOOKUP_H

#include "host/system.h"

extern const struct shape addressee_lookup_input_shape;
MUST_USE enum err addressee_lookup(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
