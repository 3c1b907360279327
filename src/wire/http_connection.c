#include "wire/http_connection.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "wire/tls_internal.h"

#define LINGER_MS 2000        /* for the peer to take our last words */
#define AHEAD_MAX (64u << 10) /* bytes of requests to come, kept */
#define OVER_MAX 64           /* connections that wait for their 503 */
#define PIECE_MAX (64u << 10) /* bytes of a file in memory */

void
http_server_refused(
    struct http_server *s, struct slice remote, const char *what)
{
	if (s->handler.refused != NULL)
		s->handler.refused(s->handler.state, remote, what);
}

/* --- A connection's life ------------------------------------------------- */

static void
arm(struct connection *c, int64_t ms)
{
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	event_add(c->deadline, &tv);
}

static void
hold(struct connection *c, size_t bytes)
{
	c->server->held = c->server->held - c->held + bytes;
	c->bytes->bytes = c->bytes->bytes - c->held + bytes;
	c->held = bytes;
}

/* A file was sent, or will not be. */
static void
file_close(struct http_file *file)
{
	if (file->is_set)
		close(file->fd);
	file->is_set = false;
}

void
connection_free(struct connection *c)
{
	if (c->bytes != NULL) {
		hold(c, 0);
		share_leave(c->bytes);
	}
	file_close(&c->file);
	LIST_REMOVE(c, entry);
	if (c->share->of == SHARE_HANDSHAKES)
		c->server->n_handshakes--;
	else
		c->server->n_connections--;
	if (c->over != NULL)
		c->server->n_over--;
	share_leave(c->share);
	event_free(c->deadline);
	bufferevent_free(c->bev);
	http_reader_done(&c->reader);
	free(c);
}

/* Close our half properly.  Closing the socket at once would let the kernel
 * discard bytes that the peer has not read yet. */
static void
connection_end(struct connection *c)
{
	c->state = CONNECTION_CLOSING;
	tls_goodbye(c->bev);
	bufferevent_enable(c->bev, EV_READ);
	arm(c, LINGER_MS);
}

/* --- Replies ------------------------------------------------------------- */

/* As long as the largest request may take to come, for as many bytes. */
static int64_t
time_to_take(const struct http_server *s, uint64_t bytes)
{
	return s->limits.request_ms *
	    (1 + (int64_t)(bytes / (s->limits.body_bytes + 1)));
}

/* The next piece of the reply's file.  A file that ends before its length
 * ends the connection, so that the peer takes it for no whole reply. */
static void
send_piece(struct connection *c)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);
	struct http_file *file = &c->file;
	size_t want =
	    file->length < PIECE_MAX ? (size_t)file->length : PIECE_MAX;
	struct evbuffer_iovec piece = {0};
	ssize_t n = 0;

	if (evbuffer_reserve_space(out, (ev_ssize_t)want, &piece, 1) == 1)
		n = pread(file->fd, piece.iov_base, want, (off_t)file->offset);
	if (n <= 0) {
		http_server_refused(c->server, slice_of(c->remote),
		    "the file of a reply is shorter than its announced length");
		file_close(file);
		connection_end(c);
		return;
	}
	piece.iov_len = (size_t)n;
	evbuffer_commit_space(out, &piece, 1);
	hold(c, piece.iov_len);
	file->offset += piece.iov_len;
	file->length -= piece.iov_len;
	if (file->length == 0)
		file_close(file);
}

/* Head and body in one piece of memory, so that a short reply is one TLS
 * record and one packet. */
static void
write_reply(struct connection *c, const struct http_reply *reply)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);
	bool bare =
	    c->reader.is_head || reply->status == 204 || reply->status == 304;
	size_t body_len = bare ? 0 : reply->body.len;
	struct buf head;

	if (!c->reader.keep_alive)
		c->close_after = true;
	buf_init(&head);
	http_reply_head(reply, c->close_after ? "close" : NULL, &head);
	evbuffer_expand(out, head.len + body_len);
	evbuffer_add(out, head.data, head.len);
	if (body_len > 0)
		evbuffer_add(out, reply->body.data, body_len);
	c->file = reply->file;
	if (bare || c->file.length == 0)
		file_close(&c->file);
	arm(c, time_to_take(c->server, head.len + body_len + c->file.length));
	hold(c, head.len + body_len);
	buf_done(&head);
	buf_done(&c->reader.body);
	c->state = CONNECTION_WRITING;
}

