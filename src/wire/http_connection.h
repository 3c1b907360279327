/*
 * A connection of the server, from its handshake to its end: places and bytes
 * it has, requests read from it, replies written to it.  http_server accepts
 * connections and ends them all.
 *
 * Inside wire/ only.
 */
#ifndef BANGO_WIRE_HTTP_CONNECTION_H
#define BANGO_WIRE_HTTP_CONNECTION_H

#include <sys/queue.h>

#include "wire/http_message.h"
#include "wire/http_server.h"
#include "wire/http_share.h"
#include "wire/listen.h"

struct bufferevent;
struct event;
struct evconnlistener;
struct sockaddr;

enum connection_state {
	CONNECTION_HANDSHAKE,
	CONNECTION_READING,  /* or idle, while the reader is fresh */
	CONNECTION_HANDLING, /* the request is with the handler */
	CONNECTION_WRITING,
	CONNECTION_CLOSING, /* our half is closed; reads over the rest */
};

struct connection {
	LIST_ENTRY(connection) entry;
	struct http_server *server;
	struct bufferevent *bev;
	struct event *deadline;
	enum connection_state state;
	bool close_after; /* this reply is the last */
	const char *over; /* why it gets no place; NULL: it has one */
	bool said_continue;
	bool advancing; /* advance() is on the stack */
	struct share *share;
	struct share *bytes; /* of its organisation; NULL: in handshake */
	char remote[LISTEN_REMOTE_MAX]; /* address:port */
	size_t held; /* of all_bytes and organisation_bytes */
	struct http_reader reader;
	struct http_call call;
	struct http_file file; /* of the reply: what is still to be sent */
};

struct http_server {
	struct event_base *base;
	enum http_door door;
	unsigned int doors; /* of a call: see struct http_call */
	struct tls *tls;
	struct http_limits limits;
	struct http_handler handler;
	struct evconnlistener *listener; /* NULL once drained */
	struct event *resume;            /* accepting, after a pause */
	uint16_t port;
	int n_handshakes, n_connections; /* apart from each other */
	int n_over;
	size_t held;
	struct shares shares;
	LIST_HEAD(, connection) connections; /* newest first */
};

/* Take the connection on `fd`, which it owns from now on. */
void connection_accept(
    struct http_server *s, int fd, const struct sockaddr *address, int len);
/* Close it after the reply that is under way; at once, if it is idle. */
void connection_drain(struct connection *c);
void connection_free(struct connection *c);
/* Whether the handler says that its client's key is revoked. */
bool connection_is_revoked(const struct connection *c);
/* Close it at once, whatever it is doing, and tell the handler why. */
void connection_cut(struct connection *c, const char *why);

/* Tell the handler about a refusal. */
void http_server_refused(
    struct http_server *s, struct slice remote, const char *what);

#endif
