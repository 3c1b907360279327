/*
 * The list of revoked keys of a nation: a JWS (RFC 7515) of the type
 * `bango-revoked`, signed with the key of the nation's CA.
 *
 *   {"number": 3, "time": 1795000000000, "entries": [
 *     {"spki": "9f…", "system": "131041/relay", "since": 1794990000000,
 *      "reason": "compromised"}]}
 *
 * A CRL (x509.h) names certificates, which a reader has at a handshake only;
 * this list names keys, which a reader has at any time.  Both lists are
 * published together under one number (decision 0044).
 *
 * Not checked: whether the list is the newest, which its reader remembers.
 */
#ifndef BANGO_PKI_REVOKED_H
#define BANGO_PKI_REVOKED_H

#include "base/arena.h"
#include "pki/x509.h"

#define REVOKED_TYPE "bango-revoked"
#define REVOKED_MEDIA_TYPE "application/jose"
#define REVOKED_ENTRIES_MAX 10000
#define REVOKED_TEXT_MAX (4u << 20) /* bytes of the signed text */
#define REVOKED_SYSTEM_MAX 64       /* characters */

#define REVOKED_SUPERSEDED "superseded"   /* the key has a successor */
#define REVOKED_COMPROMISED "compromised" /* others may have the key */
#define REVOKED_ENDED "ended"             /* the system is no more */

/* A key: `spki` or `jwk`, never both. */
struct revoked_entry {
	/* A key for TLS: struct fingerprint as 64 hexadecimal digits. */
	struct slice spki;
	struct slice jwk;     /* a signing key: struct key_id as text */
	struct slice system;  /* its owner, "131041/relay" */
	struct instant since; /* the key is not trusted from here on */
	struct slice reason;  /* REVOKED_... */
};

struct revoked_list {
	int64_t number; /* greater than that of every earlier list */
	struct instant time;
	const struct revoked_entry *entries;
	size_t n_entries;
};

/* The key's text: that of the member which is not empty. */
struct slice revoked_key(const struct revoked_entry *entry);

/* Append the signed list.  ERR_INPUT if it does not fit revoked_open(). */
MUST_USE enum err authority_sign_revoked(const struct authority *ca,
    struct arena *arena, const struct revoked_list *list, struct buf *ret);
/*
 * Verify a list by the certificate `anchor_pem` of its CA, and read it; all of
 * it lies in the arena.  ERR_INPUT if the text is not such a list, ERR_CRYPTO
 * if that CA did not sign it.
 */
MUST_USE enum err revoked_open(struct arena *arena, struct slice text,
    struct slice anchor_pem, struct revoked_list *ret, struct problem *problem);

#endif
