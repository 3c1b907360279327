#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "crypto/ec.h"
#include "crypto/hash.h"
#include "crypto/jose.h"

#define KEY_LEN 32
#define IV_LEN 12
#define TAG_LEN 16
#define HEADER_MAX 512

struct sealing_key {
	EVP_PKEY *pkey;
	uint8_t point[EC_POINT_LEN];
	struct key_id id;
};

static enum err
wrap(EVP_PKEY *pkey, struct sealing_key **ret)
{
	struct sealing_key *key = heap_array(1, sizeof(*key));

	key->pkey = pkey;
	if (ec_point(pkey, key->point)) {
		sealing_key_free(key);
		return ERR_CRYPTO;
	}
	key->id = ec_thumbprint(key->point);
	*ret = key;

	return OK;
}

enum err
sealing_key_generate(struct sealing_key **ret)
{
	EVP_PKEY *pkey;
	enum err rc = ec_generate(&pkey);

	return rc ? rc : wrap(pkey, ret);
}

enum err
sealing_key_decode(struct slice der, struct sealing_key **ret)
{
	EVP_PKEY *pkey;
	enum err rc = ec_decode(der, &pkey);

	return rc ? rc : wrap(pkey, ret);
}

enum err
sealing_key_encode(const struct sealing_key *key, struct buf *ret)
{
	return ec_encode(key->pkey, ret);
}

void
sealing_key_free(struct sealing_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

struct key_id
sealing_key_id(const struct sealing_key *key)
{
	return key->id;
}

json_t *
sealing_key_jwk(const struct sealing_key *key)
{
	return ec_jwk(key->point);
}

static enum err
agree(EVP_PKEY *ours, EVP_PKEY *theirs, uint8_t ret[EC_FIELD_LEN])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(ours, NULL);
	size_t len = EC_FIELD_LEN;
	enum err rc = ERR_CRYPTO;

	if (ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
	    EVP_PKEY_derive_set_peer(ctx, theirs) == 1 &&
	    EVP_PKEY_derive(ctx, ret, &len) == 1 && len == EC_FIELD_LEN)
		rc = OK;
	EVP_PKEY_CTX_free(ctx);

	return rc;
}

/*
 * The Concat KDF of RFC 7518 §4.6.2 with empty party infos: one round of
 * SHA-256 over 1 ‖ Z ‖ (length ‖ "A256GCM") ‖ 0 ‖ 0 ‖ 256.
 */
static void
concat_kdf(const uint8_t z[EC_FIELD_LEN], uint8_t ret[KEY_LEN])
{
	static const char info[] = "\0\0\0\7"
				   "A256GCM"
				   "\0\0\0\0"
				   "\0\0\0\0"
				   "\0\0\1\0";
	uint8_t input[4 + EC_FIELD_LEN + sizeof(info) - 1] = {0, 0, 0, 1};
	struct digest d;

	memcpy(input + 4, z, EC_FIELD_LEN);
	memcpy(input + 4 + EC_FIELD_LEN, info, sizeof(info) - 1);
	d = digest_of(slice_bytes(input, sizeof(input)));
	memcpy(ret, d.bytes, KEY_LEN);
	secret_wipe(input, sizeof(input));
	secret_wipe(&d, sizeof(d));
}

static enum err
derive(EVP_PKEY *ours, EVP_PKEY *theirs, uint8_t ret[KEY_LEN])
{
	uint8_t z[EC_FIELD_LEN];
	enum err rc = agree(ours, theirs, z);

	if (rc == OK)
		concat_kdf(z, ret);
	secret_wipe(z, sizeof(z));

	return rc;
}

