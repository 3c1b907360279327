#include "bench/echo.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"

#define BEGIN ((struct instant){INT64_C(946684800000)}) /* 2000-01-01 */
#define END ((struct instant){INT64_C(4070908800000)})  /* 2099-01-01 */
#define CONNECTIONS_MAX 64
#define BYTES_MAX 16384 /* one record of TLS */

struct echo {
	pid_t server;
	SSL_CTX *ctx;
	SSL *connections[CONNECTIONS_MAX];
	int n;
};

/* --- Identity --------------------------------------------------------------- */

enum err
echo_identity_new(struct echo_identity *ret)
{
	static const char *const hosts[] = {"127.0.0.1", NULL};
	struct certificate_request request = {.common_name = SLICE("1/bench"),
	    .hosts = hosts,
	    .not_before = BEGIN,
	    .not_after = END};
	struct authority *ca = NULL;
	enum err rc;

	buf_init(&ret->key);
	buf_init(&ret->certificate);
	buf_init(&ret->ca);
	rc = authority_new(SLICE("bench"), BEGIN, END, &ca);
	if (rc == OK)
		rc = authority_certificate(ca, &ret->ca);
	if (rc == OK)
		rc =
		    authority_issue(ca, &request, &ret->key, &ret->certificate);
	authority_free(ca);

	return rc;
}

void
echo_identity_done(struct echo_identity *identity)
{
	buf_done(&identity->key);
	buf_done(&identity->certificate);
	buf_done(&identity->ca);
}

static X509 *
certificate_of(const struct buf *pem)
{
	BIO *bio = BIO_new_mem_buf(pem->data, (int)pem->len);
	X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);

	return certificate;
}

/* NULL on a failure. */
static SSL_CTX *
context(const struct echo_identity *identity, const SSL_METHOD *role)
{
	const unsigned char *der = (const unsigned char *)identity->key.data;
	SSL_CTX *ctx = SSL_CTX_new(role);
	X509 *certificate = certificate_of(&identity->certificate);
	X509 *ca = certificate_of(&identity->ca);
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &der, (long)identity->key.len);
	bool good;

	good = ctx != NULL && certificate != NULL && ca != NULL &&
	    key != NULL &&
	    SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) == 1 &&
	    SSL_CTX_set_num_tickets(ctx, 0) == 1 &&
	    SSL_CTX_use_certificate(ctx, certificate) == 1 &&
	    SSL_CTX_use_PrivateKey(ctx, key) == 1 &&
	    X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), ca) == 1;
	if (good)
		SSL_CTX_set_verify(ctx,
		    SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	X509_free(certificate);
	X509_free(ca);
	EVP_PKEY_free(key);
	if (good)
		return ctx;
	SSL_CTX_free(ctx);

	return NULL;
}

/* --- The server -------------------------------------------------------------- */

static void
send_back(SSL *connection)
{
	static char bytes[BYTES_MAX];
	int n = SSL_read(connection, bytes, sizeof(bytes));

	if (n <= 0 || SSL_write(connection, bytes, n) != n)
		_exit(0);
}

/* In the child, until it is killed or a client is gone. */
static void
serve(SSL_CTX *ctx, int listener, int n)
{
	struct pollfd fds[CONNECTIONS_MAX];
	SSL *connections[CONNECTIONS_MAX];
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (i = 0; i < n; i++) {
		fds[i] = (struct pollfd){
		    .fd = accept(listener, NULL, NULL), .events = POLLIN};
		connections[i] = SSL_new(ctx);
		if (SSL_set_fd(connections[i], fds[i].fd) != 1 ||
		    SSL_accept(connections[i]) != 1)
			_exit(1);
	}
	while (poll(fds, (nfds_t)n, -1) > 0) {
		for (i = 0; i < n; i++) {
			if (fds[i].revents != 0)
				send_back(connections[i]);
		}
	}
	_exit(1);
}

/* --- The client -------------------------------------------------------------- */

/* A socket that listens on loopback, and its address; -1 on a failure. */
static int
listen_anywhere(struct sockaddr_in *ret)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(*ret);

	*ret = (struct sockaddr_in){
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (fd >= 0 && bind(fd, (struct sockaddr *)ret, len) == 0 &&
	    listen(fd, CONNECTIONS_MAX) == 0 &&
	    getsockname(fd, (struct sockaddr *)ret, &len) == 0)
		return fd;
	if (fd >= 0)
		close(fd);

	return -1;
}

static bool
connect_all(struct echo *e, const struct sockaddr_in *to, int n)
{
	bool good = true;
	int fd;

	while (good && e->n < n) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		e->connections[e->n] = SSL_new(e->ctx);
		good = fd >= 0 &&
		    connect(fd, (const struct sockaddr *)to, sizeof(*to)) ==
			0 &&
		    SSL_set_fd(e->connections[e->n], fd) == 1 &&
		    SSL_connect(e->connections[e->n]) == 1;
		e->n++;
	}

	return good;
}

enum err
echo_open(const struct echo_identity *identity, int connections,
    struct echo **ret, struct problem *problem)
{
	struct echo *e = heap_array(1, sizeof(*e));
	SSL_CTX *server = context(identity, TLS_server_method());
	struct sockaddr_in address;
	int listener = listen_anywhere(&address);
	bool good;

	e->ctx = context(identity, TLS_client_method());
	good = server != NULL && e->ctx != NULL && listener >= 0;
	if (good && (e->server = fork()) == 0)
		serve(server, listener, connections);
	good = good && e->server > 0 && connect_all(e, &address, connections);
	if (listener >= 0)
		close(listener);
	SSL_CTX_free(server);
	if (good) {
		*ret = e;
		return OK;
	}
	echo_close(e);

	return problem_set(
	    problem, ERR_IO, "the bare echo over TLS did not start");
}

void
echo_close(struct echo *e)
{
	int i;

	if (e == NULL)
		return;
	if (e->server > 0) {
		kill(e->server, SIGKILL);
		waitpid(e->server, NULL, 0);
	}
	for (i = 0; i < e->n; i++) {
		close(SSL_get_fd(e->connections[i]));
		SSL_free(e->connections[i]);
	}
	SSL_CTX_free(e->ctx);
	free(e);
}

pid_t
echo_server(const struct echo *e)
{
	return e->server;
}

enum err
echo_round(struct echo *e, size_t len, struct problem *problem)
{
	static char bytes[BYTES_MAX];
	bool good = len <= sizeof(bytes);
	int i;

	for (i = 0; good && i < e->n; i++)
		good =
		    SSL_write(e->connections[i], bytes, (int)len) == (int)len;
	for (i = 0; good && i < e->n; i++)
		good = SSL_read(e->connections[i], bytes, sizeof(bytes)) ==
		    (int)len;

	return good ? OK
		    : problem_set(problem, ERR_IO,
			  "the bare echo over TLS did not answer");
}
