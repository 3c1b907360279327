#include <stdlib.h>

#include "base/encode.h"
#include "crypto/aead.h"
#include "crypto/agree.h"
#include "crypto/jose.h"
#include "crypto/random.h"
#include "crypto/tally.h"

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

/* The key for A256GCM, of our half and their half. */
static enum err
derive(EVP_PKEY *ours, EVP_PKEY *theirs, struct digest *ret)
{
	static const struct agree_info info = {
	    .algorithm = {"A256GCM", 7}, .bits = 256};
	uint8_t secret[EC_FIELD_LEN];
	enum err rc = agree_secret(ours, theirs, secret);

	if (rc == OK)
		*ret = agree_key(secret, &info);
	secret_wipe(secret, sizeof(secret));

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

static void
seal_with(const struct digest *key, struct slice header, struct slice plain,
    struct buf *ret)
{
	const struct random random = random_system();
	uint8_t nonce[AEAD_NONCE_LEN], tag[AEAD_TAG_LEN];
	struct buf sealed;

	buf_init(&sealed);
	random_bytes(&random, nonce, sizeof(nonce));
	aead_seal(key->bytes, nonce, header, plain, &sealed, tag);
	buf_add(ret, header);
	buf_add_string(ret, ".."); /* no encrypted key */
	base64url_encode(slice_bytes(nonce, sizeof(nonce)), ret);
	buf_add_char(ret, '.');
	base64url_encode(buf_slice(&sealed), ret);
	buf_add_char(ret, '.');
	base64url_encode(slice_bytes(tag, sizeof(tag)), ret);
	buf_done(&sealed);
}

enum err
jwe_check_recipient(const json_t *recipient)
{
	uint8_t point[EC_POINT_LEN];
	EVP_PKEY *key = NULL;
	enum err rc = ec_point_of_jwk(recipient, point);

	if (rc == OK)
		rc = ec_lend_point(point, &key);

	return rc;
}

enum err
jwe_seal(const json_t *recipient, struct slice plain, struct buf *ret)
{
	uint8_t theirs[EC_POINT_LEN], ours[EC_POINT_LEN];
	EVP_PKEY *receiver = NULL, *once = NULL;
	struct digest key;
	struct buf header;
	struct key_id id;
	enum err rc;

	crypto_tally.seals++;
	buf_init(&header);
	rc = ec_point_of_jwk(recipient, theirs);
	if (rc == OK)
		rc = ec_lend_point(theirs, &receiver);
	if (rc == OK)
		rc = ec_generate(&once);
	if (rc == OK)
		rc = ec_point(once, ours);
	if (rc == OK)
		rc = derive(once, receiver, &key);
	if (rc == OK) {
		id = ec_thumbprint(theirs);
		put_header(ours, id.text, &header);
		seal_with(&key, buf_slice(&header), plain, ret);
	}
	EVP_PKEY_free(once);
	secret_wipe(&key, sizeof(key));
	buf_done(&header);

	return rc;
}

/* Exactly alg, enc, kid and epk, and in epk exactly a public key. */
static enum err
check_header(const json_t *header, const char *kid, uint8_t epk[EC_POINT_LEN])
{
	const json_t *once = json_object_get(header, "epk");
	struct slice alg, enc, id;

	if (json_object_size(header) != 4 || json_object_size(once) != 4 ||
	    json_get_text(header, "alg", &alg, NULL) ||
	    json_get_text(header, "enc", &enc, NULL) ||
	    json_get_text(header, "kid", &id, NULL) ||
	    !slice_equal_string(alg, "ECDH-ES") ||
	    !slice_equal_string(enc, "A256GCM"))
		return ERR_INPUT;
	if (!slice_equal_string(id, kid))
		return ERR_CRYPTO;

	return ec_point_of_jwk(once, epk);
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

/* What stands after the header and the (empty) encrypted key. */
struct sealed {
	uint8_t nonce[AEAD_NONCE_LEN];
	uint8_t tag[AEAD_TAG_LEN];
	struct buf text;
};

static enum err
read_sealed(struct slice rest, struct sealed *ret)
{
	struct slice nonce = slice_cut(&rest, '.');
	struct slice text = slice_cut(&rest, '.');

	if (base64url_decode_exact(nonce, ret->nonce, sizeof(ret->nonce)) ||
	    base64url_decode_exact(rest, ret->tag, sizeof(ret->tag)))
		return ERR_INPUT;

	return base64url_decode(text, &ret->text);
}

enum err
jwe_open(const struct sealing_key *key, struct slice text, struct buf *ret)
{
	struct slice rest = text, header;
	uint8_t epk[EC_POINT_LEN];
	EVP_PKEY *sender = NULL;
	struct sealed sealed;
	struct digest derived;
	enum err rc;

	crypto_tally.openings++;
	header = slice_cut(&rest, '.');
	if (rest.len == 0 || slice_cut(&rest, '.').len != 0)
		return ERR_INPUT;
	buf_init(&sealed.text);
	rc = read_sealed(rest, &sealed);
	if (rc == OK)
		rc = read_header(header, key->id.text, epk);
	if (rc == OK)
		rc = ec_lend_point(epk, &sender); /* on the curve, or no */
	if (rc == OK)
		rc = derive(key->pkey, sender, &derived);
	if (rc == OK)
		rc = aead_open(derived.bytes, sealed.nonce, header,
		    buf_slice(&sealed.text), sealed.tag, ret);
	secret_wipe(&derived, sizeof(derived));
	buf_done(&sealed.text);

	return rc;
}
