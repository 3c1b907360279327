/*
 * An HTTP client over mutual TLS, on libcurl.
 *
 * It has two forms: http_client (many calls at once on an event loop, for the
 * courier) and http_fetch (one blocking call, for commands).  Connections
 * are kept and reused; every call has a time limit and a limit on the size
 * of the answer.  With http_client, the process ignores SIGPIPE.
 */
#ifndef BANGO_WIRE_HTTP_CLIENT_H
#define BANGO_WIRE_HTTP_CLIENT_H

#include "wire/http_call.h"
#include "wire/tls.h"

struct event_base;

struct http_client_call {
	enum http_method method;
	const char *url; /* https://host:port/path?query */
	const char *content_type;
	struct slice body;
	const char *authorization; /* NULL: none */
	/* Expected keys of the server, any of which will do: the one at this
	 * address, and as many behind it as `further` says.  NULL: any key
	 * that the CA certified. */
	const struct fingerprint *server;
	size_t further;      /* less than HTTP_SERVER_KEYS */
	int timeout_ms;      /* whole call */
	size_t answer_bytes; /* at most */
};

#define HTTP_SERVER_KEYS 4 /* of one server: it is renewed with an overlap */

struct http_answer {
	enum err err; /* OK: an answer arrived, whatever its status */
	int status;
	struct slice body; /* valid during the callback, or in `keep` */
	int retry_after;   /* seconds; 0 if the server gave none */
	char why[160];     /* the reason of `err`, for the log */
};

struct http_client;

MUST_USE enum err http_client_new(struct event_base *base, struct tls *tls,
    int connections_per_peer, struct http_client **ret);
void http_client_free(struct http_client *client); /* calls none back */
/* `done` is called once, later, from the loop.  The call is copied. */
void http_client_send(struct http_client *client,
    const struct http_client_call *call,
    void (*done)(void *state, const struct http_answer *answer), void *state);

/* End every call to a server one of whose keys `is_cut` names with ERR_CRYPTO, and close
 * the connections to it that were kept.  Connections that no call gave a
 * `server` stay.  From the loop, or from a `done`. */
void http_client_cut(struct http_client *client,
    bool (*is_cut)(void *state, const struct fingerprint *server), void *state);

/* A waiting client that keeps its connections between fetches. */
struct http_session;
MUST_USE enum err http_session_new(struct tls *tls, struct http_session **ret);
void http_session_free(struct http_session *session);
/* The answer's body is appended to `keep`. */
void
http_fetch(struct http_session *session, const struct http_client_call *call,
    struct buf *keep, struct http_answer *ret);

#endif
