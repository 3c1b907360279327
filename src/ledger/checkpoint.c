#include "ledger/checkpoint.h"

#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/text.h"

#define DASH "\xe2\x80\x94 " /* U+2014 and a space */
#define FIELD_LEN 32         /* of P-256 */
#define TIME_LEN 8

struct checkpoint_key {
	struct verify_key *key;
	char *name;
	uint32_t log_id;
	uint32_t witness_id;
};

/* --- Base64 -------------------------------------------------------------- */

static void
swap(char *text, size_t len, const char *from, const char *to)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == from[0])
			text[i] = to[0];
		else if (text[i] == from[1])
			text[i] = to[1];
	}
}

void
checkpoint_base64(struct slice bytes, struct buf *ret)
{
	size_t begin = ret->len;

	base64url_encode(bytes, ret);
	if (ret->len > begin)
		swap(ret->data + begin, ret->len - begin, "-_", "+/");
	while ((ret->len - begin) % 4 != 0)
		buf_add_char(ret, '=');
}

enum err
checkpoint_unbase64(struct slice text, struct buf *ret)
{
	struct buf url;
	enum err rc = ERR_INPUT;

	if (text.len % 4 != 0)
		return ERR_INPUT;
	if (text.len > 0 && text.data[text.len - 1] == '=')
		text.len--;
	if (text.len > 0 && text.data[text.len - 1] == '=')
		text.len--;
	buf_init(&url);
	buf_add(&url, text);
	if (text.len == 0 ||
	    (memchr(text.data, '-', text.len) == NULL &&
		memchr(text.data, '_', text.len) == NULL)) {
		if (text.len > 0)
			swap(url.data, url.len, "+/", "-_");
		rc = base64url_decode(buf_slice(&url), ret);
	}
	buf_done(&url);

	return rc;
}

/* --- Keys and signatures ------------------------------------------------- */

/* SubjectPublicKeyInfo (RFC 5480 §2) of a point on P-256, up to the point. */
static const uint8_t spki_head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};

static enum err
spki_of(const json_t *jwk, struct buf *ret)
{
	struct slice x, y;
	enum err rc;

	rc = json_get_text(jwk, "x", &x, NULL);
	if (rc == OK)
		rc = json_get_text(jwk, "y", &y, NULL);
	if (rc)
		return ERR_CRYPTO;
	buf_add(ret, slice_bytes(spki_head, sizeof(spki_head)));
	if (base64url_decode_exact(x, buf_extend(ret, FIELD_LEN), FIELD_LEN) ||
	    base64url_decode_exact(y, buf_extend(ret, FIELD_LEN), FIELD_LEN))
		return ERR_CRYPTO;

	return OK;
}

static uint32_t
first_four(struct slice data)
{
	struct digest d = digest_of(data);

	return (uint32_t)d.bytes[0] << 24 | (uint32_t)d.bytes[1] << 16 |
	    (uint32_t)d.bytes[2] << 8 | d.bytes[3];
}

/*
 *= c2sp.org/signed-note#signatures
 *# key ID = SHA-256(key name || 0x0A || signature type || public key)[:4]
 */
static uint32_t
witness_key_id(struct slice name, struct slice spki)
{
	struct buf b;
	uint32_t id;

	buf_init(&b);
	buf_add(&b, name);
	buf_add(&b, SLICE("\n\xff" CHECKPOINT_COSIGNATURE_TYPE "\n"));
	buf_add(&b, spki);
	id = first_four(buf_slice(&b));
	buf_done(&b);

	return id;
}

static bool
is_name(struct slice name)
{
	return name.len > 0 && name.len <= CHECKPOINT_NAME_MAX &&
	    text_is_printable(name) &&
	    memchr(name.data, ' ', name.len) == NULL &&
	    memchr(name.data, '+', name.len) == NULL;
}

enum err
checkpoint_key_new(
    struct slice name, const json_t *jwk, struct checkpoint_key **ret)
{
	struct checkpoint_key *key;
	struct buf spki;
	enum err rc;

