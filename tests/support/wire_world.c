#include "tests/support/wire_world.h"

struct authority *
world_ca(const char *name)
{
	struct authority *ca = NULL;

	assert_int_equal(
	    authority_new(slice_of(name), WORLD_BEGIN, WORLD_END, &ca), OK);

	return ca;
}

struct identity
world_issue(struct authority *ca, const char *name, struct instant until)
{
	static const char *const hosts[] = {"127.0.0.1", "localhost", NULL};
	struct certificate_request request = {.common_name = slice_of(name),
	    .organisation = SLICE("Test"),
	    .hosts = hosts,
	    .not_before = WORLD_BEGIN,
	    .not_after = until};
	struct identity id;

	buf_init(&id.key);
	buf_init(&id.cert);
	assert_int_equal(authority_issue(ca, &request, &id.key, &id.cert), OK);

	return id;
}

void
identity_done(struct identity *id)
{
	buf_done(&id->key);
	buf_done(&id->cert);
}

void
world_make_crl(struct world *w, int day)
{
	buf_clear(&w->crl_pem);
	assert_int_equal(
	    authority_crl(w->ca, instant_plus(WORLD_BEGIN, day * 86400000LL),
		WORLD_END, &w->crl_pem),
	    OK);
}

struct tls *
world_tls(struct world *w, const struct identity *id, enum tls_clients clients)
{
	struct tls_identity identity = {.certificate_pem = buf_slice(&id->cert),
	    .key_der = buf_slice(&id->key),
	    .ca_pem = buf_slice(&w->ca_pem),
	    .crl_pem = buf_slice(&w->crl_pem)};
	struct problem problem = {0};
	struct tls *tls = NULL;

	if (tls_new(&identity, clients, &tls, &problem))
		fail_msg("tls_new: %s", problem.text);

	return tls;
}

struct tls *
world_client_tls(struct world *w, const char *name)
{
	struct identity id = world_issue(w->ca, name, WORLD_END);
	struct tls *tls = world_tls(w, &id, TLS_CLIENTS_MUST);

	identity_done(&id);

	return tls;
}

void
world_reply(struct http_call *request, int status, struct slice body)
{
	struct http_reply reply = {
	    .status = status, .content_type = "text/plain", .body = body};

	http_reply(request, &reply);
}

static void
world_reply_big(struct http_call *request)
{
	char *bytes = calloc(1, 4u << 20);

	world_reply(request, 200, slice_bytes(bytes, 4u << 20));
	free(bytes);
}

static void
world_reply_file(struct world *w, struct http_call *call)
{
	struct http_reply reply = {.status = 200, .file = w->file};

	http_reply(call, &reply);
}

static void
world_on_request(void *state, struct http_call *request)
{
	struct http_reply busy = {
	    .status = 503, .headers = SLICE("Retry-After: 7\r\n")};
	struct world *w = state;

	w->n_requests++;
	w->had_certificate = request->has_certificate;
	w->doors = request->doors;
	w->fingerprint = request->fingerprint;
	if (slice_equal_string(request->path, "/later"))
		w->waiting[w->n_waiting++] = request;
	else if (slice_equal_string(request->path, "/big"))
		world_reply_big(request);
	else if (slice_equal_string(request->path, "/file"))
		world_reply_file(w, request);
	else if (slice_equal_string(request->path, "/busy"))
		http_reply(request, &busy);
	else if (request->method == HTTP_POST || request->method == HTTP_PUT)
		world_reply(request, 200, request->body);
	else
		world_reply(request, 200, request->path);
}

static void
world_on_gone(void *state, struct http_call *request)
{
	struct world *w = state;
	int i;

	w->n_gone++;
	for (i = 0; i < w->n_waiting; i++) {
		if (w->waiting[i] == request)
			w->waiting[i] = NULL;
	}
}

static bool
world_is_revoked(void *state, const struct fingerprint *fingerprint)
{
	const struct world *w = state;

	return w->has_revoked &&
	    digest_equal(&w->revoked.digest, &fingerprint->digest);
}

static void
world_on_refused(void *state, struct slice remote, const char *what)
{
	struct world *w = state;

	assert_true(remote.len > 0);
	w->n_refused++;
	snprintf(w->refused, sizeof(w->refused), "%s", what);
}

struct http_server_options
world_options(struct world *w, const struct http_limits *limits)
{
	return (struct http_server_options){.base = w->base,
	    .door = HTTP_DOOR_PEERS,
	    .tls = w->tls,
	    .host = "127.0.0.1",
	    .limits = *limits,
	    .handler = {.request = world_on_request,
		.gone = world_on_gone,
		.refused = world_on_refused,
		.is_revoked = world_is_revoked,
		.state = w}};
}

void
world_open(struct world *w, const struct http_server_options *options)
{
	struct problem problem = {0};

	if (http_server_new(options, &w->server, &problem))
		fail_msg("http_server_new: %s", problem.text);
}

