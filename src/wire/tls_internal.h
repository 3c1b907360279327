/*
 * The functions of TLS for the rest of `wire`.  OpenSSL's own types stay in
 * tls.c.
 */
#ifndef BANGO_WIRE_TLS_INTERNAL_H
#define BANGO_WIRE_TLS_INTERNAL_H

#include "wire/tls.h"

struct bufferevent;
struct event_base;

/* The server's side of a connection on `fd`, about to shake hands.  Owns `fd`
 * from now on; on failure NULL, and `fd` is closed. */
struct bufferevent *
tls_accept(struct tls *tls, struct event_base *base, int fd);
/* The same for a client that is asked for no certificate. */
struct bufferevent *
tls_accept_anybody(struct tls *tls, struct event_base *base, int fd);
/* False if the client has no certificate. */
bool tls_peer_fingerprint(struct bufferevent *bev, struct fingerprint *ret);
/* Why the handshake or the connection failed, in OpenSSL's words. */
void tls_why(struct bufferevent *bev, struct buf *ret);
/* Tell the peer that nothing more will come (close_notify), and end our half
 * of the connection; also of one without TLS. */
void tls_goodbye(struct bufferevent *bev);

/* Make `ssl_ctx`, which libcurl made, the client's side of `tls`. */
MUST_USE enum err tls_prepare_client(const struct tls *tls, void *ssl_ctx);

#endif
