#include "wire/http_client.h"

#include <assert.h>
#include <curl/curl.h>
#include <event2/event.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "wire/tls_internal.h"

#define CONNECT_TIMEOUT_MS 10000
#define RETRY_AFTER_MAX 3600 /* seconds */
/* "sha256//", base64 of 32 bytes and a semicolon, for each key. */
#define PIN_MAX (HTTP_SERVER_KEYS * 64)
/* libcurl takes a buffer for what is sent, for each call anew. */
#define UPLOAD_BUFFER_MIN (16L << 10)
#define UPLOAD_BUFFER_MAX (256L << 10)
/* Idle ones; libcurl alone would keep four for each call that is under way. */
#define CONNECTIONS_KEPT 512L
/* A connection shows certificates at its beginning alone: none outlives them for
 * long. */
#define CONNECTION_SECONDS 3600L

/* The keys of a server, any of which will do; none: any server. */
struct pins {
	struct fingerprint keys[HTTP_SERVER_KEYS];
	size_t n;
};

/* One call under way; everything of the caller's is copied. */
struct transfer {
	LIST_ENTRY(transfer) entry;
	CURL *easy;
	struct curl_slist *headers;
	struct buf request;
	struct buf answer;
	size_t answer_max;
	bool too_large;
	char error[CURL_ERROR_SIZE];
	struct http_client *client;
	struct pins server;
	void (*done)(void *state, const struct http_answer *answer);
	void *state;
};

struct http_client {
	struct event_base *base;
	struct tls *tls;
	CURLM *multi;
	struct event *timer;
	LIST_HEAD(, transfer) transfers;
	LIST_HEAD(, watch) watches;
	LIST_HEAD(, line) lines;
};

/* A connection, from its opening to its end, and the keys that its server may
 * have. */
struct line {
	LIST_ENTRY(line) entry;
	curl_socket_t fd;
	struct pins server;
};

/* A socket of libcurl's, watched. */
struct watch {
	LIST_ENTRY(watch) entry;
	struct http_client *client;
	struct event *event;
};

struct http_session {
	struct tls *tls;
	CURL *easy;
};

/* --- One call, for both ways --------------------------------------------- */

static size_t
on_answer_bytes(char *data, size_t size, size_t n, void *state)
{
	struct transfer *t = state;

	n *= size;
	if (n > t->answer_max - t->answer.len) {
		t->too_large = true;
		return 0;
	}
	buf_add(&t->answer, slice_bytes(data, n));

	return n;
}

static CURLcode
on_ssl_ctx(CURL *easy, void *ssl_ctx, void *state)
{
	(void)easy;

	return tls_prepare_client(state, ssl_ctx) == OK ? CURLE_OK
							: CURLE_SSL_CERTPROBLEM;
}

static void
add_header(struct transfer *t, const char *name, const char *value)
{
	struct curl_slist *list;
	struct buf line;

	buf_init(&line);
	buf_printf(&line, "%s: %s", name, value);
	list = curl_slist_append(t->headers, line.data);
	if (list == NULL)
		abort();
	t->headers = list;
	buf_done(&line);
}

static struct pins
pins_of(const struct http_client_call *call)
{
	struct pins pins = {0};

	if (call->server == NULL)
		return pins;
	pins.n = call->further + 1;
	assert(pins.n <= HTTP_SERVER_KEYS);
	memcpy(pins.keys, call->server, pins.n * sizeof(*call->server));

	return pins;
}

static bool
is_any_cut(const struct pins *server,
    bool (*is_cut)(void *state, const struct fingerprint *server), void *state)
{
	size_t i;

	for (i = 0; i < server->n; i++) {
		if (is_cut(state, &server->keys[i]))
			return true;
	}

	return false;
}

/* "sha256//" and the fingerprint in base64; returns the end. */
static char *
write_pin(char *to, const struct fingerprint *server)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *from = server->digest.bytes;
	uint32_t v;
	size_t i;

	memcpy(to, "sha256//", sizeof("sha256//"));
	to += strlen("sha256//");
	for (i = 0; i < 30; i += 3) {
		v = (uint32_t)from[i] << 16 | (uint32_t)from[i + 1] << 8 |
		    from[i + 2];
		*to++ = digits[v >> 18];
		*to++ = digits[v >> 12 & 63];
		*to++ = digits[v >> 6 & 63];
		*to++ = digits[v & 63];
	}
	v = (uint32_t)from[30] << 16 | (uint32_t)from[31] << 8;
	*to++ = digits[v >> 18];
	*to++ = digits[v >> 12 & 63];
	*to++ = digits[v >> 6 & 63];
	*to++ = '=';

	return to;
}

