#include <stdlib.h>

#include "base/encode.h"
#include "base/secret.h"
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

struct slice
sealing_key_jwk(const struct sealing_key *key, struct arena *arena)
{
	struct public_jwk jwk = ec_public_jwk(arena, key->point);
	struct json_out o;

	json_out_init(&o, arena);
	shape_write(&public_jwk_shape, &jwk, &o, NULL);

	return json_out_finish(&o);
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

/* The protected header: these members and no other. */
struct header {
	struct slice alg, enc;
	struct slice kid;      /* the receiver's */
	struct public_jwk epk; /* the sender's, for once */
};
static const struct field header_fields[] = {
    FIELD(header, alg, WORD("ECDH-ES"), "agreement"),
    FIELD(header, enc, WORD("A256GCM"), "cipher"),
    FIELD(header, kid, TEXT(KEY_ID_LEN), "receiver's key"),
    OBJECT(header, epk, public_jwk, "one-time key"),
};
static const struct shape header_shape = SHAPE(header, header_fields);

/* As base64url. */
static void
put_header(struct arena *arena, const uint8_t epk[EC_POINT_LEN],
    const char *kid, struct buf *ret)
{
	const struct header header = {.alg = SLICE("ECDH-ES"),
	    .enc = SLICE("A256GCM"),
	    .kid = slice_of(kid),
	    .epk = ec_public_jwk(arena, epk)};
	struct json_out o;

	json_out_init(&o, arena);
	shape_write(&header_shape, &header, &o, NULL);
	base64url_encode(json_out_finish(&o), ret);
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
jwe_check_recipient(struct arena *arena, struct slice recipient)
{
	uint8_t point[EC_POINT_LEN];
	EVP_PKEY *key = NULL;
	enum err rc = ec_read_public_jwk(arena, recipient, point);

	if (rc == OK)
		rc = ec_lend_point(point, &key);

	return rc;
}

/* A key of which both halves are used once: ours, and the cipher's. */
static enum err
make_key(const uint8_t theirs[EC_POINT_LEN], uint8_t ret_ours[EC_POINT_LEN],
    struct digest *ret)
{
	EVP_PKEY *receiver = NULL, *once = NULL;
	enum err rc = ec_lend_point(theirs, &receiver);

	if (rc == OK)
		rc = ec_generate(&once);
	if (rc == OK)
		rc = ec_point(once, ret_ours);
	if (rc == OK)
		rc = derive(once, receiver, ret);
	EVP_PKEY_free(once);

	return rc;
}

enum err
jwe_seal(struct arena *arena, struct slice recipient, struct slice plain,
    struct slice *ret)
{
	uint8_t theirs[EC_POINT_LEN], ours[EC_POINT_LEN];
	struct buf header, text;
	struct digest key;
	struct key_id id;
	enum err rc;

	crypto_tally.seals++;
	rc = ec_read_public_jwk(arena, recipient, theirs);
	if (rc == OK)
		rc = make_key(theirs, ours, &key);
	if (rc)
		return rc;
	buf_init(&header);
	buf_init(&text);
	id = ec_thumbprint(theirs);
	put_header(arena, ours, id.text, &header);
	seal_with(&key, buf_slice(&header), plain, &text);
	*ret = arena_copy(arena, buf_slice(&text));
	secret_wipe(&key, sizeof(key));
	buf_done(&header);
	buf_done(&text);

	return OK;
}

static enum err
read_header(struct arena *arena, struct slice text, const char *kid,
    uint8_t epk[EC_POINT_LEN])
{
	struct header header;
	struct buf plain;
	enum err rc;

	if (text.len > HEADER_MAX)
		return ERR_INPUT;
	buf_init(&plain);
	rc = base64url_decode(text, &plain);
	if (rc == OK)
		rc = shape_read(
		    &header_shape, arena, buf_slice(&plain), &header, NULL);
	if (rc == OK && !slice_equal_string(header.kid, kid))
		rc = ERR_CRYPTO;
	if (rc == OK)
		rc = ec_public_point(&header.epk, epk);
	buf_done(&plain);

	return rc;
}

/* The parts after the header and the (empty) encrypted key. */
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

/* Open what was taken apart. */
static enum err
open_with(const struct digest *key, struct slice header,
    const struct sealed *sealed, struct arena *arena, struct slice *ret)
{
	struct buf plain;
	enum err rc;

	buf_init(&plain);
	rc = aead_open(key->bytes, sealed->nonce, header,
	    buf_slice(&sealed->text), sealed->tag, &plain);
	if (rc == OK)
		*ret = arena_copy(arena, buf_slice(&plain));
	buf_done(&plain);

	return rc;
}

enum err
jwe_open(struct arena *arena, const struct sealing_key *key, struct slice text,
    struct slice *ret)
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
		rc = read_header(arena, header, key->id.text, epk);
	if (rc == OK)
		rc = ec_lend_point(epk, &sender); /* on the curve, or no */
	if (rc == OK)
		rc = derive(key->pkey, sender, &derived);
	if (rc == OK)
		rc = open_with(&derived, header, &sealed, arena, ret);
	secret_wipe(&derived, sizeof(derived));
	buf_done(&sealed.text);

	return rc;
}
