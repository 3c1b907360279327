/*
 * A sum over a set of elements, whatever their order (LtHash: Bellare and
 * Micciancio 1997; Lewi et al., IACR 2019/227).
 *
 * An element is known by its SHA-256.  That is the key of AES-256-CTR, whose
 * first 2,048 bytes are 1,024 numbers of 16 bits, the lower byte first; a sum
 * adds the numbers of its elements, each modulo 2^16.  Adding and removing need
 * neither the other elements nor their order.  To find two sets with one sum is
 * as hard as a problem of lattices with 2^200 steps.
 *
 * Equal elements count as often as they are added: callers whose elements may
 * be equal put a key into them.  A sum hides nothing about a set that can be
 * guessed.
 */
#ifndef BANGO_CRYPTO_LTHASH_H
#define BANGO_CRYPTO_LTHASH_H

#include "crypto/hash.h"

#define LTHASH_LANES 1024
#define LTHASH_BYTES 2048

/* Zeros: the sum of nothing. */
struct lthash {
	uint16_t lanes[LTHASH_LANES];
};

/* OpenSSL's context of AES, made once.  Used by one thread. */
struct lthasher;
struct lthasher *lthasher_new(void);
void lthasher_free(struct lthasher *h); /* NULL is fine */

/* A failure of OpenSSL ends the process. */
void lthash_add(
    struct lthasher *h, const struct digest *element, struct lthash *sum);
void lthash_remove(
    struct lthasher *h, const struct digest *element, struct lthash *sum);

/* The lanes as bytes, the lower byte of each first. */
void lthash_encode(const struct lthash *sum, uint8_t ret[LTHASH_BYTES]);
/* ERR_INPUT unless there are LTHASH_BYTES. */
MUST_USE enum err lthash_decode(struct slice bytes, struct lthash *ret);

#endif
