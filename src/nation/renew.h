/*
 * Renewal of the keys of a nation's systems, of its holders' certificates and of
 * its revocation lists (docs/decisions/0049-renewal-of-keys.md).
 *
 * A renewal of a system replaces four files, one after another: key store, its
 * copy for a system at work (own_keys.h), directory, certificates.  A process that dies in between leaves the old keys in
 * use, and the next renewal completes it.
 */
#ifndef BANGO_NATION_RENEW_H
#define BANGO_NATION_RENEW_H

#include "nation/certificates.h"

#define RENEW_BEFORE_MS (30ll * 24 * 3600 * 1000) /* the end */

struct renew_options {
	const char *dir;
	const char *only; /* an organisation or a system of it; NULL: all */
	struct passphrase_place passphrase; /* of the systems' key stores */
	struct passphrase_place authority;  /* of the authority's */
	struct instant now;
	struct instant begin; /* when new keys are used; not before now */
	bool holders;         /* certificates of holders, too */
	bool ended;           /* things that have ended, too */
	bool anew;            /* for requests: whether due or not */
	bool quiet;           /* only what was done is told */
};

/*
 * Renew all that ends within RENEW_BEFORE_MS, and complete what an earlier renewal
 * left; *ret_told gets a line for each thing that was renewed, and *ret_n their
 * number.  ERR_NOT_FOUND without such a system or the authority's key,
 * ERR_CONFLICT if something has ended already (the rest is renewed),
 * ERR_INPUT for `begin`, ERR_TOO_LARGE for a fifth key at a time.
 */
MUST_USE enum err nation_renew(const struct renew_options *options,
    struct buf *ret_told, size_t *ret_n, struct problem *problem);

/* A new key of the system `only` for the purpose "tls" or "sign", whether one is
 * due or not; the others hear of it from the directory.  Errors as above. */
MUST_USE enum err nation_rotate(const struct renew_options *options,
    const char *purpose, uint32_t *ret_epoch, struct problem *problem);

#endif
