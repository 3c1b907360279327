#include "crypto/keystore.h"

#include <argon2.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/json.h"
#include "base/secret.h"
#include "crypto/aead.h"
#include "crypto/hash.h"

#define MAGIC "bango-keystore"
#define VERSION 1
#define FILE_MAX (1u << 20)
#define HEADER_MAX 512
#define SALT_LEN 16
#define SECRET_MAX 8192
#define SYMMETRIC_LEN 32

/* Bounds on the work that a file may ask for before it is authenticated. */
#define MEMORY_MAX (256u << 10) /* KiB */
#define PASSES_MAX 16u
#define LANES 1u

struct entry {
	struct stored_key key;
	char *secret; /* borrowed by key.secret */
};

struct keystore {
	enum keystore_cost cost;
	struct entry **entries; /* one by one, so that pointers stay good */
	size_t n;
};

struct cost {
	uint32_t memory; /* KiB */
	uint32_t passes;
};

static struct cost
cost_of(enum keystore_cost cost)
{
	switch (cost) {
	case KEYSTORE_STRONG:
		return (struct cost){64u << 10, 3};
	case KEYSTORE_FAST:
		return (struct cost){64, 1};
	}
	abort();
}

/* --- Keys in memory ------------------------------------------------------ */

struct keystore *
keystore_new(enum keystore_cost cost)
{
	struct keystore *ks = heap_array(1, sizeof(*ks));

	ks->cost = cost;

	return ks;
}

void
keystore_set_cost(struct keystore *ks, enum keystore_cost cost)
{
	ks->cost = cost;
}

static void
entry_free(struct entry *entry)
{
	secret_free(entry->secret, entry->key.secret.len);
	secret_wipe(entry->key.uses, sizeof(entry->key.uses));
	free(entry);
}

void
keystore_free(struct keystore *ks)
{
	size_t i;

	if (ks == NULL)
		return;
	for (i = 0; i < ks->n; i++)
		entry_free(ks->entries[i]);
	free(ks->entries);
	free(ks);
}

/* Epochs are added in their order, so the last found is the newest. */
const struct stored_key *
keystore_current(const struct keystore *ks, const char *purpose)
{
	size_t i;

	for (i = ks->n; i > 0; i--) {
		if (strcmp(ks->entries[i - 1]->key.purpose, purpose) == 0)
			return &ks->entries[i - 1]->key;
	}

	return NULL;
}

const struct stored_key *
keystore_epoch(const struct keystore *ks, const char *purpose, uint32_t epoch)
{
	size_t i;

	for (i = 0; i < ks->n; i++) {
		if (ks->entries[i]->key.epoch == epoch &&
		    strcmp(ks->entries[i]->key.purpose, purpose) == 0)
			return &ks->entries[i]->key;
	}

	return NULL;
}

const struct stored_key *
keystore_at(const struct keystore *ks, size_t index)
{
	return index < ks->n ? &ks->entries[index]->key : NULL;
}

/* Once, because a derivation takes longer than most uses of a derived key. */
static void
derive_uses(struct stored_key *key)
{
	static const struct slice labels[KEY_USES] = {
	    [KEY_USE_TAG] = {"bango-rest-tag", 14},
	    [KEY_USE_SEAL] = {"bango-rest-seal", 15}};
	size_t i;

	for (i = 0; i < KEY_USES; i++)
		key->uses[i] = digest_keyed(key->secret, labels[i]);
}

/* Append the next epoch of the key's purpose with a copy of the secret. */
static const struct stored_key *
append(struct keystore *ks, struct stored_key key)
{
	const struct stored_key *last = keystore_current(ks, key.purpose);
	struct entry *entry = heap_array(1, sizeof(*entry));

	entry->secret = secret_new(key.secret.len);
	memcpy(entry->secret, key.secret.data, key.secret.len);
	entry->key = key;
	entry->key.secret = slice_bytes(entry->secret, key.secret.len);
	entry->key.epoch = last == NULL ? 1 : last->epoch + 1;
	if (key.kind == KEY_SYMMETRIC)
		derive_uses(&entry->key);
	ks->entries = heap_grow(ks->entries, ks->n + 1, sizeof(struct entry *));
	ks->entries[ks->n++] = entry;

	return &entry->key;
}

