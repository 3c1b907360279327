/*
 * An officer of J-LIS takes back what a municipality should not have said: a death,
 * or that somebody has come back (docs/decisions/0041-claims-of-arrivals.md).
 *
 * For the municipalities a death is final.  Nothing is deleted: the person's state
 * of before is written once more, as a state of its own, and both registries are
 * told.
 */
#ifndef BANGO_SYSTEMS_JUKINET_RESTORATION_H
#define BANGO_SYSTEMS_JUKINET_RESTORATION_H

#include "host/system.h"

extern const struct shape jukinet_restoration_input_shape;

/* POST /persons/{person}/restoration */
MUST_USE enum err restoration_post(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
