/*
 * Requests for certificates (PKCS#10, RFC 2986), for an authority that is kept
 * elsewhere (docs/decisions/0052-certificates-from-elsewhere.md).
 *
 * A request shows that its maker holds the private key, and nothing else: who
 * made it, a person has to know.
 */
#ifndef BANGO_PKI_REQUEST_H
#define BANGO_PKI_REQUEST_H

#include "base/arena.h"
#include "base/json.h"
#include "pki/x509.h"

/* A fresh private key on P-256.  ERR_CRYPTO. */
MUST_USE enum err private_key_make(struct buf *ret_der);

/* Append the request for a certificate of that key; `wish` says what will stand in
 * it (the times do not count).  ERR_INPUT as for authority_issue(), and for a
 * key that cannot be read or is not on P-256. */
MUST_USE enum err
request_make(struct slice key_der, const struct certificate_request *wish,
    enum certificate_use use, struct buf *ret_pem);

struct requested {
	struct slice common_name; /* in the arena */
	enum certificate_use use;
	struct fingerprint fingerprint; /* of the key */
	json_t *jwk;                    /* the same key; a new reference */
};
/*
 * Open a request.  ERR_INPUT if the text is none in PEM, or its name cannot be
 * read; ERR_CRYPTO if its key is not on P-256, or the request was not signed
 * with it.  request_check() compares the rest of it.
 */
MUST_USE enum err request_open(struct arena *arena, struct slice pem,
    struct requested *ret, struct problem *problem);
/* ERR_DENIED unless the request asks for what request_make() would ask for, and
 * nothing else: both are the same up to the signature. */
MUST_USE enum err request_check(struct slice pem,
    const struct certificate_request *wish, enum certificate_use use);

/* The certificate, for the request's key; nothing else is taken from it.
 * ERR_INPUT as for authority_issue(). */
MUST_USE enum err authority_grant(struct authority *ca, struct slice pem,
    const struct certificate_request *wish, enum certificate_use use,
    struct buf *ret_cert_pem);

#endif
