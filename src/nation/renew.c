#include "nation/renew.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/encode.h"
#include "base/file.h"
#include "crypto/keymaking.h"
#include "nation/issue.h"
#include "nation/operators_internal.h"
#include "nation/own_keys.h"

struct renewal {
	const struct renew_options *o;
	struct config *config;
	struct authority *ca;
	struct instant ca_until;
	json_t *directory;
	struct random random;
	int lock_fd;
	struct buf *told;
	size_t n;       /* things that were renewed */
	size_t n_ended; /* and things that have ended */
	struct problem *problem;
};

/* One system under way. */
struct renewing {
	const struct system_config *system;
	json_t *entry; /* of the directory */
	struct keystore *keys;
	struct buf passphrase; /* of the key store */
	struct tls_certificates certificates;
	bool tls, sign; /* which keys are made anew */
	uint32_t known; /* the signing key that the others know at least */
};

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
open_authority(struct renewal *r)
{
	struct instant from;
	struct buf path, pem;
	enum err rc = OK;

	buf_init(&path);
	buf_init(&pem);
	nation_path(&path, r->o->dir, "ca/ca.keys");
	if (access(path.data, F_OK))
		rc = problem_set(r->problem, ERR_NOT_FOUND,
		    "the authority's key is not at hand: there is no %s; renew "
		    "where it is, and bring directory.json and the system's "
		    "folder here",
		    path.data);
	if (rc == OK)
		rc = nation_authority(
		    r->o->dir, &r->o->authority, &r->ca, r->problem);
	if (rc == OK && authority_certificate(r->ca, &pem) == OK &&
	    certificate_validity(buf_slice(&pem), &from, &r->ca_until))
		rc = ERR_CRYPTO;
	buf_done(&path);
	buf_done(&pem);
	if (rc == OK && r->ca_until.ms <= r->o->now.ms)
		rc = problem_set(r->problem, ERR_CONFLICT,
		    "the certificate of the nation's authority has ended: "
		    "found a nation with a new one; if the clock is wrong, "
		    "set it");

	return rc;
}

static enum err
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
	TRY(open_authority(r));

	return nation_directory(o->dir, &r->directory, r->problem);
}

static void
renewal_close(struct renewal *r)
{
	json_decref(r->directory);
	authority_free(r->ca);
	config_free(r->config);
	if (r->lock_fd >= 0)
		close(r->lock_fd);
}

/* --- What is due ---------------------------------------------------------- */

/* When what is made now ends. */
static struct instant
next_end(const struct renewal *r)
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
	    next_end(r).ms - end.ms < RENEW_BEFORE_MS)
		return false;
	if (end.ms > r->o->now.ms || r->o->ended || bug_is(BUG_RENEW_ENDED))
		return true;
	instant_format(end, text);
	buf_printf(
	    r->told, "%s: %s ended at %s: not renewed\n", name, what, text);
	r->n_ended++;

	return false;
}

static void
tell(struct renewal *r, const char *name, const char *what, struct instant end)
{
	char from[INSTANT_TEXT_MAX], to[INSTANT_TEXT_MAX];

	instant_format(r->o->begin, from);
	instant_format(end, to);
	buf_printf(r->told, "%s: %s is renewed: used from %s, until %s\n", name,
	    what, from, to);
	r->n++;
}

/* --- A system ------------------------------------------------------------- */

static enum err
find_entry(const struct renewal *r, struct renewing *s)
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

/* A system at work has this one, whatever an earlier renewal left. */
static void
note_known(struct renewing *s)
{
	const struct stored_key *newest = keystore_current(s->keys, "sign");
	size_t listed =
	    json_array_size(json_object_get(s->entry, "certificates"));

	s->known = newest == NULL ? 0 : newest->epoch;
	if (listed > 0 && listed < s->known)
		s->known = (uint32_t)listed;
}

static enum err
open_system(struct renewal *r, struct renewing *s)
{
	const struct system_id *id = &s->system->id;
	enum err rc;

	TRY(find_entry(r, s));
	TRY(certificates_read(r->o->dir, id, &s->certificates, r->problem));
	rc = nation_keystore(r->o->dir, id, &r->o->passphrase, &s->passphrase,
	    &s->keys, r->problem);
	if (rc == OK)
		note_known(s);

	return rc;
}

/* A signing key that no certificate in the directory shows yet. */
static bool
is_unlisted(const struct renewing *s)
{
	const struct stored_key *key = keystore_current(s->keys, "sign");

	return key != NULL &&
	    key->epoch >
	    json_array_size(json_object_get(s->entry, "certificates"));
}

static bool
is_sign_due(struct renewal *r, const struct renewing *s)
{
	const json_t *list = json_object_get(s->entry, "certificates");
	struct instant from, to;
	struct slice pem;

	if (is_unlisted(s) || json_array_size(list) == 0)
		return false;

	return json_at_text(list, json_array_size(list) - 1, &pem) == OK &&
	    certificate_validity(pem, &from, &to) == OK &&
	    is_due(r, s->system->id.text, "its signing key", to);
}

