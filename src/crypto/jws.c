#include <string.h>

#include "base/encode.h"
#include "crypto/jose.h"

#define SIGNATURE_TEXT_LEN 86 /* base64url of 64 bytes */
#define HEADER_MAX 512
#define KEY_ID_CHARACTERS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* {"alg":"ES256","typ":TYPE,"kid":ID}, always in this order. */
static void
put_header(struct buf *header, const char *type, const char *kid)
{
	buf_printf(header, "{\"alg\":\"ES256\",\"typ\":\"%s\",\"kid\":\"%s\"}",
	    type, kid);
}

enum err
jws_sign(const struct signing_key *key, const char *type, struct slice payload,
    struct buf *ret)
{
	struct key_id id = signing_key_id(key);
	uint8_t signature[SIGNATURE_LEN];
	size_t start = ret->len;
	struct buf header;
	enum err rc;

	buf_init(&header);
	put_header(&header, type, id.text);
	base64url_encode(buf_slice(&header), ret);
	buf_done(&header);
	buf_add_char(ret, '.');
	base64url_encode(payload, ret);
	rc = sign_bytes(
	    key, slice_bytes(ret->data + start, ret->len - start), signature);
	if (rc) {
		ret->len = start;
		return rc;
	}
	buf_add_char(ret, '.');
	base64url_encode(slice_bytes(signature, sizeof(signature)), ret);

	return OK;
}

/* Exactly the members alg, typ and kid, with the values that we accept. */
static enum err
check_header(const json_t *header, const char *type, struct key_id *ret)
{
	struct slice alg, typ, kid;

	if (json_object_size(header) != 3 ||
	    json_get_text(header, "alg", &alg, NULL) ||
	    json_get_text(header, "typ", &typ, NULL) ||
	    json_get_text(header, "kid", &kid, NULL) ||
	    !slice_equal_string(alg, "ES256") ||
	    !slice_equal_string(typ, type) || kid.len != KEY_ID_LEN ||
	    strspn(kid.data, KEY_ID_CHARACTERS) != KEY_ID_LEN)
		return ERR_INPUT;
	memcpy(ret->text, kid.data, KEY_ID_LEN);
	ret->text[KEY_ID_LEN] = '\0';

	return OK;
}

/* Byte for byte the header that jws_sign() writes?  Spares the JSON. */
static bool
is_ours(struct slice plain, const char *type, struct key_id *ret)
{
	struct key_id id = {0};
	struct buf expected;
	bool same;

	if (plain.len < KEY_ID_LEN + 2)
		return false;
	memcpy(id.text, plain.data + plain.len - KEY_ID_LEN - 2, KEY_ID_LEN);
	if (strspn(id.text, KEY_ID_CHARACTERS) != KEY_ID_LEN)
		return false;
	buf_init(&expected);
	put_header(&expected, type, id.text);
	same = slice_equal(plain, buf_slice(&expected));
	buf_done(&expected);
	if (same)
		*ret = id;

	return same;
}

static enum err
read_header(struct slice text, const char *type, struct key_id *ret)
{
	json_t *header = NULL;
	struct buf plain;
	enum err rc;

	if (text.len > HEADER_MAX)
		return ERR_INPUT;
	buf_init(&plain);
	rc = base64url_decode(text, &plain);
	if (rc == OK && !is_ours(buf_slice(&plain), type, ret)) {
		rc = json_read(buf_slice(&plain), "header", &header, NULL);
		if (rc == OK)
			rc = check_header(header, type, ret);
	}
	json_decref(header);
	buf_done(&plain);

	return rc;
}

enum err
jws_parse(
    struct arena *arena, struct slice text, const char *type, struct jws *ret)
{
	struct slice rest = text, header, payload;
	struct jws jws;
	size_t len;
	char *to;
	enum err rc;

	header = slice_cut(&rest, '.');
	payload = slice_cut(&rest, '.');
	if (rest.len != SIGNATURE_TEXT_LEN)
		return ERR_INPUT;
	rc = read_header(header, type, &jws.key);
	if (rc)
		return rc;
	rc = base64url_decode_exact(rest, jws.signature, SIGNATURE_LEN);
	if (rc)
		return rc;
	jws.signed_part = slice_bytes(text.data, header.len + 1 + payload.len);
	len = payload.len * 6 / 8;
	to = arena_alloc(arena, len + 1);
	rc = base64url_decode_exact(payload, to, len);
	if (rc)
		return rc;
	jws.payload = slice_bytes(to, len);
	*ret = jws;

	return OK;
}

enum err
jws_verify(const struct jws *jws, const struct verify_key *key)
{
	struct key_id id = verify_key_id(key);

	if (strcmp(id.text, jws->key.text) != 0)
		return ERR_CRYPTO;

	return verify_bytes(key, jws->signed_part, jws->signature);
}
