/*
 * An HTTP/1.1 server (RFC 9112) over mutual TLS, by way of libevent.
 *
 * Every size and time is bounded: number of connections in all and for each
 * peer, bytes of headers, of bodies and of all requests and replies at once,
 * seconds for a request and for an idle connection.  What exceeds a bound is
 * answered (413, 431, 503 with Retry-After) or closed, and counted.
 *
 * No peer can take the others' places.  A handshake that is silent gives way
 * to newer ones; when all connections are taken, a newcomer gets the place of
 * one of the peer that has most, an idle one first.
 *
 * The server knows no routes: it hands each complete request to one
 * function and takes a reply now or later, in any order between connections.
 * The requests of one connection are handed on one after the other.
 *
 * The process ignores SIGPIPE: a peer may go while we write.
 *
 * Not evhttp: docs/decisions/0008-http-reader.md says why.
 */
#ifndef BANGO_WIRE_HTTP_SERVER_H
#define BANGO_WIRE_HTTP_SERVER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"
#include "wire/tls.h"

struct event_base;

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_OTHER };

const char *http_method_name(enum http_method method);

/* One request, alive until http_reply() or until the peer is gone. */
struct http_request {
	enum http_method method;
	struct slice path;  /* percent-decoded, no query; UTF-8, no ".." */
	struct slice query; /* raw, without '?' */
	struct slice body;
	struct slice content_type;
	struct slice authorization; /* the header's value */
	bool has_certificate;
	struct fingerprint fingerprint; /* of the client's certificate */
	struct slice remote;            /* address, for the log */
	void *server_data;              /* the server's own */
};

struct http_header {
	const char *name;
	const char *value;
};

struct http_reply {
	int status;
	const char *content_type;          /* NULL: none, with an empty body */
	struct slice body;                 /* copied */
	const struct http_header *headers; /* further ones; NULL-name-ended */
};

struct http_limits {
	int connections;          /* in all, after the handshake; 1024 */
	int connections_per_peer; /* by certificate or address; 64 */
	int handshakes;           /* in all; 256 */
	size_t header_bytes;      /* 16 KiB */
	size_t body_bytes;        /* 16 MiB */
	size_t stranger_bytes;    /* the same without a certificate; 64 KiB */
	size_t all_bytes;  /* of all requests and replies at once; 64 MiB */
	size_t peer_bytes; /* of those of one peer; 32 MiB */
	int request_ms;    /* first byte to last, and a handshake; 60 s */
	int idle_seconds;  /* 120 */
};
struct http_limits http_limits_default(void);

struct http_handler {
	/* A complete request.  Reply now or keep the pointer and reply later.
	 * Not the place to free the server. */
	void (*request)(void *state, struct http_request *request);
	/* The peer went away before the reply; the request and all it holds
	 * is freed on return. */
	void (*gone)(void *state, struct http_request *request);
	/* A handshake failed or a bound was hit; `what` holds no personal
	 * data. */
	void (*refused)(void *state, struct slice remote, const char *what);
	void *state;
};

struct http_server;

/* Listen on host:port ("127.0.0.1", 0 takes a free port).  ERR_BUSY if the
 * port is taken; the problem names it. */
MUST_USE enum err http_server_new(struct event_base *base, struct tls *tls,
    const char *host, uint16_t port, const struct http_limits *limits,
    const struct http_handler *handler, struct http_server **ret,
    struct problem *problem);
uint16_t http_server_port(const struct http_server *server);
/* Stop accepting; what is under way may still be answered. */
void http_server_drain(struct http_server *server);
/* In handshake or after it. */
int http_server_connections(const struct http_server *server);
/* Closes every connection; calls nobody back. */
void http_server_free(struct http_server *server);

/* Once for each request, which is freed.  A further header whose value holds
 * a control character is left out, since it could add a reply of its own. */
void http_reply(struct http_request *request, const struct http_reply *reply);

/* The first value of `name` in a raw query, percent-decoded in the arena; the
 * empty slice with NULL data if absent.  A value that is not well-formed (a
 * server hands on none) becomes a byte that is no UTF-8, so that every check
 * refuses it. */
struct slice
http_query_value(struct arena *arena, struct slice query, const char *name);

#endif