/* A certificate that has ended, or is on the list, leaves the file. */
static enum err
write_kept(struct renewal *r, struct renewing *s, struct buf *ret)
{
	const struct tls_certificate *c = s->certificates.all;
	struct buf path, crl;
	enum err rc;

	buf_init(&path);
	buf_init(&crl);
	nation_path(&path, r->o->dir, "ca/ca.crl");
	rc = nation_crl(path.data, &crl, r->problem);
	for (; rc == OK && c < s->certificates.all + s->certificates.n; c++) {
		if (c->to.ms > r->o->now.ms &&
		    !certificate_is_listed(c->pem, buf_slice(&crl))) {
			buf_add(ret, slice_trim(c->pem));
			buf_add_char(ret, '\n');
		}
	}
	buf_done(&path);
	buf_done(&crl);

	return rc;
}

/* The certificates as they will be. */
static enum err
add_certificate(struct renewal *r, struct renewing *s, struct slice pem)
{
	struct tls_certificates next = {0};
	enum err rc;

	buf_init(&next.text);
	rc = write_kept(r, s, &next.text);
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

static enum err
make_tls(struct renewal *r, struct renewing *s)
{
	struct instant from = instant_plus(r->o->begin, -KEY_ANNOUNCED_MS);
	struct buf key, pem;
	enum err rc;

	buf_init(&key);
	buf_init(&pem);
	rc = nation_issue(r->ca, s->system, from, next_end(r), &key, &pem);
	if (rc)
		rc = problem_set(r->problem, rc,
		    "the certificate of %s cannot be made", s->system->id.text);
	if (rc == OK)
		rc = add_certificate(r, s, buf_slice(&pem));
	if (rc == OK)
		keystore_add_private(
		    s->keys, "tls", "tls", buf_slice(&key), from, NULL);
	buf_done(&key);
	buf_done(&pem);

	return rc;
}

static enum err
make_sign(struct renewal *r, struct renewing *s)
{
	json_t *jwk = NULL;

	if (keymaking_sign(
		s->keys, instant_plus(r->o->begin, -KEY_ANNOUNCED_MS), &jwk))
		return problem_set(r->problem, ERR_CRYPTO,
		    "a signing key of %s cannot be made", s->system->id.text);
	json_decref(jwk);

	return OK;
}

/* --- Its files ------------------------------------------------------------ */

static void
list_fingerprints(struct renewing *s)
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

static enum err
list_signing_key(struct renewal *r, struct renewing *s)
{
	const struct stored_key *stored = keystore_current(s->keys, "sign");
	struct signing_key *key = NULL;

	if (stored == NULL || signing_key_decode(stored->secret, &key) ||
	    nation_attest(r->ca, s->system, s->keys,
		json_object_get(s->entry, "certificates"))) {
		signing_key_free(key);
		return problem_set(r->problem, ERR_CRYPTO,
		    "the certificate of the signing key of %s cannot be made",
		    s->system->id.text);
	}
	json_put(s->entry, "key", signing_key_jwk(key));
	signing_key_free(key);

	return OK;
}

/* The copy for a system at work (own_keys.h). */
static enum err
save_next(struct renewal *r, struct renewing *s)
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

static enum err
save_directory(struct renewal *r)
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

/* In the order of renew.h.  The directory is made first, so that nothing is
 * written if that cannot be done. */
static enum err
save_system(struct renewal *r, struct renewing *s)
{
	const struct system_id *id = &s->system->id;
	struct buf path;
	enum err rc;

	list_fingerprints(s);
	TRY(list_signing_key(r, s));
	buf_init(&path);
	nation_system_path(&path, r->o->dir, id, "keys");
	rc = keystore_save(s->keys, path.data, buf_slice(&s->passphrase),
	    &r->random, r->problem);
	if (rc == OK)
		rc = save_next(r, s);
	if (rc == OK)
		rc = save_directory(r);
	nation_system_path(&path, r->o->dir, id, "cert.pem");
	if (rc == OK && s->tls)
		rc = file_replace(path.data, buf_slice(&s->certificates.text),
		    0644, r->problem);
	buf_done(&path);

	return rc;
}

static enum err
change_system(struct renewal *r, struct renewing *s)
{
	const char *name = s->system->id.text;

	if (s->tls)
		TRY(make_tls(r, s));
	if (s->sign)
		TRY(make_sign(r, s));
	TRY(save_system(r, s));
	if (s->tls)
		tell(r, name, "its key for TLS", next_end(r));
	if (s->sign)
		tell(r, name, "its signing key",
		    instant_plus(
			r->o->begin, CERTIFICATE_MS - KEY_ANNOUNCED_MS));

	return OK;
}

static void
renewing_done(struct renewing *s)
{
	keystore_free(s->keys);
	certificates_done(&s->certificates);
	buf_done(&s->passphrase);
}

static enum err
renew_system(struct renewal *r, const struct system_config *system)
{
	struct renewing s = {.system = system};
	enum err rc;

	buf_init(&s.certificates.text);
	buf_init(&s.passphrase);
	rc = open_system(r, &s);
	if (rc == OK) {
		s.tls = is_due(r, system->id.text, "its certificate for TLS",
		    certificates_newest(&s.certificates)->to);
		s.sign = is_sign_due(r, &s);
	}
	if (rc == OK && (s.tls || s.sign || is_unlisted(&s)))
		rc = change_system(r, &s);
	renewing_done(&s);

	return rc;
}

/* --- All that is due ------------------------------------------------------ */

/* Both lists are signed anew, under one number. */
static enum err
renew_lists(struct renewal *r)
{
	struct instant end;
	struct buf path, crl;
	enum err rc;

	buf_init(&path);
	buf_init(&crl);
	nation_path(&path, r->o->dir, "ca/ca.crl");
	rc = nation_crl(path.data, &crl, r->problem);
	if (rc == OK && crl_until(buf_slice(&crl), &end) == OK &&
	    end.ms - r->o->now.ms <= RENEW_BEFORE_MS) {
		rc = nation_publish_again(
		    r->o->dir, r->ca, r->o->now, r->problem);
		if (rc == OK) {
			buf_printf(r->told,
			    "the lists of revocations are signed anew\n");
			r->n++;
		}
	}
	buf_done(&path);
	buf_done(&crl);

	return rc;
}

/* Whether the options name the system, or its organisation. */
static bool
is_named(const struct renew_options *o, const struct system_id *id)
{
	return o->only == NULL || strcmp(o->only, id->text) == 0 ||
	    slice_equal_string(system_id_organisation(id), o->only);
}

static enum err
renew_systems(struct renewal *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->config->n_systems; i++) {
		if (!is_named(r->o, &r->config->systems[i].id))
			continue;
		n++;
		TRY(renew_system(r, &r->config->systems[i]));
	}
	if (n == 0)
		return problem_set(r->problem, ERR_NOT_FOUND,
		    "%s is neither an organisation nor a system of the nation "
		    "in %s; its nation.ini lists them",
		    r->o->only, r->o->dir);

	return OK;
}

