/*
 * The courier: posts a live node's outbox to its peers.
 *
 * One batch is under way for each peer; a peer that is silent holds up only
 * its own messages, and is tried again after 50 ms, doubling to 30 s.  An
 * answer is settled a little later, in a batch of turns that other work begins;
 * many answers, or old ones, begin a batch for their own sake.
 */
#ifndef BANGO_LIVE_COURIER_H
#define BANGO_LIVE_COURIER_H

#include "pki/x509.h"

struct courier;
struct live;

MUST_USE enum err courier_new(struct live *live, struct courier **ret);
void courier_free(struct courier *courier);
/* Whether the directory is the one that the courier was made for. */
bool courier_knows_all(const struct courier *courier);
/* Post due messages to every peer that has no batch under way. */
void courier_kick(struct courier *courier);
/* End the postings to the servers whose keys `is_cut` names, and close the
 * connections to them. */
void courier_cut(struct courier *courier,
    bool (*is_cut)(void *state, const struct fingerprint *server), void *state);
/* Within a batch: apply the received receipts, if it is time. */
void courier_settle(struct courier *courier);
/* After the commit of that batch: the receipts are settled.  After its failure:
 * forget them, and post the messages again. */
void courier_settled(struct courier *courier);
void courier_forget(struct courier *courier);

#endif
