/*
 * A small world for the tests of wire: a CA, a server on a free port of the
 * loopback, clients of every sort, and one event loop for all of them.
 *
 * Certificates are valid from 2000 to 2099, so that no test looks at the
 * clock; OpenSSL does.
 */
#ifndef BANGO_TESTS_SUPPORT_WIRE_WORLD_H
#define BANGO_TESTS_SUPPORT_WIRE_WORLD_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "pki/x509.h"
#include "wire/http_client.h"
#include "wire/http_server.h"

#define WORLD_BEGIN ((struct instant){INT64_C(946684800000)})
#define WORLD_END ((struct instant){INT64_C(4070908800000)})
#define WORLD_PATIENCE_S 300 /* then something hangs */
#define WORLD_REQUESTS 64
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A certificate and its key. */
struct identity {
	struct buf key;
	struct buf cert;
};

struct world {
	struct event_base *base;
	struct authority *ca;
	struct buf ca_pem;
	struct buf crl_pem;
	struct identity server_id;
	struct tls *tls; /* the server's */
	struct http_server *server;
	/* Noted by the server. */
	struct http_call *waiting[WORLD_REQUESTS]; /* for "/later" */
	int n_waiting;
	int n_requests;
	int n_gone;
	int n_refused;
	char refused[256]; /* the last reason */
	bool has_revoked;  /* the server is told that this key is revoked */
	struct fingerprint revoked;
	bool had_certificate;
	unsigned int doors;    /* of the last call */
	struct http_file file; /* for "/file" */
	struct fingerprint fingerprint;
};

/* An authority, and a certificate of it for 127.0.0.1 and localhost. */
struct authority *world_ca(const char *name);
struct identity
world_issue(struct authority *ca, const char *name, struct instant until);
void identity_done(struct identity *id);

/* The list as of `day` days after WORLD_BEGIN. */
void world_make_crl(struct world *w, int day);
/* TLS with that identity and that list. */
struct tls *
world_tls(struct world *w, const struct identity *id, enum tls_clients clients);
/* A client of our own with a fresh certificate of the CA. */
struct tls *world_client_tls(struct world *w, const char *name);

/* Reply with plain text. */
void world_reply(struct http_call *request, int status, struct slice body);
/* The options of a server that notes its calls in the world; see the .c for
 * "/later", "/big" and so on.  world_open() opens the server with them. */
struct http_server_options
world_options(struct world *w, const struct http_limits *limits);
void world_open(struct world *w, const struct http_server_options *options);
/* Do both, on the loopback. */
void world_serve(struct world *w, enum tls_clients clients,
    const struct http_limits *limits);

/* A world without a server yet. */
void world_init(struct world *w);
void world_done(struct world *w);

/* --- Waiting ------------------------------------------------------------- */

/* Run the loop until `*value` is at least `least`. */
void world_until(struct world *w, const int *value, int least);

/* --- A raw client: TLS by OpenSSL, bytes by the test ---------------------- */

struct raw {
	SSL_CTX *ctx;
	struct bufferevent *bev;
	struct buf got;
	int n_got; /* bytes */
	int connected;
	int closed;
};

SSL_CTX *raw_ctx(const struct identity *id);
/* `id` NULL: without a certificate. */
void raw_connect(struct world *w, struct raw *r, const struct identity *id);
/* Without TLS. */
void raw_connect_plain(struct world *w, struct raw *r);
void raw_send(struct raw *r, struct slice text);
void raw_done(struct raw *r);
bool raw_has(const struct raw *r, const char *text);
/* Run the loop until `text` has come. */
void raw_until(struct world *w, struct raw *r, const char *text);

#endif
