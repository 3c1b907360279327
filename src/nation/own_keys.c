#include "nation/own_keys.h"

#include <string.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/secret.h"
#include "crypto/hash.h"
#include "crypto/rest.h"

/* Nothing refuses an old sealing key, which has no certificate. */
#define SEAL_MS (2 * 365ll * 24 * 3600 * 1000)

/* --- Reading -------------------------------------------------------------- */

static const struct keystore *
newest_keys(const struct own_keys *own)
{
	return own->fresh != NULL ? own->fresh : own->keys;
}

static bool
needs_key(const struct own_keys *own, const char *purpose)
{
	const char *const *key = own->system->system->keys;

	while (key != NULL && *key != NULL && strcmp(*key, purpose) != 0)
		key++;

	return key != NULL && *key != NULL;
}

/* A system that keeps values at rest begins a new key for them each year, at a
 * start; what older ones sealed they open. */
static enum err
renew_rest(struct own_keys *own, const char *path, struct slice passphrase,
    struct instant now, struct problem *problem)
{
	const struct random random = random_system();

	if (!needs_key(own, REST_PURPOSE) ||
	    !rest_renew(own->keys, &random, now))
		return OK;
	own->has_new_rest = true;

	return keystore_save(own->keys, path, passphrase, &random, problem);
}

static enum err
read_keys(struct own_keys *own, struct instant now, struct problem *problem)
{
	struct buf path, passphrase;
	enum err rc;

	buf_init(&path);
	buf_init(&passphrase);
	nation_system_path(&path, own->dir, &own->system->id, "keys");
	rc = nation_keystore(own->dir, &own->system->id, own->passphrase,
	    &passphrase, &own->keys, problem);
	if (rc == OK)
		rc = renew_rest(
		    own, path.data, buf_slice(&passphrase), now, problem);
	nation_system_path(&path, own->dir, &own->system->id, "keys.next");
	if (rc == OK)
		file_remove(path.data);
	buf_done(&path);
	buf_done(&passphrase);

	return rc;
}

enum err
own_keys_passphrase(
    const struct keystore *keys, uint32_t epoch, struct buf *ret)
{
	const struct stored_key *key = keystore_epoch(keys, "sign", epoch);
	struct digest code;

	if (key == NULL)
		return ERR_NOT_FOUND;
	code = digest_keyed(key->secret, SLICE("bango keys.next 1"));
	base64url_encode(digest_slice(&code), ret);
	secret_wipe(&code, sizeof(code));

	return OK;
}

/* `path` with the passphrase that one of our signing keys gives, newest first. */
static enum err
open_next(const struct own_keys *own, const char *path, struct keystore **ret,
    struct problem *problem)
{
	const struct keystore *known = newest_keys(own);
	const struct stored_key *newest = keystore_current(known, "sign");
	uint32_t epoch = newest == NULL ? 0 : newest->epoch;
	struct buf passphrase;
	enum err rc = ERR_CRYPTO;

	buf_init(&passphrase);
	for (; rc == ERR_CRYPTO && epoch > 0; epoch--) {
		buf_clear(&passphrase);
		problem_clear(problem);
		rc = own_keys_passphrase(known, epoch, &passphrase);
		if (rc == OK)
			rc = keystore_open(
			    path, buf_slice(&passphrase), ret, problem);
	}
	buf_done(&passphrase);

	return rc;
}

/* *ret stays NULL where no renewal left any. */
static enum err
read_next(
    const struct own_keys *own, struct keystore **ret, struct problem *problem)
{
	struct buf path;
	enum err rc = OK;

	buf_init(&path);
	nation_system_path(&path, own->dir, &own->system->id, "keys.next");
	if (access(path.data, F_OK) == 0)
		rc = open_next(own, path.data, ret, problem);
	buf_done(&path);

	return rc;
}

static void
note_attested(struct own_keys *own, const json_t *list)
{
	const struct keystore *keys = newest_keys(own);
	uint32_t epoch = certificates_epoch(list, keys, UINT32_MAX);
	struct fingerprint fp;
	struct slice pem;

	if (epoch == 0 ||
	    private_key_fingerprint(
		keystore_epoch(keys, "sign", epoch)->secret, &fp) ||
	    json_at_text(list, certificates_place(list, &fp) - 1, &pem) ||
	    certificate_validity(pem, &own->attested_from, &own->attested_to))
		return;
	own->attested = epoch;
}

/* The certificates of our signing keys.  A directory that cannot be read changes
 * nothing. */
static void
read_attested(struct own_keys *own)
{
	struct problem unread = {0};
	json_t *document = NULL, *entry;
	const char *name;
	size_t i;

	if (nation_directory(own->dir, &document, &unread))
		return;
	json_array_foreach(json_object_get(document, "systems"), i, entry)
	{
		name = json_string_value(json_object_get(entry, "id"));
		if (name != NULL && strcmp(name, own->system->id.text) == 0)
			note_attested(
			    own, json_object_get(entry, "certificates"));
	}
	json_decref(document);
}

static enum err
read_ca(struct own_keys *own, struct problem *problem)
{
	struct instant from;
	struct buf path;
	enum err rc;

	buf_init(&path);
	nation_path(&path, own->dir, "ca/ca.pem");
	rc = nation_certificate(path.data, &own->ca, problem);
	if (rc == OK &&
	    certificate_validity(buf_slice(&own->ca), &from, &own->ca_to))
		rc = problem_set(problem, ERR_CRYPTO,
		    "%s has no end: restore it from a copy", path.data);
	buf_done(&path);

	return rc;
}

