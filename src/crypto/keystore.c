#include "crypto/keystore.h"

#include <argon2.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/json.h"
#include "crypto/hash.h"

/*
 * The file:
 *
 *   line 1   bango-keystore 1 <cost> <salt, 32 hex> <nonce, 24 hex> LF
 *   rest     AES-256-GCM ciphertext of a JSON document, then the tag
 *
 * Line 1 is authenticated with the ciphertext.  The document is
 * {"keys": [{"purpose", "epoch", "kind", "id", "made", "secret"}, ...]} with
 * the secret in base64url.
 */
#define MAGIC "bango-keystore 1"
#define HEADER_MAX 128
#define FILE_MAX (1u << 20)
#define SALT_LEN 16
#define NONCE_LEN 12
#define TAG_LEN 16
#define KEY_LEN 32
#define KEYS_MAX 256

struct keystore {
	enum keystore_cost cost;
	struct stored_key keys[KEYS_MAX];
	size_t n;
};

struct header {
	enum keystore_cost cost;
	uint8_t salt[SALT_LEN];
	uint8_t nonce[NONCE_LEN];
	struct slice line; /* with its LF */
};

static enum err
stretch(struct slice passphrase, const struct header *h, uint8_t ret[KEY_LEN])
{
	bool strong = h->cost == KEYSTORE_STRONG;

	if (argon2id_hash_raw(strong ? 3 : 1, strong ? 64 * 1024 : 1024, 1,
		passphrase.data, passphrase.len, h->salt, SALT_LEN, ret,
		KEY_LEN) != ARGON2_OK)
		return ERR_CRYPTO;

	return OK;
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
keystore_free(struct keystore *ks)
{
	size_t i;

	if (ks == NULL)
		return;
	for (i = 0; i < ks->n; i++) {
		struct slice s = ks->keys[i].secret;

		secret_wipe((char *)(uintptr_t)s.data, s.len);
		free((char *)(uintptr_t)s.data);
	}
	secret_wipe(ks, sizeof(*ks));
	free(ks);
}

const struct stored_key *
keystore_epoch(
    const struct keystore *ks, const char *purpose, uint32_t epoch)
{
	size_t i;

	for (i = 0; i < ks->n; i++) {
		if (ks->keys[i].epoch == epoch &&
		    strcmp(ks->keys[i].purpose, purpose) == 0)
			return &ks->keys[i];
	}

	return NULL;
}

const struct stored_key *
keystore_current(const struct keystore *ks, const char *purpose)
{
	const struct stored_key *newest = NULL;
	size_t i;

	for (i = 0; i < ks->n; i++) {
		if (strcmp(ks->keys[i].purpose, purpose) == 0 &&
		    (newest == NULL || ks->keys[i].epoch > newest->epoch))
			newest = &ks->keys[i];
	}

	return newest;
}

const struct stored_key *
keystore_at(const struct keystore *ks, size_t index)
{
	return index < ks->n ? &ks->keys[index] : NULL;
}

/* A new key with a copy of the secret; too many keys end the process. */
static struct stored_key *
append(struct keystore *ks, const char *purpose, struct slice secret)
{
	struct stored_key *k = &ks->keys[ks->n];

	if (ks->n == KEYS_MAX || strlen(purpose) > KEY_PURPOSE_MAX)
		abort();
	ks->n++;
	snprintf(k->purpose, sizeof(k->purpose), "%s", purpose);
	k->secret = slice_bytes(heap_string(secret), secret.len);

	return k;
}

static uint32_t
next_epoch(const struct keystore *ks, const char *purpose)
{
	const struct stored_key *k = keystore_current(ks, purpose);

	return k == NULL ? 1 : k->epoch + 1;
}

/* A symmetric key's id: the beginning of a hash, which tells nothing of it. */
static void
name_symmetric(struct stored_key *k)
{
	struct digest once = digest_of(k->secret);
	struct digest twice = digest_of(digest_slice(&once));
	struct buf text;

	buf_init(&text);
	hex_encode(slice_bytes(twice.bytes, 8), &text);
	snprintf(k->id, sizeof(k->id), "%s", text.data);
	buf_done(&text);
	secret_wipe(&once, sizeof(once));
}

void
keystore_add_symmetric(struct keystore *ks, const char *purpose,
    const struct random *random, struct instant now, uint32_t *ret_epoch)
{
	uint32_t epoch = next_epoch(ks, purpose);
	uint8_t secret[KEY_LEN];
	struct stored_key *k;

	random_bytes(random, secret, sizeof(secret));
	k = append(ks, purpose, slice_bytes(secret, sizeof(secret)));
	secret_wipe(secret, sizeof(secret));
	k->epoch = epoch;
	k->kind = KEY_SYMMETRIC;
	k->made = now;
	name_symmetric(k);
	if (ret_epoch != NULL)
		*ret_epoch = epoch;
}

void
keystore_add_private(struct keystore *ks, const char *purpose,
    const char *id, struct slice der, struct instant now, uint32_t *ret_epoch)
{
	uint32_t epoch = next_epoch(ks, purpose);
	struct stored_key *k = append(ks, purpose, der);

	k->epoch = epoch;
	k->kind = KEY_PRIVATE;
	k->made = now;
	snprintf(k->id, sizeof(k->id), "%s", id);
	if (ret_epoch != NULL)
		*ret_epoch = epoch;
}

/* --- The document -------------------------------------------------------- */

static void
write_keys(const struct keystore *ks, struct buf *ret)
{
	json_t *document = json_object(), *list = json_array(), *entry;
	struct buf text;
	size_t i;

	json_put(document, "keys", list);
	buf_init(&text);
	for (i = 0; i < ks->n; i++) {
		entry = json_object();
		json_put_text(entry, "purpose", slice_of(ks->keys[i].purpose));
		json_put_int(entry, "epoch", ks->keys[i].epoch);
		json_put_text(entry, "kind",
		    ks->keys[i].kind == KEY_PRIVATE ? SLICE("private")
						    : SLICE("symmetric"));
		json_put_text(entry, "id", slice_of(ks->keys[i].id));
		json_put_int(entry, "made", ks->keys[i].made.ms);
		buf_clear(&text);
		base64url_encode(ks->keys[i].secret, &text);
		json_put_text(entry, "secret", buf_slice(&text));
		json_array_append_new(list, entry);
	}
	json_write(document, ret);
	json_decref(document);
	buf_done(&text);
}

static enum err
read_key(struct keystore *ks, const json_t *entry)
{
	struct slice purpose, kind, id, secret;
	int64_t epoch, made;
	struct stored_key *k;
	struct buf bytes;
	enum err rc;

	if (json_get_text(entry, "purpose", &purpose, NULL) ||
	    json_get_text(entry, "kind", &kind, NULL) ||
	    json_get_text(entry, "id", &id, NULL) ||
	    json_get_text(entry, "secret", &secret, NULL) ||
	    json_get_int(entry, "epoch", 1, UINT32_MAX, &epoch, NULL) ||
	    json_get_int(entry, "made", 0, INT64_MAX, &made, NULL) ||
	    purpose.len > KEY_PURPOSE_MAX || ks->n == KEYS_MAX)
		return ERR_CORRUPT;
	buf_init(&bytes);
	rc = base64url_decode(secret, &bytes);
	if (rc == OK) {
		k = append(ks, purpose.data, buf_slice(&bytes));
		k->epoch = (uint32_t)epoch;
		k->made.ms = made;
		k->kind = slice_equal_string(kind, "private") ? KEY_PRIVATE
							      : KEY_SYMMETRIC;
		snprintf(k->id, sizeof(k->id), "%.*s", SLICE_ARG(id));
	}
	buf_done(&bytes);

	return rc ? ERR_CORRUPT : OK;
}

static enum err
read_keys(struct keystore *ks, struct slice plain)
{
	const json_t *list = NULL;
	json_t *document = NULL;
	enum err rc;
	size_t i;

	rc = json_read(plain, "key store", &document, NULL);
	if (rc == OK)
		rc = json_get_array(document, "keys", &list, NULL);
	for (i = 0; rc == OK && i < json_array_size(list); i++)
		rc = read_key(ks, json_array_get(list, i));
	json_decref(document);

	return rc ? ERR_CORRUPT : OK;
}

/* --- The file ------------------------------------------------------------ */

static enum err
seal(const uint8_t key[KEY_LEN], const struct header *h, struct slice plain,
    struct buf *ret)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t at = ret->len;
	unsigned char *out = (unsigned char *)buf_extend(
	    ret, plain.len + TAG_LEN);
	enum err rc = ERR_CRYPTO;
	int n;

	if (ctx != NULL && plain.len < FILE_MAX &&
	    EVP_EncryptInit_ex2(
		ctx, EVP_aes_256_gcm(), key, h->nonce, NULL) == 1 &&
	    EVP_EncryptUpdate(ctx, NULL, &n,
		(const unsigned char *)h->line.data, (int)h->line.len) == 1 &&
	    EVP_EncryptUpdate(ctx, out, &n,
		(const unsigned char *)plain.data, (int)plain.len) == 1 &&
	    EVP_EncryptFinal_ex(ctx, out + n, &n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN,
		out + plain.len) == 1)
		rc = OK;
	EVP_CIPHER_CTX_free(ctx);
	if (rc)
		ret->len = at;

	return rc;
}

