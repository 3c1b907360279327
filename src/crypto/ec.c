#include "crypto/ec.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <string.h>
#include <threads.h>

#include "base/encode.h"
#include "crypto/hash.h"

#define DER_KEY_MAX 4096

/*
 * The curve without a key.  OpenSSL takes longer to find a curve by its name
 * than for most operations on it, so every key begins as a copy of this.
 */
static EVP_PKEY *curve;
static once_flag curve_once = ONCE_FLAG_INIT;

static void
find_curve(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

	if (ctx != NULL && EVP_PKEY_paramgen_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_group_name(ctx, SN_X9_62_prime256v1) == 1)
		(void)EVP_PKEY_paramgen(ctx, &curve);
	EVP_PKEY_CTX_free(ctx);
}

static EVP_PKEY *
p256(void)
{
	call_once(&curve_once, find_curve);

	return curve;
}

enum err
ec_generate(EVP_PKEY **ret)
{
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *key = NULL;

	if (p256() != NULL)
		ctx = EVP_PKEY_CTX_new_from_pkey(NULL, p256(), NULL);
	if (ctx != NULL && EVP_PKEY_keygen_init(ctx) == 1)
		(void)EVP_PKEY_keygen(ctx, &key);
	EVP_PKEY_CTX_free(ctx);
	*ret = key;

	return key == NULL ? ERR_CRYPTO : OK;
}

/* Is it a key on P-256? */
static bool
is_p256(EVP_PKEY *key)
{
	char group[32];

	return EVP_PKEY_is_a(key, "EC") &&
	    EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	    strcmp(group, SN_X9_62_prime256v1) == 0;
}

/* Do the two halves belong together? */
static bool
is_pair(EVP_PKEY *key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	bool fits = ctx != NULL && EVP_PKEY_pairwise_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);

	return fits;
}

enum err
ec_decode(struct slice der, EVP_PKEY **ret)
{
	const unsigned char *at = (const unsigned char *)der.data;
	PKCS8_PRIV_KEY_INFO *info;
	EVP_PKEY *key = NULL;

	if (der.len == 0 || der.len > DER_KEY_MAX)
		return ERR_CRYPTO;
	info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)der.len);
	if (info != NULL && (const char *)at == der.data + der.len)
		key = EVP_PKCS82PKEY(info);
	PKCS8_PRIV_KEY_INFO_free(info);
	if (key == NULL || !is_p256(key) || !is_pair(key)) {
		EVP_PKEY_free(key);
		ERR_clear_error();
		return ERR_CRYPTO;
	}
	*ret = key;

	return OK;
}

enum err
ec_encode(EVP_PKEY *key, struct buf *ret)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	unsigned char *der = NULL;
	int len;

	if (info == NULL)
		return ERR_CRYPTO;
	len = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
	PKCS8_PRIV_KEY_INFO_free(info);
	if (len <= 0)
		return ERR_CRYPTO;
	buf_add(ret, slice_bytes(der, (size_t)len));
	OPENSSL_clear_free(der, (size_t)len);

	return OK;
}

enum err
ec_point(EVP_PKEY *key, uint8_t ret[EC_POINT_LEN])
{
	size_t len = 0;

	if (EVP_PKEY_get_octet_string_param(key,
		OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, ret, EC_POINT_LEN,
		&len) != 1 ||
	    len != EC_POINT_LEN || ret[0] != POINT_CONVERSION_UNCOMPRESSED)
		return ERR_CRYPTO;

	return OK;
}

/* A key on the curve without a point. */
static EVP_PKEY *
blank(void)
{
	return p256() == NULL ? NULL : EVP_PKEY_dup(p256());
}

static enum err
set_point(EVP_PKEY *key, const uint8_t point[EC_POINT_LEN])
{
	if (key != NULL &&
	    EVP_PKEY_set1_encoded_public_key(key, point, EC_POINT_LEN) == 1)
		return OK;
	ERR_clear_error();

	return ERR_CRYPTO;
}

enum err
ec_from_point(const uint8_t point[EC_POINT_LEN], EVP_PKEY **ret)
{
	EVP_PKEY *key = blank();
	enum err rc = set_point(key, point);

	if (rc)
		EVP_PKEY_free(key);
	else
		*ret = key;

	return rc;
}

enum err
ec_lend_point(const uint8_t point[EC_POINT_LEN], EVP_PKEY **ret)
{
	static EVP_PKEY *lent;
	enum err rc;

	if (lent == NULL)
		lent = blank();
	rc = set_point(lent, point);
	if (rc == OK)
		*ret = lent;

	return rc;
}

static void
put_coordinate(json_t *jwk, const char *name, const uint8_t *bytes)
{
	struct buf text;

	buf_init(&text);
	base64url_encode(slice_bytes(bytes, EC_FIELD_LEN), &text);
	json_put_text(jwk, name, buf_slice(&text));
	buf_done(&text);
}