static void
set_text(char *to, size_t size, struct slice from)
{
	assert(from.len > 0 && from.len < size);
	memset(to, 0, size);
	memcpy(to, from.data, from.len);
}

/* A hash for this use alone: it tells nothing of the key. */
static void
name_symmetric(struct stored_key *key)
{
	struct hasher *h = hasher_new();
	struct digest d;
	struct buf text;

	hasher_add(h, SLICE("bango: id of a symmetric key\n"));
	hasher_add(h, key->secret);
	d = hasher_finish(h);
	buf_init(&text);
	base64url_encode(digest_slice(&d), &text);
	set_text(key->id, sizeof(key->id), buf_slice(&text));
	buf_done(&text);
}

void
keystore_add_symmetric(struct keystore *ks, const char *purpose,
    const struct random *random, struct instant now, uint32_t *ret_epoch)
{
	struct stored_key key = {.kind = KEY_SYMMETRIC, .made = now};
	uint8_t secret[SYMMETRIC_LEN];
	const struct stored_key *added;

	set_text(key.purpose, sizeof(key.purpose), slice_of(purpose));
	random_bytes(random, secret, sizeof(secret));
	key.secret = slice_bytes(secret, sizeof(secret));
	name_symmetric(&key);
	added = append(ks, key);
	secret_wipe(secret, sizeof(secret));
	if (ret_epoch != NULL)
		*ret_epoch = added->epoch;
}

void
keystore_add_private(struct keystore *ks, const char *purpose, const char *id,
    struct slice der, struct instant now, uint32_t *ret_epoch)
{
	struct stored_key key = {
	    .kind = KEY_PRIVATE, .made = now, .secret = der};
	const struct stored_key *added;

	assert(der.len > 0 && der.len <= SECRET_MAX);
	set_text(key.purpose, sizeof(key.purpose), slice_of(purpose));
	set_text(key.id, sizeof(key.id), slice_of(id));
	added = append(ks, key);
	if (ret_epoch != NULL)
		*ret_epoch = added->epoch;
}

/* --- Keys as bytes ------------------------------------------------------- */

static void
put_number(struct buf *ret, uint64_t value, unsigned int bytes)
{
	while (bytes-- > 0)
		buf_add_char(ret, (char)(value >> 8 * bytes));
}

static void
write_key(const struct stored_key *key, struct buf *ret)
{
	struct slice purpose = slice_of(key->purpose), id = slice_of(key->id);

	put_number(ret, purpose.len, 1);
	buf_add(ret, purpose);
	put_number(ret, key->epoch, 4);
	put_number(ret, key->kind == KEY_PRIVATE ? 1 : 0, 1);
	put_number(ret, id.len, 1);
	buf_add(ret, id);
	put_number(ret, (uint64_t)key->made.ms, 8);
	put_number(ret, key->secret.len, 4);
	buf_add(ret, key->secret);
}

static bool
is_text(struct slice s, size_t size)
{
	return s.len > 0 && s.len < size && memchr(s.data, 0, s.len) == NULL;
}

static enum err
read_key(struct reader *r, struct keystore *ks)
{
	struct slice purpose = reader_take(r, reader_u8(r)), id;
	uint32_t epoch = reader_u32(r);
	uint8_t kind = reader_u8(r);
	struct stored_key key = {0};

	id = reader_take(r, reader_u8(r));
	key.made.ms = (int64_t)reader_u64(r);
	key.secret = reader_take(r, reader_u32(r));
	if (r->err || !is_text(purpose, sizeof(key.purpose)) ||
	    !is_text(id, sizeof(key.id)) || kind > 1 || key.secret.len == 0 ||
	    key.secret.len > SECRET_MAX)
		return ERR_CORRUPT;
	key.kind = kind == 1 ? KEY_PRIVATE : KEY_SYMMETRIC;
	if (key.kind == KEY_SYMMETRIC && key.secret.len != SYMMETRIC_LEN)
		return ERR_CORRUPT;
	set_text(key.purpose, sizeof(key.purpose), purpose);
	set_text(key.id, sizeof(key.id), id);

	return append(ks, key)->epoch == epoch ? OK : ERR_CORRUPT;
}