/* Answer a request that never reached the handler, and close. */
static void
refuse(struct connection *c, int status, const char *why)
{
	struct http_reply reply = {
	    .status = status, .content_type = "application/problem+json"};
	struct buf body;

	http_server_refused(c->server, slice_of(c->remote), why);
	buf_init(&body);
	buf_printf(&body, "{\"status\":%d,\"error\":\"%s\",\"detail\":\"%s\"}",
	    status, status == 503 ? "busy" : "refused", why);
	reply.body = buf_slice(&body);
	c->close_after = true;
	write_reply(c, &reply);
	buf_done(&body);
}

/* --- Requests ------------------------------------------------------------ */

/* A page of another site may name its host so that browsers look for it here
 * (DNS rebinding): people's pages are for calls that name this machine. */
static unsigned int
doors_of_call(const struct connection *c)
{
	unsigned int doors = c->server->doors;

	if (c->server->door == HTTP_DOOR_PUBLIC &&
	    !http_host_is_loopback(c->reader.fields[HTTP_FIELD_HOST]))
		doors = HTTP_DOOR_PUBLIC;

	return doors;
}

/* The head is read: all of the call but its body. */
static void
take_head(struct connection *c)
{
	struct http_reader *r = &c->reader;
	const struct slice *fields = r->fields;

	c->call = (struct http_call){.method = r->method,
	    .doors = doors_of_call(c),
	    .path = buf_slice(&r->path),
	    .query = r->query,
	    .content_type = fields[HTTP_FIELD_CONTENT_TYPE],
	    .content_encoding = fields[HTTP_FIELD_CONTENT_ENCODING],
	    .authorization = fields[HTTP_FIELD_AUTHORIZATION],
	    .host = fields[HTTP_FIELD_HOST],
	    .cookie = fields[HTTP_FIELD_COOKIE],
	    .origin = fields[HTTP_FIELD_ORIGIN],
	    .sec_fetch_site = fields[HTTP_FIELD_SEC_FETCH_SITE],
	    .accept = fields[HTTP_FIELD_ACCEPT],
	    .accept_language = fields[HTTP_FIELD_ACCEPT_LANGUAGE],
	    .if_none_match = fields[HTTP_FIELD_IF_NONE_MATCH],
	    .has_certificate = c->share->has_certificate,
	    .fingerprint = c->share->fingerprint,
	    .remote = slice_of(c->remote),
	    .server_data = c};
}

static void
accept_head(struct connection *c)
{
	const struct http_handler *h = &c->server->handler;
	size_t max = c->server->limits.body_bytes, wanted;

	take_head(c);
	wanted =
	    h->body_bytes != NULL ? h->body_bytes(h->state, &c->call) : max;
	c->call.unread = wanted == HTTP_BODY_UNREAD;
	if (c->call.unread)
		http_reader_leave_body(&c->reader);
	else
		http_reader_accept(&c->reader, wanted < max ? wanted : max);
}

static void
dispatch(struct connection *c)
{
	c->call.body = buf_slice(&c->reader.body);
	event_del(c->deadline);
	c->state = CONNECTION_HANDLING;
	c->server->handler.request(c->server->handler.state, &c->call);
}

/* The connection of that organisation that holds most, of those that take or
 * bring bytes at the moment: a call that the handler has is not taken from
 * it. */
static struct connection *
find_holder(const struct http_server *s, const struct share *bytes)
{
	struct connection *c, *most = NULL;

	LIST_FOREACH(c, &s->connections, entry)
	{
		if (c->bytes == bytes && c->state != CONNECTION_HANDLING &&
		    c->held > (most == NULL ? 0 : most->held))
			most = c;
	}

	return most;
}

