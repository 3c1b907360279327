/* Requests, checked and signed where the authority's key is. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/encode.h"
#include "base/file.h"
#include "crypto/sign.h"
#include "nation/installing.h"
#include "nation/issue.h"
#include "nation/request.h"
#include "pki/request.h"
#include "pki/revoked.h"

struct wanted {
	struct slice pem;
	const struct system_config *system;
	struct requested asked;
	struct slice again; /* the certificate that it has; or empty */
};

struct signing {
	struct renewal r;
	struct arena *arena;
	struct revoked_list revoked;
	struct wanted list[REQUESTS_MAX];
	size_t n;
};

/* --- Which system, and what for ------------------------------------------- */

static enum err
find_system(struct signing *g, struct wanted *w)
{
	struct system_id id;

	if (system_id_parse(w->asked.common_name, &id) == OK)
		w->system = config_system(g->r.config, &id);
	if (w->system == NULL)
		return problem_set(g->r.problem, ERR_NOT_FOUND,
		    "request %zu is for %.*s, which is no system of the nation "
		    "in %s; its nation.ini lists them",
		    g->n + 1, SLICE_ARG(w->asked.common_name), g->r.o->dir);

	return OK;
}

static enum err
check_wish(const struct signing *g, const struct wanted *w)
{
	struct system_wish wish;

	nation_wish(w->system, w->asked.use, &wish);
	if (request_check(w->pem, &wish.request, w->asked.use) == OK)
		return OK;

	return problem_set(g->r.problem, ERR_DENIED,
	    "the request for %s asks for something else than %s/nation.ini "
	    "gives it: the organisation \"%s\" and, for TLS, the host %s; bring "
	    "one nation.ini to both machines, and make another request",
	    w->system->id.text, g->r.o->dir, w->system->organisation->name,
	    w->system->host);
}

static enum err
check_once(const struct signing *g, const struct wanted *w)
{
	const struct wanted *other;

	for (other = g->list; other < g->list + g->n; other++) {
		if (digest_equal(&other->asked.fingerprint.digest,
			&w->asked.fingerprint.digest))
			return problem_set(g->r.problem, ERR_CONFLICT,
			    "request %zu has the key of an earlier one in the "
			    "file; each use and each system has keys of its "
			    "own",
			    g->n + 1);
		if (other->system == w->system &&
		    other->asked.use == w->asked.use)
			return problem_set(g->r.problem, ERR_CONFLICT,
			    "there are two requests of %s for one use, "
			    "expected one",
			    w->system->id.text);
	}

	return OK;
}

/* --- Revocations ---------------------------------------------------------- */

/* A nation of an earlier day has no list. */
static enum err
read_revoked(struct signing *g)
{
	struct buf path, ca, text;
	enum err rc = OK;

	buf_init(&path);
	buf_init(&ca);
	buf_init(&text);
	nation_path(&path, g->r.o->dir, "ca/ca.pem");
	rc = nation_certificate(path.data, &ca, g->r.problem);
	nation_path(&path, g->r.o->dir, "ca/revoked.json");
	if (rc == OK && access(path.data, F_OK) == 0) {
		rc =
		    file_read(path.data, REVOKED_TEXT_MAX, &text, g->r.problem);
		if (rc == OK)
			rc = revoked_open(g->arena, buf_slice(&text),
			    buf_slice(&ca), &g->revoked, g->r.problem);
	}
	buf_done(&path);
	buf_done(&ca);
	buf_done(&text);

	return rc;
}

/* Append how the list names the key. */
static enum err
name_key(const struct wanted *w, struct buf *ret)
{
	struct verify_key *key = NULL;
	struct key_id id;

	if (w->asked.use == CERTIFICATE_TLS) {
		hex_encode(digest_slice(&w->asked.fingerprint.digest), ret);
		return OK;
	}
	TRY(verify_key_from_jwk(w->asked.jwk, &key));
	id = verify_key_id(key);
	verify_key_free(key);
	buf_add_string(ret, id.text);

	return OK;
}

