/*
 * The pool made anew from jukinet's list of the codes that were designated to us
 * and that nobody has: after a lost database, which jukinet counts as our stock
 * all the same.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_RELIST_H
#define BANGO_SYSTEMS_REGISTRY_RELIST_H

#include "host/system.h"

/* POST /pool/relisting: empty the pool and ask for the list.  Requests for codes
 * that are open count as answered, for the list has their codes. */
MUST_USE enum err
relist_post(struct turn *turn, const struct input *in, struct reply *reply);
/* *ret is true until the end of the list has come. */
MUST_USE enum err relist_is_open(struct turn *turn, bool *ret);
/* codes.listed: a part of the list, and the question for the next one. */
MUST_USE enum err relist_take(struct turn *turn, const struct message *message);

#endif
