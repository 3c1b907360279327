#include "wire/tls.h"

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "pki/pem.h"
#include "wire/tls_internal.h"

struct tls {
	SSL_CTX *server;
	X509 *certificate;
	EVP_PKEY *key;
	X509 *ca;
	X509_CRL *crl; /* NULL: no revocation check */
};

static EVP_PKEY *
read_key(struct slice der)
{
	const unsigned char *at = (const unsigned char *)der.data;
	EVP_PKEY *key = NULL;

	if (der.len > 0 && der.len <= INT32_MAX)
		key = d2i_AutoPrivateKey(NULL, &at, (long)der.len);
	if (key != NULL && at != (const unsigned char *)der.data + der.len) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	ERR_clear_error();

	return key;
}

/*
 * The store of trust: the nation's CA and its list, nobody else.  Each SSL_CTX
 * has a store of its own, since libcurl sets flags on the store that it gets.
 */
static X509_STORE *
make_store(const struct tls *tls)
{
	X509_STORE *store = X509_STORE_new();
	bool good;

	good = store != NULL && X509_STORE_add_cert(store, tls->ca) == 1;
	if (good && tls->crl != NULL)
		good = X509_STORE_add_crl(store, tls->crl) == 1 &&
		    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK) == 1;
	if (!good) {
		X509_STORE_free(store);
		store = NULL;
	}

	return store;
}

static enum err
trust(const struct tls *tls, SSL_CTX *ctx)
{
	X509_STORE *store = make_store(tls);

	if (store == NULL)
		return ERR_INTERNAL;
	SSL_CTX_set_cert_store(ctx, store);

	return OK;
}

/* A list that is only late is better than none; its entries count. */
static int
on_verify(int good, X509_STORE_CTX *ctx)
{
	time_t begin = time(NULL) - (time_t)TLS_GRACE_DAYS * 24 * 3600;
	const X509_CRL *crl = X509_STORE_CTX_get0_current_crl(ctx);

	if (good ||
	    X509_STORE_CTX_get_error(ctx) != X509_V_ERR_CRL_HAS_EXPIRED ||
	    crl == NULL ||
	    X509_cmp_time(X509_CRL_get0_nextUpdate(crl), &begin) <= 0)
		return good;
	X509_STORE_CTX_set_error(ctx, X509_V_OK);

	return 1;
}

/* The certificate of new connections; each connection has a copy. */
static enum err
show(const struct tls *tls, SSL_CTX *ctx)
{
	if (SSL_CTX_use_certificate(ctx, tls->certificate) != 1 ||
	    SSL_CTX_use_PrivateKey(ctx, tls->key) != 1)
		return ERR_INTERNAL;

	return OK;
}

/*
 * The configuration of both roles.  No resumption of any kind: a resumed
 * handshake shows no certificate, so that a revoked peer would get in.
 */
static enum err
configure(const struct tls *tls, SSL_CTX *ctx)
{
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) != 1 ||
	    show(tls, ctx) || SSL_CTX_set_num_tickets(ctx, 0) != 1)
		return ERR_INTERNAL;
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	/* HTTP says itself where a message ends, so a peer that forgets its
	 * close_notify cuts nothing off unnoticed. */
	SSL_CTX_set_options(
	    ctx, SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_mode(ctx,
	    SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);

	return trust(tls, ctx);
}

static enum err
make_server(struct tls *tls, enum tls_clients clients)
{
	int mode = SSL_VERIFY_PEER;
	enum err rc;

	tls->server = SSL_CTX_new(TLS_server_method());
	if (tls->server == NULL)
		return ERR_INTERNAL;
	rc = configure(tls, tls->server);
	if (rc)
		return rc;
	switch (clients) {
	case TLS_CLIENTS_MUST:
		mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
		break;
	case TLS_CLIENTS_MAY:
		break;
	}
	SSL_CTX_set_verify(tls->server, mode, on_verify);
	if (SSL_CTX_add_client_CA(tls->server, tls->ca) != 1)
		return ERR_INTERNAL;

	return OK;
}

