/*
 * Key agreement: ECDH on P-256 and the Concat KDF (NIST SP 800-56A §5.8.1 as
 * RFC 7518 §4.6.2 has it).  Inside crypto/ only.
 */
#ifndef BANGO_CRYPTO_AGREE_H
#define BANGO_CRYPTO_AGREE_H

#include "crypto/ec.h"
#include "crypto/hash.h"

/* The use of the derived key; all of it is bound into the key. */
struct agree_info {
	struct slice algorithm; /* "A256GCM" */
	struct slice party_u;   /* "apu", decoded */
	struct slice party_v;   /* "apv", decoded */
	uint32_t bits;          /* of the key, at most 256 */
};

/* The x coordinate of the common point.  The caller wipes it. */
MUST_USE enum err
agree_secret(EVP_PKEY *ours, EVP_PKEY *theirs, uint8_t ret[EC_FIELD_LEN]);
/* The key is the first `bits` of the digest.  The caller wipes it. */
struct digest
agree_key(const uint8_t secret[EC_FIELD_LEN], const struct agree_info *info);

#endif
