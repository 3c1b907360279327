/*
 * Certificates that a nation's authority issues to its systems.
 */
#ifndef BANGO_NATION_ISSUE_H
#define BANGO_NATION_ISSUE_H

#include "nation/certificates.h"

#define CERTIFICATE_MS (2 * 365ll * 24 * 3600 * 1000) /* how long it lasts */

/* The contents of a certificate of a system, but for the times; not to be copied. */
struct system_wish {
	struct certificate_request request;
	const char *hosts[4];
};
void nation_wish(const struct system_config *system, enum certificate_use use,
    struct system_wish *ret);

/* The times of a certificate whose key is used from `begin` on; `until`: when a
 * certificate for TLS ends. */
void nation_set_times(struct system_wish *wish, enum certificate_use use,
    struct instant begin, struct instant until);

/* A certificate for TLS, with a fresh key; it ends with the authority's own. */
MUST_USE enum err nation_issue(struct authority *ca,
    const struct system_config *system, struct instant from, struct instant to,
    struct buf *ret_key, struct buf *ret_pem);

/* Append to `list`, the certificates of a system's signing keys, the
 * certificates of those after the newest that it lists. */
MUST_USE enum err
nation_attest(struct authority *ca, const struct system_config *system,
    const struct keystore *keys, json_t *list);

#endif