static enum err
unseal(const uint8_t key[KEY_LEN], const struct header *h,
    struct slice sealed, struct buf *ret)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t len = sealed.len - TAG_LEN;
	const unsigned char *in = (const unsigned char *)sealed.data;
	unsigned char *out = (unsigned char *)buf_extend(ret, len + TAG_LEN);
	unsigned char tag[TAG_LEN];
	enum err rc = ERR_CRYPTO;
	int n;

	memcpy(tag, in + len, TAG_LEN);
	if (ctx != NULL &&
	    EVP_DecryptInit_ex2(
		ctx, EVP_aes_256_gcm(), key, h->nonce, NULL) == 1 &&
	    EVP_CIPHER_CTX_ctrl(
		ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, tag) == 1 &&
	    EVP_DecryptUpdate(ctx, NULL, &n,
		(const unsigned char *)h->line.data, (int)h->line.len) == 1 &&
	    EVP_DecryptUpdate(ctx, out, &n, in, (int)len) == 1 &&
	    EVP_DecryptFinal_ex(ctx, out + n, &n) == 1) {
		ret->len = len;
		rc = OK;
	}
	EVP_CIPHER_CTX_free(ctx);

	return rc;
}

static void
write_header(const struct header *h, struct buf *ret)
{
	buf_printf(ret, MAGIC " %s ",
	    h->cost == KEYSTORE_STRONG ? "strong" : "fast");
	hex_encode(slice_bytes(h->salt, SALT_LEN), ret);
	buf_add_char(ret, ' ');
	hex_encode(slice_bytes(h->nonce, NONCE_LEN), ret);
	buf_add_char(ret, '\n');
}

