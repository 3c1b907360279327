/*
 * Requests that wait for a batch, in turns between the peers: what a peer
 * sends second stands behind what everybody else has sent first.  So a peer
 * with many connections makes its own requests wait, not the others'.
 */
#ifndef BANGO_LIVE_READY_H
#define BANGO_LIVE_READY_H

struct work;

struct ready {
	struct work *first; /* in the order in which they are worked off */
	int n;
};

/* A peer is who holds the certificate, or without one the address. */
void ready_add(struct ready *ready, struct work *work);
/* All of them, a list; none is left. */
struct work *ready_take(struct ready *ready);
/* The last ones of a list that was taken, before anything was added. */
void ready_put_back(struct ready *ready, struct work *list);
/* The one whose turn is farthest, taken out; NULL if there is none. */
struct work *ready_take_last(struct ready *ready);

#endif