static enum err
gcm_encrypt(const uint8_t key[KEY_LEN], const uint8_t iv[IV_LEN],
    struct slice aad, struct slice plain, char *ret, uint8_t tag[TAG_LEN])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char *out = (unsigned char *)ret;
	enum err rc = ERR_CRYPTO;
	int n;

	if (ctx != NULL && plain.len < INT32_MAX &&
	    EVP_EncryptInit_ex2(ctx, EVP_aes_256_gcm(), key, iv, NULL) == 1 &&
	    EVP_EncryptUpdate(ctx, NULL, &n,
		(const unsigned char *)aad.data, (int)aad.len) == 1 &&
	    EVP_EncryptUpdate(ctx, out, &n,
		(const unsigned char *)plain.data, (int)plain.len) == 1 &&
	    EVP_EncryptFinal_ex(ctx, out + n, &n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(
		ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, tag) == 1)
		rc = OK;
	EVP_CIPHER_CTX_free(ctx);

	return rc;
}

static enum err
gcm_decrypt(const uint8_t key[KEY_LEN], const uint8_t iv[IV_LEN],
    struct slice aad, struct slice sealed, uint8_t tag[TAG_LEN], char *ret)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char *out = (unsigned char *)ret;
	enum err rc = ERR_CRYPTO;
	int n;

	if (ctx != NULL && sealed.len < INT32_MAX &&
	    EVP_DecryptInit_ex2(ctx, EVP_aes_256_gcm(), key, iv, NULL) == 1 &&
	    EVP_CIPHER_CTX_ctrl(
		ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, tag) == 1 &&
	    EVP_DecryptUpdate(ctx, NULL, &n,
		(const unsigned char *)aad.data, (int)aad.len) == 1 &&
	    EVP_DecryptUpdate(ctx, out, &n,
		(const unsigned char *)sealed.data, (int)sealed.len) == 1 &&
	    EVP_DecryptFinal_ex(ctx, out + n, &n) == 1)
		rc = OK;
	EVP_CIPHER_CTX_free(ctx);

	return rc;
}

/* The protected header, base64url: algorithms, our one-time key, the
 * receiver's key id. */
static void
put_header(const uint8_t epk[EC_POINT_LEN], const char *kid, struct buf *ret)
{
	json_t *header = json_object();
	struct buf text;

	buf_init(&text);
	json_put_text(header, "alg", SLICE("ECDH-ES"));
	json_put_text(header, "enc", SLICE("A256GCM"));
	json_put_text(header, "kid", slice_of(kid));
	json_put(header, "epk", ec_jwk(epk));
	json_write(header, &text);
	base64url_encode(buf_slice(&text), ret);
	json_decref(header);
	buf_done(&text);
}

static enum err
seal_with(const uint8_t key[KEY_LEN], struct slice header, struct slice plain,
    struct buf *ret)
{
	uint8_t iv[IV_LEN], tag[TAG_LEN];
	struct buf sealed;
	enum err rc;

	if (RAND_bytes(iv, sizeof(iv)) != 1)
		return ERR_CRYPTO;
	buf_init(&sealed);
	rc = gcm_encrypt(
	    key, iv, header, plain, buf_extend(&sealed, plain.len), tag);
	if (rc == OK) {
		buf_add(ret, header);
		buf_add_string(ret, ".."); /* no encrypted key */
		base64url_encode(slice_bytes(iv, sizeof(iv)), ret);
		buf_add_char(ret, '.');
		base64url_encode(buf_slice(&sealed), ret);
		buf_add_char(ret, '.');
		base64url_encode(slice_bytes(tag, sizeof(tag)), ret);
	}
	buf_done(&sealed);

	return rc;
}

enum err
jwe_seal(const json_t *recipient, struct slice plain, struct buf *ret)
{
	uint8_t theirs[EC_POINT_LEN], ours[EC_POINT_LEN], key[KEY_LEN];
	EVP_PKEY *receiver = NULL, *once = NULL;
	struct buf header;
	struct key_id id;
	enum err rc;

	buf_init(&header);
	rc = ec_point_of_jwk(recipient, theirs);
	if (rc == OK)
		rc = ec_from_point(theirs, &receiver);
	if (rc == OK)
		rc = ec_generate(&once);
	if (rc == OK)
		rc = ec_point(once, ours);
	if (rc == OK)
		rc = derive(once, receiver, key);
	if (rc == OK) {
		id = ec_thumbprint(theirs);
		put_header(ours, id.text, &header);
		rc = seal_with(key, buf_slice(&header), plain, ret);
	}
	EVP_PKEY_free(receiver);
	EVP_PKEY_free(once);
	secret_wipe(key, sizeof(key));
	buf_done(&header);

	return rc;
}

