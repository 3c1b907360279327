/*
 * A bare echo over mutual TLS 1.3: OpenSSL on blocking sockets of loopback, a
 * server in a process of its own, and nothing else.  It is the peer of what
 * goes over TLS: what the same bytes cost without HTTP, events, limits and
 * checks of who is there.
 */
#ifndef BANGO_BENCH_ECHO_H
#define BANGO_BENCH_ECHO_H

#include <sys/types.h>

#include "base/slice.h"
#include "wire/tls.h"

struct echo;

/* A benchmark's own certificate, its key and its CA; PEM and DER, as in struct
 * tls_identity. */
struct echo_identity {
	struct buf certificate, key, ca;
};
MUST_USE enum err echo_identity_new(struct echo_identity *ret);
void echo_identity_done(struct echo_identity *identity);

/* Start the server and shake hands with it `connections` times. */
MUST_USE enum err echo_open(const struct echo_identity *identity,
    int connections, struct echo **ret, struct problem *problem);
/* The server ends.  NULL is fine. */
void echo_close(struct echo *echo);

/* The server's process. */
pid_t echo_server(const struct echo *echo);
/* Send `len` bytes on each connection, then await all of them on each. */
MUST_USE enum err
echo_round(struct echo *echo, size_t len, struct problem *problem);

#endif