/* libcurl compares its pins with the SHA-256 of the SubjectPublicKeyInfo: the
 * fingerprint. */
static void
set_pins(CURL *easy, const struct pins *server)
{
	char text[PIN_MAX], *to = text;
	size_t i;

	for (i = 0; i < server->n; i++) {
		if (i > 0)
			*to++ = ';';
		to = write_pin(to, &server->keys[i]);
	}
	*to = '\0';
	curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, text);
}

/* Where this variable stands in the environment, libcurl writes the secrets of
 * all its connections into the file that it names. */
static CURLcode
start_libcurl(void)
{
	unsetenv("SSLKEYLOGFILE");

	return curl_global_init(CURL_GLOBAL_DEFAULT);
}

/*
 * Nothing from outside may change a call: no proxy of the environment, no
 * other protocol, no redirection (libcurl's default), no CA of the machine.
 * No resumed sessions and no cached store, so that each handshake looks at
 * the revocation list of the moment.
 */
static void
set_security(CURL *easy, struct tls *tls)
{
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_3);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_ssl_ctx);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, tls);
}

static void
set_method(struct transfer *t, enum http_method method)
{
	if (t->request.len > 0 || method == HTTP_POST || method == HTTP_PUT) {
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)t->request.len);
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS,
		    t->request.len > 0 ? t->request.data : "");
	}
	curl_easy_setopt(
	    t->easy, CURLOPT_CUSTOMREQUEST, http_method_name(method));
}

static void
set_headers(struct transfer *t, const struct http_client_call *call)
{
	/* Waiting for "100 Continue" would cost a round trip. */
	add_header(t, "Expect", "");
	if (call->content_type != NULL)
		add_header(t, "Content-Type", call->content_type);
	else
		add_header(t, "Content-Type", "");
	if (call->authorization != NULL)
		add_header(t, "Authorization", call->authorization);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
}

static void
transfer_prepare(
    struct transfer *t, struct tls *tls, const struct http_client_call *call)
{
	CURL *easy = t->easy;

	assert(call->method != HTTP_OTHER);
	buf_init(&t->request);
	buf_init(&t->answer);
	buf_add(&t->request, call->body);
	t->answer_max = call->answer_bytes;
	set_security(easy, tls);
	t->server = pins_of(call);
	if (t->server.n > 0)
		set_pins(easy, &t->server);
	curl_easy_setopt(easy, CURLOPT_URL, call->url);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "bango/" BANGO_VERSION);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE,
	    call->body.len < UPLOAD_BUFFER_MAX / 2 ? UPLOAD_BUFFER_MIN
						   : UPLOAD_BUFFER_MAX);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)call->timeout_ms);
	curl_easy_setopt(
	    easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
	curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, CONNECTION_SECONDS);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer_bytes);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
	set_method(t, call->method);
	set_headers(t, call);
}

static void
transfer_done(struct transfer *t)
{
	curl_slist_free_all(t->headers);
	buf_done(&t->request);
	buf_done(&t->answer);
}

/* libcurl has a hundred codes; what we do not name is a fault of ours. */
static enum err
err_of_curl(CURLcode code)
{
	static const struct {
		CURLcode code;
		enum err err;
	} table[] = {
	    {CURLE_OK, OK},
	    {CURLE_URL_MALFORMAT, ERR_INPUT},
	    {CURLE_UNSUPPORTED_PROTOCOL, ERR_INPUT},
	    {CURLE_COULDNT_RESOLVE_HOST, ERR_UNREACHABLE},
	    {CURLE_COULDNT_CONNECT, ERR_UNREACHABLE},
	    {CURLE_OPERATION_TIMEDOUT, ERR_UNREACHABLE},
	    {CURLE_SSL_CONNECT_ERROR, ERR_UNREACHABLE},
	    {CURLE_GOT_NOTHING, ERR_UNREACHABLE},
	    {CURLE_SEND_ERROR, ERR_UNREACHABLE},
	    {CURLE_RECV_ERROR, ERR_UNREACHABLE},
	    {CURLE_PARTIAL_FILE, ERR_UNREACHABLE},
	    {CURLE_PEER_FAILED_VERIFICATION, ERR_CRYPTO},
	    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, ERR_CRYPTO},
	    {CURLE_FILESIZE_EXCEEDED, ERR_TOO_LARGE},
	    {CURLE_WEIRD_SERVER_REPLY, ERR_CORRUPT},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].code == code)
			return table[i].err;
	}

	return ERR_INTERNAL;
}

