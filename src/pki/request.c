#include "pki/request.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#include "base/bug.h"
#include "pki/pem.h"
#include "pki/x509_internal.h"

/* The extensions that a request asks for: those of the certificate, without the
 * identifiers of the keys, which the authority adds. */
static const struct extension for_tls[] = {
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "serverAuth,clientAuth"},
    {NID_undef, NULL},
};
static const struct extension for_signing[] = {
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_undef, NULL},
};

/* --- Making --------------------------------------------------------------- */

enum err
private_key_make(struct buf *ret_der)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	enum err rc = ERR_CRYPTO;

	if (key != NULL)
		rc = x509_write_key(key, ret_der);
	EVP_PKEY_free(key);

	return rc;
}

static int
add_extension(STACK_OF(X509_EXTENSION) * to, int nid, const char *value)
{
	X509_EXTENSION *one = X509V3_EXT_nconf_nid(NULL, NULL, nid, value);

	if (one != NULL && sk_X509_EXTENSION_push(to, one) > 0)
		return 1;
	X509_EXTENSION_free(one);

	return 0;
}

static int
add_hosts(STACK_OF(X509_EXTENSION) * *to, const char *const *hosts)
{
	GENERAL_NAMES *names;
	int added;

	if (hosts == NULL || *hosts == NULL)
		return 1;
	names = x509_host_names(hosts);
	added = names != NULL &&
	    X509V3_add1_i2d(
		to, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
	GENERAL_NAMES_free(names);

	return added;
}

static int
add_wishes(X509_REQ *request, const struct certificate_request *wish,
    enum certificate_use use)
{
	const struct extension *e =
	    use == CERTIFICATE_TLS ? for_tls : for_signing;
	STACK_OF(X509_EXTENSION) *all = sk_X509_EXTENSION_new_null();
	int added = all != NULL;

	for (; added == 1 && e->value != NULL; e++)
		added = add_extension(all, e->nid, e->value);
	if (added)
		added = add_hosts(&all, wish->hosts) &&
		    X509_REQ_add_extensions(request, all) == 1;
	sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free);

	return added;
}

/* The request without its signature; NULL if the wish is unfit. */
static X509_REQ *
unsigned_request(EVP_PKEY *key, const struct certificate_request *wish,
    enum certificate_use use)
{
	X509_REQ *request = X509_REQ_new();

	if (request != NULL && wish->common_name.len > 0 &&
	    X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
	    x509_add_names(X509_REQ_get_subject_name(request), wish) == 1 &&
	    X509_REQ_set_pubkey(request, key) == 1 &&
	    add_wishes(request, wish, use) == 1)
		return request;
	X509_REQ_free(request);

	return NULL;
}

static enum err
write_request(X509_REQ *request, struct buf *ret)
{
	BIO *bio = BIO_new(BIO_s_mem());

	return x509_finish_writing(
	    bio, bio != NULL && PEM_write_bio_X509_REQ(bio, request), ret);
}

enum err
request_make(struct slice key_der, const struct certificate_request *wish,
    enum certificate_use use, struct buf *ret_pem)
{
	EVP_PKEY *key = x509_read_key(key_der);
	X509_REQ *request = NULL;
	enum err rc = ERR_INPUT;

	if (key != NULL)
		request = unsigned_request(key, wish, use);
	if (request != NULL)
		rc = X509_REQ_sign(request, key, EVP_sha256()) > 0
		    ? write_request(request, ret_pem)
		    : ERR_INTERNAL;
	if (rc)
		ERR_clear_error();
	X509_REQ_free(request);
	EVP_PKEY_free(key);

	return rc;
}

/* --- Reading -------------------------------------------------------------- */

/* A key for TLS has an extended key usage, one for signatures none. */
static enum certificate_use
use_of(X509_REQ *request)
{
	STACK_OF(X509_EXTENSION) *all = X509_REQ_get_extensions(request);
	bool is_tls = X509v3_get_ext_by_NID(all, NID_ext_key_usage, -1) >= 0;

	sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free);

	return is_tls ? CERTIFICATE_TLS : CERTIFICATE_SIGNING;
}

