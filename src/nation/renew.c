#include <string.h>

#include "crypto/keymaking.h"
#include "nation/issue.h"
#include "nation/operators_internal.h"
#include "nation/renewing.h"

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
make_tls(struct renewal *r, struct renewing *s)
{
	struct instant from = instant_plus(r->o->begin, -KEY_ANNOUNCED_MS);
	struct buf key, pem;
	enum err rc;

	buf_init(&key);
	buf_init(&pem);
	rc = nation_issue(r->ca, s->system, from, renewal_end(r), &key, &pem);
	if (rc)
		rc = problem_set(r->problem, rc,
		    "the certificate of %s cannot be made", s->system->id.text);
	if (rc == OK)
		rc = renewing_add_certificate(r, s, buf_slice(&pem));
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

/* In the order of renew.h.  The directory is made first, so that nothing is
 * written if that cannot be done. */
static enum err
save_system(struct renewal *r, struct renewing *s)
{
	renewing_list(s);
	TRY(list_signing_key(r, s));
	TRY(renewing_save_keys(r, s));
	TRY(renewing_save_next(r, s));
	TRY(renewal_save_directory(r));

	return s->tls ? renewing_save_certificates(r, s) : OK;
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
		tell(r, name, "its key for TLS", renewal_end(r));
	if (s->sign)
		tell(r, name, "its signing key",
		    instant_plus(
			r->o->begin, CERTIFICATE_MS - KEY_ANNOUNCED_MS));

	return OK;
}

static enum err
renew_system(struct renewal *r, const struct system_config *system)
{
	struct renewing s;
	enum err rc;

	renewing_init(&s, system);
	rc = renewing_open(r, &s);
	if (rc == OK)
		renewing_look(r, &s);
	if (rc == OK && (s.tls || s.sign || renewing_is_unlisted(&s)))
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

static enum err
renew_holders(struct renewal *r)
{
	const struct operators_renewal o = {.ca = r->ca,
	    .dir = r->o->dir,
	    .organisation = r->o->only,
	    .config = r->config,
	    .now = r->o->now,
	    .before_ms = RENEW_BEFORE_MS,
	    .until = renewal_end(r),
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
		rc = renewal_open_authority(&r);
	if (rc == OK)
		rc = renewal_each(&r, renew_system);
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
	const struct system_config *system;
	struct renewing s;
	enum err rc;

	TRY(nation_find_system(
	    r->o->dir, r->config, r->o->only, &system, r->problem));
	renewing_init(&s, system);
	s.tls = strcmp(purpose, "tls") == 0;
	s.sign = strcmp(purpose, "sign") == 0;
	rc = renewing_open(r, &s);
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
		rc = renewal_open_authority(&r);
	if (rc == OK)
		rc = rotate(&r, purpose, ret_epoch);
	renewal_close(&r);
	buf_done(&told);

	return rc;
}
