/*
 * Relinking, as an officer of the network's commands and watches it
 * (docs/decisions/0048-relinking.md).
 */
#ifndef BANGO_NATION_RELINK_H
#define BANGO_NATION_RELINK_H

#include "nation/nation.h"

/*
 * Command it, or, with the id of a command that waits, confirm that as the second
 * holder; `reason` is the same in both.  Appends what happens next to *ret.  The
 * network's refusal is an error (nation/refusal.h); ERR_NOT_FOUND if the nation has no
 * network.
 */
MUST_USE enum err relink_order(struct nation *nation, const char *reason,
    const char *pending, struct buf *ret, struct problem *problem);
/* Append the commands, the counts, and a line for each organisation that is not
 * done; *ret_open is how many are not. */
MUST_USE enum err relink_show(struct nation *nation, struct buf *ret,
    int64_t *ret_open, struct problem *problem);

#endif
