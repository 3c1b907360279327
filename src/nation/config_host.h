/*
 * The host of a system: the address on which the system listens, and by which
 * the others find it.
 *
 * This module knows the notation alone: it asks no name server, and does not
 * know whether this machine has the address.
 */
#ifndef BANGO_NATION_CONFIG_HOST_H
#define BANGO_NATION_CONFIG_HOST_H

#include <stdbool.h>

#include "base/err.h"

#define CONFIG_HOST_MAX 254 /* with its NUL: RFC 1035 2.3.4, less the root */

/*
 * Read an IPv4 address in four decimal parts, an IPv6 address without brackets
 * and zone (RFC 4291 2.2), or a host's name (RFC 1123 2.1), into the one
 * spelling of it that there is: addresses as inet_ntop() writes them, names in
 * lower case.  ERR_INPUT, also for an address by which nobody reaches a single
 * host; *ret_why then says why, to follow the text: "is link-local ...".
 */
MUST_USE enum err config_host_parse(
    const char *text, char ret[CONFIG_HOST_MAX], const char **ret_why);

/* Whether a port of one is certainly, or by the name "localhost", a port of the
 * other.  Other names are not looked up. */
bool config_host_overlaps(const char *a, const char *b);

#endif
