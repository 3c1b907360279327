/*
 * Reading records.  Each access writes the audit entry in the same turn; the
 * Individual Number is shown in its notice only.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_VIEW_H
#define BANGO_SYSTEMS_REGISTRY_VIEW_H

#include "host/system.h"

extern const struct shape view_resident_input_shape, view_lookup_input_shape;

/* GET /residents/{resident}?wait=N&until=numbered */
MUST_USE enum err
view_resident(struct turn *turn, const struct input *in, struct reply *reply);
/* GET /residents/{resident}/history */
MUST_USE enum err
view_history(struct turn *turn, const struct input *in, struct reply *reply);
/* POST /lookups: by number, code, resident, or all four attributes */
MUST_USE enum err
view_lookup(struct turn *turn, const struct input *in, struct reply *reply);
/* GET /notices/{resident}: 個人番号通知書 (令85 7条) */
MUST_USE enum err
view_notice(struct turn *turn, const struct input *in, struct reply *reply);
/* GET /progress, and the counts of `bango status` */
MUST_USE enum err
view_progress(struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err view_counts(struct turn *turn, struct counting *counts);

#endif
