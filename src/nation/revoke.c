/*
 * Revoking the keys of a system: the CRL for foreign tools and the list of
 * revoked keys, published together under one number (decision 0044).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "crypto/sign.h"
#include "nation/certificates.h"
#include "pki/attest.h"
#include "pki/revoked.h"

#define CRL_MS (10 * 365ll * 24 * 3600 * 1000)
#define LIST_FILE "ca/revoked.json"

enum err
nation_authority(const char *dir, const struct passphrase_place *place,
    struct authority **ret, struct problem *problem)
{
	struct keystore *ks = NULL;
	const struct stored_key *key;
	struct buf path, pem, crl;
	enum err rc;

	buf_init(&path);
	buf_init(&pem);
	buf_init(&crl);
	rc = nation_keystore(dir, NULL, place, NULL, &ks, problem);
	nation_path(&path, dir, "ca/ca.pem");
	if (rc == OK)
		rc = nation_certificate(path.data, &pem, problem);
	nation_path(&path, dir, "ca/ca.crl");
	if (rc == OK)
		rc = nation_crl(path.data, &crl, problem);
	if (rc == OK) {
		key = keystore_current(ks, "ca");
		rc = key == NULL
		    ? problem_set(problem, ERR_CRYPTO,
			  "%s/ca/ca.keys holds no key of the CA", dir)
		    : authority_load(key->secret, buf_slice(&pem),
			  buf_slice(&crl), ret, problem);
	}
	keystore_free(ks);
	buf_done(&path);
	buf_done(&pem);
	buf_done(&crl);

	return rc;
}

struct revoking {
	const struct revoke_options *o;
	struct arena *arena;
	struct authority *ca;
	struct buf ca_pem;
	struct system_id id;
	struct slice owner;       /* of the keys: the id, or a holder */
	struct revoked_list list; /* as it will be published */
	struct revoked_entry entries[REVOKED_ENTRIES_MAX];
	struct problem *problem;
};

/* --- The entries ---------------------------------------------------------- */

static enum err
full(const struct revoking *r)
{
	return problem_set(r->problem, ERR_TOO_LARGE,
	    "the list of revoked keys has %d entries, and takes no more",
	    REVOKED_ENTRIES_MAX);
}

/* Add the key, or give the entry that it has the new reason. */
static enum err
put_entry(struct revoking *r, struct slice spki, struct slice jwk)
{
	struct revoked_entry e = {.spki = spki,
	    .jwk = jwk,
	    .system = r->owner,
	    .since = r->o->since,
	    .reason = slice_of(r->o->reason)};
	size_t i;

	for (i = 0; i < r->list.n_entries; i++) {
		if (slice_equal(revoked_key(&r->entries[i]), revoked_key(&e)))
			break;
	}
	if (i == REVOKED_ENTRIES_MAX)
		return full(r);
	r->entries[i] = e;
	if (i == r->list.n_entries)
		r->list.n_entries++;

	return OK;
}

static void
drop_entries(struct revoking *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->list.n_entries; i++) {
		if (!slice_equal_string(r->entries[i].system, r->id.text))
			r->entries[n++] = r->entries[i];
	}
	r->list.n_entries = n;
}

/* The list in force, to be continued. */
static enum err
read_list(struct revoking *r)
{
	struct revoked_list last = {0};
	struct buf path, text;
	enum err rc = OK;

	buf_init(&path);
	buf_init(&text);
	nation_path(&path, r->o->dir, LIST_FILE);
	if (access(path.data, F_OK) == 0) {
		rc = file_read(path.data, REVOKED_TEXT_MAX, &text, r->problem);
		if (rc == OK)
			rc = revoked_open(r->arena, buf_slice(&text),
			    buf_slice(&r->ca_pem), &last, r->problem);
	}
	r->list.number = authority_number(r->ca) + 1;
	if (rc == OK && last.number >= r->list.number)
		rc = problem_set(r->problem, ERR_CONFLICT,
		    "%s has the number %lld, and %s/ca/ca.crl only %ld: put "
		    "the newest copy of that in its place",
		    path.data, (long long)last.number, r->o->dir,
		    authority_number(r->ca));
	if (rc == OK && last.n_entries > 0)
		memcpy(r->entries, last.entries,
		    last.n_entries * sizeof(*r->entries));
	r->list.n_entries = last.n_entries;
	buf_done(&path);
	buf_done(&text);

	return rc;
}

/* --- The system's keys ---------------------------------------------------- */

