/*
 * Changing an Individual Number after a leak (番号法7条2項, 施行令3条).
 *
 * The second number of a person is given on the municipality's word.  The third
 * one, and each after it, waits for an officer of this system and a second
 * holder; in the first ten years, the municipality has to name the papers that
 * show the leak (疎明資料) and its officer as well.  A number that changes without
 * end would lead nobody to its person any more.
 */
#ifndef BANGO_SYSTEMS_JUKINET_CHANGING_H
#define BANGO_SYSTEMS_JUKINET_CHANGING_H

#include "host/system.h"

extern const struct shape changing_decision_shape;

/* number.change, from a registry: answers with number.changed, at once or after
 * the officer's decision. */
MUST_USE enum err
changing_take(struct turn *turn, const struct message *message);

/* GET /number-changes: those that wait for an officer, and
 * POST /number-changes/{change}/decision. */
MUST_USE enum err
changing_list(struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err
changing_decide(struct turn *turn, const struct input *in, struct reply *reply);

#endif