static enum err
read_keys(struct slice plain, struct keystore *ks)
{
	enum err rc = OK;
	struct reader r;

	reader_init(&r, plain);
	while (rc == OK && r.at != r.end)
		rc = read_key(&r, ks);

	return rc;
}

/* --- The header ---------------------------------------------------------- */

struct header {
	struct cost cost;
	uint8_t salt[SALT_LEN];
	uint8_t nonce[AEAD_NONCE_LEN];
};

static void
put_bytes(json_t *json, const char *name, const void *bytes, size_t len)
{
	struct buf text;

	buf_init(&text);
	base64url_encode(slice_bytes(bytes, len), &text);
	json_put_text(json, name, buf_slice(&text));
	buf_done(&text);
}

static void
write_header(const struct header *h, struct buf *ret)
{
	json_t *json = json_object();

	json_put_int(json, "version", VERSION);
	json_put_text(json, "kdf", SLICE("argon2id"));
	json_put_int(json, "memory", h->cost.memory);
	json_put_int(json, "passes", h->cost.passes);
	json_put_int(json, "lanes", LANES);
	put_bytes(json, "salt", h->salt, sizeof(h->salt));
	json_put_text(json, "cipher", SLICE("A256GCM"));
	put_bytes(json, "nonce", h->nonce, sizeof(h->nonce));
	buf_add_string(ret, MAGIC "\n");
	json_write(json, ret);
	buf_add_char(ret, '\n');
	json_decref(json);
}

static enum err
take_header(const json_t *json, struct header *ret)
{
	struct slice kdf, cipher, salt, nonce;
	int64_t version, memory, passes, lanes;

	if (json_get_int(json, "version", VERSION, VERSION, &version, NULL) ||
	    json_get_text(json, "kdf", &kdf, NULL) ||
	    json_get_int(json, "memory", 8, MEMORY_MAX, &memory, NULL) ||
	    json_get_int(json, "passes", 1, PASSES_MAX, &passes, NULL) ||
	    json_get_int(json, "lanes", LANES, LANES, &lanes, NULL) ||
	    json_get_text(json, "salt", &salt, NULL) ||
	    json_get_text(json, "cipher", &cipher, NULL) ||
	    json_get_text(json, "nonce", &nonce, NULL) ||
	    !slice_equal_string(kdf, "argon2id") ||
	    !slice_equal_string(cipher, "A256GCM") ||
	    base64url_decode_exact(salt, ret->salt, sizeof(ret->salt)) ||
	    base64url_decode_exact(nonce, ret->nonce, sizeof(ret->nonce)))
		return ERR_CORRUPT;
	ret->cost = (struct cost){(uint32_t)memory, (uint32_t)passes};

	return OK;
}

/* *file becomes what follows the header, *ret_aad the header's bytes. */
static enum err
read_header(struct slice *file, struct header *ret, struct slice *ret_aad)
{
	const char *start = file->data;
	struct slice magic = slice_cut(file, '\n');
	struct slice line = slice_cut(file, '\n');
	json_t *json = NULL;
	enum err rc;

	if (file->data == NULL || file->len < AEAD_TAG_LEN ||
	    line.len > HEADER_MAX || !slice_equal_string(magic, MAGIC))
		return ERR_CORRUPT;
	*ret_aad = slice_bytes(start, (size_t)(file->data - start));
	rc = json_read(line, "header", &json, NULL);
	if (rc == OK)
		rc = take_header(json, ret);
	json_decref(json);

	return rc ? ERR_CORRUPT : OK;
}

/* --- The file ------------------------------------------------------------ */

