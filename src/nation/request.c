/* Requests for certificates, where the systems run. */
#include "nation/request.h"

#include <string.h>
#include <unistd.h>

#include "base/encode.h"
#include "crypto/keymaking.h"
#include "nation/issue.h"
#include "nation/renewing.h"
#include "pki/request.h"

void
requests_plain(struct slice text, struct buf *ret)
{
	size_t i = slice_has_prefix(text, SLICE("\xef\xbb\xbf")) ? 3 : 0;

	for (; i < text.len; i++) {
		if (text.data[i] != '\r' || i + 1 == text.len ||
		    text.data[i + 1] != '\n')
			buf_add_char(ret, text.data[i]);
	}
}

void
requests_digest(struct slice requests, struct buf *ret)
{
	struct digest digest = digest_of(requests);

	hex_encode(digest_slice(&digest), ret);
}

/* --- Keys that wait ------------------------------------------------------- */

/* The newest key for TLS, unless others know it or a certificate shows it. */
static const struct stored_key *
waiting_tls(const struct renewing *s)
{
	const struct stored_key *key = keystore_current(s->keys, "tls");
	struct fingerprint fp;

	return key == NULL || private_key_fingerprint(key->secret, &fp) ||
		entry_has(s->entry, CERTIFICATE_TLS, &fp) ||
		certificates_find(&s->certificates, &fp) != NULL
	    ? NULL
	    : key;
}

static enum err
make_tls(struct renewal *r, struct renewing *s)
{
	struct buf key;
	enum err rc;

	buf_init(&key);
	rc = private_key_make(&key);
	if (rc == OK)
		keystore_add_private(
		    s->keys, "tls", "tls", buf_slice(&key), r->o->now, NULL);
	buf_done(&key);

	return rc;
}

static enum err
make_sign(struct renewal *r, struct renewing *s)
{
	json_t *jwk = NULL;

	TRY(keymaking_sign(s->keys, r->o->now, &jwk));
	json_decref(jwk);

	return OK;
}

/* Make what is due and does not wait already; `tls` and `sign` say afterwards what
 * is asked for. */
static enum err
make_keys(struct renewal *r, struct renewing *s)
{
	bool waits_tls = waiting_tls(s) != NULL;
	bool waits_sign = renewing_is_unlisted(s);
	bool makes = false;
	enum err rc = OK;

	if (s->tls && !waits_tls) {
		makes = true;
		rc = make_tls(r, s);
	}
	if (rc == OK && s->sign && !waits_sign) {
		makes = true;
		rc = make_sign(r, s);
	}
	if (rc)
		return problem_set(r->problem, rc, "a key of %s cannot be made",
		    s->system->id.text);
	s->tls = s->tls || waits_tls;
	s->sign = s->sign || waits_sign;

	return makes ? renewing_save_keys(r, s) : OK;
}

/* --- Requests ------------------------------------------------------------- */

static enum err
ask(struct renewal *r, const struct renewing *s, enum certificate_use use)
{
	const struct stored_key *key =
	    keystore_current(s->keys, use == CERTIFICATE_TLS ? "tls" : "sign");
	struct system_wish wish;
	struct fingerprint fp;
	enum err rc;

	nation_wish(s->system, use, &wish);
	rc = private_key_fingerprint(key->secret, &fp);
	if (rc == OK)
		rc = request_make(key->secret, &wish.request, use, r->out);
	if (rc)
		return problem_set(r->problem, ERR_CRYPTO,
		    "the request for a key of %s cannot be made",
		    s->system->id.text);
	renewal_tell_key(r, s->system, use, &fp);
	buf_add_char(r->told, '\n');
	r->n++;

	return OK;
}

static enum err
request_keys(struct renewal *r, struct renewing *s)
{
	TRY(renewing_open(r, s));
	renewing_look(r, s);
	s->tls = s->tls || r->o->anew;
	s->sign = s->sign || r->o->anew;
	TRY(make_keys(r, s));
	if (s->tls)
		TRY(ask(r, s, CERTIFICATE_TLS));

	return s->sign ? ask(r, s, CERTIFICATE_SIGNING) : OK;
}

static enum err
request_system(struct renewal *r, const struct system_config *system)
{
	struct renewing s;
	enum err rc;

	renewing_init(&s, system);
	rc = request_keys(r, &s);
	renewing_done(&s);

	return rc;
}

enum err
nation_request(const struct renew_options *options, struct buf *ret_told,
    size_t *ret_n, struct buf *ret_requests, struct problem *problem)
{
	struct renew_options o = *options;
	struct renewal r = {
	    .o = &o, .told = ret_told, .out = ret_requests, .problem = problem};
	enum err rc;

	/* A person signs: a wrong clock makes no certificate by itself. */
	o.ended = true;
	o.begin = o.now;
	rc = renewal_open(&r);
	if (rc == OK)
		rc = renewal_each(&r, request_system);
	if (rc == OK && r.n_here == 0)
		rc = problem_set(problem, ERR_NOT_FOUND,
		    "%s/systems has no such key store: make the request where "
		    "the systems run",
		    o.dir);
	*ret_n = r.n;
	renewal_close(&r);

	return rc;
}
