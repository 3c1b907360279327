/* Founding: keys, certificates and the directory of a new nation. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/secret.h"
#include "crypto/keymaking.h"
#include "crypto/sign.h"
#include "nation/certificates.h"
#include "nation/issue.h"
#include "store/store.h"

#define CA_MS (10 * 365ll * 24 * 3600 * 1000) /* how long it lasts */

struct founding {
	const char *dir; /* being built */
	const struct config *config;
	struct authority *ca;
	const char *passphrases; /* the folder for them; NULL: none */
	struct random random;
	enum founding_holders holders;
	struct instant now;
	json_t *directory;
	struct problem *problem;
};

static enum err
put_file(struct founding *f, const char *name, struct slice content,
    unsigned int mode)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	nation_path(&path, f->dir, name);
	rc = file_replace(path.data, content, mode, f->problem);
	buf_done(&path);

	return rc;
}

static enum err
put_folder(struct founding *f, const char *name)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	nation_path(&path, f->dir, name);
	rc = folder_make(path.data, 0700, f->problem);
	buf_done(&path);

	return rc;
}

static enum err
make_authority(struct founding *f)
{
	struct keystore *ks = keystore_new(KEYSTORE_FAST);
	struct buf key, pem, path, passphrase;
	enum err rc;

	buf_init(&key);
	buf_init(&pem);
	buf_init(&path);
	buf_init(&passphrase);
	rc = authority_new(slice_of(f->config->name),
	    instant_plus(f->now, -CERTIFICATE_SLACK_MS),
	    instant_plus(f->now, CA_MS), &f->ca);
	if (rc == OK)
		rc = authority_key(f->ca, &key);
	if (rc == OK)
		rc = authority_certificate(f->ca, &pem);
	if (rc == OK)
		rc = put_file(f, "ca/ca.pem", buf_slice(&pem), 0644);
	if (rc == OK)
		rc = nation_publish_first(f->dir, f->ca, f->now, f->problem);
	if (rc == OK)
		rc = passphrase_make(
		    f->dir, NULL, f->passphrases, &passphrase, f->problem);
	if (rc == OK) {
		keystore_add_private(
		    ks, "ca", "ca", buf_slice(&key), f->now, NULL);
		nation_path(&path, f->dir, "ca/ca.keys");
		rc = keystore_save(ks, path.data, buf_slice(&passphrase),
		    &f->random, f->problem);
	}
	keystore_free(ks);
	buf_done(&key);
	buf_done(&pem);
	buf_done(&path);
	buf_done(&passphrase);

	return rc;
}

static enum err
list_system(struct founding *f, const struct system_config *s,
    const struct keystore *ks, struct slice cert_pem, json_t *jwk)
{
	json_t *entry = json_object(), *certificates = json_array();
	struct fingerprint fp;
	struct buf text;
	enum err rc;

	rc = certificate_fingerprint(cert_pem, &fp);
	if (rc == OK)
		rc = nation_attest(f->ca, s, ks, certificates);
	if (rc) {
		json_decref(entry);
		json_decref(certificates);
		json_decref(jwk);
		return rc;
	}
	buf_init(&text);
	json_put_text(entry, "id", slice_of(s->id.text));
	config_peers_url(s, &text);
	json_put_text(entry, "url", buf_slice(&text));
	buf_clear(&text);
	hex_encode(digest_slice(&fp.digest), &text);
	json_put_text(entry, "fingerprint", buf_slice(&text));
	json_put(entry, "key", jwk);
	json_put(entry, "certificates", certificates);
	json_array_append_new(json_object_get(f->directory, "systems"), entry);
	buf_done(&text);

	return OK;
}

static enum err
save_system(struct founding *f, const struct system_config *s,
    struct keystore *ks, struct slice cert_pem)
{
	struct buf path, passphrase;
	enum err rc;

	buf_init(&path);
	buf_init(&passphrase);
	nation_system_path(&path, f->dir, &s->id, "");
	rc = folder_make(path.data, 0700, f->problem);
	if (rc == OK) {
		nation_system_path(&path, f->dir, &s->id, "cert.pem");
		rc = file_replace(path.data, cert_pem, 0644, f->problem);
	}
	if (rc == OK)
		rc = passphrase_make(
		    f->dir, &s->id, f->passphrases, &passphrase, f->problem);
	if (rc == OK) {
		nation_system_path(&path, f->dir, &s->id, "keys");
		rc = keystore_save(ks, path.data, buf_slice(&passphrase),
		    &f->random, f->problem);
	}
	buf_done(&path);
	buf_done(&passphrase);

	return rc;
}

static enum err
make_system(struct founding *f, const struct system_config *s)
{
	struct keystore *ks = keystore_new(KEYSTORE_FAST);
	const char *const *purpose;
	struct buf key, pem;
	json_t *jwk = NULL;
	enum err rc;

	buf_init(&key);
	buf_init(&pem);
	rc = nation_issue(f->ca, s, instant_plus(f->now, -KEY_ANNOUNCED_MS),
	    instant_plus(f->now, CERTIFICATE_MS), &key, &pem);
	if (rc == OK) {
		keystore_add_private(
		    ks, "tls", "tls", buf_slice(&key), f->now, NULL);
		rc = keymaking_sign(ks, f->now, &jwk);
	}
	if (rc == OK)
		rc = keymaking_seal(ks, f->now);
	for (purpose = s->system->keys;
	     rc == OK && purpose != NULL && *purpose != NULL; purpose++)
		keystore_add_symmetric(ks, *purpose, &f->random, f->now, NULL);
	if (rc == OK)
		rc = save_system(f, s, ks, buf_slice(&pem));
	if (rc == OK)
		rc = list_system(f, s, ks, buf_slice(&pem), jwk);
	else
		json_decref(jwk);
	keystore_free(ks);
	buf_done(&key);
	buf_done(&pem);

	return rc;
}