static void
transfer_answer(struct transfer *t, CURLcode code, struct http_answer *ret)
{
	curl_off_t retry_after = 0;
	long status = 0;

	*ret = (struct http_answer){.err = err_of_curl(code)};
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (t->too_large) {
		ret->err = ERR_TOO_LARGE;
		snprintf(ret->why, sizeof(ret->why),
		    "the answer is larger than %zu bytes", t->answer_max);
	} else if (code != CURLE_OK) {
		snprintf(ret->why, sizeof(ret->why), "%.159s",
		    t->error[0] != '\0' ? t->error : curl_easy_strerror(code));
	}
	if (ret->err)
		return;
	ret->status = (int)status;
	ret->body = buf_slice(&t->answer);
	curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &retry_after);
	if (retry_after > RETRY_AFTER_MAX)
		retry_after = RETRY_AFTER_MAX;
	ret->retry_after = retry_after < 0 ? 0 : (int)retry_after;
}

/* --- Many at once, on the loop ------------------------------------------- */

static curl_socket_t
open_socket(void *state, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct transfer *t = state;
	struct line *line;
	int fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);

	(void)purpose;
	if (fd < 0)
		return CURL_SOCKET_BAD;
	if (t->server.n > 0) {
		line = heap_array(1, sizeof(*line));
		line->fd = fd;
		line->server = t->server;
		LIST_INSERT_HEAD(&t->client->lines, line, entry);
	}

	return fd;
}

static int
close_socket(void *state, curl_socket_t fd)
{
	struct http_client *client = state;
	struct line *line;

	LIST_FOREACH(line, &client->lines, entry)
	{
		if (line->fd == fd) {
			LIST_REMOVE(line, entry);
			free(line);
			break;
		}
	}

	return close(fd);
}

/* It is in no list any more. */
static void
transfer_free(struct transfer *t)
{
	transfer_done(t);
	curl_easy_cleanup(t->easy);
	free(t);
}

static void
finish(struct http_client *client, CURL *easy, CURLcode code)
{
	struct transfer *t = NULL;
	struct http_answer answer;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
	curl_multi_remove_handle(client->multi, easy);
	LIST_REMOVE(t, entry);
	transfer_answer(t, code, &answer);
	t->done(t->state, &answer);
	transfer_free(t);
}

static void
collect(struct http_client *client)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
		if (message->msg == CURLMSG_DONE)
			finish(
			    client, message->easy_handle, message->data.result);
	}
}

static void
on_socket_ready(evutil_socket_t fd, short what, void *state)
{
	struct http_client *client = ((struct watch *)state)->client;
	int running, mask = 0;

	if ((what & EV_READ) != 0)
		mask |= CURL_CSELECT_IN;
	if ((what & EV_WRITE) != 0)
		mask |= CURL_CSELECT_OUT;
	curl_multi_socket_action(client->multi, fd, mask, &running);
	collect(client);
}

static void
on_timer(evutil_socket_t fd, short what, void *state)
{
	struct http_client *client = state;
	int running;

	(void)fd;
	(void)what;
	curl_multi_socket_action(
	    client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect(client);
}

static int
want_timer(CURLM *multi, long ms, void *state)
{
	struct http_client *client = state;
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	(void)multi;
	if (ms < 0)
		event_del(client->timer);
	else
		event_add(client->timer, &tv);

	return 0;
}

static void
watch_free(struct watch *w)
{
	LIST_REMOVE(w, entry);
	event_free(w->event);
	free(w);
}

static int
want_socket(CURL *easy, curl_socket_t fd, int what, void *state, void *watch)
{
	struct http_client *client = state;
	struct watch *w = watch;
	short events = EV_PERSIST;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w != NULL)
			watch_free(w);
		return 0;
	}
	if (w == NULL) {
		w = heap_array(1, sizeof(*w));
		w->client = client;
		LIST_INSERT_HEAD(&client->watches, w, entry);
		curl_multi_assign(client->multi, fd, w);
	} else
		event_free(w->event);
	if ((what & CURL_POLL_IN) != 0)
		events |= EV_READ;
	if ((what & CURL_POLL_OUT) != 0)
		events |= EV_WRITE;
	w->event = event_new(client->base, fd, events, on_socket_ready, w);
	if (w->event == NULL)
		abort();
	event_add(w->event, NULL);

	return 0;
}

