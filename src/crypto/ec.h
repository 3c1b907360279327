/*
 * Keys on P-256, for signing and sealing alike.  Inside crypto/ only: this
 * header knows OpenSSL.
 */
#ifndef BANGO_CRYPTO_EC_H
#define BANGO_CRYPTO_EC_H

#include <openssl/evp.h>

#include "base/shape.h"
#include "crypto/sign.h"

#define EC_POINT_LEN 65 /* 04 ‖ x ‖ y */
#define EC_FIELD_LEN 32

MUST_USE enum err ec_generate(EVP_PKEY **ret);
MUST_USE enum err ec_decode(struct slice der, EVP_PKEY **ret);
MUST_USE enum err ec_encode(EVP_PKEY *key, struct buf *ret);
/* The public point, uncompressed. */
MUST_USE enum err ec_point(EVP_PKEY *key, uint8_t ret[EC_POINT_LEN]);
/* ERR_CRYPTO unless the point is on the curve. */
MUST_USE enum err
ec_from_point(const uint8_t point[EC_POINT_LEN], EVP_PKEY **ret);
/* The same for one use: borrowed until the next call, and not freed.  OpenSSL
 * takes longer to make a key than to put a point into an existing one. */
MUST_USE enum err
ec_lend_point(const uint8_t point[EC_POINT_LEN], EVP_PKEY **ret);
json_t *ec_jwk(const uint8_t point[EC_POINT_LEN]);
MUST_USE enum err ec_point_of_jwk(const json_t *jwk, uint8_t ret[EC_POINT_LEN]);

/* A public JWK (RFC 7518, 6.2); its shape has these members and no other. */
struct public_jwk {
	struct slice kty, crv, x, y;
};
extern const struct shape public_jwk_shape;
/* Coordinates are in the arena. */
struct public_jwk
ec_public_jwk(struct arena *arena, const uint8_t point[EC_POINT_LEN]);
/* ERR_CRYPTO unless the key is a point on P-256. */
MUST_USE enum err
ec_public_point(const struct public_jwk *jwk, uint8_t ret[EC_POINT_LEN]);
/* From text; unknown members are ignored (RFC 7517, 4). */
MUST_USE enum err ec_read_public_jwk(
    struct arena *arena, struct slice text, uint8_t ret[EC_POINT_LEN]);
/* RFC 7638: SHA-256 over {"crv","kty","x","y"} in that order. */
struct key_id ec_thumbprint(const uint8_t point[EC_POINT_LEN]);

#endif