static enum err
check_revoked(const struct signing *g, const struct wanted *w)
{
	const struct revoked_entry *e = g->revoked.entries;
	struct buf name;
	enum err rc;

	buf_init(&name);
	rc = name_key(w, &name);
	for (; rc == OK && e < g->revoked.entries + g->revoked.n_entries; e++) {
		if (slice_equal(revoked_key(e), buf_slice(&name)))
			rc = problem_set(g->r.problem, ERR_DENIED,
			    "the key of the request for %s is revoked; bring "
			    "directory.json and ca/ from here to its machine, "
			    "and make another request with --anew",
			    w->system->id.text);
		else if (slice_equal_string(e->system, w->system->id.text) &&
		    slice_equal_string(e->reason, REVOKED_ENDED))
			rc = problem_set(g->r.problem, ERR_DENIED,
			    "%s is revoked as `ended`, and gets no "
			    "certificate; `bango revoke --withdraw` takes it "
			    "back",
			    w->system->id.text);
	}
	buf_done(&name);

	return rc;
}

/* --- Keys that are known -------------------------------------------------- */

static enum err
check_entry(
    const struct signing *g, const struct wanted *w, const json_t *entry)
{
	static const enum certificate_use uses[] = {
	    CERTIFICATE_TLS, CERTIFICATE_SIGNING};
	const char *id = json_string_value(json_object_get(entry, "id"));
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!entry_has(entry, uses[i], &w->asked.fingerprint) ||
		    (uses[i] == w->asked.use && id != NULL &&
			strcmp(id, w->system->id.text) == 0))
			continue;
		return problem_set(g->r.problem, ERR_CONFLICT,
		    "the key of the request for %s is a key of %s already; "
		    "each use and each system has keys of its own",
		    w->system->id.text, id != NULL ? id : "another system");
	}

	return OK;
}

/* A certificate that a wrong clock signed, or that has ended, serves nobody: its
 * key gets another one. */
static void
keep_timely(const struct signing *g, struct wanted *w)
{
	struct instant from, to;

	if (w->again.len == 0 ||
	    (certificate_validity(w->again, &from, &to) == OK &&
		certificate_is_timely(from, to, g->r.o->now)))
		return;
	w->again = (struct slice){0};
}

static enum err
find_again(struct signing *g, struct wanted *w, const struct renewing *s)
{
	const struct fingerprint *key = &w->asked.fingerprint;
	const struct tls_certificate *c;
	size_t place;

	if (w->asked.use == CERTIFICATE_SIGNING) {
		place = entry_place(s->entry, key);
		return place == 0
		    ? OK
		    : json_at_text(json_object_get(s->entry, "certificates"),
			  place - 1, &w->again);
	}
	c = certificates_find(&s->certificates, key);
	if (c != NULL) {
		w->again = c->pem;
	} else if (entry_has(s->entry, CERTIFICATE_TLS, key)) {
		return problem_set(g->r.problem, ERR_CONFLICT,
		    "the key of the request for %s has a certificate already, "
		    "and its cert.pem in %s/systems does not; bring the newest "
		    "one there, or make another request",
		    w->system->id.text, g->r.o->dir);
	}

	return OK;
}

/* The certificate that it has lies in the arena. */
static enum err
check_known(struct signing *g, struct wanted *w)
{
	struct renewing s;
	json_t *entry;
	enum err rc;
	size_t i;

	json_array_foreach(json_object_get(g->r.directory, "systems"), i, entry)
	{
		TRY(check_entry(g, w, entry));
	}
	renewing_init(&s, w->system);
	rc = renewing_find(&g->r, &s);
	if (rc == OK)
		rc = certificates_read(
		    g->r.o->dir, &w->system->id, &s.certificates, g->r.problem);
	if (rc == OK)
		rc = find_again(g, w, &s);
	if (rc == OK)
		keep_timely(g, w);
	if (rc == OK && w->again.len > 0)
		w->again = arena_copy(g->arena, w->again);
	renewing_done(&s);

	return rc;
}

/* --- All requests --------------------------------------------------------- */

static enum err
check_request(struct signing *g, struct wanted *w)
{
	TRY(find_system(g, w));
	TRY(check_wish(g, w));
	TRY(check_once(g, w));
	TRY(check_revoked(g, w));

	return check_known(g, w);
}

static enum err
read_request(struct signing *g, struct slice pem)
{
	struct wanted *w = &g->list[g->n];

	if (g->n == REQUESTS_MAX)
		return problem_set(g->r.problem, ERR_TOO_LARGE,
		    "there are more than %d requests", REQUESTS_MAX);
	*w = (struct wanted){.pem = pem};
	if (!slice_has_prefix(
		slice_trim(pem), SLICE("-----BEGIN CERTIFICATE REQUEST-----")))
		return problem_set(g->r.problem, ERR_INPUT,
		    "there is something else before request %zu: sign the file "
		    "as `bango certificate request` wrote it",
		    g->n + 1);
	TRY(request_open(g->arena, pem, &w->asked, g->r.problem));
	g->n++;

	return OK;
}

