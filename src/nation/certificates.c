#include "nation/certificates.h"

#include <string.h>

#include "base/bug.h"

enum err
certificates_parse(
    const char *path, struct tls_certificates *ret, struct problem *problem)
{
	struct slice rest = buf_slice(&ret->text), pem;
	struct tls_certificate *c;

	ret->n = 0;
	while (!slice_is_empty(pem = pem_next(&rest, "CERTIFICATE"))) {
		if (ret->n == PEER_TLS_KEYS)
			return problem_set(problem, ERR_CRYPTO,
			    "%s has more than %d certificates: restore it from "
			    "a copy",
			    path, PEER_TLS_KEYS);
		c = &ret->all[ret->n++];
		c->pem = pem;
		if (certificate_fingerprint(pem, &c->fingerprint) ||
		    certificate_validity(pem, &c->from, &c->to))
			ret->n = 0;
		if (ret->n == 0)
			break;
	}
	if (ret->n == 0)
		return problem_set(problem, ERR_CRYPTO,
		    "%s is not a certificate in PEM: restore it from a copy",
		    path);

	return OK;
}

enum err
certificates_read(const char *dir, const struct system_id *id,
    struct tls_certificates *ret, struct problem *problem)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	nation_system_path(&path, dir, id, "cert.pem");
	rc = nation_certificate(path.data, &ret->text, problem);
	if (rc == OK)
		rc = certificates_parse(path.data, ret, problem);
	buf_done(&path);

	return rc;
}

void
certificates_done(struct tls_certificates *c)
{
	buf_done(&c->text);
}

bool
certificate_is_timely(
    struct instant from, struct instant to, struct instant now)
{
	return bug_is(BUG_CERTIFICATE_UNTIMELY) ||
	    (to.ms > now.ms && from.ms - now.ms <= CERTIFICATE_AHEAD_MS);
}

/* The certificate of a signing key begins so much before the key was made. */
struct instant
key_used_from(enum certificate_use use, struct instant from)
{
	return instant_plus(from,
	    (use == CERTIFICATE_SIGNING ? CERTIFICATE_SLACK_MS : 0) +
		(bug_is(BUG_KEY_UNANNOUNCED) ? 0 : KEY_ANNOUNCED_MS));
}

const struct tls_certificate *
certificates_current(const struct tls_certificates *c, struct instant now)
{
	size_t i = c->n - 1;

	while (i > 0 &&
	    instant_is_before(
		now, key_used_from(CERTIFICATE_TLS, c->all[i].from)))
		i--;

	return &c->all[i];
}

const struct tls_certificate *
certificates_newest(const struct tls_certificates *c)
{
	return &c->all[c->n - 1];
}

const struct tls_certificate *
certificates_find(
    const struct tls_certificates *c, const struct fingerprint *key)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (digest_equal(&c->all[i].fingerprint.digest, &key->digest))
			return &c->all[i];
	}

	return NULL;
}

static bool
is_key(const struct stored_key *key, const struct fingerprint *fp)
{
	struct fingerprint own;

	return private_key_fingerprint(key->secret, &own) == OK &&
	    digest_equal(&own.digest, &fp->digest);
}

const struct stored_key *
certificate_key(const struct keystore *keys, const char *purpose,
    const struct fingerprint *fp)
{
	const struct stored_key *key;
	uint32_t epoch;

	for (epoch = 1; (key = keystore_epoch(keys, purpose, epoch)) != NULL;
	     epoch++) {
		if (is_key(key, fp))
			return key;
	}

	return NULL;
}

size_t
certificates_place(const json_t *list, const struct fingerprint *key)
{
	struct fingerprint fp;
	struct slice pem;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		if (json_at_text(list, i, &pem) == OK &&
		    certificate_fingerprint(pem, &fp) == OK &&
		    digest_equal(&fp.digest, &key->digest))
			return i + 1;
	}

	return 0;
}

uint32_t
certificates_epoch(
    const json_t *list, const struct keystore *keys, uint32_t max)
{
	const struct stored_key *key = keystore_current(keys, "sign");
	struct fingerprint fp;
	uint32_t epoch = key == NULL ? 0 : key->epoch;

	if (max < epoch)
		epoch = max;
	for (; epoch > 0; epoch--) {
		key = keystore_epoch(keys, "sign", epoch);
		if (private_key_fingerprint(key->secret, &fp) == OK &&
		    certificates_place(list, &fp) > 0)
			break;
	}

	return epoch;
}
