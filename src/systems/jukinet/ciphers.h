/*
 * The permutations that codes and numbers are made with.
 *
 *   body of a Resident Record Code  = FF1(key "resident-code", serial)
 *   body of an Individual Number    = FF1(key "number",
 *                                         body of the code ‖ generation)
 *
 * Serials are counted up from 1.  A permutation makes codes that look random
 * and are never the same (住基法30条の2), and numbers that differ from all
 * others, former ones included, and from which the code cannot be restored
 * without the key (番号法施行令6条).
 *
 * A new epoch of a key is another permutation, which may produce a value that an
 * older one produced: designation.h and numbers.h leave such results out.
 */
#ifndef BANGO_SYSTEMS_JUKINET_CIPHERS_H
#define BANGO_SYSTEMS_JUKINET_CIPHERS_H

#include "crypto/keystore.h"

#define CIPHERS_EPOCHS_MAX 64

enum cipher {
	CIPHER_CODE,   /* values < 10^10, key "resident-code" */
	CIPHER_NUMBER, /* values < 10^11, key "number" */
};
#define CIPHER_COUNT (CIPHER_NUMBER + 1)

struct ciphers;

/* Every epoch of both keys, expanded.  ERR_CRYPTO if the key store lacks a key or
 * one of its epochs, ERR_TOO_LARGE. */
MUST_USE enum err
ciphers_new(const struct keystore *keys, struct ciphers **ret);
void ciphers_free(struct ciphers *ciphers); /* wipes; NULL is fine */

/* The newest epoch; epochs count from 1. */
unsigned int ciphers_epoch(const struct ciphers *ciphers, enum cipher cipher);

/* Encrypt or decrypt `n` values in place; an epoch that does not exist ends the
 * process. */
void ciphers_encrypt(const struct ciphers *ciphers, enum cipher cipher,
    unsigned int epoch, uint64_t *values, size_t n);
void ciphers_decrypt(const struct ciphers *ciphers, enum cipher cipher,
    unsigned int epoch, uint64_t *values, size_t n);

#endif
