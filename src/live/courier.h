/*
 * The courier: posts a live node's outbox to its peers.
 *
 * One batch is under way for each peer; a peer that is silent holds up only
 * what is for itself, and is tried again after 50 ms, doubling to 30 s.  An
 * answer is settled in a batch of turns that there is anyway, a little later;
 * many of them, or a longer time, make one for their sake.
 */
#ifndef BANGO_LIVE_COURIER_H
#define BANGO_LIVE_COURIER_H

#include <stdbool.h>

#include "base/err.h"

struct courier;
struct live;

MUST_USE enum err courier_new(struct live *live, struct courier **ret);
void courier_free(struct courier *courier);
/* Whether the directory is the one that the courier was made for. */
bool courier_knows_all(const struct courier *courier);
/* Post what is due to whom nothing is under way. */
void courier_kick(struct courier *courier);
/* Within a batch: apply the receipts that have come, if it is time. */
void courier_settle(struct courier *courier);
/* After its commit: they are settled; after a failure: ask again. */
void courier_settled(struct courier *courier);
void courier_forget(struct courier *courier);

#endif