static enum err
check_crl(const struct tls *tls, X509_CRL *crl, struct problem *problem)
{
	enum err rc = OK;

	if (X509_CRL_verify(crl, X509_get0_pubkey(tls->ca)) != 1)
		rc = problem_set(problem, ERR_CRYPTO,
		    "the revocation list was not signed by this nation's CA");
	else if (tls->crl != NULL &&
	    ASN1_TIME_compare(X509_CRL_get0_lastUpdate(crl),
		X509_CRL_get0_lastUpdate(tls->crl)) < 0)
		rc = problem_set(problem, ERR_CONFLICT,
		    "the revocation list is older than the one in force");
	ERR_clear_error();

	return rc;
}

static enum err
take_crl(struct tls *tls, struct slice pem, struct problem *problem)
{
	X509_CRL *crl = pem_crl(pem);
	enum err rc;

	if (crl == NULL)
		return problem_set(problem, ERR_INPUT,
		    "the revocation list is not a CRL in PEM");
	rc = check_crl(tls, crl, problem);
	if (rc) {
		X509_CRL_free(crl);
		return rc;
	}
	X509_CRL_free(tls->crl);
	tls->crl = crl;

	return OK;
}

/* Both, or none of them. */
static enum err
take_certificate(struct tls *tls, struct slice pem, struct slice key_der,
    struct problem *problem)
{
	X509 *certificate = pem_certificate(pem);
	EVP_PKEY *key = read_key(key_der);
	enum err rc = OK;

	if (certificate == NULL)
		rc = problem_set(problem, ERR_INPUT,
		    "the TLS certificate is not a certificate in PEM");
	else if (key == NULL || X509_check_private_key(certificate, key) != 1)
		rc = problem_set(problem, ERR_CRYPTO,
		    "the TLS key does not belong to the TLS certificate");
	if (rc) {
		ERR_clear_error();
		X509_free(certificate);
		EVP_PKEY_free(key);
		return rc;
	}
	X509_free(tls->certificate);
	EVP_PKEY_free(tls->key);
	tls->certificate = certificate;
	tls->key = key;

	return OK;
}

static enum err
take_identity(struct tls *tls, const struct tls_identity *identity,
    struct problem *problem)
{
	tls->ca = pem_certificate(identity->ca_pem);
	if (tls->ca == NULL)
		return problem_set(problem, ERR_INPUT,
		    "the CA's certificate is not a certificate in PEM");
	TRY(take_certificate(
	    tls, identity->certificate_pem, identity->key_der, problem));
	if (slice_is_empty(identity->crl_pem))
		return OK;

	return take_crl(tls, identity->crl_pem, problem);
}

enum err
tls_new(const struct tls_identity *identity, enum tls_clients clients,
    struct tls **ret, struct problem *problem)
{
	struct tls *tls = heap_array(1, sizeof(*tls));
	enum err rc;

	rc = take_identity(tls, identity, problem);
	if (rc == OK) {
		rc = make_server(tls, clients);
		if (rc)
			rc = problem_set(
			    problem, rc, "OpenSSL refuses the TLS certificate");
	}
	ERR_clear_error();
	if (rc) {
		tls_free(tls);
		return rc;
	}
	*ret = tls;

	return OK;
}

struct instant
tls_revocations_until(const struct tls *tls)
{
	struct tm tm;

	if (tls->crl == NULL ||
	    ASN1_TIME_to_tm(X509_CRL_get0_nextUpdate(tls->crl), &tm) != 1)
		return (struct instant){0};

	return (struct instant){(int64_t)timegm(&tm) * 1000};
}

void
tls_free(struct tls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->server);
	X509_free(tls->certificate);
	EVP_PKEY_free(tls->key); /* wipes */
	X509_free(tls->ca);
	X509_CRL_free(tls->crl);
	free(tls);
}

