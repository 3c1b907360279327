/*
 * Records of an earlier day, with a text that no message may carry today (decision
 * 0033): messages about these residents wait until the records are corrected.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_UNFIT_H
#define BANGO_SYSTEMS_REGISTRY_UNFIT_H

#include "host/system.h"

/*
 * GET /unfit?after=N: those among the next UNFIT_STEP residents who live here, each
 * with the first field that does not fit and the reason, and no name; `next` is the
 * `after` of the next call, absent at the end.  The look at all of them is in the
 * audit, and so is each who is listed.
 */
MUST_USE enum err
unfit_list(struct turn *turn, const struct input *in, struct reply *reply);

#define UNFIT_STEP 2000

#endif
