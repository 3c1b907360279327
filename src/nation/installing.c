/* Certificates from the authority, put into a nation's folder. */
#include "nation/installing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/encode.h"
#include "crypto/sign.h"
#include "nation/issue.h"
#include "nation/request.h"
#include "pki/attest.h"

struct certificate {
	struct slice pem;
	const struct system_config *system;
	struct fingerprint fp;
	struct attested_key key;
};

struct installation {
	struct renewal *r;
	enum installing where;
	struct arena *arena;
	struct buf ca, crl;
	struct certificate list[REQUESTS_MAX];
	size_t n;
	struct renewing systems[SYSTEMS_MAX];
	size_t n_systems;
};

/* --- The authority's word ------------------------------------------------- */

static enum err
find_system(struct installation *in, struct certificate *c)
{
	struct system_id id;

	if (system_id_parse(c->key.common_name, &id) == OK)
		c->system = config_system(in->r->config, &id);
	if (c->system == NULL)
		return problem_set(in->r->problem, ERR_NOT_FOUND,
		    "certificate %zu is for %.*s, which is no system of the "
		    "nation in %s; its nation.ini lists them",
		    in->n + 1, SLICE_ARG(c->key.common_name), in->r->o->dir);

	return OK;
}

static enum err
check_in_force(const struct installation *in, const struct certificate *c)
{
	const char *id = c->system->id.text;

	if (c->key.not_after.ms <= in->r->o->now.ms)
		return problem_set(in->r->problem, ERR_CONFLICT,
		    "the certificate of %s has ended by this machine's clock; "
		    "set the clock that is wrong, here or where it was signed, "
		    "and sign the same requests again",
		    id);
	if (!certificate_is_timely(
		c->key.not_before, c->key.not_after, in->r->o->now))
		return problem_set(in->r->problem, ERR_CONFLICT,
		    "the certificate of %s begins more than 31 days from now "
		    "by this machine's clock; set the clock that is wrong, "
		    "here or where it was signed, and sign the same requests "
		    "again",
		    id);
	if (certificate_is_listed(c->pem, buf_slice(&in->crl)))
		return problem_set(in->r->problem, ERR_DENIED,
		    "the certificate of %s is revoked; bring directory.json "
		    "from the authority's machine, and make another request "
		    "with --anew",
		    id);

	return OK;
}

static enum err
check_once(const struct installation *in, const struct certificate *c)
{
	size_t i;

	for (i = 0; i < in->n; i++) {
		if (in->list[i].system == c->system &&
		    in->list[i].key.use == c->key.use)
			return problem_set(in->r->problem, ERR_CONFLICT,
			    "there are two certificates of %s for one use, "
			    "expected one; install the file as it was signed",
			    c->system->id.text);
	}

	return OK;
}

static enum err
read_certificate(struct installation *in, struct slice pem)
{
	struct certificate *c = &in->list[in->n];
	enum err rc;

	if (in->n == REQUESTS_MAX)
		return problem_set(in->r->problem, ERR_TOO_LARGE,
		    "there are more than %d certificates", REQUESTS_MAX);
	*c = (struct certificate){.pem = pem};
	rc = certificate_open_any(in->arena, pem, buf_slice(&in->ca), &c->key);
	if (rc)
		return problem_set(in->r->problem, rc,
		    rc == ERR_CRYPTO
			? "certificate %zu was not issued to a system by this "
			  "nation's authority"
			: "block %zu is no certificate as `bango certificate "
			  "sign` writes it",
		    in->n + 1);
	json_decref(c->key.jwk);
	TRY(certificate_fingerprint(pem, &c->fp));
	TRY(find_system(in, c));
	TRY(check_in_force(in, c));
	TRY(check_once(in, c));
	in->n++;

	return OK;
}

static enum err
read_all(struct installation *in, struct slice rest)
{
	struct slice pem;

	while (!slice_is_empty(pem = pem_next(&rest, "CERTIFICATE")))
		TRY(read_certificate(in, pem));
	if (in->n == 0 || !slice_is_empty(slice_trim(rest)))
		return problem_set(in->r->problem, ERR_INPUT,
		    "the file is not certificates in PEM, and nothing else; "
		    "install the file that `bango certificate sign` wrote");

	return OK;
}

/* --- What is here --------------------------------------------------------- */

/* Its certificates and its keys, as far as they are here. */
static enum err
open_system(struct installation *in, struct renewing *s)
{
	struct renewal *r = in->r;

	if (in->where == INSTALL_AT_AUTHORITY) {
		TRY(renewing_find(r, s));
		return certificates_read(
		    r->o->dir, &s->system->id, &s->certificates, r->problem);
	}

	return renewing_is_here(r, s->system) ? renewing_open(r, s)
					      : renewing_find(r, s);
}

