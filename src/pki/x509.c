#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "crypto/random.h"
#include "pki/pem.h"
#include "pki/x509_internal.h"

#define DER_MAX 4096 /* of a key */
#define SERIAL_LEN 16

/* --- Taking apart -------------------------------------------------------- */

EVP_PKEY *
x509_read_key(struct slice der)
{
	const unsigned char *at = (const unsigned char *)der.data;
	PKCS8_PRIV_KEY_INFO *info = NULL;
	EVP_PKEY *key = NULL;

	if (der.len > 0 && der.len <= DER_MAX)
		info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)der.len);
	if (info != NULL && (const char *)at == der.data + der.len)
		key = EVP_PKCS82PKEY(info);
	PKCS8_PRIV_KEY_INFO_free(info); /* wipes */
	if (key == NULL)
		ERR_clear_error();

	return key;
}

enum err
x509_write_key(EVP_PKEY *key, struct buf *ret_der)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	unsigned char *der = NULL;
	int len = -1;

	if (info != NULL)
		len = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
	PKCS8_PRIV_KEY_INFO_free(info);
	if (len <= 0) {
		ERR_clear_error();
		return ERR_INTERNAL;
	}
	buf_add(ret_der, slice_bytes(der, (size_t)len));
	OPENSSL_clear_free(der, (size_t)len);

	return OK;
}

enum err
x509_finish_writing(BIO *bio, int written, struct buf *ret)
{
	enum err rc = ERR_INTERNAL;
	char *data;
	long len;

	if (bio != NULL && written == 1) {
		len = BIO_get_mem_data(bio, &data);
		buf_add(ret, slice_bytes(data, (size_t)len));
		rc = OK;
	}
	BIO_free(bio);
	if (rc)
		ERR_clear_error();

	return rc;
}

enum err
x509_write(X509 *cert, struct buf *ret)
{
	BIO *bio = BIO_new(BIO_s_mem());

	return x509_finish_writing(
	    bio, bio != NULL && PEM_write_bio_X509(bio, cert), ret);
}

static enum err
write_crl(X509_CRL *crl, struct buf *ret)
{
	BIO *bio = BIO_new(BIO_s_mem());

	return x509_finish_writing(
	    bio, bio != NULL && PEM_write_bio_X509_CRL(bio, crl), ret);
}

/* --- Putting together ---------------------------------------------------- */

/* In the order in which they refer to each other.  The authority signs the list
 * of revoked keys, too (revoked.h). */
static const struct extension of_authority[] = {
    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
    {NID_key_usage, "critical,digitalSignature,keyCertSign,cRLSign"},
    {NID_subject_key_identifier, "hash"},
    {NID_undef, NULL},
};
const struct extension x509_of_system[] = {
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "serverAuth,clientAuth"},
    {NID_subject_key_identifier, "hash"},
    {NID_authority_key_identifier, "keyid:always"},
    {NID_undef, NULL},
};

static int
add_extensions(X509 *cert, X509 *issuer, const struct extension *e)
{
	X509_EXTENSION *extension;
	int added = 1;
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	for (; added == 1 && e->value != NULL; e++) {
		extension = X509V3_EXT_nconf_nid(NULL, &ctx, e->nid, e->value);
		added = extension != NULL && X509_add_ext(cert, extension, -1);
		X509_EXTENSION_free(extension);
	}

	return added;
}

static int
set_time(ASN1_TIME *to, struct instant t)
{
	return to != NULL && ASN1_TIME_set(to, (time_t)(t.ms / 1000)) != NULL;
}

static int
add_name(X509_NAME *name, int nid, struct slice text)
{
	if (text.len == 0)
		return 1;

	return text.len <= INT32_MAX &&
	    X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8,
		(const unsigned char *)text.data, (int)text.len, -1, 0) == 1;
}

/* RFC 5280 §4.1.2.2: positive, at most 20 octets; ours are 128 random bits. */
static int
set_serial(X509 *cert)
{
	const struct random random = random_system();
	unsigned char bytes[SERIAL_LEN];
	BIGNUM *number;
	int set;

	do
		random_bytes(&random, bytes, sizeof(bytes));
	while (bytes[0] == 0); /* all of one length, and never zero */
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	set = number != NULL &&
	    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != NULL;
	BN_free(number);

	return set;
}

int
x509_add_names(X509_NAME *name, const struct certificate_request *request)
{
	return add_name(name, NID_organizationName, request->organisation) ==
	    1 &&
	    add_name(name, NID_commonName, request->common_name) == 1;
}

