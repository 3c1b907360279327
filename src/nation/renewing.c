#include "nation/renewing.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/encode.h"
#include "base/file.h"
#include "nation/issue.h"
#include "nation/own_keys.h"

/* --- Beginning and end ---------------------------------------------------- */

/* One process changes keys at a time; the others wait. */
static enum err
lock(struct renewal *r)
{
	r->lock_fd = open(r->o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->lock_fd < 0 || flock(r->lock_fd, LOCK_EX))
		return problem_set(r->problem, err_of_errno(errno),
		    "the folder %s cannot be locked: %s", r->o->dir,
		    strerror(errno));

	return OK;
}

static enum err
read_end(struct renewal *r)
{
	struct instant from;
	struct buf path, pem;
	enum err rc;

	buf_init(&path);
	buf_init(&pem);
	nation_path(&path, r->o->dir, "ca/ca.pem");
	rc = nation_certificate(path.data, &pem, r->problem);
	if (rc == OK &&
	    certificate_validity(buf_slice(&pem), &from, &r->ca_until))
		rc = problem_set(r->problem, ERR_CRYPTO,
		    "%s has no end: restore it from a copy", path.data);
	if (rc == OK && r->o->now.ms < from.ms)
		rc = problem_set(r->problem, ERR_CONFLICT,
		    "this machine's clock is before the beginning of the "
		    "nation's authority: set the clock");
	if (rc == OK && r->ca_until.ms <= r->o->now.ms)
		rc = problem_set(r->problem, ERR_CONFLICT,
		    "the certificate of the nation's authority has ended: "
		    "found a nation with a new one; if the clock is wrong, "
		    "set it");
	buf_done(&path);
	buf_done(&pem);

	return rc;
}

enum err
renewal_open(struct renewal *r)
{
	const struct renew_options *o = r->o;

	r->lock_fd = -1;
	r->random = random_system();
	TRY(nation_config(o->dir, &r->config, r->problem));
	if (o->begin.ms < o->now.ms ||
	    o->begin.ms > o->now.ms + RENEW_BEFORE_MS)
		return problem_set(r->problem, ERR_INPUT,
		    "the new keys are to be used from an instant that is not "
		    "within the next 30 days");
	TRY(lock(r));
	TRY(read_end(r));

	return nation_directory(o->dir, &r->directory, r->problem);
}

void
renewal_close(struct renewal *r)
{
	json_decref(r->directory);
	authority_free(r->ca);
	config_free(r->config);
	if (r->lock_fd >= 0)
		close(r->lock_fd);
}

enum err
renewal_open_authority(struct renewal *r)
{
	struct buf path;
	enum err rc = OK;

	buf_init(&path);
	nation_path(&path, r->o->dir, "ca/ca.keys");
	if (access(path.data, F_OK))
		rc = problem_set(r->problem, ERR_NOT_FOUND,
		    "the authority's key is not at hand: there is no %s; where "
		    "it is, `bango certificate sign` signs what `bango "
		    "certificate request` makes here",
		    path.data);
	if (rc == OK)
		rc = nation_authority(
		    r->o->dir, &r->o->authority, &r->ca, r->problem);
	buf_done(&path);

	return rc;
}

enum err
renewal_save_directory(struct renewal *r)
{
	struct buf path, text;
	enum err rc;

	buf_init(&path);
	buf_init(&text);
	nation_path(&path, r->o->dir, "directory.json");
	json_write(r->directory, &text);
	rc = file_replace(path.data, buf_slice(&text), 0644, r->problem);
	buf_done(&path);
	buf_done(&text);

	return rc;
}

void
renewal_tell_key(struct renewal *r, const struct system_config *system,
    enum certificate_use use, const struct fingerprint *key)
{
	buf_printf(r->told, "%s: %s, key ", system->id.text,
	    use == CERTIFICATE_TLS ? "for TLS" : "for signatures");
	hex_encode(digest_slice(&key->digest), r->told);
}