static enum err
read_all(struct signing *g, struct slice rest)
{
	struct slice pem;
	size_t n;

	while (!slice_is_empty(pem = pem_next(&rest, "CERTIFICATE REQUEST")))
		TRY(read_request(g, pem));
	if (g->n == 0 || !slice_is_empty(slice_trim(rest)))
		return problem_set(g->r.problem, ERR_INPUT,
		    "the file is not requests in PEM, and nothing else; sign "
		    "the file that `bango certificate request` wrote");
	for (n = g->n, g->n = 0; g->n < n; g->n++)
		TRY(check_request(g, &g->list[g->n]));

	return OK;
}

/* The times are those that it would have now, unless it has a certificate. */
static void
make_wish(
    const struct signing *g, const struct wanted *w, struct system_wish *ret)
{
	nation_wish(w->system, w->asked.use, ret);
	nation_set_times(ret, w->asked.use, g->r.o->begin, renewal_end(&g->r));
}

static void
tell(struct signing *g)
{
	const struct wanted *w;
	struct system_wish wish;

	for (w = g->list; w < g->list + g->n; w++) {
		renewal_tell_key(
		    &g->r, w->system, w->asked.use, &w->asked.fingerprint);
		if (w->again.len > 0) {
			buf_add_string(g->r.told, ": has its certificate\n");
			continue;
		}
		make_wish(g, w, &wish);
		renewal_tell_times(
		    &g->r, g->r.o->begin, wish.request.not_after);
	}
}

/* --- Signing -------------------------------------------------------------- */

static enum err
check_digest(const struct signing *g, struct slice requests, const char *digest)
{
	const struct slice told = slice_trim(slice_of(digest));
	struct buf own;
	enum err rc = OK;

	buf_init(&own);
	requests_digest(requests, &own);
	if ((told.len != own.len ||
		strncasecmp(own.data, told.data, told.len) != 0) &&
	    !bug_is(BUG_REQUEST_UNANNOUNCED))
		rc = problem_set(g->r.problem, ERR_CONFLICT,
		    "the digest of the requests is %s, and not the one that "
		    "was given: the file is another one than its maker speaks "
		    "of; nothing was signed",
		    own.data);
	buf_done(&own);

	return rc;
}

static enum err
grant(struct signing *g, const struct wanted *w)
{
	struct system_wish wish;

	if (w->again.len > 0) {
		buf_add(g->r.out, slice_trim(w->again));
		buf_add_char(g->r.out, '\n');
		return OK;
	}
	make_wish(g, w, &wish);
	if (authority_grant(
		g->r.ca, w->pem, &wish.request, w->asked.use, g->r.out))
		return problem_set(g->r.problem, ERR_CRYPTO,
		    "the certificate of %s cannot be made", w->system->id.text);

	return OK;
}

static enum err
sign_all(struct signing *g, struct slice requests, const char *digest)
{
	size_t i;

	TRY(check_digest(g, requests, digest));
	TRY(renewal_open_authority(&g->r));
	for (i = 0; i < g->n; i++)
		TRY(grant(g, &g->list[i]));

	return install_certificates(
	    &g->r, buf_slice(g->r.out), INSTALL_AT_AUTHORITY);
}

enum err
nation_sign(const struct renew_options *options, struct slice requests,
    const char *digest, struct buf *ret_told, struct buf *ret_certificates,
    struct problem *problem)
{
	struct signing *g = heap_array(1, sizeof(*g));
	enum err rc;
	size_t i;

	g->r = (struct renewal){.o = options,
	    .told = ret_told,
	    .out = ret_certificates,
	    .problem = problem};
	g->arena = arena_new();
	rc = renewal_open(&g->r);
	if (rc == OK)
		rc = read_revoked(g);
	if (rc == OK)
		rc = read_all(g, requests);
	if (rc == OK && digest == NULL)
		tell(g);
	else if (rc == OK)
		rc = sign_all(g, requests, digest);
	for (i = 0; i < REQUESTS_MAX; i++)
		json_decref(g->list[i].asked.jwk);
	renewal_close(&g->r);
	arena_free(g->arena);
	free(g);

	return rc;
}