/* Let an organisation that holds more than ours give way.  False if none
 * can. */
static bool
make_room(const struct connection *c, const char *why)
{
	struct http_server *s = c->server;
	const struct share *largest = share_largest(&s->shares, SHARE_BYTES);
	struct connection *victim;

	if (largest->bytes <= c->bytes->bytes)
		return false;
	victim = find_holder(s, largest);
	if (victim == NULL)
		return false;
	if (victim->state == CONNECTION_READING) {
		refuse(victim, 503, why);
		return true;
	}
	http_server_refused(s, slice_of(victim->remote), why);
	connection_free(victim);

	return true;
}

/* Count the bytes of the body that have come.  A call without a body is
 * answered even if others use all of the common bound.  Returns NULL, or the
 * reason why there is no room. */
static const char *
find_room(struct connection *c)
{
	static const char why[] = "too many bytes of requests and replies";
	const struct http_limits *limits = &c->server->limits;

	hold(c, c->reader.body.len);
	if (c->bytes->bytes > limits->organisation_bytes)
		return "too many bytes of requests and replies of one "
		       "organisation";
	while (c->held > 0 && c->server->held > limits->all_bytes) {
		if (!make_room(c, why))
			return why;
	}

	return NULL;
}

static void
say_continue(struct connection *c)
{
	const struct http_reader *r = &c->reader;

	if (!r->wants_continue || c->said_continue || r->body.len > 0 ||
	    (r->state != HTTP_READER_BODY &&
		r->state != HTTP_READER_CHUNK_SIZE))
		return;
	c->said_continue = true;
	evbuffer_add_printf(
	    bufferevent_get_output(c->bev), "HTTP/1.1 100 Continue\r\n\r\n");
}

/* Read on; true if there was anything. */
static bool
read_some(struct connection *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	size_t n = evbuffer_get_contiguous_space(in);
	struct http_reader *r = &c->reader;
	const char *no_room;

	if (n == 0)
		return false;
	if (c->over != NULL) {
		refuse(c, 503, c->over);
		return true;
	}
	if (http_reader_is_fresh(r))
		arm(c, c->server->limits.request_ms);
	n = http_reader_feed(
	    r, slice_bytes(evbuffer_pullup(in, (ev_ssize_t)n), n));
	evbuffer_drain(in, n);
	if (r->state == HTTP_READER_HEAD_READ)
		accept_head(c);
	no_room = r->state == HTTP_READER_REFUSED ? NULL : find_room(c);
	if (r->state == HTTP_READER_REFUSED)
		refuse(c, r->status, r->why);
	else if (no_room != NULL)
		refuse(c, 503, no_room);
	else if (r->state == HTTP_READER_COMPLETE)
		dispatch(c);
	else
		say_continue(c);

	return true;
}

/* The reply has left: the next request, or the end. */
static bool
reply_left(struct connection *c)
{
	if (evbuffer_get_length(bufferevent_get_output(c->bev)) > 0)
		return false;
	if (c->file.is_set) {
		send_piece(c);
		return true;
	}
	if (c->close_after) {
		connection_end(c);
		return true;
	}
	hold(c, 0);
	http_reader_reset(&c->reader);
	c->said_continue = false;
	c->state = CONNECTION_READING;
	bufferevent_enable(c->bev, EV_READ);
	arm(c, (int64_t)c->server->limits.idle_seconds * 1000);

	return true;
}

/* Stop reading when AHEAD_MAX bytes of later requests are kept. */
static void
bound_ahead(struct connection *c)
{
	if (evbuffer_get_length(bufferevent_get_input(c->bev)) > AHEAD_MAX)
		bufferevent_disable(c->bev, EV_READ);
}