void
world_serve(
    struct world *w, enum tls_clients clients, const struct http_limits *limits)
{
	struct http_server_options options;

	w->tls = world_tls(w, &w->server_id, clients);
	options = world_options(w, limits);
	world_open(w, &options);
}

void
world_init(struct world *w)
{
	signal(SIGPIPE, SIG_IGN);
	*w = (struct world){0};
	buf_init(&w->ca_pem);
	buf_init(&w->crl_pem);
	w->base = event_base_new();
	w->ca = world_ca("Test CA");
	assert_int_equal(authority_certificate(w->ca, &w->ca_pem), OK);
	w->server_id = world_issue(w->ca, "1/server", WORLD_END);
	world_make_crl(w, 1);
}

void
world_done(struct world *w)
{
	http_server_free(w->server);
	tls_free(w->tls);
	identity_done(&w->server_id);
	authority_free(w->ca);
	buf_done(&w->ca_pem);
	buf_done(&w->crl_pem);
	event_base_free(w->base);
}

/* --- Waiting ------------------------------------------------------------- */

static void
world_give_up(evutil_socket_t fd, short what, void *state)
{
	(void)fd;
	(void)what;
	*(bool *)state = true;
}

void
world_until(struct world *w, const int *value, int least)
{
	struct timeval patience = {.tv_sec = WORLD_PATIENCE_S};
	struct event *timer;
	bool late = false;

	timer = evtimer_new(w->base, world_give_up, &late);
	event_add(timer, &patience);
	while (*value < least && !late)
		event_base_loop(w->base, EVLOOP_ONCE);
	event_free(timer);
	if (late)
		fail_msg("waited in vain for %d, got %d", least, *value);
}

/* --- A raw client: TLS by OpenSSL, bytes by the test ---------------------- */

static void
raw_on_read(struct bufferevent *bev, void *state)
{
	struct evbuffer *in = bufferevent_get_input(bev);
	size_t n = evbuffer_get_length(in);
	struct raw *r = state;

	evbuffer_remove(in, buf_extend(&r->got, n), n);
	r->n_got += (int)n;
}

static void
raw_on_event(struct bufferevent *bev, short what, void *state)
{
	struct raw *r = state;

	(void)bev;
	if ((what & BEV_EVENT_CONNECTED) != 0)
		r->connected = 1;
	else
		r->closed = 1;
}

SSL_CTX *
raw_ctx(const struct identity *id)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	const unsigned char *at;
	EVP_PKEY *key;
	X509 *cert;
	BIO *bio;

	if (id == NULL)
		return ctx;
	at = (const unsigned char *)id->key.data;
	key = d2i_AutoPrivateKey(NULL, &at, (long)id->key.len);
	bio = BIO_new_mem_buf(id->cert.data, (int)id->cert.len);
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	assert_int_equal(SSL_CTX_use_certificate(ctx, cert), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(ctx, key), 1);
	X509_free(cert);
	EVP_PKEY_free(key);
	BIO_free(bio);

	return ctx;
}

static void
raw_begin(struct world *w, struct raw *r)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons(http_server_port(w->server)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	buf_init(&r->got);
	bufferevent_setcb(r->bev, raw_on_read, NULL, raw_on_event, r);
	bufferevent_enable(r->bev, EV_READ | EV_WRITE);
	bufferevent_socket_connect(
	    r->bev, (struct sockaddr *)&address, sizeof(address));
}

void
raw_connect(struct world *w, struct raw *r, const struct identity *id)
{
	*r = (struct raw){.ctx = raw_ctx(id)};
	r->bev = bufferevent_openssl_socket_new(w->base, -1, SSL_new(r->ctx),
	    BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_openssl_set_allow_dirty_shutdown(r->bev, 1);
	raw_begin(w, r);
}

void
raw_connect_plain(struct world *w, struct raw *r)
{
	*r = (struct raw){0};
	r->bev = bufferevent_socket_new(w->base, -1, BEV_OPT_CLOSE_ON_FREE);
	raw_begin(w, r);
}

void
raw_send(struct raw *r, struct slice text)
{
	bufferevent_write(r->bev, text.data, text.len);
}

void
raw_done(struct raw *r)
{
	if (r->bev != NULL)
		bufferevent_free(r->bev);
	r->bev = NULL;
	SSL_CTX_free(r->ctx);
	r->ctx = NULL;
	buf_done(&r->got);
	ERR_clear_error();
}

bool
raw_has(const struct raw *r, const char *text)
{
	return r->got.len > 0 && strstr(r->got.data, text) != NULL;
}

void
raw_until(struct world *w, struct raw *r, const char *text)
{
	while (!raw_has(r, text)) {
		if (r->closed)
			fail_msg("closed before \"%s\"; got \"%s\"", text,
			    r->got.len > 0 ? r->got.data : "");
		world_until(w, &r->n_got, r->n_got + 1);
	}
}
