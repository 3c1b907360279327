/*
 * Mutual TLS 1.3 (RFC 8446), and nothing older.
 *
 * The only file of `wire` that knows OpenSSL.  A handshake succeeds if the
 * peer's certificate chains to the nation's CA, is within its validity and
 * is not on the CRL; the caller decides by the fingerprint who the peer is.
 *
 * A CRL past its next update is used for TLS_GRACE_DAYS more: if the issuer of
 * the lists is down, everybody else must go on.  Operators are told in time
 * (tls_revocations_until()).  After that, every handshake fails.
 */
#ifndef BANGO_WIRE_TLS_H
#define BANGO_WIRE_TLS_H

#include "base/slice.h"
#include "base/time.h"
#include "pki/x509.h"

#define TLS_GRACE_DAYS 7

struct tls_identity {
	struct slice certificate_pem;
	struct slice key_der; /* secret; copied and wiped by tls */
	struct slice ca_pem;
	struct slice crl_pem; /* empty: no revocation check (tests only) */
};

enum tls_clients {
	TLS_CLIENTS_MUST, /* no certificate, no connection */
	TLS_CLIENTS_MAY,  /* a portal: residents come without one */
};

struct tls; /* both roles of one system; reference-counted inside OpenSSL */

MUST_USE enum err tls_new(const struct tls_identity *identity,
    enum tls_clients clients, struct tls **ret, struct problem *problem);
void tls_free(struct tls *tls);
/*
 * Replace certificate and key for all handshakes from now on; connections that
 * are open go on.  ERR_INPUT, ERR_CRYPTO if the key does not belong to the
 * certificate or the CA did not issue it; then the old ones stay.
 */
MUST_USE enum err
tls_set_certificate(struct tls *tls, struct slice certificate_pem,
    struct slice key_der, struct problem *problem);
/* Replace the CRL for all handshakes from now on. */
MUST_USE enum err
tls_set_crl(struct tls *tls, struct slice crl_pem, struct problem *problem);
/* The CRL's next update; 0 without a CRL. */
struct instant tls_revocations_until(const struct tls *tls);

#endif