/* The id of a JWK, in the arena. */
static enum err
jwk_id(struct revoking *r, const json_t *jwk, struct slice *ret)
{
	struct verify_key *key = NULL;
	struct key_id id;

	TRY(verify_key_from_jwk(jwk, &key));
	id = verify_key_id(key);
	verify_key_free(key);
	*ret = arena_copy(r->arena, slice_of(id.text));

	return OK;
}

/* A certificate, and the entry of its key, unless that is the current one and
 * only its predecessors are revoked. */
static enum err
revoke_signing(struct revoking *r, struct slice pem, struct slice current)
{
	bool is_superseded = strcmp(r->o->reason, REVOKED_SUPERSEDED) == 0;
	struct attested_key key = {0};
	struct slice id;
	enum err rc;

	TRY(certificate_open(r->arena, pem, buf_slice(&r->ca_pem), &key));
	rc = jwk_id(r, key.jwk, &id);
	json_decref(key.jwk);
	TRY(rc);
	if (is_superseded && slice_equal(id, current))
		return OK;
	TRY(authority_revoke(r->ca, pem, r->o->now));

	return put_entry(r, (struct slice){0}, id);
}

/* The system's entry in the directory: all its signing keys. */
static enum err
revoke_listed(struct revoking *r, const json_t *entry)
{
	const json_t *list = json_object_get(entry, "certificates");
	struct slice current, pem;
	size_t i;

	TRY(jwk_id(r, json_object_get(entry, "key"), &current));
	if (strcmp(r->o->reason, REVOKED_SUPERSEDED) != 0)
		TRY(put_entry(r, (struct slice){0}, current));
	for (i = 0; i < json_array_size(list); i++) {
		TRY(json_at_text(list, i, &pem));
		TRY(revoke_signing(r, arena_copy(r->arena, pem), current));
	}

	return OK;
}

static enum err
revoke_signing_keys(struct revoking *r)
{
	json_t *document = NULL, *entry;
	struct slice name;
	enum err rc;
	size_t i;

	rc = nation_directory(r->o->dir, &document, r->problem);
	json_array_foreach(json_object_get(document, "systems"), i, entry)
	{
		if (rc != OK || json_get_text(entry, "id", &name, NULL) ||
		    !slice_equal_string(name, r->id.text))
			continue;
		rc = revoke_listed(r, entry);
		if (rc && rc != ERR_TOO_LARGE)
			rc = problem_set(r->problem, ERR_CRYPTO,
			    "%s/directory.json: a certificate of %s was not "
			    "issued by the nation's CA",
			    r->o->dir, r->id.text);
	}
	json_decref(document);

	return rc;
}

/* A certificate for TLS, and the entry of its key. */
static enum err
revoke_certificate(struct revoking *r, struct slice pem, const char *what)
{
	struct fingerprint fp;
	struct buf hex;
	enum err rc;

	if (authority_revoke(r->ca, pem, r->o->now))
		return problem_set(r->problem, ERR_CRYPTO,
		    "%s was not issued by the nation's CA: restore it from a "
		    "copy",
		    what);
	TRY(certificate_fingerprint(pem, &fp));
	buf_init(&hex);
	hex_encode(digest_slice(&fp.digest), &hex);
	rc = put_entry(
	    r, arena_copy(r->arena, buf_slice(&hex)), (struct slice){0});
	buf_done(&hex);

	return rc;
}

/* All that have not ended, or those before the one in use. */
static enum err
revoke_tls(struct revoking *r, bool is_superseded)
{
	struct tls_certificates list = {0};
	const struct tls_certificate *c = list.all, *end;
	struct buf path;
	enum err rc;

	buf_init(&path);
	buf_init(&list.text);
	nation_system_path(&path, r->o->dir, &r->id, "cert.pem");
	rc = certificates_read(r->o->dir, &r->id, &list, r->problem);
	if (rc == OK) {
		end = is_superseded ? certificates_current(&list, r->o->now)
				    : list.all + list.n;
		for (; rc == OK && c < end; c++)
			rc = revoke_certificate(r, c->pem, path.data);
	}
	certificates_done(&list);
	buf_done(&path);

	return rc;
}

/* --- Publishing ----------------------------------------------------------- */

/* The CRL first: if the process dies in between, the next list has a number that
 * no list had. */
static enum err
publish(struct revoking *r)
{
	struct buf path, crl, list;
	enum err rc;

	buf_init(&path);
	buf_init(&crl);
	buf_init(&list);
	rc = authority_sign_revoked(r->ca, r->arena, &r->list, &list);
	if (rc == OK)
		rc = authority_crl(
		    r->ca, r->o->now, instant_plus(r->o->now, CRL_MS), &crl);
	nation_path(&path, r->o->dir, "ca/ca.crl");
	if (rc == OK)
		rc = file_replace(path.data, buf_slice(&crl), 0644, r->problem);
	nation_path(&path, r->o->dir, LIST_FILE);
	if (rc == OK)
		rc =
		    file_replace(path.data, buf_slice(&list), 0644, r->problem);
	buf_done(&path);
	buf_done(&crl);
	buf_done(&list);

	return rc;
}