	if (!is_name(name))
		return ERR_INPUT;
	key = heap_array(1, sizeof(*key));
	buf_init(&spki);
	rc = verify_key_from_jwk(jwk, &key->key);
	if (rc == OK)
		rc = spki_of(jwk, &spki);
	if (rc == OK) {
		key->name = heap_string(name);
		key->log_id = first_four(buf_slice(&spki));
		key->witness_id = witness_key_id(name, buf_slice(&spki));
		*ret = key;
	} else
		checkpoint_key_free(key);
	buf_done(&spki);

	return rc;
}

void
checkpoint_key_free(struct checkpoint_key *key)
{
	if (key == NULL)
		return;
	verify_key_free(key->key);
	free(key->name);
	free(key);
}

/* An INTEGER of DER: no zero in front but before a high bit. */
static void
add_der_integer(const uint8_t *field, struct buf *ret)
{
	size_t skip = 0;

	while (skip < FIELD_LEN - 1 && field[skip] == 0)
		skip++;
	buf_add_char(ret, 0x02);
	buf_add_char(
	    ret, (char)(FIELD_LEN - skip + (size_t)(field[skip] >> 7)));
	if (field[skip] & 0x80)
		buf_add_char(ret, '\0');
	buf_add(ret, slice_bytes(field + skip, FIELD_LEN - skip));
}

static void
add_der(const uint8_t signature[SIGNATURE_LEN], struct buf *ret)
{
	struct buf body;

	buf_init(&body);
	add_der_integer(signature, &body);
	add_der_integer(signature + FIELD_LEN, &body);
	buf_add_char(ret, 0x30);
	buf_add_char(ret, (char)body.len);
	buf_add(ret, buf_slice(&body));
	buf_done(&body);
}

static void
read_der_integer(struct reader *r, uint8_t *field)
{
	struct slice s;

	reader_expect(r, 0x02);
	s = reader_take(r, reader_u8(r));
	if (s.len == FIELD_LEN + 1 && s.data[0] == 0)
		s = slice_bytes(s.data + 1, FIELD_LEN);
	if (r->err == OK && (s.len == 0 || s.len > FIELD_LEN))
		r->err = ERR_INPUT;
	if (r->err == OK)
		memcpy(field + FIELD_LEN - s.len, s.data, s.len);
}

/* Strict, by writing it again. */
static enum err
parse_der(struct slice der, uint8_t ret[SIGNATURE_LEN])
{
	struct reader r;
	struct buf again;
	enum err rc;

	memset(ret, 0, SIGNATURE_LEN);
	reader_init(&r, der);
	reader_expect(&r, 0x30);
	(void)reader_u8(&r);
	read_der_integer(&r, ret);
	read_der_integer(&r, ret + FIELD_LEN);
	rc = reader_finish(&r);
	if (rc)
		return rc;
	buf_init(&again);
	add_der(ret, &again);
	rc = slice_equal(buf_slice(&again), der) ? OK : ERR_INPUT;
	buf_done(&again);

	return rc;
}

/* --- Writing ------------------------------------------------------------- */

static void
add_big_endian(uint64_t value, size_t bytes, struct buf *ret)
{
	while (bytes-- > 0)
		buf_add_char(ret, (char)(value >> (8 * bytes)));
}

static void
add_line(struct slice name, struct slice signature, struct buf *ret)
{
	buf_add_string(ret, DASH);
	buf_add(ret, name);
	buf_add_char(ret, ' ');
	checkpoint_base64(signature, ret);
	buf_add_char(ret, '\n');
}

/* Append the DER of the key's signature over `data`. */
static enum err
add_signature(const struct signing_key *key, struct slice data, struct buf *ret)
{
	uint8_t signature[SIGNATURE_LEN];
	enum err rc = sign_bytes(key, data, signature);

	if (rc == OK)
		add_der(signature, ret);

	return rc;
}

