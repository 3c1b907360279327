#include "crypto/agree.h"

#include <openssl/err.h>
#include <stdlib.h>

/*
 * Their point is not validated again: ec.h takes none off the curve,
 * and the cofactor of P-256 is 1, so that the rest of the validation (a
 * multiplication as dear as the agreement itself) can find nothing.
 * NIST SP 800-56A §5.6.2.3.4.
 */
enum err
agree_secret(EVP_PKEY *ours, EVP_PKEY *theirs, uint8_t ret[EC_FIELD_LEN])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, ours, NULL);
	size_t len = EC_FIELD_LEN;
	enum err rc = ERR_CRYPTO;

	if (ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
	    EVP_PKEY_derive_set_peer_ex(ctx, theirs, 0) == 1 &&
	    EVP_PKEY_derive(ctx, ret, &len) == 1 && len == EC_FIELD_LEN)
		rc = OK;
	EVP_PKEY_CTX_free(ctx);
	if (rc)
		ERR_clear_error();

	return rc;
}

static void
add_u32(struct hasher *h, uint32_t v)
{
	uint8_t bytes[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 8), (uint8_t)v};

	hasher_add(h, slice_bytes(bytes, sizeof(bytes)));
}

static void
add_counted(struct hasher *h, struct slice s)
{
	add_u32(h, (uint32_t)s.len);
	hasher_add(h, s);
}

struct digest
agree_key(const uint8_t secret[EC_FIELD_LEN], const struct agree_info *info)
{
	struct hasher *h = hasher_new();

	if (info->bits > 256) /* would take a second round */
		abort();
	add_u32(h, 1);
	hasher_add(h, slice_bytes(secret, EC_FIELD_LEN));
	add_counted(h, info->algorithm);
	add_counted(h, info->party_u);
	add_counted(h, info->party_v);
	add_u32(h, info->bits);

	return hasher_finish(h);
}