/* One step; false if there is nothing to do for now. */
static bool
step(struct connection *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);

	switch (c->state) {
	case CONNECTION_HANDSHAKE:
		return false;
	case CONNECTION_READING:
		return read_some(c);
	case CONNECTION_HANDLING:
		/* We read on only to hear when the peer goes. */
		bound_ahead(c);
		return false;
	case CONNECTION_WRITING:
		bound_ahead(c);
		return reply_left(c);
	case CONNECTION_CLOSING:
		evbuffer_drain(in, evbuffer_get_length(in));
		return false;
	}

	return false;
}

static void
advance(struct connection *c)
{
	if (c->advancing)
		return;
	c->advancing = true;
	while (step(c))
		;
	c->advancing = false;
}

void
http_reply(struct http_call *call, const struct http_reply *reply)
{
	struct connection *c = call->server_data;

	assert(c->state == CONNECTION_HANDLING);
	write_reply(c, reply);
	advance(c);
}

/* --- Events -------------------------------------------------------------- */

static void
on_bytes(struct bufferevent *bev, void *state)
{
	(void)bev;
	advance(state);
}

/* An idle connection may go at any time, and a client knows that. */
static bool
is_idle(const struct connection *c)
{
	return c->state == CONNECTION_READING &&
	    http_reader_is_fresh(&c->reader);
}

bool
connection_is_revoked(const struct connection *c)
{
	const struct http_handler *h = &c->server->handler;

	return c->state != CONNECTION_HANDSHAKE && c->share->has_certificate &&
	    h->is_revoked != NULL &&
	    h->is_revoked(h->state, &c->share->fingerprint);
}

void
connection_cut(struct connection *c, const char *why)
{
	struct http_server *s = c->server;

	http_server_refused(s, slice_of(c->remote), why);
	if (c->state == CONNECTION_HANDLING && s->handler.gone != NULL)
		s->handler.gone(s->handler.state, &c->call);
	connection_free(c);
}

/* The oldest connection of a peer goes, an idle one first. */
static void
give_way(struct http_server *s, const struct share *share, const char *why)
{
	struct connection *c, *victim = NULL;

	LIST_FOREACH(c, &s->connections, entry)
	{
		if (c->share == share &&
		    (victim == NULL || is_idle(c) || !is_idle(victim)))
			victim = c;
	}
	assert(victim != NULL); /* or there would be no share */
	connection_cut(victim, why);
}

/* The bytes of a peer count for its organisation. */
static struct share *
join_bytes(struct http_server *s, const struct share *peer)
{
	const struct http_handler *h = &s->handler;
	struct share who = *peer;
	struct slice name;

	who.of = SHARE_BYTES;
	if (who.has_certificate && h->organisation != NULL) {
		name = h->organisation(h->state, &who.fingerprint);
		who.has_certificate = false;
		snprintf(who.name, sizeof(who.name), "%.*s", SLICE_ARG(name));
	}

	return share_join(&s->shares, &who);
}

/* The peer is known: the connection counts for the peer from now on. */
static void
identify(struct connection *c)
{
	struct http_server *s = c->server;
	struct share who = *c->share;

	who.of = SHARE_CONNECTIONS;
	who.has_certificate = s->door == HTTP_DOOR_PEERS &&
	    tls_peer_fingerprint(c->bev, &who.fingerprint);
	share_leave(c->share);
	c->share = share_join(&s->shares, &who);
	c->bytes = join_bytes(s, &who);
	s->n_handshakes--;
	s->n_connections++;
	http_reader_init(&c->reader, s->limits.header_bytes);
}

/* Make a place for this peer's new connection if there is none.  Returns NULL,
 * or the reason why there can be none. */
static const char *
find_place(struct connection *c)
{
	struct http_server *s = c->server;
	const struct share *largest;

	if (c->share->connections > s->limits.connections_per_peer)
		return "too many connections of one peer";
	if (s->n_connections - s->n_over <= s->limits.connections)
		return NULL;
	largest = share_largest(&s->shares, SHARE_CONNECTIONS);
	if (largest->connections <= c->share->connections)
		return "too many connections in all";
	give_way(s, largest, "too many connections in all");

	return NULL;
}

