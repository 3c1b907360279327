/*
 * Certificates that a nation's authority issues to its systems.
 */
#ifndef BANGO_NATION_ISSUE_H
#define BANGO_NATION_ISSUE_H

#include "nation/nation.h"

#define CERTIFICATE_MS (2 * 365ll * 24 * 3600 * 1000) /* how long it lasts */
#define CERTIFICATE_SLACK_MS (3600 * 1000) /* before now: clocks differ */

/* A certificate for TLS, with a fresh key; it ends with the authority's own. */
MUST_USE enum err nation_issue(struct authority *ca,
    const struct system_config *system, struct instant from, struct instant to,
    struct buf *ret_key, struct buf *ret_pem);

/* Append to `list`, the certificates of a system's signing keys, the
 * certificates of the epochs that the list lacks. */
MUST_USE enum err
nation_attest(struct authority *ca, const struct system_config *system,
    const struct keystore *keys, json_t *list);

#endif
