/*
 * A system's certificates for TLS: DIR/systems/…/cert.pem holds those that have
 * not ended, oldest first, and the system's key store their keys
 * (docs/decisions/0049-renewal-of-keys.md).
 */
#ifndef BANGO_NATION_CERTIFICATES_H
#define BANGO_NATION_CERTIFICATES_H

#include "crypto/keystore.h"
#include "nation/nation.h"

/* A new key is used this long after it was announced. */
#define KEY_ANNOUNCED_MS (3600ll * 1000)
#define CERTIFICATE_SLACK_MS (3600 * 1000) /* before now: clocks differ */
/* No certificate begins later: keys are made for the next 30 days. */
#define CERTIFICATE_AHEAD_MS (31ll * 24 * 3600 * 1000)

struct tls_certificate {
	struct slice pem;
	struct fingerprint fingerprint;
	struct instant from, to; /* of its validity */
};

struct tls_certificates {
	struct buf text;
	struct tls_certificate all[PEER_TLS_KEYS];
	size_t n; /* one at least, once it is read */
};

/* Read cert.pem.  ERR_CRYPTO for a file that is not 1 to PEER_TLS_KEYS
 * certificates in PEM, and those of file_read(). */
MUST_USE enum err certificates_read(const char *dir, const struct system_id *id,
    struct tls_certificates *ret, struct problem *problem);
/* The same from the text in ret->text; `path` is for the error. */
MUST_USE enum err certificates_parse(
    const char *path, struct tls_certificates *ret, struct problem *problem);
void certificates_done(struct tls_certificates *c);

/* Whether the validity has not ended, and does not begin later than
 * CERTIFICATE_AHEAD_MS: what else there is, a wrong clock signed or time ended. */
bool certificate_is_timely(
    struct instant from, struct instant to, struct instant now);
/* From when on a key is used whose certificate begins at `from`. */
struct instant key_used_from(enum certificate_use use, struct instant from);
/* The newest one that may be used; without any, the oldest one. */
const struct tls_certificate *
certificates_current(const struct tls_certificates *c, struct instant now);
const struct tls_certificate *
certificates_newest(const struct tls_certificates *c);
/* The one of that key; NULL if there is none. */
const struct tls_certificate *certificates_find(
    const struct tls_certificates *c, const struct fingerprint *key);
/* The place of a signing key's certificate in a directory's list, from 1 on; 0: it
 * is not there. */
size_t certificates_place(const json_t *list, const struct fingerprint *key);
/* The newest epoch, not after `max`, of the signing keys that have a certificate in
 * a directory's list; 0: there is none.  The list may lack epochs, and have
 * certificates of keys that a key store from a copy does not hold. */
uint32_t certificates_epoch(
    const json_t *list, const struct keystore *keys, uint32_t max);
/* The key "tls" or "sign" of that fingerprint; NULL if the key store does not hold
 * it. */
const struct stored_key *certificate_key(const struct keystore *keys,
    const char *purpose, const struct fingerprint *fp);

#endif