static enum err
signing_spki(const struct signing_key *key, struct buf *ret)
{
	json_t *jwk = signing_key_jwk(key);
	enum err rc = spki_of(jwk, ret);

	json_decref(jwk);

	return rc;
}

enum err
checkpoint_sign(struct slice origin, const struct merkle_tree *tree,
    const struct signing_key *key, struct buf *ret)
{
	struct buf text, spki, signature;
	enum err rc;

	if (!is_name(origin))
		return ERR_INPUT;
	buf_init(&text);
	buf_init(&spki);
	buf_init(&signature);
	buf_printf(&text, "%.*s\n%llu\n", SLICE_ARG(origin),
	    (unsigned long long)tree->size);
	checkpoint_base64(digest_slice(&tree->root), &text);
	buf_add_char(&text, '\n');
	rc = signing_spki(key, &spki);
	if (rc == OK) {
		add_big_endian(first_four(buf_slice(&spki)), 4, &signature);
		rc = add_signature(key, buf_slice(&text), &signature);
	}
	if (rc == OK) {
		buf_add(ret, buf_slice(&text));
		buf_add_char(ret, '\n');
		add_line(origin, buf_slice(&signature), ret);
	}
	buf_done(&text);
	buf_done(&spki);
	buf_done(&signature);

	return rc;
}

/* The text that a witness signs. */
static void
add_cosigned(uint64_t seconds, struct slice text, struct buf *ret)
{
	buf_printf(
	    ret, "cosignature/v1\ntime %llu\n", (unsigned long long)seconds);
	buf_add(ret, text);
}

enum err
checkpoint_cosign(const struct checkpoint *checkpoint, struct slice name,
    const struct signing_key *key, struct instant now, struct buf *ret)
{
	uint64_t seconds = now.ms > 0 ? (uint64_t)now.ms / 1000 : 0;
	struct buf message, spki, signature;
	enum err rc;

	if (!is_name(name))
		return ERR_INPUT;
	buf_init(&message);
	buf_init(&spki);
	buf_init(&signature);
	add_cosigned(seconds, checkpoint->text, &message);
	rc = signing_spki(key, &spki);
	if (rc == OK) {
		add_big_endian(
		    witness_key_id(name, buf_slice(&spki)), 4, &signature);
		add_big_endian(seconds, TIME_LEN, &signature);
		rc = add_signature(key, buf_slice(&message), &signature);
	}
	if (rc == OK)
		add_line(name, buf_slice(&signature), ret);
	buf_done(&message);
	buf_done(&spki);
	buf_done(&signature);

	return rc;
}

/* --- Reading ------------------------------------------------------------- */

static enum err
parse_signature(
    struct arena *arena, struct slice line, struct checkpoint_signature *ret)
{
	struct slice rest = line;
	struct reader r;
	struct buf bytes;
	enum err rc;

	if (!slice_has_prefix(line, SLICE(DASH)))
		return ERR_INPUT;
	rest = slice_bytes(line.data + strlen(DASH), line.len - strlen(DASH));
	ret->name = slice_cut(&rest, ' ');
	if (!is_name(ret->name) || rest.len == 0)
		return ERR_INPUT;
	buf_init(&bytes);
	rc = checkpoint_unbase64(rest, &bytes);
	if (rc == OK) {
		reader_init(&r, buf_slice(&bytes));
		ret->key_id = reader_u32(&r);
		ret->bytes = arena_copy(
		    arena, reader_take(&r, bytes.len < 4 ? 0 : bytes.len - 4));
		rc = reader_finish(&r);
	}
	buf_done(&bytes);

	return rc;
}