static enum err
system_of(
    struct installation *in, const struct certificate *c, struct renewing **ret)
{
	struct renewing *s = in->systems;

	while (s < in->systems + in->n_systems && s->system != c->system)
		s++;
	*ret = s;
	if (s < in->systems + in->n_systems)
		return OK;
	renewing_init(s, c->system);
	in->n_systems++;

	return open_system(in, s);
}

static enum err
refuse_older(const struct installation *in, const struct certificate *c)
{
	return problem_set(in->r->problem, ERR_CONFLICT,
	    "the certificate of %s begins before the newest one that it has; "
	    "install the newest file, or sign with a later --begin",
	    c->system->id.text);
}

static enum err
refuse_keyless(const struct installation *in, const struct certificate *c)
{
	return problem_set(in->r->problem, ERR_CRYPTO,
	    "the key store of %s does not hold the key of its certificate; "
	    "install the file that answers the request from here",
	    c->system->id.text);
}

/* Whether a certificate in force begins later.  One that is revoked or has ended is not
 * in force, nor is what this one replaces: that of the same key. */
static bool
follows(const struct installation *in, const struct certificate *c,
    const struct tls_certificate *other)
{
	return instant_is_before(c->key.not_before, other->from) &&
	    other->to.ms > in->r->o->now.ms &&
	    !digest_equal(&other->fingerprint.digest, &c->fp.digest) &&
	    !certificate_is_listed(other->pem, buf_slice(&in->crl));
}

static bool
is_timely(const struct installation *in, const struct tls_certificate *c)
{
	return certificate_is_timely(c->from, c->to, in->r->o->now);
}

static enum err
add_tls(
    struct installation *in, struct renewing *s, const struct certificate *c)
{
	size_t i;

	for (i = 0; i < s->certificates.n; i++) {
		if (follows(in, c, &s->certificates.all[i]))
			return refuse_older(in, c);
	}
	s->tls = true;

	return renewing_add_certificate(in->r, s, c->pem);
}

static enum err
put_tls(
    struct installation *in, struct renewing *s, const struct certificate *c)
{
	const struct tls_certificate *own;

	if (s->keys != NULL && certificate_key(s->keys, "tls", &c->fp) == NULL)
		return refuse_keyless(in, c);
	if (s->certificates.n == 0) {
		renewing_append(s, &c->fp);
		return OK;
	}
	own = certificates_find(&s->certificates, &c->fp);
	if (own == NULL || !is_timely(in, own))
		TRY(add_tls(in, s, c));
	renewing_list(s);

	return OK;
}

/* Whether the key store holds that signing key.  A system at work has one from before
 * it. */
static enum err
check_signing(
    struct installation *in, struct renewing *s, const struct certificate *c)
{
	const struct stored_key *key = certificate_key(s->keys, "sign", &c->fp);

	if (key == NULL)
		return refuse_keyless(in, c);
	renewing_note_known(s, key->epoch - 1);

	return OK;
}

/* A certificate of a signing key in the directory. */
static enum err
read_listed(struct installation *in, const struct certificate *c,
    const json_t *list, size_t i, struct tls_certificate *ret)
{
	if (json_at_text(list, i, &ret->pem) ||
	    certificate_fingerprint(ret->pem, &ret->fingerprint) ||
	    certificate_validity(ret->pem, &ret->from, &ret->to))
		return problem_set(in->r->problem, ERR_CORRUPT,
		    "a certificate of %s in %s/directory.json cannot be read: "
		    "restore the file from a copy",
		    c->system->id.text, in->r->o->dir);

	return OK;
}

/* A machine without the system's key store may get two answers in any order. */
static bool
takes_any_order(const struct installation *in, const struct renewing *s)
{
	return in->where == INSTALL_HERE && s->keys == NULL;
}

/* Its place in the list: before the first one that follows, or at the end. */
static enum err
find_place(struct installation *in, const struct renewing *s,
    const struct certificate *c, size_t *ret)
{
	const json_t *list = json_object_get(s->entry, "certificates");
	size_t n = json_array_size(list);
	struct tls_certificate other;

	for (*ret = 0; *ret < n; ++*ret) {
		TRY(read_listed(in, c, list, *ret, &other));
		if (follows(in, c, &other))
			return takes_any_order(in, s) ? OK
						      : refuse_older(in, c);
	}

	return OK;
}