static enum err
renew_holders(struct renewal *r)
{
	const struct operators_renewal o = {.ca = r->ca,
	    .dir = r->o->dir,
	    .organisation = r->o->only,
	    .config = r->config,
	    .now = r->o->now,
	    .before_ms = RENEW_BEFORE_MS,
	    .until = next_end(r),
	    .ended = r->o->ended,
	    .told = r->told};

	if (!r->o->holders)
		return OK;

	return operators_renew(&o, &r->n, &r->n_ended, r->problem);
}

enum err
nation_renew(const struct renew_options *options, struct buf *ret_told,
    size_t *ret_n, struct problem *problem)
{
	struct renewal r = {.o = options, .told = ret_told, .problem = problem};
	enum err rc;

	rc = renewal_open(&r);
	if (rc == OK)
		rc = renew_systems(&r);
	if (rc == OK && options->only == NULL)
		rc = renew_lists(&r);
	if (rc == OK)
		rc = renew_holders(&r);
	*ret_n = r.n;
	if (rc == OK && r.n_ended > 0)
		rc = problem_set(problem, ERR_CONFLICT,
		    "by this machine's clock %zu things have ended already, "
		    "and are not renewed: look whether the clock is right, and "
		    "then give --ended",
		    r.n_ended);
	renewal_close(&r);

	return rc;
}

/* --- One key -------------------------------------------------------------- */

static enum err
rotate(struct renewal *r, const char *purpose, uint32_t *ret_epoch)
{
	struct renewing s = {.tls = strcmp(purpose, "tls") == 0,
	    .sign = strcmp(purpose, "sign") == 0};
	enum err rc;

	TRY(nation_find_system(
	    r->o->dir, r->config, r->o->only, &s.system, r->problem));
	buf_init(&s.certificates.text);
	buf_init(&s.passphrase);
	rc = open_system(r, &s);
	if (rc == OK)
		rc = change_system(r, &s);
	if (rc == OK)
		*ret_epoch = keystore_current(s.keys, purpose)->epoch;
	renewing_done(&s);

	return rc;
}

enum err
nation_rotate(const struct renew_options *options, const char *purpose,
    uint32_t *ret_epoch, struct problem *problem)
{
	struct renewal r = {.o = options, .problem = problem};
	struct buf told;
	enum err rc;

	buf_init(&told);
	r.told = &told;
	rc = renewal_open(&r);
	if (rc == OK)
		rc = rotate(&r, purpose, ret_epoch);
	renewal_close(&r);
	buf_done(&told);

	return rc;
}