/* A certificate with everything but its issuer, extensions and signature. */
static X509 *
new_certificate(const struct certificate_request *request, EVP_PKEY *key)
{
	X509 *cert = X509_new();

	if (cert == NULL)
		return NULL;
	if (X509_set_version(cert, X509_VERSION_3) != 1 ||
	    set_serial(cert) != 1 ||
	    set_time(X509_getm_notBefore(cert), request->not_before) != 1 ||
	    set_time(X509_getm_notAfter(cert), request->not_after) != 1 ||
	    x509_add_names(X509_get_subject_name(cert), request) != 1 ||
	    X509_set_pubkey(cert, key) != 1) {
		X509_free(cert);
		return NULL;
	}

	return cert;
}

static bool
is_fit(const struct certificate_request *request)
{
	return request->common_name.len > 0 &&
	    instant_is_before(request->not_before, request->not_after);
}

/* --- The authority ------------------------------------------------------- */

void
authority_free(struct authority *ca)
{
	if (ca == NULL)
		return;
	EVP_PKEY_free(ca->key);
	X509_free(ca->cert);
	X509_CRL_free(ca->crl);
	free(ca);
}

/* An empty list with our name on it. */
static X509_CRL *
new_crl(const X509 *issuer)
{
	X509_CRL *crl = X509_CRL_new();

	if (crl != NULL &&
	    (X509_CRL_set_version(crl, X509_CRL_VERSION_2) != 1 ||
		X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer)) !=
		    1)) {
		X509_CRL_free(crl);
		return NULL;
	}

	return crl;
}

enum err
authority_new(struct slice common_name, struct instant not_before,
    struct instant not_after, struct authority **ret)
{
	struct certificate_request request = {.common_name = common_name,
	    .not_before = not_before,
	    .not_after = not_after};
	struct authority *ca;
	enum err rc = ERR_INPUT;

	if (!is_fit(&request))
		return ERR_INPUT;
	ca = heap_array(1, sizeof(*ca));
	ca->key = EVP_EC_gen("P-256");
	if (ca->key != NULL)
		ca->cert = new_certificate(&request, ca->key);
	if (ca->cert == NULL)
		goto out;
	rc = ERR_INTERNAL;
	ca->crl = new_crl(ca->cert);
	if (ca->crl == NULL ||
	    X509_set_issuer_name(ca->cert, X509_get_subject_name(ca->cert)) !=
		1 ||
	    add_extensions(ca->cert, ca->cert, of_authority) != 1 ||
	    X509_sign(ca->cert, ca->key, EVP_sha256()) <= 0)
		goto out;
	*ret = ca;
	ca = NULL;
	rc = OK;
out:
	authority_free(ca);
	if (rc)
		ERR_clear_error();

	return rc;
}

/* The number of a list, 0 for one without. */
static long
number_of_crl(const X509_CRL *crl)
{
	ASN1_INTEGER *number =
	    X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
	long value = number == NULL ? 0 : ASN1_INTEGER_get(number);

	ASN1_INTEGER_free(number);

	return value < 0 ? 0 : value;
}

static enum err
load_crl(struct authority *ca, struct slice pem, struct problem *problem)
{
	if (pem.len == 0) {
		ca->crl = new_crl(ca->cert);
		return ca->crl == NULL ? ERR_INTERNAL : OK;
	}
	ca->crl = pem_crl(pem);
	if (ca->crl == NULL)
		return problem_set(problem, ERR_CORRUPT,
		    "the authority's CRL is not a CRL in PEM");
	if (X509_CRL_verify(ca->crl, ca->key) != 1)
		return problem_set(problem, ERR_CRYPTO,
		    "the CRL was not signed by this authority");
	ca->crl_number = number_of_crl(ca->crl);

	return OK;
}

static enum err
load(struct authority *ca, struct slice key_der, struct slice cert_pem,
    struct slice crl_pem, struct problem *problem)
{
	ca->key = x509_read_key(key_der);
	if (ca->key == NULL)
		return problem_set(problem, ERR_CORRUPT,
		    "the authority's key is not PKCS#8 in DER");
	ca->cert = pem_certificate(cert_pem);
	if (ca->cert == NULL)
		return problem_set(problem, ERR_CORRUPT,
		    "the authority's certificate is not one in PEM");
	if (X509_check_private_key(ca->cert, ca->key) != 1 ||
	    X509_verify(ca->cert, ca->key) != 1 || X509_check_ca(ca->cert) != 1)
		return problem_set(problem, ERR_CRYPTO,
		    "the authority's key and certificate do not belong "
		    "together");

	return load_crl(ca, crl_pem, problem);
}