/* The sealing key, of the passphrase.  The caller wipes it. */
static enum err
stretch(
    struct slice passphrase, const struct header *h, uint8_t ret[AEAD_KEY_LEN])
{
	if (argon2id_hash_raw(h->cost.passes, h->cost.memory, LANES,
		passphrase.data, passphrase.len, h->salt, SALT_LEN, ret,
		AEAD_KEY_LEN) != ARGON2_OK)
		return ERR_CRYPTO;

	return OK;
}

static enum err
open_sealed(struct slice file, struct slice passphrase, struct keystore *ks)
{
	uint8_t key[AEAD_KEY_LEN], tag[AEAD_TAG_LEN];
	struct slice aad;
	struct buf plain;
	struct header h;
	enum err rc;

	rc = read_header(&file, &h, &aad);
	if (rc)
		return rc;
	buf_init(&plain);
	file.len -= AEAD_TAG_LEN;
	memcpy(tag, file.data + file.len, AEAD_TAG_LEN);
	rc = stretch(passphrase, &h, key);
	if (rc == OK)
		rc = aead_open(key, h.nonce, aad, file, tag, &plain);
	if (rc == OK)
		rc = read_keys(buf_slice(&plain), ks);
	if (h.cost.memory >= cost_of(KEYSTORE_STRONG).memory)
		ks->cost = KEYSTORE_STRONG;
	secret_wipe(key, sizeof(key));
	buf_done(&plain);

	return rc;
}

enum err
keystore_open(const char *path, struct slice passphrase, struct keystore **ret,
    struct problem *problem)
{
	struct keystore *ks = keystore_new(KEYSTORE_FAST);
	struct buf file;
	enum err rc;

	buf_init(&file);
	rc = file_read(path, FILE_MAX, &file, problem);
	if (rc)
		goto out;
	rc = open_sealed(buf_slice(&file), passphrase, ks);
	if (rc == ERR_CRYPTO)
		rc = problem_set(problem, rc,
		    "cannot open the key store %s: the passphrase is wrong, "
		    "or the file was altered",
		    path);
	else if (rc)
		rc = problem_set(problem, ERR_CORRUPT,
		    "%s is not a key store of version %d", path, VERSION);
	else {
		*ret = ks;
		ks = NULL;
	}
out:
	keystore_free(ks);
	buf_done(&file);

	return rc;
}

/* The whole file, appended. */
static enum err
seal(const struct keystore *ks, struct slice passphrase,
    const struct random *random, struct buf *ret)
{
	uint8_t key[AEAD_KEY_LEN], tag[AEAD_TAG_LEN];
	struct header h = {.cost = cost_of(ks->cost)};
	struct buf header, plain;
	enum err rc;
	size_t i;

	buf_init(&header);
	buf_init(&plain);
	random_bytes(random, h.salt, sizeof(h.salt));
	random_bytes(random, h.nonce, sizeof(h.nonce));
	write_header(&h, &header);
	for (i = 0; i < ks->n; i++)
		write_key(&ks->entries[i]->key, &plain);
	rc = stretch(passphrase, &h, key);
	if (rc == OK) {
		buf_add(ret, buf_slice(&header));
		aead_seal(key, h.nonce, buf_slice(&header), buf_slice(&plain),
		    ret, tag);
		buf_add(ret, slice_bytes(tag, sizeof(tag)));
	}
	secret_wipe(key, sizeof(key));
	buf_done(&header);
	buf_done(&plain);

	return rc;
}

enum err
keystore_save(struct keystore *ks, const char *path, struct slice passphrase,
    const struct random *random, struct problem *problem)
{
	struct buf file;
	enum err rc;

	if (slice_is_empty(passphrase))
		return problem_set(problem, ERR_INPUT,
		    "the passphrase of the key store %s is empty", path);
	buf_init(&file);
	rc = seal(ks, passphrase, random, &file);
	if (rc)
		rc = problem_set(problem, rc,
		    "cannot seal the key store %s: Argon2id failed", path);
	else if (file.len > FILE_MAX)
		rc = problem_set(problem, ERR_TOO_LARGE,
		    "the key store %s would be larger than %u bytes", path,
		    FILE_MAX);
	else
		rc = file_replace(path, buf_slice(&file), 0600, problem);
	buf_done(&file);

	return rc;
}