static enum err
read_header(struct slice *file, struct header *ret)
{
	struct slice start = *file, line = slice_cut(file, '\n'), word;

	ret->line = slice_bytes(start.data, line.len + 1);
	if (file->data == NULL || line.len > HEADER_MAX ||
	    !slice_has_prefix(line, SLICE(MAGIC " ")))
		return ERR_CORRUPT;
	slice_cut(&line, ' ');
	slice_cut(&line, ' ');
	word = slice_cut(&line, ' ');
	ret->cost = slice_equal_string(word, "strong") ? KEYSTORE_STRONG
						       : KEYSTORE_FAST;
	word = slice_cut(&line, ' ');
	if (hex_decode_exact(word, ret->salt, SALT_LEN) ||
	    hex_decode_exact(line, ret->nonce, NONCE_LEN) ||
	    file->len < TAG_LEN)
		return ERR_CORRUPT;

	return OK;
}

static enum err
open_sealed(const struct header *h, struct slice sealed,
    struct slice passphrase, struct keystore **ret)
{
	struct keystore *ks = NULL;
	uint8_t key[KEY_LEN];
	struct buf plain;
	enum err rc;

	buf_init(&plain);
	rc = stretch(passphrase, h, key);
	if (rc == OK)
		rc = unseal(key, h, sealed, &plain);
	if (rc == OK) {
		ks = keystore_new(h->cost);
		rc = read_keys(ks, buf_slice(&plain));
	}
	secret_wipe(key, sizeof(key));
	buf_done(&plain);
	if (rc)
		keystore_free(ks);
	else
		*ret = ks;

	return rc;
}

enum err
keystore_open(const char *path, struct slice passphrase,
    struct keystore **ret, struct problem *problem)
{
	struct slice rest;
	struct header h;
	struct buf file;
	enum err rc;

	buf_init(&file);
	rc = file_read(path, FILE_MAX, &file, problem);
	if (rc)
		goto out;
	rest = buf_slice(&file);
	rc = read_header(&rest, &h);
	if (rc == OK)
		rc = open_sealed(&h, rest, passphrase, ret);
	if (rc == ERR_CRYPTO)
		rc = problem_set(problem, rc,
		    "%s does not open: the passphrase is wrong, or the file "
		    "was altered",
		    path);
	else if (rc)
		rc = problem_set(problem, rc, "%s is no key store", path);
out:
	buf_done(&file);

	return rc;
}

enum err
keystore_save(struct keystore *ks, const char *path, struct slice passphrase,
    const struct random *random, struct problem *problem)
{
	struct header h = {.cost = ks->cost};
	uint8_t key[KEY_LEN];
	struct buf plain, line, file;
	enum err rc;

	buf_init(&plain);
	buf_init(&line);
	buf_init(&file);
	random_bytes(random, h.salt, sizeof(h.salt));
	random_bytes(random, h.nonce, sizeof(h.nonce));
	write_header(&h, &line);
	h.line = buf_slice(&line);
	write_keys(ks, &plain);
	buf_add(&file, h.line);
	rc = stretch(passphrase, &h, key);
	if (rc == OK)
		rc = seal(key, &h, buf_slice(&plain), &file);
	if (rc)
		rc = problem_set(
		    problem, rc, "the key store cannot be sealed");
	else
		rc = file_replace(path, buf_slice(&file), 0600, problem);
	secret_wipe(key, sizeof(key));
	buf_done(&plain);
	buf_done(&line);
	buf_done(&file);

	return rc;
}
