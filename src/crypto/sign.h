/*
 * Signatures: ECDSA on P-256 with SHA-256 (ES256 of RFC 7518 §3.4).
 *
 * A key is known by its id, the base64url SHA-256 thumbprint of its public
 * JWK (RFC 7638).  Signing keys are secret: they have no way into a log, and
 * are wiped when freed.
 */
#ifndef BANGO_CRYPTO_SIGN_H
#define BANGO_CRYPTO_SIGN_H

#include <stdint.h>

#include "base/json.h"
#include "base/slice.h"

#define SIGNATURE_LEN 64 /* r ‖ s, big-endian */
#define KEY_ID_LEN 43    /* base64url of 32 bytes */

struct key_id {
	char text[KEY_ID_LEN + 1]; /* NUL-terminated */
};

struct signing_key; /* private and public half */
struct verify_key;  /* public half */

MUST_USE enum err signing_key_generate(struct signing_key **ret);
/* PKCS#8 DER, unencrypted: goes into a key store, nowhere else. */
MUST_USE enum err
signing_key_decode(struct slice der, struct signing_key **ret);
MUST_USE enum err
signing_key_encode(const struct signing_key *key, struct buf *ret);
void signing_key_free(struct signing_key *key);
struct key_id signing_key_id(const struct signing_key *key);
/* The public half as a JWK: kty, crv, x, y, in that order; new reference. */
json_t *signing_key_jwk(const struct signing_key *key);
MUST_USE enum err sign_bytes(const struct signing_key *key, struct slice data,
    uint8_t ret[SIGNATURE_LEN]);

/* ERR_CRYPTO unless `jwk` is an EC P-256 key with its point on the curve. */
MUST_USE enum err
verify_key_from_jwk(const json_t *jwk, struct verify_key **ret);
void verify_key_free(struct verify_key *key);
struct key_id verify_key_id(const struct verify_key *key);
/* ERR_CRYPTO if the signature does not fit. */
MUST_USE enum err verify_bytes(const struct verify_key *key, struct slice data,
    const uint8_t signature[SIGNATURE_LEN]);

#endif