/* --- Databases ----------------------------------------------------------- */

static enum err
make_databases(struct founding *f, char **locations)
{
	const struct config *c = f->config;
	struct buf location;
	enum err rc = OK;
	size_t i;

	buf_init(&location);
	for (i = 0; rc == OK && i < c->n_systems; i++) {
		rc = nation_database(
		    &location, f->dir, c, &c->systems[i].id, f->problem);
		if (rc == OK) {
			locations[i] = heap_string(buf_slice(&location));
			rc =
			    store_create(locations[i], c->database, f->problem);
		}
	}
	buf_done(&location);

	return rc;
}

/* The last step before the nation appears: every step that can fail has
 * succeeded, so that databases are hardly ever claimed for a nation that is not
 * founded. */
static enum err
claim_databases(struct founding *f, const char *dir)
{
	size_t i, n = f->config->n_systems;
	char **locations = heap_array(n, sizeof(*locations));
	char at[INSTANT_TEXT_MAX];
	struct buf by;
	enum err rc;

	buf_init(&by);
	instant_format(f->now, at);
	buf_printf(&by, "the nation %s, founded at %s in %s", f->config->name,
	    at, dir);
	rc = make_databases(f, locations);
	if (rc == OK)
		rc = store_claim(locations, n, by.data, f->problem);
	for (i = 0; i < n; i++)
		free(locations[i]);
	free(locations);
	buf_done(&by);

	return rc;
}

/* --- All of it ----------------------------------------------------------- */

static enum err
make_all(struct founding *f, struct slice ini)
{
	struct buf text;
	enum err rc;
	size_t i;

	rc = put_folder(f, "ca");
	if (rc == OK)
		rc = put_folder(f, "systems");
	if (rc == OK)
		rc = put_file(f, "nation.ini", ini, 0644);
	if (rc == OK)
		rc = make_authority(f);
	if (rc == OK)
		rc = operators_found(
		    f->ca, f->dir, f->config, f->holders, f->now, f->problem);
	f->directory = json_object();
	json_put(f->directory, "systems", json_array());
	for (i = 0; rc == OK && i < f->config->n_systems; i++)
		rc = make_system(f, &f->config->systems[i]);
	if (rc == OK) {
		buf_init(&text);
		json_write(f->directory, &text);
		rc = put_file(f, "directory.json", buf_slice(&text), 0644);
		buf_done(&text);
	}
	json_decref(f->directory);
	authority_free(f->ca);

	return rc;
}

static enum err
found_in(struct founding *f, const char *dir, struct slice ini)
{
	struct config *config = NULL;
	enum err rc;

	rc = folder_make(f->dir, 0700, f->problem);
	if (rc == OK)
		rc = config_found("nation.ini", ini, &config, f->problem);
	if (rc == OK) {
		f->config = config;
		rc = make_all(f, ini);
		if (rc && f->problem->text[0] == '\0')
			rc = problem_set(f->problem, rc,
			    "keys or certificates could not be made");
	}
	if (rc == OK)
		rc = claim_databases(f, dir);
	if (rc == OK && rename(f->dir, dir))
		rc = problem_set(f->problem, err_of_errno(errno),
		    "cannot move %s to %s: %s", f->dir, dir, strerror(errno));
	if (rc)
		folder_remove(f->dir);
	config_free(config);

	return rc;
}

/* Append the name of a folder without the slashes at its end. */
static void
add_folder(struct buf *to, const char *dir)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	buf_add(to, slice_bytes(dir, len));
}

static enum err
taken(const char *dir, struct problem *problem)
{
	return problem_set(problem, ERR_CONFLICT,
	    "%s exists already; give another folder, or remove it if the "
	    "nation in it is not needed",
	    dir);
}

/* The folder of the passphrases is made first, for it may be on another disk. */
static enum err
found_with(struct founding *f, const char *dir, struct slice ini)
{
	enum err rc = OK;

	if (f->passphrases != NULL)
		rc = folder_make(f->passphrases, 0700, f->problem);
	if (rc == OK)
		rc = found_in(f, dir, ini);
	if (rc && f->passphrases != NULL)
		folder_remove(f->passphrases);

	return rc;
}

enum err
nation_found(const struct found_options *o, struct problem *problem)
{
	struct founding f = {.random = random_system(),
	    .holders = o->holders,
	    .passphrases = o->passphrases,
	    .now = o->now,
	    .problem = problem};
	struct buf whole, partial;
	struct stat st;
	enum err rc;

	if (stat(o->dir, &st) == 0)
		return taken(o->dir, problem);
	if (o->passphrases != NULL && stat(o->passphrases, &st) == 0)
		return taken(o->passphrases, problem);
	buf_init(&whole);
	buf_init(&partial);
	add_folder(&whole, o->dir);
	buf_printf(&partial, "%s.founding.%ld", whole.data, (long)getpid());
	f.dir = partial.data;
	rc = found_with(&f, whole.data, o->ini);
	buf_done(&whole);
	buf_done(&partial);

	return rc;
}