/* Three lines, none of them empty. */
static enum err
parse_text(struct slice text, struct checkpoint *ret)
{
	struct slice rest = text, size, root;
	struct buf bytes;
	enum err rc;

	ret->origin = slice_cut(&rest, '\n');
	size = slice_cut(&rest, '\n');
	root = slice_cut(&rest, '\n');
	if (!is_name(ret->origin) || rest.data == NULL || rest.len > 0 ||
	    (size.len > 1 && size.data[0] == '0') ||
	    slice_to_u64(size, INT64_MAX, &ret->tree.size))
		return ERR_INPUT;
	buf_init(&bytes);
	rc = checkpoint_unbase64(root, &bytes);
	if (rc == OK)
		rc = digest_from_bytes(buf_slice(&bytes), &ret->tree.root);
	buf_done(&bytes);

	return rc;
}

enum err
checkpoint_parse(struct arena *arena, struct slice text, struct checkpoint *ret)
{
	struct slice rest, line;
	const char *gap;
	enum err rc;

	ret->n_signatures = 0;
	if (text.len > CHECKPOINT_MAX || text.len == 0 ||
	    text.data[text.len - 1] != '\n' || !utf8_is_valid(text))
		return ERR_INPUT;
	gap = memmem(text.data, text.len, "\n\n", 2);
	if (gap == NULL)
		return ERR_INPUT;
	ret->text = slice_bytes(text.data, (size_t)(gap + 1 - text.data));
	rc = parse_text(ret->text, ret);
	/* Without the line feed at the end: each line is then cut off. */
	rest = slice_bytes(gap + 2, (size_t)(text.data + text.len - gap - 2));
	if (rest.len == 0)
		return ERR_INPUT;
	rest.len--;
	while (rc == OK && rest.data != NULL) {
		line = slice_cut(&rest, '\n');
		if (ret->n_signatures == CHECKPOINT_SIGNATURES_MAX)
			return ERR_INPUT;
		rc = parse_signature(
		    arena, line, &ret->signatures[ret->n_signatures++]);
	}

	return rc;
}

static const struct checkpoint_signature *
find(const struct checkpoint *checkpoint, const struct checkpoint_key *key,
    uint32_t key_id)
{
	size_t i;

	for (i = 0; i < checkpoint->n_signatures; i++) {
		if (checkpoint->signatures[i].key_id == key_id &&
		    slice_equal_string(
			checkpoint->signatures[i].name, key->name))
			return &checkpoint->signatures[i];
	}

	return NULL;
}

static enum err
verify_der(
    const struct checkpoint_key *key, struct slice data, struct slice der)
{
	uint8_t signature[SIGNATURE_LEN];

	if (parse_der(der, signature))
		return ERR_CRYPTO;

	return verify_bytes(key->key, data, signature);
}

enum err
checkpoint_verify(
    const struct checkpoint *checkpoint, const struct checkpoint_key *key)
{
	const struct checkpoint_signature *s =
	    find(checkpoint, key, key->log_id);

	if (s == NULL)
		return ERR_NOT_FOUND;
	/* A log's key name is its origin: one log cannot sign for another. */
	if (!slice_equal_string(checkpoint->origin, key->name))
		return ERR_CRYPTO;

	return verify_der(key, checkpoint->text, s->bytes);
}

enum err
checkpoint_verify_cosignature(const struct checkpoint *checkpoint,
    const struct checkpoint_key *key, struct instant *ret_time)
{
	const struct checkpoint_signature *s =
	    find(checkpoint, key, key->witness_id);
	struct buf message;
	struct reader r;
	uint64_t seconds;
	enum err rc;

	if (s == NULL)
		return ERR_NOT_FOUND;
	reader_init(&r, s->bytes);
	seconds = reader_u64(&r);
	if (r.err || seconds > INT64_MAX / 1000)
		return ERR_CRYPTO;
	buf_init(&message);
	add_cosigned(seconds, checkpoint->text, &message);
	rc = verify_der(key, buf_slice(&message),
	    slice_bytes(s->bytes.data + TIME_LEN, s->bytes.len - TIME_LEN));
	buf_done(&message);
	if (rc == OK)
		ret_time->ms = (int64_t)seconds * 1000;

	return rc;
}
