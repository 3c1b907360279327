/* The common part of the two kinds of certificates; inside pki/ only. */
#ifndef BANGO_PKI_X509_INTERNAL_H
#define BANGO_PKI_X509_INTERNAL_H

#include <openssl/x509v3.h>

#include "base/arena.h"
#include "base/json.h"
#include "pki/x509.h"

struct authority {
	EVP_PKEY *key;
	X509 *cert;
	X509_CRL *crl;   /* the last list, and what was revoked since */
	long crl_number; /* of the last list */
};

enum err x509_write(X509 *cert, struct buf *ret_pem);
/* Append what was written to `bio`, which may be NULL, and free it. */
enum err x509_finish_writing(BIO *bio, int written, struct buf *ret);
/* PKCS#8, and nothing after it; NULL if it is something else. */
EVP_PKEY *x509_read_key(struct slice der);
enum err x509_write_key(EVP_PKEY *key, struct buf *ret_der);
enum err x509_fingerprint(const X509_PUBKEY *key, struct fingerprint *ret);
/* ERR_INPUT if its times cannot be read. */
enum err x509_validity(
    const X509 *cert, struct instant *ret_from, struct instant *ret_to);
/* The key, a new reference; NULL if it is no key on P-256. */
json_t *x509_jwk(const X509_PUBKEY *key);
/* The one name of that kind; empty if there is none. */
enum err x509_name(
    struct arena *arena, const X509_NAME *name, int nid, struct slice *ret);
/* Add organisation and common name; 1, as OpenSSL says, if they are fit. */
int x509_add_names(X509_NAME *name, const struct certificate_request *request);
/* NULL for a host that is neither a DNS name nor an IP address. */
GENERAL_NAMES *x509_host_names(const char *const *hosts);

/* As of X509V3_EXT_nconf_nid(); a list ends with a NULL value. */
struct extension {
	int nid;
	const char *value;
};
extern const struct extension x509_of_system[], x509_of_signing_key[];
/* A signed certificate.  ERR_INPUT if a name, the times or a host are unfit. */
enum err
x509_issue(struct authority *ca, const struct certificate_request *request,
    const struct extension *extensions, EVP_PKEY *key, X509 **ret);

#endif