enum err
authority_load(struct slice key_der, struct slice cert_pem,
    struct slice crl_pem, struct authority **ret, struct problem *problem)
{
	struct authority *ca = heap_array(1, sizeof(*ca));
	enum err rc = load(ca, key_der, cert_pem, crl_pem, problem);

	if (rc) {
		authority_free(ca);
		ERR_clear_error();
		return rc;
	}
	*ret = ca;

	return OK;
}

enum err
authority_key(const struct authority *ca, struct buf *ret_der)
{
	return x509_write_key(ca->key, ret_der);
}

enum err
authority_certificate(const struct authority *ca, struct buf *ret_pem)
{
	return x509_write(ca->cert, ret_pem);
}

/* --- Issuing ------------------------------------------------------------- */

/* Letters, digits, hyphens, dots: what a DNS name is made of, no wildcard. */
static bool
is_dns_name(const char *host)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyz"
					 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789-.";
	size_t len = strlen(host);

	return len > 0 && len <= 253 && strspn(host, characters) == len;
}

static GENERAL_NAME *
name_of_host(const char *host)
{
	ASN1_OCTET_STRING *address = a2i_IPADDRESS(host);
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_IA5STRING *dns = NULL;

	if (name != NULL && address != NULL) {
		GENERAL_NAME_set0_value(name, GEN_IPADD, address);
		return name;
	}
	ASN1_OCTET_STRING_free(address);
	if (name != NULL && is_dns_name(host))
		dns = ASN1_IA5STRING_new();
	if (dns == NULL || ASN1_STRING_set(dns, host, -1) != 1) {
		ASN1_IA5STRING_free(dns);
		GENERAL_NAME_free(name);
		return NULL;
	}
	GENERAL_NAME_set0_value(name, GEN_DNS, dns);

	return name;
}

GENERAL_NAMES *
x509_host_names(const char *const *hosts)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	GENERAL_NAME *name;

	for (; names != NULL && *hosts != NULL; hosts++) {
		name = name_of_host(*hosts);
		if (name == NULL || sk_GENERAL_NAME_push(names, name) <= 0) {
			GENERAL_NAME_free(name);
			GENERAL_NAMES_free(names);
			names = NULL;
		}
	}

	return names;
}

