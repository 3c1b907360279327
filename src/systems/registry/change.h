/* Another Individual Number after a leak (番号法7条2項, 施行令3条, 4条). */
#ifndef BANGO_SYSTEMS_REGISTRY_CHANGE_H
#define BANGO_SYSTEMS_REGISTRY_CHANGE_H

#include "host/system.h"

extern const struct shape change_request_input_shape;

/* POST /number-changes; the same `request` again answers with its progress. */
MUST_USE enum err
change_request(struct turn *turn, const struct input *in, struct reply *reply);
/* number.changed: the old number ends, the new one counts from now. */
MUST_USE enum err
change_take_answer(struct turn *turn, const struct message *message);

#endif
