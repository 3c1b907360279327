/*
 * AES (FIPS 197) on single blocks, for format-preserving encryption and linkage
 * codes.
 *
 * Every block is enciphered on its own (ECB), so that equal blocks look equal:
 * never encrypt data with it.
 *
 * A struct block_cipher holds a key: wipe it with block_cipher_done().  It
 * must not be used by two threads at once, nor copied.
 */
#ifndef BANGO_CRYPTO_BLOCK_H
#define BANGO_CRYPTO_BLOCK_H

#include "base/slice.h"

#define BLOCK_LEN 16

struct block_cipher {
	struct evp_cipher_ctx_st *encrypt; /* OpenSSL's, schedule included */
	struct evp_cipher_ctx_st *decrypt;
};

/* A key of 16, 24 or 32 bytes; ERR_INPUT otherwise, *ret is then left
 * alone. */
MUST_USE enum err block_cipher_init(struct slice key, struct block_cipher *ret);
/* Fine on a zeroed struct. */
void block_cipher_done(struct block_cipher *cipher);

/* `n` blocks from `in` to `out`, which are the same or do not overlap.  A
 * failure of OpenSSL ends the process. */
void block_encrypt(
    const struct block_cipher *cipher, const void *in, void *out, size_t n);
void block_decrypt(
    const struct block_cipher *cipher, const void *in, void *out, size_t n);

#endif