static void
on_connected(struct connection *c)
{
	struct http_server *s = c->server;

	identify(c);
	c->state = CONNECTION_READING;
	if (connection_is_revoked(c)) {
		connection_cut(c, "its key is revoked");
		return;
	}
	c->over = find_place(c);
	if (c->over != NULL && s->n_over++ >= OVER_MAX) {
		http_server_refused(s, slice_of(c->remote), c->over);
		connection_free(c);
		return;
	}
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	arm(c,
	    c->over != NULL ? LINGER_MS
			    : (int64_t)s->limits.idle_seconds * 1000);
}

static void
on_failed_handshake(struct connection *c)
{
	struct buf why;

	buf_init(&why);
	buf_add_string(&why, "TLS handshake: ");
	tls_why(c->bev, &why);
	http_server_refused(c->server, slice_of(c->remote), why.data);
	buf_done(&why);
}

static void
on_event(struct bufferevent *bev, short what, void *state)
{
	struct connection *c = state;
	struct http_handler *h = &c->server->handler;

	(void)bev;
	if ((what & BEV_EVENT_CONNECTED) != 0) {
		on_connected(c);
		return;
	}
	if (c->state == CONNECTION_HANDSHAKE)
		on_failed_handshake(c);
	else if (c->state == CONNECTION_HANDLING && h->gone != NULL)
		h->gone(h->state, &c->call);
	connection_free(c);
}

static void
on_deadline(evutil_socket_t fd, short what, void *state)
{
	struct connection *c = state;

	(void)fd;
	(void)what;
	if (c->state == CONNECTION_READING &&
	    !http_reader_is_fresh(&c->reader)) {
		refuse(c, 408, "the request took too long to arrive");
		advance(c);
		return;
	}
	if (c->state == CONNECTION_READING) {
		connection_end(c); /* idle */
		return;
	}
	if (c->state == CONNECTION_HANDSHAKE)
		http_server_refused(c->server, slice_of(c->remote),
		    "the TLS handshake took too long");
	else if (c->state == CONNECTION_WRITING)
		http_server_refused(c->server, slice_of(c->remote),
		    "the peer was too slow in taking its reply");
	connection_free(c);
}

/* --- Accepting ----------------------------------------------------------- */

static void
admit(struct http_server *s, struct connection *c, const struct share *who)
{
	c->server = s;
	c->share = share_join(&s->shares, who);
	c->deadline = evtimer_new(s->base, on_deadline, c);
	LIST_INSERT_HEAD(&s->connections, c, entry);
	s->n_handshakes++;
	bufferevent_setcb(c->bev, on_bytes, on_bytes, on_event, c);
	arm(c, s->limits.request_ms);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

/* The connection on `fd`, which is closed if there is none. */
static struct bufferevent *
open_bev(struct http_server *s, int fd)
{
	struct bufferevent *bev;

	if (s->door == HTTP_DOOR_PEERS)
		return tls_accept(s->tls, s->base, fd);
	if (s->door == HTTP_DOOR_PEOPLE)
		return tls_accept_anybody(s->tls, s->base, fd);
	bev = bufferevent_socket_new(s->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		close(fd);

	return bev;
}

void
connection_accept(
    struct http_server *s, int fd, const struct sockaddr *address, int len)
{
	struct connection *c = heap_array(1, sizeof(*c));
	struct share who = {.of = SHARE_HANDSHAKES};
	int on = 1;

	listen_name_remote(address, len, c->remote, who.name);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	c->bev = open_bev(s, fd);
	if (c->bev == NULL) {
		free(c);
		return;
	}
	if (s->n_handshakes >= s->limits.handshakes)
		give_way(s, share_largest(&s->shares, SHARE_HANDSHAKES),
		    "too many handshakes at once");
	admit(s, c, &who);
	if (s->door == HTTP_DOOR_PUBLIC)
		on_connected(c);
}

void
connection_drain(struct connection *c)
{
	c->close_after = true;
	if (c->state == CONNECTION_READING && http_reader_is_fresh(&c->reader))
		connection_end(c);
}