enum err
http_client_new(struct event_base *base, struct tls *tls,
    int connections_per_peer, struct http_client **ret)
{
	struct http_client *client;

	if (start_libcurl() != CURLE_OK)
		return ERR_INTERNAL;
	client = heap_array(1, sizeof(*client));
	client->base = base;
	client->tls = tls;
	client->multi = curl_multi_init();
	client->timer = evtimer_new(base, on_timer, client);
	if (client->multi == NULL || client->timer == NULL) {
		http_client_free(client);
		return ERR_INTERNAL;
	}
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
	curl_multi_setopt(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
	    (long)connections_per_peer);
	curl_multi_setopt(
	    client->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT);
	curl_multi_setopt(
	    client->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	*ret = client;

	return OK;
}

void
http_client_free(struct http_client *client)
{
	struct transfer *t;
	struct watch *w;

	if (client == NULL)
		return;
	while ((t = LIST_FIRST(&client->transfers)) != NULL) {
		curl_multi_remove_handle(client->multi, t->easy);
		LIST_REMOVE(t, entry);
		transfer_free(t);
	}
	curl_multi_cleanup(client->multi);
	while ((w = LIST_FIRST(&client->watches)) != NULL)
		watch_free(w);
	if (client->timer != NULL)
		event_free(client->timer);
	free(client);
	curl_global_cleanup();
}

void
http_client_send(struct http_client *client,
    const struct http_client_call *call,
    void (*done)(void *state, const struct http_answer *answer), void *state)
{
	struct transfer *t = heap_array(1, sizeof(*t));

	t->client = client;
	t->done = done;
	t->state = state;
	t->easy = curl_easy_init();
	if (t->easy == NULL)
		abort();
	transfer_prepare(t, client->tls, call);
	/* The process ignores SIGPIPE; libcurl need not, at each step. */
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETDATA, client);
	LIST_INSERT_HEAD(&client->transfers, t, entry);
	if (curl_multi_add_handle(client->multi, t->easy) != CURLM_OK)
		abort();
}

/* A call to a server that is cut; NULL if there is none. */
static struct transfer *
find_cut(struct http_client *client,
    bool (*is_cut)(void *state, const struct fingerprint *server), void *state)
{
	struct transfer *t;

	LIST_FOREACH(t, &client->transfers, entry)
	{
		if (is_any_cut(&t->server, is_cut, state))
			return t;
	}

	return NULL;
}

/* libcurl closes the connection of a call that is ended, and sees the end of one
 * that it keeps. */
void
http_client_cut(struct http_client *client,
    bool (*is_cut)(void *state, const struct fingerprint *server), void *state)
{
	struct transfer *t;
	struct line *line;

	while ((t = find_cut(client, is_cut, state)) != NULL) {
		snprintf(t->error, sizeof(t->error),
		    "the key of the server is revoked");
		finish(client, t->easy, CURLE_PEER_FAILED_VERIFICATION);
	}
	LIST_FOREACH(line, &client->lines, entry)
	{
		if (is_any_cut(&line->server, is_cut, state))
			shutdown(line->fd, SHUT_RDWR);
	}
}

/* --- One at a time, waiting ---------------------------------------------- */

enum err
http_session_new(struct tls *tls, struct http_session **ret)
{
	struct http_session *session;

	if (start_libcurl() != CURLE_OK)
		return ERR_INTERNAL;
	session = heap_array(1, sizeof(*session));
	session->tls = tls;
	session->easy = curl_easy_init();
	if (session->easy == NULL) {
		http_session_free(session);
		return ERR_INTERNAL;
	}
	*ret = session;

	return OK;
}

void
http_session_free(struct http_session *session)
{
	if (session == NULL)
		return;
	curl_easy_cleanup(session->easy);
	free(session);
	curl_global_cleanup();
}

void
http_fetch(struct http_session *session, const struct http_client_call *call,
    struct buf *keep, struct http_answer *ret)
{
	struct transfer t = {.easy = session->easy};
	size_t start = keep->len;
	CURLcode code;

	curl_easy_reset(session->easy); /* keeps the connections */
	transfer_prepare(&t, session->tls, call);
	code = curl_easy_perform(session->easy);
	transfer_answer(&t, code, ret);
	if (ret->err == OK)
		buf_add(keep, ret->body);
	if (keep->len > start)
		ret->body = slice_bytes(keep->data + start, keep->len - start);
	else
		ret->body = (struct slice){0};
	curl_easy_reset(session->easy); /* it points into `t` */
	transfer_done(&t);
}
