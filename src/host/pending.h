/*
 * Acts that need two holders (docs/decisions/0038-holders-and-duties.md).
 *
 * A request that needs a second holder is kept as a row: its route, the digest
 * of route and body, its duty and its first holder; not the body, which the
 * second holder sends again.
 */
#ifndef BANGO_HOST_PENDING_H
#define BANGO_HOST_PENDING_H

#include "host/system.h"

/* How long a request waits for its second holder. */
#define PENDING_MS (24 * 3600 * 1000ll)

/* The digest by which the body of the second holder is compared: SHA-256 over
 * "POST /path?query", a line's end and the body. */
struct digest pending_digest(struct slice route, struct slice body);

#endif
