#include "crypto/sign.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <stdlib.h>

#include "base/arena.h"
#include "crypto/algorithm.h"
#include "crypto/ec.h"
#include "crypto/tally.h"

#define DER_MAX 80 /* of two numbers of 32 bytes */

struct signing_key {
	EVP_PKEY *pkey;
	EVP_MD_CTX *ready; /* initialised once; copied for each signature */
	uint8_t point[EC_POINT_LEN];
	struct key_id id;
};

struct verify_key {
	EVP_PKEY *pkey;
	EVP_MD_CTX *ready;
	struct key_id id;
};

/* Takes the key over, also on failure. */
static enum err
wrap(EVP_PKEY *pkey, struct signing_key **ret)
{
	struct signing_key *key = heap_array(1, sizeof(*key));

	key->pkey = pkey;
	key->ready = EVP_MD_CTX_new();
	if (key->ready == NULL || ec_point(pkey, key->point) ||
	    EVP_DigestSignInit(
		key->ready, NULL, algorithm_sha256(), NULL, pkey) != 1) {
		signing_key_free(key);
		return ERR_CRYPTO;
	}
	key->id = ec_thumbprint(key->point);
	*ret = key;

	return OK;
}

enum err
signing_key_generate(struct signing_key **ret)
{
	EVP_PKEY *pkey;
	enum err rc = ec_generate(&pkey);

	return rc ? rc : wrap(pkey, ret);
}

enum err
signing_key_decode(struct slice der, struct signing_key **ret)
{
	EVP_PKEY *pkey;
	enum err rc = ec_decode(der, &pkey);

	return rc ? rc : wrap(pkey, ret);
}

enum err
signing_key_encode(const struct signing_key *key, struct buf *ret)
{
	return ec_encode(key->pkey, ret);
}

void
signing_key_free(struct signing_key *key)
{
	if (key == NULL)
		return;
	EVP_MD_CTX_free(key->ready);
	EVP_PKEY_free(key->pkey);
	free(key);
}

struct key_id
signing_key_id(const struct signing_key *key)
{
	return key->id;
}

json_t *
signing_key_jwk(const struct signing_key *key)
{
	return ec_jwk(key->point);
}

/* DER's two integers, as two numbers of fixed length. */
static enum err
raw_of_der(const uint8_t *der, size_t len, uint8_t ret[SIGNATURE_LEN])
{
	const unsigned char *at = der;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)len);
	enum err rc = ERR_CRYPTO;

	if (sig != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), ret, EC_FIELD_LEN) ==
		EC_FIELD_LEN &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), ret + EC_FIELD_LEN,
		EC_FIELD_LEN) == EC_FIELD_LEN)
		rc = OK;
	ECDSA_SIG_free(sig);

	return rc;
}

enum err
sign_bytes(const struct signing_key *key, struct slice data,
    uint8_t ret[SIGNATURE_LEN])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[DER_MAX];
	size_t len = sizeof(der);
	enum err rc = ERR_CRYPTO;

	crypto_tally.signatures++;
	if (ctx != NULL && EVP_MD_CTX_copy_ex(ctx, key->ready) == 1 &&
	    EVP_DigestSign(ctx, der, &len, (const unsigned char *)data.data,
		data.len) == 1)
		rc = raw_of_der(der, len, ret);
	EVP_MD_CTX_free(ctx);

	return rc;
}

enum err
verify_key_from_jwk(const json_t *jwk, struct verify_key **ret)
{
	struct verify_key *key;
	uint8_t point[EC_POINT_LEN];
	EVP_PKEY *pkey;
	enum err rc;

	rc = ec_point_of_jwk(jwk, point);
	if (rc == OK)
		rc = ec_from_point(point, &pkey);
	if (rc)
		return rc;
	key = heap_array(1, sizeof(*key));
	key->pkey = pkey;
	key->id = ec_thumbprint(point);
	key->ready = EVP_MD_CTX_new();
	if (key->ready == NULL ||
	    EVP_DigestVerifyInit(
		key->ready, NULL, algorithm_sha256(), NULL, pkey) != 1) {
		verify_key_free(key);
		return ERR_CRYPTO;
	}
	*ret = key;

	return OK;
}

void
verify_key_free(struct verify_key *key)
{
	if (key == NULL)
		return;
	EVP_MD_CTX_free(key->ready);
	EVP_PKEY_free(key->pkey);
	free(key);
}

struct key_id
verify_key_id(const struct verify_key *key)
{
	return key->id;
}

static int
der_of_raw(const uint8_t raw[SIGNATURE_LEN], unsigned char **ret)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw, EC_FIELD_LEN, NULL);
	BIGNUM *s = BN_bin2bn(raw + EC_FIELD_LEN, EC_FIELD_LEN, NULL);
	int len = -1;

	if (sig == NULL || r == NULL || s == NULL ||
	    ECDSA_SIG_set0(sig, r, s) != 1) {
		BN_free(r);
		BN_free(s);
	} else
		len = i2d_ECDSA_SIG(sig, ret);
	ECDSA_SIG_free(sig);

	return len;
}

enum err
verify_bytes(const struct verify_key *key, struct slice data,
    const uint8_t signature[SIGNATURE_LEN])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char *der = NULL;
	int len = der_of_raw(signature, &der);
	enum err rc = ERR_CRYPTO;

	crypto_tally.verifications++;
	if (ctx != NULL && len > 0 &&
	    EVP_MD_CTX_copy_ex(ctx, key->ready) == 1 &&
	    EVP_DigestVerify(ctx, der, (size_t)len,
		(const unsigned char *)data.data, data.len) == 1)
		rc = OK;
	OPENSSL_free(der);
	EVP_MD_CTX_free(ctx);
	if (rc) /* TLS reads the same queue: leave nothing of ours in it */
		ERR_clear_error();

	return rc;
}
