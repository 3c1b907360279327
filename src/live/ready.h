/*
 * Requests that wait for a batch, taken from the peers in turn: the second
 * request of a peer stands behind the first of every other peer.  A peer with
 * many connections therefore makes its own requests wait, not the others'.
 */
#ifndef BANGO_LIVE_READY_H
#define BANGO_LIVE_READY_H

struct work;

struct ready {
	struct work *first; /* in the order in which they are performed */
	int n;
};

/* A peer is identified by its certificate, or without one by its address. */
void ready_add(struct ready *ready, struct work *work);
/* Take all requests, as a list. */
struct work *ready_take(struct ready *ready);
/* Put back the end of a list that was taken, before any request is added. */
void ready_put_back(struct ready *ready, struct work *list);
/* Take the request whose turn comes last; NULL if there is none. */
struct work *ready_take_last(struct ready *ready);

#endif
