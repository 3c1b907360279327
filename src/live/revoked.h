/*
 * Lists of revoked keys on a real machine: where they come from, and the
 * connections that they end.
 */
#ifndef BANGO_LIVE_REVOKED_H
#define BANGO_LIVE_REVOKED_H

#include "live/live_internal.h"

/* The client that fetches lists from peers. */
MUST_USE enum err revoked_arm(struct live *live);
void revoked_done(struct live *live);
/* Ask a peer for its list, if the node wishes for it. */
void revoked_fetch(struct live *live);

/* Whether a connection with that key has to end; `state` is the struct live. */
bool revoked_is_cut(void *state, const struct fingerprint *key);
/* Verify the list in the file of the options, and take it if it is newer; then
 * cut the connections of the keys on it.  The log says so.  Errors as of
 * revoked_open() and node_take_revoked(); a nation of an earlier program has no
 * such file, which is OK. */
MUST_USE enum err revoked_read(struct live *live, struct problem *problem);

#endif