void
renewal_tell_times(struct renewal *r, struct instant from, struct instant until)
{
	char text[INSTANT_TEXT_MAX], end[INSTANT_TEXT_MAX];

	instant_format(from, text);
	instant_format(until, end);
	buf_printf(r->told, ": used from %s, until %s\n", text, end);
}

/* Whether the options name the system, or its organisation. */
static bool
is_named(const struct renew_options *o, const struct system_id *id)
{
	return o->only == NULL || strcmp(o->only, id->text) == 0 ||
	    slice_equal_string(system_id_organisation(id), o->only);
}

/* A system whose key store is on another machine, unless it was named itself. */
static bool
is_elsewhere(const struct renewal *r, const struct system_config *system)
{
	return !renewing_is_here(r, system) &&
	    (r->o->only == NULL || strcmp(r->o->only, system->id.text) != 0);
}

enum err
renewal_each(struct renewal *r,
    enum err (*each)(struct renewal *, const struct system_config *))
{
	const struct system_config *s = r->config->systems;
	const struct system_config *end = s + r->config->n_systems;
	size_t n = 0;

	for (; s < end; s++) {
		if (!is_named(r->o, &s->id))
			continue;
		n++;
		if (is_elsewhere(r, s))
			continue;
		r->n_here++;
		TRY(each(r, s));
	}
	if (n == 0)
		return problem_set(r->problem, ERR_NOT_FOUND,
		    "%s is neither an organisation nor a system of the nation "
		    "in %s; its nation.ini lists them",
		    r->o->only, r->o->dir);

	return OK;
}

/* --- What is due ---------------------------------------------------------- */

struct instant
renewal_end(const struct renewal *r)
{
	struct instant end = instant_plus(r->o->begin, CERTIFICATE_MS);

	return instant_is_before(r->ca_until, end) ? r->ca_until : end;
}

/* Whether that which ends at `end` is due, and may be renewed.  Near the end of
 * the authority nothing lasts longer for being renewed. */
static bool
is_due(
    struct renewal *r, const char *name, const char *what, struct instant end)
{
	char text[INSTANT_TEXT_MAX];

	if (end.ms - r->o->now.ms > RENEW_BEFORE_MS ||
	    renewal_end(r).ms - end.ms < RENEW_BEFORE_MS)
		return false;
	if (end.ms > r->o->now.ms || r->o->ended || bug_is(BUG_RENEW_ENDED))
		return true;
	instant_format(end, text);
	buf_printf(
	    r->told, "%s: %s ended at %s: not renewed\n", name, what, text);
	r->n_ended++;

	return false;
}

static bool
is_sign_due(struct renewal *r, const struct renewing *s)
{
	const json_t *list = json_object_get(s->entry, "certificates");
	struct instant from, to;
	struct slice pem;

	if (renewing_is_unlisted(s) || json_array_size(list) == 0)
		return false;

	return json_at_text(list, json_array_size(list) - 1, &pem) == OK &&
	    certificate_validity(pem, &from, &to) == OK &&
	    is_due(r, s->system->id.text, "its signing key", to);
}

void
renewing_look(struct renewal *r, struct renewing *s)
{
	s->tls = is_due(r, s->system->id.text, "its certificate for TLS",
	    certificates_newest(&s->certificates)->to);
	s->sign = is_sign_due(r, s);
}

/* --- An entry of the directory -------------------------------------------- */

/* The directory of an earlier day has one key for TLS. */
static bool
lists_tls(const json_t *entry, const char *hex)
{
	const json_t *all = json_object_get(entry, "fingerprints"), *one;
	const char *newest =
	    json_string_value(json_object_get(entry, "fingerprint"));
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)all, i, one)
	{
		if (json_string_value(one) != NULL &&
		    strcmp(json_string_value(one), hex) == 0)
			return true;
	}

	return newest != NULL && strcmp(newest, hex) == 0;
}