static bool
is_proved(X509_REQ *request)
{
	EVP_PKEY *key = X509_REQ_get0_pubkey(request);

	return bug_is(BUG_REQUEST_UNPROVED) ||
	    (key != NULL && X509_REQ_verify(request, key) == 1);
}

static enum err
read_request(struct arena *arena, X509_REQ *request, struct requested *ret,
    struct problem *problem)
{
	const X509_PUBKEY *key = X509_REQ_get_X509_PUBKEY(request);

	if (x509_name(arena, X509_REQ_get_subject_name(request), NID_commonName,
		&ret->common_name) ||
	    ret->common_name.len == 0)
		return problem_set(problem, ERR_INPUT,
		    "the name that the request is for cannot be read");
	ret->jwk = x509_jwk(key);
	if (ret->jwk == NULL || x509_fingerprint(key, &ret->fingerprint))
		return problem_set(problem, ERR_CRYPTO,
		    "the key of the request for %.*s is not on P-256",
		    SLICE_ARG(ret->common_name));
	if (!is_proved(request))
		return problem_set(problem, ERR_CRYPTO,
		    "the request for %.*s was not signed with the key that is "
		    "in it",
		    SLICE_ARG(ret->common_name));
	ret->use = use_of(request);

	return OK;
}

enum err
request_open(struct arena *arena, struct slice pem, struct requested *ret,
    struct problem *problem)
{
	X509_REQ *request = pem_request(pem);
	struct requested read = {0};
	enum err rc;

	if (request == NULL)
		return problem_set(problem, ERR_INPUT,
		    "the text is not a request for a certificate (PKCS#10 in "
		    "PEM)");
	rc = read_request(arena, request, &read, problem);
	X509_REQ_free(request);
	ERR_clear_error();
	if (rc)
		json_decref(read.jwk);
	else
		*ret = read;

	return rc;
}

/* --- Granting ------------------------------------------------------------- */

/* Compares all that is signed, byte for byte. */
static bool
is_same(X509_REQ *a, X509_REQ *b)
{
	unsigned char *x = NULL, *y = NULL;
	int x_len = i2d_re_X509_REQ_tbs(a, &x);
	int y_len = i2d_re_X509_REQ_tbs(b, &y);
	bool is =
	    x_len > 0 && x_len == y_len && memcmp(x, y, (size_t)x_len) == 0;

	OPENSSL_free(x);
	OPENSSL_free(y);

	return is;
}

enum err
request_check(struct slice pem, const struct certificate_request *wish,
    enum certificate_use use)
{
	X509_REQ *request = pem_request(pem), *expected = NULL;
	enum err rc = ERR_DENIED;

	if (request != NULL && X509_REQ_get0_pubkey(request) != NULL)
		expected =
		    unsigned_request(X509_REQ_get0_pubkey(request), wish, use);
	if (expected != NULL && is_same(request, expected))
		rc = OK;
	X509_REQ_free(request);
	X509_REQ_free(expected);
	ERR_clear_error();

	return rc;
}

enum err
authority_grant(struct authority *ca, struct slice pem,
    const struct certificate_request *wish, enum certificate_use use,
    struct buf *ret_cert_pem)
{
	X509_REQ *request = pem_request(pem);
	X509 *cert = NULL;
	enum err rc = ERR_INPUT;

	if (request != NULL && X509_REQ_get0_pubkey(request) != NULL)
		rc = x509_issue(ca, wish,
		    use == CERTIFICATE_TLS ? x509_of_system
					   : x509_of_signing_key,
		    X509_REQ_get0_pubkey(request), &cert);
	if (rc == OK)
		rc = x509_write(cert, ret_cert_pem);
	if (rc)
		ERR_clear_error();
	X509_REQ_free(request);
	X509_free(cert);

	return rc;
}