static enum err
list_signing(
    struct installation *in, struct renewing *s, const struct certificate *c)
{
	json_t *list = json_object_get(s->entry, "certificates");
	struct attested_key key;
	size_t place;

	TRY(find_place(in, s, c, &place));
	TRY(certificate_open(in->arena, c->pem, buf_slice(&in->ca), &key));
	if (place == json_array_size(list))
		json_put(s->entry, "key", json_incref(key.jwk));
	json_decref(key.jwk);
	if (json_array_insert_new(
		list, place, json_stringn(c->pem.data, c->pem.len)))
		abort();

	return OK;
}

static enum err
put_signing(
    struct installation *in, struct renewing *s, const struct certificate *c)
{
	json_t *list = json_object_get(s->entry, "certificates");
	size_t at = entry_place(s->entry, &c->fp);
	struct tls_certificate own;

	if (s->keys != NULL)
		TRY(check_signing(in, s, c));
	if (at > 0) {
		TRY(read_listed(in, c, list, at - 1, &own));
		if (is_timely(in, &own))
			return OK;
		json_array_remove(list, at - 1);
	}

	return list_signing(in, s, c);
}

static enum err
put_all(struct installation *in)
{
	struct certificate *c;
	struct renewing *s;

	for (c = in->list; c < in->list + in->n; c++) {
		TRY(system_of(in, c, &s));
		TRY(c->key.use == CERTIFICATE_TLS ? put_tls(in, s, c)
						  : put_signing(in, s, c));
	}

	return OK;
}

/* --- Files ---------------------------------------------------------------- */

static enum err
save_certificates(struct installation *in)
{
	struct renewing *s;

	for (s = in->systems; s < in->systems + in->n_systems; s++) {
		if (s->tls)
			TRY(renewing_save_certificates(in->r, s));
	}

	return OK;
}

/* As a renewal does: keys, directory, certificates.  The authority has cert.pem
 * before its directory, so that a request that comes again finds its
 * certificate. */
static enum err
save(struct installation *in)
{
	struct renewing *s;

	if (in->where == INSTALL_AT_AUTHORITY) {
		TRY(save_certificates(in));
		return renewal_save_directory(in->r);
	}
	for (s = in->systems; s < in->systems + in->n_systems; s++) {
		if (s->keys != NULL)
			TRY(renewing_save_next(in->r, s));
	}
	TRY(renewal_save_directory(in->r));

	return save_certificates(in);
}

static void
tell(const struct installation *in)
{
	const struct certificate *c;
	struct renewal *r = in->r;

	for (c = in->list; c < in->list + in->n; c++) {
		renewal_tell_key(r, c->system, c->key.use, &c->fp);
		renewal_tell_times(r,
		    key_used_from(c->key.use, c->key.not_before),
		    c->key.not_after);
	}
}

static enum err
install(struct installation *in, struct slice certificates)
{
	const char *dir = in->r->o->dir;
	struct buf path;
	enum err rc;

	buf_init(&path);
	nation_path(&path, dir, "ca/ca.pem");
	rc = nation_certificate(path.data, &in->ca, in->r->problem);
	nation_path(&path, dir, "ca/ca.crl");
	if (rc == OK)
		rc = nation_crl(path.data, &in->crl, in->r->problem);
	buf_done(&path);
	if (rc == OK)
		rc = read_all(in, certificates);
	if (rc == OK)
		rc = put_all(in);
	if (rc == OK)
		rc = save(in);
	if (rc == OK)
		tell(in);

	return rc;
}

enum err
install_certificates(
    struct renewal *r, struct slice certificates, enum installing where)
{
	struct installation *in = heap_array(1, sizeof(*in));
	enum err rc;
	size_t i;

	in->r = r;
	in->where = where;
	in->arena = arena_new();
	buf_init(&in->ca);
	buf_init(&in->crl);
	rc = install(in, certificates);
	for (i = 0; i < in->n_systems; i++)
		renewing_done(&in->systems[i]);
	buf_done(&in->ca);
	buf_done(&in->crl);
	arena_free(in->arena);
	free(in);

	return rc;
}

enum err
nation_install(const struct renew_options *options, struct slice certificates,
    struct buf *ret_told, struct problem *problem)
{
	struct renew_options o = *options;
	struct renewal r = {.o = &o, .told = ret_told, .problem = problem};
	enum err rc;

	o.begin = o.now;
	rc = renewal_open(&r);
	if (rc == OK)
		rc = install_certificates(&r, certificates, INSTALL_HERE);
	renewal_close(&r);

	return rc;
}