static int
add_hosts(X509 *cert, const char *const *hosts)
{
	GENERAL_NAMES *names;
	int added;

	if (hosts == NULL || *hosts == NULL)
		return 1;
	names = x509_host_names(hosts);
	added = names != NULL &&
	    X509_add1_ext_i2d(
		cert, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
	GENERAL_NAMES_free(names);

	return added;
}

enum err
x509_issue(struct authority *ca, const struct certificate_request *request,
    const struct extension *extensions, EVP_PKEY *key, X509 **ret)
{
	X509 *cert = is_fit(request) ? new_certificate(request, key) : NULL;

	if (cert == NULL || add_hosts(cert, request->hosts) != 1) {
		X509_free(cert);
		return ERR_INPUT;
	}
	if (X509_set_issuer_name(cert, X509_get_subject_name(ca->cert)) != 1 ||
	    add_extensions(cert, ca->cert, extensions) != 1 ||
	    X509_sign(cert, ca->key, EVP_sha256()) <= 0) {
		X509_free(cert);
		return ERR_INTERNAL;
	}
	*ret = cert;

	return OK;
}

enum err
authority_issue(struct authority *ca, const struct certificate_request *request,
    struct buf *ret_key_der, struct buf *ret_cert_pem)
{
	size_t key_len = ret_key_der->len;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = NULL;
	enum err rc;

	rc = key == NULL ? ERR_INTERNAL
			 : x509_issue(ca, request, x509_of_system, key, &cert);
	if (rc == OK)
		rc = x509_write_key(key, ret_key_der);
	if (rc == OK)
		rc = x509_write(cert, ret_cert_pem);
	if (rc) {
		ret_key_der->len = key_len;
		ERR_clear_error();
	}
	X509_free(cert);
	EVP_PKEY_free(key);

	return rc;
}

enum err
authority_reissue(struct authority *ca,
    const struct certificate_request *request, struct slice old_pem,
    struct buf *ret_cert_pem)
{
	X509 *old = pem_certificate(old_pem), *cert = NULL;
	enum err rc = ERR_INPUT;

	if (old != NULL)
		rc = X509_verify(old, ca->key) != 1
		    ? ERR_CRYPTO
		    : x509_issue(ca, request, x509_of_system,
			  X509_get0_pubkey(old), &cert);
	if (rc == OK)
		rc = x509_write(cert, ret_cert_pem);
	if (rc)
		ERR_clear_error();
	X509_free(old);
	X509_free(cert);

	return rc;
}

/* --- Revoking ------------------------------------------------------------ */

static bool
is_revoked(X509_CRL *crl, const ASN1_INTEGER *serial)
{
	STACK_OF(X509_REVOKED) *list = X509_CRL_get_REVOKED(crl);
	int i;

	for (i = 0; i < sk_X509_REVOKED_num(list); i++) {
		if (ASN1_INTEGER_cmp(X509_REVOKED_get0_serialNumber(
					 sk_X509_REVOKED_value(list, i)),
			serial) == 0)
			return true;
	}

	return false;
}

static enum err
revoke(X509_CRL *crl, ASN1_INTEGER *serial, struct instant when)
{
	X509_REVOKED *revoked = X509_REVOKED_new();
	ASN1_TIME *time = ASN1_TIME_new();
	enum err rc = ERR_INTERNAL;

	if (revoked != NULL && set_time(time, when) == 1 &&
	    X509_REVOKED_set_serialNumber(revoked, serial) == 1 &&
	    X509_REVOKED_set_revocationDate(revoked, time) == 1 &&
	    X509_CRL_add0_revoked(crl, revoked) == 1) {
		revoked = NULL;
		rc = OK;
	}
	ASN1_TIME_free(time);
	X509_REVOKED_free(revoked);

	return rc;
}

enum err
authority_revoke(
    struct authority *ca, struct slice cert_pem, struct instant when)
{
	X509 *cert = pem_certificate(cert_pem);
	enum err rc = OK;

	if (cert == NULL)
		return ERR_INPUT;
	if (X509_verify(cert, ca->key) != 1)
		rc = ERR_CRYPTO; /* not one of ours */
	else if (!is_revoked(ca->crl, X509_get0_serialNumber(cert)))
		rc = revoke(ca->crl, X509_get_serialNumber(cert), when);
	X509_free(cert);
	if (rc)
		ERR_clear_error();

	return rc;
}

long
authority_number(const struct authority *ca)
{
	return ca->crl_number;
}

/* RFC 5280 §5.2.1, §5.2.3: the issuer's key, and the number of the list. */
static int
set_crl_extensions(struct authority *ca, long number)
{
	AUTHORITY_KEYID *keyid = AUTHORITY_KEYID_new();
	ASN1_INTEGER *n = ASN1_INTEGER_new();
	int set = 0;

	if (keyid != NULL && n != NULL && ASN1_INTEGER_set(n, number) == 1) {
		keyid->keyid =
		    ASN1_OCTET_STRING_dup(X509_get0_subject_key_id(ca->cert));
		set = keyid->keyid != NULL &&
		    X509_CRL_add1_ext_i2d(ca->crl, NID_authority_key_identifier,
			keyid, 0, X509V3_ADD_REPLACE) == 1 &&
		    X509_CRL_add1_ext_i2d(
			ca->crl, NID_crl_number, n, 0, X509V3_ADD_REPLACE) == 1;
	}
	AUTHORITY_KEYID_free(keyid);
	ASN1_INTEGER_free(n);

	return set;
}

static int
set_crl_times(X509_CRL *crl, struct instant now, struct instant next_update)
{
	ASN1_TIME *time = ASN1_TIME_new();
	int set = set_time(time, now) == 1 &&
	    X509_CRL_set1_lastUpdate(crl, time) == 1 &&
	    set_time(time, next_update) == 1 &&
	    X509_CRL_set1_nextUpdate(crl, time) == 1;

	ASN1_TIME_free(time);

	return set;
}

enum err
authority_crl(struct authority *ca, struct instant now,
    struct instant next_update, struct buf *ret_pem)
{
	enum err rc = ERR_INTERNAL;

	if (!instant_is_before(now, next_update))
		return ERR_INPUT;
	if (set_crl_times(ca->crl, now, next_update) == 1 &&
	    set_crl_extensions(ca, ca->crl_number + 1) == 1 &&
	    X509_CRL_sort(ca->crl) == 1 &&
	    X509_CRL_sign(ca->crl, ca->key, EVP_sha256()) > 0)
		rc = write_crl(ca->crl, ret_pem);
	if (rc)
		ERR_clear_error();
	else
		ca->crl_number++;

	return rc;
}

/* --- Questions about certificates and keys ------------------------------- */

/* Frees the DER of a SubjectPublicKeyInfo, whose length may be an error's. */
static enum err
take_fingerprint(unsigned char *spki, int len, struct fingerprint *ret)
{
	if (len <= 0) {
		ERR_clear_error();
		return ERR_INPUT;
	}
	ret->digest = digest_of(slice_bytes(spki, (size_t)len));
	OPENSSL_free(spki);

	return OK;
}

enum err
x509_fingerprint(const X509_PUBKEY *key, struct fingerprint *ret)
{
	unsigned char *spki = NULL;
	int len = i2d_X509_PUBKEY(key, &spki);

	return take_fingerprint(spki, len, ret);
}

enum err
certificate_fingerprint(struct slice cert_pem, struct fingerprint *ret)
{
	X509 *cert = pem_certificate(cert_pem);
	enum err rc;

	if (cert == NULL)
		return ERR_INPUT;
	rc = x509_fingerprint(X509_get_X509_PUBKEY(cert), ret);
	X509_free(cert);

	return rc;
}

enum err
private_key_fingerprint(struct slice key_der, struct fingerprint *ret)
{
	EVP_PKEY *key = x509_read_key(key_der);
	unsigned char *spki = NULL;
	int len;

	if (key == NULL)
		return ERR_INPUT;
	len = i2d_PUBKEY(key, &spki);
	EVP_PKEY_free(key);

	return take_fingerprint(spki, len, ret);
}

static enum err
read_time(const ASN1_TIME *time, struct instant *ret)
{
	struct tm tm;

	if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1) {
		ERR_clear_error();
		return ERR_INPUT;
	}
	ret->ms = (int64_t)timegm(&tm) * 1000;

	return OK;
}