/* Exactly alg, enc, epk and, perhaps, kid and typ. */
static enum err
check_header(const json_t *header, const char *kid, uint8_t epk[EC_POINT_LEN])
{
	struct slice alg, enc, id;
	const json_t *value;
	const char *key;

	json_object_foreach ((json_t *)(uintptr_t)header, key, value) {
		if (strcmp(key, "alg") != 0 && strcmp(key, "enc") != 0 &&
		    strcmp(key, "epk") != 0 && strcmp(key, "kid") != 0 &&
		    strcmp(key, "typ") != 0)
			return ERR_INPUT;
	}
	if (json_get_text(header, "alg", &alg, NULL) ||
	    json_get_text(header, "enc", &enc, NULL) ||
	    json_get_text_or_empty(header, "kid", &id, NULL) ||
	    !slice_equal_string(alg, "ECDH-ES") ||
	    !slice_equal_string(enc, "A256GCM"))
		return ERR_INPUT;
	if (id.len > 0 && !slice_equal_string(id, kid))
		return ERR_CRYPTO;

	return ec_point_of_jwk(json_object_get(header, "epk"), epk);
}

static enum err
read_header(struct slice text, const char *kid, uint8_t epk[EC_POINT_LEN])
{
	json_t *header = NULL;
	struct buf plain;
	enum err rc;

	if (text.len > HEADER_MAX)
		return ERR_INPUT;
	buf_init(&plain);
	rc = base64url_decode(text, &plain);
	if (rc == OK)
		rc = json_read(buf_slice(&plain), "header", &header, NULL);
	if (rc == OK)
		rc = check_header(header, kid, epk);
	json_decref(header);
	buf_done(&plain);

	return rc;
}

static enum err
open_with(const uint8_t key[KEY_LEN], struct slice header, struct slice rest,
    struct buf *ret)
{
	struct slice iv_text = slice_cut(&rest, '.');
	struct slice body = slice_cut(&rest, '.');
	uint8_t iv[IV_LEN], tag[TAG_LEN];
	size_t before = ret->len;
	struct buf sealed;
	enum err rc;

	if (base64url_decode_exact(iv_text, iv, sizeof(iv)) ||
	    base64url_decode_exact(rest, tag, sizeof(tag)))
		return ERR_INPUT;
	buf_init(&sealed);
	rc = base64url_decode(body, &sealed);
	if (rc == OK) {
		rc = gcm_decrypt(key, iv, header, buf_slice(&sealed), tag,
		    buf_extend(ret, sealed.len));
		if (rc) {
			secret_wipe(ret->data + before, sealed.len);
			ret->len = before;
		}
	}
	buf_done(&sealed);

	return rc;
}

enum err
jwe_open(const struct sealing_key *key, struct slice text, struct buf *ret)
{
	uint8_t epk[EC_POINT_LEN], derived[KEY_LEN];
	struct slice rest = text, header;
	EVP_PKEY *sender = NULL;
	enum err rc;

	header = slice_cut(&rest, '.');
	if (rest.len == 0 || slice_cut(&rest, '.').len != 0)
		return ERR_INPUT;
	rc = read_header(header, key->id.text, epk);
	if (rc == OK)
		rc = ec_from_point(epk, &sender);
	if (rc == OK)
		rc = derive(key->pkey, sender, derived);
	if (rc == OK)
		rc = open_with(derived, header, rest, ret);
	EVP_PKEY_free(sender);
	secret_wipe(derived, sizeof(derived));

	return rc;
}