json_t *
ec_jwk(const uint8_t point[EC_POINT_LEN])
{
	json_t *jwk = json_object();

	json_put_text(jwk, "kty", SLICE("EC"));
	json_put_text(jwk, "crv", SLICE("P-256"));
	put_coordinate(jwk, "x", point + 1);
	put_coordinate(jwk, "y", point + 1 + EC_FIELD_LEN);

	return jwk;
}

enum err
ec_point_of_jwk(const json_t *tree, uint8_t ret[EC_POINT_LEN])
{
	struct public_jwk jwk;

	if (json_get_text(tree, "kty", &jwk.kty, NULL) ||
	    json_get_text(tree, "crv", &jwk.crv, NULL) ||
	    json_get_text(tree, "x", &jwk.x, NULL) ||
	    json_get_text(tree, "y", &jwk.y, NULL))
		return ERR_CRYPTO;

	return ec_public_point(&jwk, ret);
}

/* --- Without trees ---------------------------------------------------------- */

static const struct field public_jwk_fields[] = {
    FIELD(public_jwk, kty, TEXT(16), "type of key"),
    FIELD(public_jwk, crv, TEXT(16), "curve"),
    FIELD(public_jwk, x, TEXT(64), "coordinate in base64url"),
    FIELD(public_jwk, y, TEXT(64), "coordinate in base64url"),
};
const struct shape public_jwk_shape = SHAPE(public_jwk, public_jwk_fields);

static struct slice
coordinate(struct arena *arena, const uint8_t *bytes)
{
	struct slice ret;
	struct buf text;

	buf_init(&text);
	base64url_encode(slice_bytes(bytes, EC_FIELD_LEN), &text);
	ret = arena_copy(arena, buf_slice(&text));
	buf_done(&text);

	return ret;
}

struct public_jwk
ec_public_jwk(struct arena *arena, const uint8_t point[EC_POINT_LEN])
{
	return (struct public_jwk){.kty = SLICE("EC"),
	    .crv = SLICE("P-256"),
	    .x = coordinate(arena, point + 1),
	    .y = coordinate(arena, point + 1 + EC_FIELD_LEN)};
}

enum err
ec_public_point(const struct public_jwk *jwk, uint8_t ret[EC_POINT_LEN])
{
	ret[0] = POINT_CONVERSION_UNCOMPRESSED;
	if (!slice_equal_string(jwk->kty, "EC") ||
	    !slice_equal_string(jwk->crv, "P-256") ||
	    base64url_decode_exact(jwk->x, ret + 1, EC_FIELD_LEN) ||
	    base64url_decode_exact(
		jwk->y, ret + 1 + EC_FIELD_LEN, EC_FIELD_LEN))
		return ERR_CRYPTO;

	return OK;
}

#define JWK_VALUES_MAX 64

/* The next value is that of a member.  None may be there twice. */
static void
read_member(struct json_in *in, struct slice name, struct public_jwk *ret)
{
	const struct field *field = shape_field(&public_jwk_shape, name);
	struct slice ignored, *to;

	if (field == NULL) {
		(void)json_in_skip(in, &ignored);
		return;
	}
	to = (struct slice *)(void *)((char *)ret + field->offset);
	if (to->data != NULL || !json_in_text(in, to))
		(void)json_in_refuse(in, "has a member twice, or no text");
}

enum err
ec_read_public_jwk(
    struct arena *arena, struct slice text, uint8_t ret[EC_POINT_LEN])
{
	struct public_jwk jwk = {0};
	struct slice name;
	struct json_in in;

	json_in_init(&in, arena, text, JWK_VALUES_MAX);
	(void)json_in_object(&in);
	while (json_in_key(&in, &name))
		read_member(&in, name, &jwk);
	if (json_in_finish(&in, "the key", NULL))
		return ERR_CRYPTO;

	return ec_public_point(&jwk, ret);
}

struct key_id
ec_thumbprint(const uint8_t point[EC_POINT_LEN])
{
	struct key_id id = {0};
	struct digest d;
	struct buf text;

	buf_init(&text);
	buf_add_string(&text, "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"");
	base64url_encode(slice_bytes(point + 1, EC_FIELD_LEN), &text);
	buf_add_string(&text, "\",\"y\":\"");
	base64url_encode(
	    slice_bytes(point + 1 + EC_FIELD_LEN, EC_FIELD_LEN), &text);
	buf_add_string(&text, "\"}");
	d = digest_of(buf_slice(&text));
	buf_clear(&text);
	base64url_encode(digest_slice(&d), &text);
	memcpy(id.text, text.data, KEY_ID_LEN);
	buf_done(&text);

	return id;
}
