/* Look-ups of a person, by exact matches only (docs/incidents.md F11). */
#ifndef BANGO_SYSTEMS_JUKINET_LOOKUP_H
#define BANGO_SYSTEMS_JUKINET_LOOKUP_H

#include "host/system.h"

extern const struct shape jukinet_lookup_input_shape;

/* POST /lookups: one person's identification information. */
MUST_USE enum err
lookup_post(struct turn *turn, const struct input *in, struct reply *reply);

#endif