size_t
entry_place(const json_t *entry, const struct fingerprint *key)
{
	return certificates_place(json_object_get(entry, "certificates"), key);
}

bool
entry_has(const json_t *entry, enum certificate_use use,
    const struct fingerprint *key)
{
	struct buf hex;
	bool has;

	if (use == CERTIFICATE_SIGNING)
		return entry_place(entry, key) > 0;
	buf_init(&hex);
	hex_encode(digest_slice(&key->digest), &hex);
	has = lists_tls(entry, hex.data);
	buf_done(&hex);

	return has;
}

/* --- A system ------------------------------------------------------------- */

bool
renewing_is_here(const struct renewal *r, const struct system_config *system)
{
	struct buf path;
	bool is;

	buf_init(&path);
	nation_system_path(&path, r->o->dir, &system->id, "keys");
	is = access(path.data, F_OK) == 0;
	buf_done(&path);

	return is;
}

void
renewing_init(struct renewing *s, const struct system_config *system)
{
	*s = (struct renewing){.system = system};
	buf_init(&s->certificates.text);
	buf_init(&s->passphrase);
}

void
renewing_done(struct renewing *s)
{
	keystore_free(s->keys);
	certificates_done(&s->certificates);
	buf_done(&s->passphrase);
}

enum err
renewing_find(const struct renewal *r, struct renewing *s)
{
	const char *name;
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(r->directory, "systems"), i, entry)
	{
		name = json_string_value(json_object_get(entry, "id"));
		if (name != NULL && strcmp(name, s->system->id.text) == 0)
			s->entry = entry;
	}
	if (s->entry == NULL)
		return problem_set(r->problem, ERR_NOT_FOUND,
		    "%s is not in %s/directory.json", s->system->id.text,
		    r->o->dir);
	/* A nation that was founded before signing keys had any. */
	if (json_object_get(s->entry, "certificates") == NULL)
		json_put(s->entry, "certificates", json_array());

	return OK;
}

/* Without any certificate, a system at work has the newest key. */
void
renewing_note_known(struct renewing *s, uint32_t max)
{
	const json_t *list = json_object_get(s->entry, "certificates");
	const struct stored_key *newest = keystore_current(s->keys, "sign");

	s->known = certificates_epoch(list, s->keys, max);
	if (s->known == 0 && newest != NULL)
		s->known = json_array_size(list) == 0 ? newest->epoch : 1;
}

enum err
renewing_open(struct renewal *r, struct renewing *s)
{
	const struct system_id *id = &s->system->id;
	enum err rc;

	TRY(renewing_find(r, s));
	TRY(certificates_read(r->o->dir, id, &s->certificates, r->problem));
	rc = nation_keystore(r->o->dir, id, &r->o->passphrase, &s->passphrase,
	    &s->keys, r->problem);
	if (rc == OK)
		renewing_note_known(s, UINT32_MAX);

	return rc;
}

bool
renewing_is_unlisted(const struct renewing *s)
{
	const struct stored_key *key = keystore_current(s->keys, "sign");

	return key != NULL &&
	    certificates_epoch(json_object_get(s->entry, "certificates"),
		s->keys, UINT32_MAX) < key->epoch;
}

/* --- Its certificates ----------------------------------------------------- */

static bool
is_kept(const struct renewal *r, const struct tls_certificate *c,
    const struct fingerprint *next, struct slice crl)
{
	return c->to.ms > r->o->now.ms &&
	    !digest_equal(&c->fingerprint.digest, &next->digest) &&
	    !certificate_is_listed(c->pem, crl);
}

/* A certificate that has ended, is on the list, or has the key of the next one
 * leaves the file. */
