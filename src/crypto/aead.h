/*
 * AES-256-GCM (NIST SP 800-38D).  Inside crypto/ only.
 *
 * A nonce must never be used twice under one key.  The caller sees to it (both
 * callers make a fresh key for every message).
 */
#ifndef BANGO_CRYPTO_AEAD_H
#define BANGO_CRYPTO_AEAD_H

#include "base/slice.h"

#define AEAD_KEY_LEN 32
#define AEAD_NONCE_LEN 12
#define AEAD_TAG_LEN 16

/* Append the cipher text, which is as long as the plain text.  A failure of
 * OpenSSL ends the process. */
void aead_seal(const uint8_t key[AEAD_KEY_LEN],
    const uint8_t nonce[AEAD_NONCE_LEN], struct slice aad, struct slice plain,
    struct buf *ret, uint8_t ret_tag[AEAD_TAG_LEN]);
/* Append the plain text; ERR_CRYPTO, and nothing is appended, if any part
 * was altered. */
MUST_USE enum err aead_open(const uint8_t key[AEAD_KEY_LEN],
    const uint8_t nonce[AEAD_NONCE_LEN], struct slice aad, struct slice sealed,
    const uint8_t tag[AEAD_TAG_LEN], struct buf *ret);

#endif