enum err
x509_validity(
    const X509 *cert, struct instant *ret_from, struct instant *ret_to)
{
	enum err rc = read_time(X509_get0_notBefore(cert), ret_from);

	return rc ? rc : read_time(X509_get0_notAfter(cert), ret_to);
}

enum err
certificate_validity(
    struct slice cert_pem, struct instant *ret_from, struct instant *ret_to)
{
	X509 *cert = pem_certificate(cert_pem);
	enum err rc =
	    cert == NULL ? ERR_INPUT : x509_validity(cert, ret_from, ret_to);

	X509_free(cert);

	return rc;
}

enum err
crl_until(struct slice crl_pem, struct instant *ret)
{
	X509_CRL *crl = pem_crl(crl_pem);
	enum err rc = ERR_INPUT;

	if (crl != NULL)
		rc = read_time(X509_CRL_get0_nextUpdate(crl), ret);
	X509_CRL_free(crl);

	return rc;
}

struct slice
pem_next(struct slice *rest, const char *label)
{
	struct slice all = *rest, found = {0};
	const char *at = NULL;
	struct buf end;

	buf_init(&end);
	buf_printf(&end, "-----END %s-----", label);
	if (all.len > 0)
		at = memmem(all.data, all.len, end.data, end.len);
	if (at != NULL) {
		at += end.len;
		at += at < all.data + all.len && *at == '\n';
		found = slice_bytes(all.data, (size_t)(at - all.data));
		*rest = slice_bytes(at, all.len - found.len);
	}
	buf_done(&end);

	return found;
}

enum err
crl_check(struct slice crl_pem)
{
	X509_CRL *crl = pem_crl(crl_pem);
	enum err rc = crl != NULL ? OK : ERR_INPUT;

	X509_CRL_free(crl);

	return rc;
}

bool
certificate_is_listed(struct slice cert_pem, struct slice crl_pem)
{
	X509 *cert = pem_certificate(cert_pem);
	X509_CRL *crl = pem_crl(crl_pem);
	bool is = cert != NULL && crl != NULL &&
	    is_revoked(crl, X509_get0_serialNumber(cert));

	X509_free(cert);
	X509_CRL_free(crl);

	return is;
}

enum err
private_key_pem(struct slice key_der, struct buf *ret_pem)
{
	EVP_PKEY *key = x509_read_key(key_der);
	BIO *bio;
	enum err rc;

	if (key == NULL)
		return ERR_INPUT;
	bio = BIO_new(BIO_s_secmem());
	rc = x509_finish_writing(bio,
	    bio != NULL &&
		PEM_write_bio_PKCS8PrivateKey(
		    bio, key, NULL, NULL, 0, NULL, NULL),
	    ret_pem);
	EVP_PKEY_free(key);

	return rc;
}

enum err
private_key_der(struct slice key_pem, struct buf *ret_der)
{
	EVP_PKEY *key = pem_private_key(key_pem);
	enum err rc;

	if (key == NULL)
		return ERR_INPUT;
	rc = x509_write_key(key, ret_der);
	EVP_PKEY_free(key);

	return rc;
}
