/* SHA-256 (FIPS 180-4), HMAC (RFC 2104) and constant-time comparison. */
#ifndef BANGO_CRYPTO_HASH_H
#define BANGO_CRYPTO_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct digest {
	uint8_t bytes[32];
};

struct digest digest_of(struct slice data);
/* HMAC-SHA-256 of the data under a key of any length. */
struct digest digest_keyed(struct slice key, struct slice data);
bool digest_equal(const struct digest *a, const struct digest *b);
struct slice digest_slice(const struct digest *d); /* borrowed */
/* The 32 bytes, as digest_slice() gave them; ERR_INPUT if they are not 32. */
MUST_USE enum err digest_from_bytes(struct slice bytes, struct digest *ret);

/* Incremental, for files. */
struct hasher;
struct hasher *hasher_new(void);
void hasher_add(struct hasher *h, struct slice data);
struct digest hasher_finish(struct hasher *h); /* and frees */

/* True where equal; the time does not depend on the bytes. */
bool secret_equal(const void *a, const void *b, size_t len);

#endif
