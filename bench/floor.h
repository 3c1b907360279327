/*
 * The floor of what takes a chain of messages: each system of the chain makes
 * its turn durable before it says anything, and says it over TLS.  So many
 * flushes to this disk and so many round trips over TLS, one after the other,
 * are the least that it can take.
 */
#ifndef BANGO_BENCH_FLOOR_H
#define BANGO_BENCH_FLOOR_H

#include "base/err.h"

struct floor;

/* A file in the folder, and a bare echo. */
MUST_USE enum err
floor_open(const char *folder, struct floor **ret, struct problem *problem);
void floor_close(struct floor *floor); /* NULL is fine */

/* `hops` times: write some pages, flush them, and one round trip. */
MUST_USE enum err floor_measure(
    struct floor *floor, int hops, double *ret_ms, struct problem *problem);

#endif