static enum err
withdraw(struct revoking *r)
{
	size_t before = r->list.n_entries;

	drop_entries(r);
	if (r->list.n_entries == before)
		return problem_set(r->problem, ERR_NOT_FOUND,
		    "the list of revoked keys has no key of %s to withdraw",
		    r->id.text);

	return OK;
}

static enum err
revoke_keys(struct revoking *r)
{
	bool is_superseded = strcmp(r->o->reason, REVOKED_SUPERSEDED) == 0;
	size_t before = r->list.n_entries;

	TRY(revoke_tls(r, is_superseded));
	TRY(revoke_signing_keys(r));
	if (is_superseded && r->list.n_entries == before)
		return problem_set(r->problem, ERR_NOT_FOUND,
		    "%s has no superseded signing key that is not on the list; "
		    "`bango keys --rotate sign` makes it a new one first",
		    r->id.text);

	return OK;
}

static enum err
read_ca(struct revoking *r)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	nation_path(&path, r->o->dir, "ca/ca.pem");
	rc = nation_certificate(path.data, &r->ca_pem, r->problem);
	buf_done(&path);

	return rc;
}

static enum err
open_authority(struct revoking *r)
{
	enum err rc =
	    nation_authority(r->o->dir, &r->o->passphrase, &r->ca, r->problem);

	return rc == OK ? read_ca(r) : rc;
}

static enum err
perform(struct revoking *r)
{
	const struct system_config *system;
	struct config *config = NULL;
	enum err rc;

	rc = nation_config(r->o->dir, &config, r->problem);
	if (rc == OK)
		rc = nation_find_system(
		    r->o->dir, config, r->o->system_id, &system, r->problem);
	if (rc == OK)
		r->id = system->id;
	r->owner = slice_of(r->id.text);
	config_free(config);
	if (rc == OK)
		rc = open_authority(r);
	if (rc == OK)
		rc = read_list(r);
	if (rc == OK)
		rc = r->o->withdraw ? withdraw(r) : revoke_keys(r);

	return rc ? rc : publish(r);
}

static struct revoking *
revoking_new(const struct revoke_options *o, struct problem *problem)
{
	struct revoking *r = heap_array(1, sizeof(*r));

	r->o = o;
	r->problem = problem;
	r->arena = arena_new();
	r->list.time = o->now;
	r->list.entries = r->entries;
	buf_init(&r->ca_pem);

	return r;
}

static void
revoking_free(struct revoking *r)
{
	buf_done(&r->ca_pem);
	arena_free(r->arena);
	free(r);
}

enum err
nation_revoke(const struct revoke_options *options, struct problem *problem)
{
	struct revoking *r;
	enum err rc;

	if (options->since.ms > options->now.ms)
		return problem_set(problem, ERR_INPUT,
		    "--since names an instant that has not come yet");
	r = revoking_new(options, problem);
	rc = perform(r);
	authority_free(r->ca);
	revoking_free(r);

	return rc;
}

enum err
nation_revoke_holder(struct authority *ca, const struct revoke_options *options,
    struct slice certificate, struct problem *problem)
{
	struct revoking *r = revoking_new(options, problem);
	enum err rc;

	r->ca = ca;
	r->owner = slice_of(options->system_id);
	rc = read_ca(r);
	if (rc == OK)
		rc = read_list(r);
	if (rc == OK)
		rc = revoke_certificate(r, certificate, options->system_id);
	if (rc == OK)
		rc = publish(r);
	revoking_free(r);

	return rc;
}

enum err
nation_publish_again(const char *dir, struct authority *ca, struct instant now,
    struct problem *problem)
{
	const struct revoke_options o = {.dir = dir, .now = now};
	struct revoking *r = revoking_new(&o, problem);
	enum err rc;

	r->ca = ca;
	rc = read_ca(r);
	if (rc == OK)
		rc = read_list(r);
	if (rc == OK)
		rc = publish(r);
	revoking_free(r);

	return rc;
}

enum err
nation_publish_first(const char *dir, struct authority *ca, struct instant now,
    struct problem *problem)
{
	const struct revoke_options o = {.dir = dir, .now = now};
	struct revoking *r = revoking_new(&o, problem);
	enum err rc;

	r->ca = ca;
	r->list.number = authority_number(ca) + 1;
	rc = publish(r);
	revoking_free(r);

	return rc;
}
