/*
 * Certificates of signing keys: they show whose key signed a waybill, a receipt
 * or a checkpoint to a reader who has the certificate of the nation's CA and
 * nothing else.
 *
 * A certificate for TLS (x509.h) of the same system does not serve: a thief of
 * a server's key must not be able to make evidence.
 */
#ifndef BANGO_PKI_ATTEST_H
#define BANGO_PKI_ATTEST_H

#include "base/arena.h"
#include "base/json.h"
#include "pki/x509.h"

/* A certificate for the public signing key `jwk` (crypto/sign.h); hosts may be
 * NULL.  ERR_INPUT as for authority_issue(), ERR_CRYPTO if `jwk` is no such
 * key. */
MUST_USE enum err authority_attest(struct authority *ca,
    const struct certificate_request *request, const json_t *jwk,
    struct buf *ret_cert_pem);

/* The owner of a key, and from when to when, as an authority says. */
struct attested_key {
	enum certificate_use use;
	struct slice common_name, organisation; /* in the arena */
	struct instant not_before, not_after;   /* of both certificates */
	json_t *jwk;                            /* a new reference */
};
/*
 * Open a certificate for a signing key that the authority with the certificate
 * `anchor_pem` issued (RFC 5280 §6).  ERR_INPUT if one of the two is no
 * certificate, or `cert_pem` is not spelt as we write it; ERR_CRYPTO if the
 * authority did not sign it, or it is for something else than signatures.  Not
 * checked: whether it is valid now, and whether it was revoked.
 */
MUST_USE enum err certificate_open(struct arena *arena, struct slice cert_pem,
    struct slice anchor_pem, struct attested_key *ret);
/* The same of any certificate that the authority issued, also for TLS. */
MUST_USE enum err certificate_open_any(struct arena *arena,
    struct slice cert_pem, struct slice anchor_pem, struct attested_key *ret);

#endif
