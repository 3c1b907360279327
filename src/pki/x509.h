/*
 * Certificates for the systems' mutual TLS (RFC 5280): one small CA for each
 * nation, end-entity certificates for systems and operators, and a CRL.
 *
 * The name in a certificate grants nothing: a row with the fingerprint of the
 * peer's key says which organisation the peer is (host/directory.h).
 *
 * Keys travel as PKCS#8 DER, certificates and CRLs as PEM text.
 */
#ifndef BANGO_PKI_X509_H
#define BANGO_PKI_X509_H

#include "base/slice.h"
#include "base/time.h"
#include "crypto/hash.h"

/* SHA-256 over the SubjectPublicKeyInfo. */
struct fingerprint {
	struct digest digest;
};

struct certificate_request {
	struct slice common_name;  /* "131041/relay" */
	struct slice organisation; /* shown in listings only */
	const char *const *hosts;  /* DNS names and IP addresses, NULL-ended */
	struct instant not_before;
	struct instant not_after;
};

/* Each use has keys of its own: a thief of a server's key makes no evidence. */
enum certificate_use { CERTIFICATE_TLS, CERTIFICATE_SIGNING };

struct authority; /* a CA: key, certificate, revoked serials */

/* ERR_INPUT for a name that is empty, longer than 64 characters or not UTF-8,
 * and for an end that is not after the beginning. */
MUST_USE enum err
authority_new(struct slice common_name, struct instant not_before,
    struct instant not_after, struct authority **ret);
/* From the results of authority_key() and authority_certificate(), and the last
 * CRL (empty for none).  ERR_CORRUPT if one of them cannot be read, ERR_CRYPTO
 * if they do not belong together. */
MUST_USE enum err authority_load(struct slice key_der, struct slice cert_pem,
    struct slice crl_pem, struct authority **ret, struct problem *problem);
void authority_free(struct authority *ca);
MUST_USE enum err
authority_key(const struct authority *ca, struct buf *ret_der);
MUST_USE enum err
authority_certificate(const struct authority *ca, struct buf *ret_pem);

/* A fresh P-256 key and its certificate, for TLS server and client use.
 * ERR_INPUT as above, and for a host that is neither a DNS name nor an IP
 * address. */
MUST_USE enum err
authority_issue(struct authority *ca, const struct certificate_request *request,
    struct buf *ret_key_der, struct buf *ret_cert_pem);
/* Another certificate for the key of one that this authority issued; the hosts of
 * the request may be NULL.  ERR_INPUT as above, ERR_CRYPTO if another authority
 * issued it. */
MUST_USE enum err authority_reissue(struct authority *ca,
    const struct certificate_request *request, struct slice old_pem,
    struct buf *ret_cert_pem);
/* Put a certificate on the list; one that is on it already is fine.  ERR_INPUT
 * if it is no certificate, ERR_CRYPTO if another authority issued it. */
MUST_USE enum err authority_revoke(
    struct authority *ca, struct slice cert_pem, struct instant when);
/* Sign the list, with the next number. */
MUST_USE enum err authority_crl(struct authority *ca, struct instant now,
    struct instant next_update, struct buf *ret_pem);

/* The number of the CRL that was signed last; 0: none. */
long authority_number(const struct authority *ca);

/* ERR_INPUT if the text is no certificate. */
MUST_USE enum err
certificate_fingerprint(struct slice cert_pem, struct fingerprint *ret);
/* From when to when it is valid, by its own words.  ERR_INPUT. */
MUST_USE enum err certificate_validity(
    struct slice cert_pem, struct instant *ret_from, struct instant *ret_to);
/* Take the next block of that kind, such as "CERTIFICATE", from a text in PEM with
 * several, with what stands before it and the line feed behind it.  Empty: there is
 * none, and all stays. */
struct slice pem_next(struct slice *rest, const char *label);
/* When the next list is due.  ERR_INPUT if the text is no such CRL. */
MUST_USE enum err crl_until(struct slice crl_pem, struct instant *ret);
/* The fingerprint of a private key's public half.  ERR_INPUT. */
MUST_USE enum err
private_key_fingerprint(struct slice key_der, struct fingerprint *ret);
/* ERR_INPUT if the text is no CRL in PEM. */
MUST_USE enum err crl_check(struct slice crl_pem);
/* Whether it is on the list; false if one of the two cannot be read, which is
 * no proof that it is valid. */
bool certificate_is_listed(struct slice cert_pem, struct slice crl_pem);
/* A private key as PEM, for tools such as curl, and back. */
MUST_USE enum err private_key_pem(struct slice key_der, struct buf *ret_pem);
MUST_USE enum err private_key_der(struct slice key_pem, struct buf *ret_der);

#endif