static enum err
write_kept(struct renewal *r, struct renewing *s,
    const struct fingerprint *next, struct buf *ret)
{
	const struct tls_certificate *c = s->certificates.all;
	struct buf path, crl;
	enum err rc;

	buf_init(&path);
	buf_init(&crl);
	nation_path(&path, r->o->dir, "ca/ca.crl");
	rc = nation_crl(path.data, &crl, r->problem);
	for (; rc == OK && c < s->certificates.all + s->certificates.n; c++) {
		if (is_kept(r, c, next, buf_slice(&crl))) {
			buf_add(ret, slice_trim(c->pem));
			buf_add_char(ret, '\n');
		}
	}
	buf_done(&path);
	buf_done(&crl);

	return rc;
}

enum err
renewing_add_certificate(
    struct renewal *r, struct renewing *s, struct slice pem)
{
	struct tls_certificates next = {0};
	struct fingerprint fp;
	enum err rc;

	TRY(certificate_fingerprint(pem, &fp));
	buf_init(&next.text);
	rc = write_kept(r, s, &fp, &next.text);
	buf_add(&next.text, pem);
	if (rc == OK && certificates_parse("cert.pem", &next, r->problem))
		rc = problem_set(r->problem, ERR_TOO_LARGE,
		    "%s has %d keys for TLS that have not ended, and takes no "
		    "more; wait for an end, or revoke them",
		    s->system->id.text, PEER_TLS_KEYS);
	if (rc) {
		certificates_done(&next);
		return rc;
	}
	certificates_done(&s->certificates);
	s->certificates = next;

	return OK;
}

void
renewing_list(struct renewing *s)
{
	json_t *all = json_array();
	struct buf text;
	size_t i;

	buf_init(&text);
	for (i = 0; i < s->certificates.n; i++) {
		buf_clear(&text);
		hex_encode(
		    digest_slice(&s->certificates.all[i].fingerprint.digest),
		    &text);
		json_push_text(all, buf_slice(&text));
	}
	json_put_text(s->entry, "fingerprint", buf_slice(&text));
	json_put(s->entry, "fingerprints", all);
	buf_done(&text);
}

void
renewing_append(struct renewing *s, const struct fingerprint *key)
{
	json_t *all = json_object_get(s->entry, "fingerprints");
	struct buf hex;

	if (entry_has(s->entry, CERTIFICATE_TLS, key))
		return;
	if (all == NULL) {
		all = json_array();
		json_array_append(
		    all, json_object_get(s->entry, "fingerprint"));
		json_put(s->entry, "fingerprints", all);
	}
	buf_init(&hex);
	hex_encode(digest_slice(&key->digest), &hex);
	json_push_text(all, buf_slice(&hex));
	json_put_text(s->entry, "fingerprint", buf_slice(&hex));
	buf_done(&hex);
	while (json_array_size(all) > PEER_TLS_KEYS)
		json_array_remove(all, 0);
}

/* --- Its files ------------------------------------------------------------ */

enum err
renewing_save_keys(struct renewal *r, struct renewing *s)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	nation_system_path(&path, r->o->dir, &s->system->id, "keys");
	rc = keystore_save(s->keys, path.data, buf_slice(&s->passphrase),
	    &r->random, r->problem);
	buf_done(&path);

	return rc;
}

enum err
renewing_save_next(struct renewal *r, struct renewing *s)
{
	struct buf path, passphrase;
	enum err rc;

	buf_init(&path);
	buf_init(&passphrase);
	nation_system_path(&path, r->o->dir, &s->system->id, "keys.next");
	rc = own_keys_passphrase(s->keys, s->known, &passphrase);
	if (rc)
		rc = problem_set(r->problem, rc,
		    "the key store of %s holds no signing key",
		    s->system->id.text);
	else
		rc = keystore_save(s->keys, path.data, buf_slice(&passphrase),
		    &r->random, r->problem);
	buf_done(&path);
	buf_done(&passphrase);

	return rc;
}

enum err
renewing_save_certificates(struct renewal *r, const struct renewing *s)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	nation_system_path(&path, r->o->dir, &s->system->id, "cert.pem");
	rc = file_replace(
	    path.data, buf_slice(&s->certificates.text), 0644, r->problem);
	buf_done(&path);

	return rc;
}
