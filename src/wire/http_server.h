/*
 * An HTTP/1.1 server (RFC 9112) at one door, on libevent: over mutual TLS for
 * peers, over TLS that asks for no certificate for people, without TLS for the
 * public.
 *
 * Every size and time is bounded: number of connections in all and for each
 * peer, bytes of headers, of bodies and of all requests and replies at once,
 * of them those of each organisation, seconds for a request and for an idle connection.  A request that exceeds a
 * bound is answered (413, 431, 503 with Retry-After), or its connection is
 * closed; both are counted.
 *
 * No peer can take the others' places.  A silent handshake gives way to newer
 * ones; when all connections are taken, a new one replaces a connection of the
 * peer that has most, an idle one first.  Bytes count when they have come, not
 * when they are announced; when all bytes are taken, the organisation that holds
 * most gives way: its largest request that is still coming, or its largest reply
 * that is still leaving, ends.
 *
 * The server knows no routes: it asks at the end of each head how large a
 * body may be, or whether it need not come, hands each complete call to one function, and takes a reply
 * now or later, in any order between connections.  The calls of one
 * connection are handed on one after the other.
 *
 * The process ignores SIGPIPE: a peer may go while we write.
 *
 * Not evhttp: docs/decisions/0008-http-reader.md says why.
 */
#ifndef BANGO_WIRE_HTTP_SERVER_H
#define BANGO_WIRE_HTTP_SERVER_H

#include "wire/http_call.h"
#include "wire/http_reply.h"
#include "wire/tls.h"

struct event_base;

struct http_limits {
	int connections;          /* in all, after the handshake; 1024 */
	int connections_per_peer; /* by certificate or address; 64 */
	int handshakes;           /* in all; 256 */
	size_t header_bytes;      /* 16 KiB */
	size_t body_bytes; /* 16 MiB, whatever http_handler.body_bytes says */
	size_t all_bytes;  /* of all requests and replies at once; 64 MiB */
	size_t organisation_bytes; /* of those of one organisation; 32 MiB */
	int request_ms;   /* first byte to last, and a handshake; 60 s */
	int idle_seconds; /* 120 */
};
struct http_limits http_limits_default(void);

struct http_handler {
	/* A head has come, and `call` has all but its body: how many bytes may
	 * the body have?  A larger body is refused with 413 and not read.
	 * HTTP_BODY_UNREAD: `request` gets the call at once and without its
	 * body, only to refuse it; a body that was announced ends the
	 * connection after the reply.  NULL: http_limits.body_bytes. */
	size_t (*body_bytes)(void *state, const struct http_call *call);
	/* The organisation that the owner of a certificate belongs to,
	 * borrowed.  All certificates that the handler does not know may
	 * share one name.  NULL: each certificate is one of its own. */
	struct slice (*organisation)(
	    void *state, const struct fingerprint *fingerprint);
	/* Whether no connection with a certificate of this key may stay; asked
	 * at the end of a handshake and by http_server_cut().  NULL: all
	 * may. */
	bool (*is_revoked)(void *state, const struct fingerprint *fingerprint);
	/* A complete call.  Reply now, or keep the pointer and reply later; it
	 * is valid until http_reply() or until `gone`.  Do not free the server
	 * here. */
	void (*request)(void *state, struct http_call *call);
	/* The peer went away before the reply; the call and all it holds is
	 * freed on return. */
	void (*gone)(void *state, struct http_call *call);
	/* A handshake failed or a bound was hit; `what` holds no personal
	 * data. */
	void (*refused)(void *state, struct slice remote, const char *what);
	void *state;
};

struct http_server_options {
	struct event_base *base;
	enum http_door door;
	struct tls *tls;  /* outlives the server; not used at the public door */
	const char *host; /* "127.0.0.1" */
	uint16_t port;    /* 0 takes a free one */
	struct http_limits limits;
	struct http_handler handler;
};

/* A door of a system, and its port; 0: it is closed. */
struct http_port {
	enum http_door door;
	uint16_t port;
};
#define HTTP_DOOR_COUNT 3

struct http_server;

/* Listen on host and port.  ERR_BUSY if the port is taken; the problem names
 * it. */
MUST_USE enum err http_server_new(const struct http_server_options *options,
    struct http_server **ret, struct problem *problem);
uint16_t http_server_port(const struct http_server *server);
/* Stop accepting; calls under way may still be answered. */
void http_server_drain(struct http_server *server);
/* Close at once every connection for which http_handler.is_revoked is true; a
 * call under way is `gone`.  Returns their number.  From the loop only. */
int http_server_cut(struct http_server *server);
/* The number of connections, in handshake or after it. */
int http_server_connections(const struct http_server *server);
/* Closes every connection; calls nobody back. */
void http_server_free(struct http_server *server);

/* Once for each call, which is freed. */
void http_reply(struct http_call *call, const struct http_reply *reply);

#endif
