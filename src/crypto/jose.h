/*
 * JOSE, the two forms that bango uses: a compact JWS signed with ES256
 * (RFC 7515) and a compact JWE sealed with ECDH-ES and A256GCM (RFC 7516,
 * RFC 7518 §4.6, §5.3).
 *
 * Reading is strict: exactly the algorithms above; a header with "crit",
 * "jwk", "jku", "x5u", "zip" or any other algorithm is refused, so that a
 * sender can never choose the key or the algorithm of its judge.
 */
#ifndef BANGO_CRYPTO_JOSE_H
#define BANGO_CRYPTO_JOSE_H

#include "base/arena.h"
#include "crypto/sign.h"

/* Append header.payload.signature to `ret`.  `type` becomes "typ". */
MUST_USE enum err jws_sign(const struct signing_key *key, const char *type,
    struct slice payload, struct buf *ret);

struct jws {
	struct key_id key;        /* "kid", not yet trusted */
	struct slice signed_part; /* borrowed from the text */
	uint8_t signature[SIGNATURE_LEN];
	struct slice payload; /* in the arena; not yet trusted */
};

/* Parse without verifying.  `type` is the required "typ".  ERR_INPUT if the
 * text is not such a JWS. */
MUST_USE enum err jws_parse(
    struct arena *arena, struct slice text, const char *type, struct jws *ret);
/* ERR_CRYPTO if `key` did not sign it, or the JWS names another key. */
MUST_USE enum err
jws_verify(const struct jws *jws, const struct verify_key *key);

/* Sealing: the receiver's key pair on P-256, kept apart from signing keys. */
struct sealing_key; /* private and public half */
MUST_USE enum err sealing_key_generate(struct sealing_key **ret);
MUST_USE enum err
sealing_key_decode(struct slice der, struct sealing_key **ret);
MUST_USE enum err
sealing_key_encode(const struct sealing_key *key, struct buf *ret);
void sealing_key_free(struct sealing_key *key);
struct key_id sealing_key_id(const struct sealing_key *key);
/* The public half as the text of a JWK, in the arena. */
struct slice
sealing_key_jwk(const struct sealing_key *key, struct arena *arena);

/* ERR_CRYPTO if nothing can be sealed for the holder of `recipient`, the text
 * of a public JWK. */
MUST_USE enum err
jwe_check_recipient(struct arena *arena, struct slice recipient);
/* Seal for the holder of `recipient`.  The compact JWE is in the arena.
 * ERR_CRYPTO for an unfit key. */
MUST_USE enum err jwe_seal(struct arena *arena, struct slice recipient,
    struct slice plain, struct slice *ret);
/* The plain text, in the arena.  ERR_CRYPTO if it was not sealed for `key` or
 * was altered; ERR_INPUT if it is not a JWE of this form. */
MUST_USE enum err jwe_open(struct arena *arena, const struct sealing_key *key,
    struct slice text, struct slice *ret);

#endif