enum err
tls_set_crl(struct tls *tls, struct slice crl_pem, struct problem *problem)
{
	enum err rc = take_crl(tls, crl_pem, problem);

	if (rc == OK)
		rc = trust(tls, tls->server);

	return rc;
}

/* Whether our own CA issued it: no peer takes one of another CA. */
static bool
is_issued(const struct tls *tls, struct slice certificate_pem)
{
	X509 *certificate = pem_certificate(certificate_pem);
	bool is = certificate == NULL ||
	    X509_verify(certificate, X509_get0_pubkey(tls->ca)) == 1;

	X509_free(certificate);
	ERR_clear_error();

	return is;
}

enum err
tls_set_certificate(struct tls *tls, struct slice certificate_pem,
    struct slice key_der, struct problem *problem)
{
	enum err rc;

	if (!is_issued(tls, certificate_pem))
		return problem_set(problem, ERR_CRYPTO,
		    "the TLS certificate was not issued by this nation's CA");
	TRY(take_certificate(tls, certificate_pem, key_der, problem));
	rc = show(tls, tls->server);
	ERR_clear_error();

	return rc
	    ? problem_set(problem, rc, "OpenSSL refuses the TLS certificate")
	    : OK;
}

/* Takes `ssl`, which may be NULL, and `fd`. */
static struct bufferevent *
shake_hands(SSL *ssl, struct event_base *base, int fd)
{
	struct bufferevent *bev = NULL;

	if (ssl != NULL)
		bev = bufferevent_openssl_socket_new(base, fd, ssl,
		    BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	ERR_clear_error();
	if (bev == NULL) {
		SSL_free(ssl);
		close(fd);
		return NULL;
	}
	bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);

	return bev;
}

struct bufferevent *
tls_accept(struct tls *tls, struct event_base *base, int fd)
{
	return shake_hands(SSL_new(tls->server), base, fd);
}

struct bufferevent *
tls_accept_anybody(struct tls *tls, struct event_base *base, int fd)
{
	SSL *ssl = SSL_new(tls->server);

	if (ssl != NULL)
		SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);

	return shake_hands(ssl, base, fd);
}

bool
tls_peer_fingerprint(struct bufferevent *bev, struct fingerprint *ret)
{
	X509 *cert =
	    SSL_get0_peer_certificate(bufferevent_openssl_get_ssl(bev));
	unsigned char *der = NULL;
	int len;

	if (cert == NULL)
		return false;
	len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	if (len <= 0)
		return false;
	ret->digest = digest_of(slice_bytes(der, (size_t)len));
	OPENSSL_free(der);

	return true;
}

void
tls_why(struct bufferevent *bev, struct buf *ret)
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);
	long verdict = SSL_get_verify_result(ssl);
	const char *reason = NULL, *r;
	unsigned long error;

	/* The error that is read last happened first. */
	while ((error = bufferevent_get_openssl_error(bev)) != 0) {
		r = ERR_reason_error_string(error);
		if (r != NULL)
			reason = r;
	}
	buf_add_string(ret, reason != NULL ? reason : "connection closed");
	if (verdict != X509_V_OK)
		buf_printf(ret, ": %s", X509_verify_cert_error_string(verdict));
}

void
tls_goodbye(struct bufferevent *bev)
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);

	if (ssl != NULL && SSL_is_init_finished(ssl))
		SSL_shutdown(ssl);
	ERR_clear_error();
	shutdown(bufferevent_getfd(bev), SHUT_WR);
}

enum err
tls_prepare_client(const struct tls *tls, void *ssl_ctx)
{
	enum err rc = configure(tls, ssl_ctx);

	SSL_CTX_set_verify(ssl_ctx, SSL_VERIFY_PEER, on_verify);
	ERR_clear_error();

	return rc;
}
