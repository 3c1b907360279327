/*
 * The keys and certificates of a system that is being served: read at the start
 * and at SIGHUP, and taken into use when their time has come
 * (docs/decisions/0049-renewal-of-keys.md).
 *
 * A system at work is locked in, and has no passphrase any more.  A renewal
 * therefore leaves a second copy of the key store, `keys.next`, sealed under a
 * passphrase that a signing key of the system gives.  The next start, which reads
 * the key store itself, removes the copy.
 */
#ifndef BANGO_NATION_OWN_KEYS_H
#define BANGO_NATION_OWN_KEYS_H

#include "nation/certificates.h"
#include "wire/tls.h"

struct own_keys {
	const char *dir;
	const struct passphrase_place *passphrase;
	const struct system_config *system;
	struct keystore *keys;  /* which the node has */
	struct keystore *fresh; /* as read last, if they differ; or NULL */
	struct tls_certificates certificates;
	struct fingerprint used; /* of the certificate in use */
	uint32_t sign_epoch;     /* of the signing key in use */
	/* The epoch of our newest signing key with a certificate in the
	 * directory: a newer one is not used.  0: none has any. */
	uint32_t attested;
	struct instant attested_from, attested_to; /* of its certificate */
	struct instant ca_to;
	struct buf ca;
	bool has_new_rest; /* the start made a key for values at rest */
};

/* Append the passphrase of `keys.next` that the signing key of this epoch gives;
 * ERR_NOT_FOUND without that key. */
MUST_USE enum err own_keys_passphrase(
    const struct keystore *keys, uint32_t epoch, struct buf *ret);

/* Read everything at the start; own_keys_done() in any case. */
MUST_USE enum err own_keys_open(
    struct own_keys *own, struct instant now, struct problem *problem);
void own_keys_done(struct own_keys *own);
/* Read the certificates, `keys.next` if there is one, and the directory again; on
 * failure, all stays as it was. */
MUST_USE enum err own_keys_read(struct own_keys *own, struct problem *problem);

/* The certificate to begin with, and its key.  ERR_CRYPTO. */
MUST_USE enum err own_keys_tls(struct own_keys *own, struct instant now,
    struct tls_identity *ret, struct problem *problem);
/* The epoch of the signing key to begin with; 0: the newest. */
uint32_t own_keys_sign_epoch(struct own_keys *own);

enum own_keys_news { OWN_KEYS_TLS = 1, OWN_KEYS_SIGN = 2 };
/* Take into use what may be used now; a set of the above.  With OWN_KEYS_SIGN,
 * `keys` is another key store, and the one of before is freed.  On failure the
 * old keys stay in use. */
MUST_USE enum err
own_keys_advance(struct own_keys *own, struct tls *tls, struct node *node,
    struct instant now, unsigned int *ret_news, struct problem *problem);
/* Milliseconds until there is something to take into use; -1: nothing waits. */
int64_t own_keys_next(const struct own_keys *own, struct instant now);
/* Tell the node what ends when. */
void own_keys_tell_ends(const struct own_keys *own, struct node *node);

#endif
