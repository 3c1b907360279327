/*
 * Values at rest: what a system must find again, or read again, and what the
 * thief of its database must neither read nor compare with another system's.
 *
 * A value that two systems know joins their rows about one person.  Each keeps
 * it as a tag, by which it finds the row, and sealed, under keys of its own key
 * store: purpose "rest", of which `bango keys --rotate rest` adds an epoch, one
 * a year.  Tags of one epoch are equal where the values are, and say nothing
 * without the key.
 *
 * Two keys are made of the stored one, once (enum key_use), by HMAC-SHA-256 (RFC 2104): over
 * "bango-rest-tag" the key of tags (HMAC-SHA-256, first 16 bytes), over
 * "bango-rest-seal" the key of seals (AES-256-GCM).  A sealed value is: epoch (4 bytes, big-endian), nonce (12),
 * cipher text, tag of the seal (16).
 */
#ifndef BANGO_CRYPTO_REST_H
#define BANGO_CRYPTO_REST_H

#include "base/arena.h"
#include "crypto/keystore.h"

#define REST_PURPOSE "rest"
#define REST_TAG_LEN 16
#define REST_TAGGED_MAX 64 /* bytes of a value that gets a tag */

struct rest_tag {
	uint8_t bytes[REST_TAG_LEN];
};

#define REST_YEAR_MS (365 * INT64_C(86400000))
/* Add a key if there is none, or none that is younger than a year; whether one was
 * added, which the caller then has to save. */
bool rest_renew(
    struct keystore *keys, const struct random *random, struct instant now);
/* The newest epoch; 0 if the key store has no such key. */
uint32_t rest_epoch(const struct keystore *keys);
/* The tag of a value of at most REST_TAGGED_MAX bytes in an epoch.
 * ERR_NOT_FOUND if there is no key of that epoch. */
MUST_USE enum err rest_tag_of(const struct keystore *keys, uint32_t epoch,
    struct slice value, struct rest_tag *ret);
struct slice rest_tag_slice(const struct rest_tag *tag); /* borrowed */
/* Seal under the newest key, into the arena.  ERR_NOT_FOUND if there is
 * none. */
MUST_USE enum err rest_seal(struct arena *arena, const struct keystore *keys,
    const struct random *random, struct slice plain, struct slice *ret);
/* The plain text, in the arena.  ERR_NOT_FOUND if the key of its epoch is not
 * here, ERR_CRYPTO if it was altered or is no sealed value. */
MUST_USE enum err rest_open(struct arena *arena, const struct keystore *keys,
    struct slice sealed, struct slice *ret);

#endif