enum err
own_keys_open(struct own_keys *own, struct instant now, struct problem *problem)
{
	TRY(read_keys(own, now, problem));
	TRY(read_ca(own, problem));
	TRY(certificates_read(
	    own->dir, &own->system->id, &own->certificates, problem));
	read_attested(own);

	return OK;
}

void
own_keys_done(struct own_keys *own)
{
	keystore_free(own->fresh);
	keystore_free(own->keys);
	certificates_done(&own->certificates);
	buf_done(&own->ca);
}

enum err
own_keys_read(struct own_keys *own, struct problem *problem)
{
	struct tls_certificates certificates = {0};
	struct keystore *fresh = NULL;
	enum err rc;

	buf_init(&certificates.text);
	rc = certificates_read(
	    own->dir, &own->system->id, &certificates, problem);
	if (rc == OK)
		rc = read_next(own, &fresh, problem);
	if (rc) {
		certificates_done(&certificates);
		return rc;
	}
	certificates_done(&own->certificates);
	own->certificates = certificates;
	if (fresh != NULL) {
		keystore_free(own->fresh);
		own->fresh = fresh;
	}
	read_attested(own);

	return OK;
}

/* --- Using ---------------------------------------------------------------- */

static enum err
find_key(const struct own_keys *own, const struct tls_certificate *c,
    const struct stored_key **ret, struct problem *problem)
{
	*ret = certificate_key(newest_keys(own), "tls", &c->fingerprint);
	if (*ret == NULL)
		return problem_set(problem, ERR_CRYPTO,
		    "the key store of %s holds no key for its certificate for "
		    "TLS; restore both from one copy",
		    own->system->id.text);

	return OK;
}

enum err
own_keys_tls(struct own_keys *own, struct instant now, struct tls_identity *ret,
    struct problem *problem)
{
	const struct tls_certificate *c =
	    certificates_current(&own->certificates, now);
	const struct stored_key *key;

	TRY(find_key(own, c, &key, problem));
	ret->certificate_pem = c->pem;
	ret->key_der = key->secret;
	ret->ca_pem = buf_slice(&own->ca);
	own->used = c->fingerprint;

	return OK;
}

uint32_t
own_keys_sign_epoch(struct own_keys *own)
{
	const struct stored_key *key = keystore_current(own->keys, "sign");

	own->sign_epoch = key == NULL ? 0 : key->epoch;
	if (own->attested > 0 && own->attested < own->sign_epoch)
		own->sign_epoch = own->attested;

	return own->sign_epoch;
}

static bool
is_used(const struct own_keys *own, const struct tls_certificate *c)
{
	return digest_equal(&c->fingerprint.digest, &own->used.digest);
}

static enum err
advance_tls(struct own_keys *own, struct tls *tls, struct instant now,
    unsigned int *ret_news, struct problem *problem)
{
	const struct tls_certificate *c =
	    certificates_current(&own->certificates, now);
	const struct stored_key *key;

	if (is_used(own, c))
		return OK;
	TRY(find_key(own, c, &key, problem));
	TRY(tls_set_certificate(tls, c->pem, key->secret, problem));
	own->used = c->fingerprint;
	*ret_news |= OWN_KEYS_TLS;

	return OK;
}

/* The epoch of a newer signing key that the others know from the directory, or
 * will; 0: there is none.  A key store may have one more, which waits for its
 * certificate. */
static uint32_t
next_epoch(const struct own_keys *own)
{
	return own->attested > own->sign_epoch ? own->attested : 0;
}

static struct instant
signs_from(const struct own_keys *own)
{
	return key_used_from(CERTIFICATE_SIGNING, own->attested_from);
}

static enum err
advance_sign(struct own_keys *own, struct node *node, struct instant now,
    unsigned int *ret_news, struct problem *problem)
{
	uint32_t epoch = next_epoch(own);

	if (epoch == 0 || own->fresh == NULL || now.ms < signs_from(own).ms)
		return OK;
	TRY(node_use_keys(node, own->fresh, epoch, problem));
	own->sign_epoch = epoch;
	keystore_free(own->keys);
	own->keys = own->fresh;
	own->fresh = NULL;
	*ret_news |= OWN_KEYS_SIGN;

	return OK;
}

enum err
own_keys_advance(struct own_keys *own, struct tls *tls, struct node *node,
    struct instant now, unsigned int *ret_news, struct problem *problem)
{
	*ret_news = 0;
	TRY(advance_tls(own, tls, now, ret_news, problem));

	return advance_sign(own, node, now, ret_news, problem);
}

static void
sooner(int64_t ms, int64_t *ret)
{
	if (ms > 0 && (*ret < 0 || ms < *ret))
		*ret = ms;
}

int64_t
own_keys_next(const struct own_keys *own, struct instant now)
{
	const struct tls_certificate *c = own->certificates.all;
	int64_t ms = -1;
	size_t i;

	for (i = 0; i < own->certificates.n; i++)
		sooner(
		    key_used_from(CERTIFICATE_TLS, c[i].from).ms - now.ms, &ms);
	if (next_epoch(own) != 0)
		sooner(signs_from(own).ms - now.ms, &ms);

	return ms;
}

/* --- Ends ----------------------------------------------------------------- */

void
own_keys_tell_ends(const struct own_keys *own, struct node *node)
{
	const struct stored_key *seal = keystore_current(own->keys, "seal");
	struct node_ends ends = {.authority = own->ca_to,
	    .certificate = certificates_newest(&own->certificates)->to,
	    .signing_key = own->attested_to};

	if (seal != NULL)
		ends.sealing_key = instant_plus(seal->made, SEAL_MS);
	node_note_ends(node, &ends);
}
