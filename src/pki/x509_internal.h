/* The common part of the two kinds of certificates; inside pki/ only. */
#ifndef BANGO_PKI_X509_INTERNAL_H
#define BANGO_PKI_X509_INTERNAL_H

#include <openssl/x509v3.h>

#include "base/json.h"
#include "pki/x509.h"

struct authority {
	EVP_PKEY *key;
	X509 *cert;
	X509_CRL *crl;   /* the last list, and what was revoked since */
	long crl_number; /* of the last list */
};

enum err x509_write(X509 *cert, struct buf *ret_pem);
/* ERR_INPUT if its times cannot be read. */
enum err x509_validity(
    const X509 *cert, struct instant *ret_from, struct instant *ret_to);
/* The certificate's key, a new reference; NULL if it is no key on P-256. */
json_t *x509_jwk(const X509 *cert);

/* As of X509V3_EXT_nconf_nid(); a list ends with a NULL value. */
struct extension {
	int nid;
	const char *value;
};
/* A signed certificate.  ERR_INPUT if a name, the times or a host are unfit. */
enum err
x509_issue(struct authority *ca, const struct certificate_request *request,
    const struct extension *extensions, EVP_PKEY *key, X509 **ret);

#endif
