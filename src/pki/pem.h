/*
 * Certificates, requests for them, revocation lists and keys of OpenSSL, from PEM.
 *
 * For pki/ and wire/tls.c, which own OpenSSL's structs.  Signatures and times are
 * not checked.  Nobody is asked for a passphrase.
 */
#ifndef BANGO_PKI_PEM_H
#define BANGO_PKI_PEM_H

#include <openssl/x509.h>

#include "base/slice.h"

/* The first one in the text, to be freed by the caller; NULL if there is none
 * that can be read, or the text is longer than 64 KiB, of a list 16 MiB. */
X509 *pem_certificate(struct slice pem);
X509_CRL *pem_crl(struct slice pem);
X509_REQ *pem_request(struct slice pem);
EVP_PKEY *pem_private_key(struct slice pem);

#endif
