#include "tests/support/wire_world.h"

static struct world w;

static int
set_up(void **state)
{
	(void)state;
	world_init(&w);

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	world_done(&w);

	return 0;
}

static void
serve(enum tls_clients clients)
{
	struct http_limits limits = http_limits_default();

	world_serve(&w, clients, &limits);
}

/* A foreign client asks; it must be answered. */
static void
assert_served(const struct identity *id)
{
	struct raw r;

	raw_connect(&w, &r, id);
	raw_send(&r, SLICE("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
	raw_until(&w, &r, "200 OK");
	raw_done(&r);
}

/* It must be refused in the handshake, for a reason with `why` in it. */
static void
assert_refused(const struct identity *id, const char *why)
{
	int before = w.n_refused;
	struct raw r;

	raw_connect(&w, &r, id);
	raw_send(&r, SLICE("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
	world_until(&w, &r.closed, 1);
	world_until(&w, &w.n_refused, before + 1);
	assert_int_equal(r.got.len, 0);
	raw_done(&r);
	if (strstr(w.refused, why) == NULL)
		fail_msg("refused for another reason: %s", w.refused);
	assert_int_equal(w.n_requests, 0);
	assert_int_equal(http_server_connections(w.server), 0);
}

static void
a_peer_of_the_nation_is_known_by_its_key(void **state)
{
	struct identity id = world_issue(w.ca, "1/client", WORLD_END);
	struct fingerprint expected;

	(void)state;
	serve(TLS_CLIENTS_MUST);
	assert_served(&id);
	assert_true(w.had_certificate);
	assert_int_equal(
	    certificate_fingerprint(buf_slice(&id.cert), &expected), OK);
	assert_memory_equal(&w.fingerprint, &expected, sizeof(expected));
	identity_done(&id);
}

static void
without_a_certificate_no_connection(void **state)
{
	(void)state;
	serve(TLS_CLIENTS_MUST);
	assert_refused(NULL, "peer did not return a certificate");
}

static void
a_portal_takes_clients_without_certificate(void **state)
{
	(void)state;
	serve(TLS_CLIENTS_MAY);
	assert_served(NULL);
	assert_false(w.had_certificate);
}

static void
a_certificate_of_another_ca_is_refused(void **state)
{
	struct authority *stranger = world_ca("Test CA");
	struct identity id = world_issue(stranger, "1/client", WORLD_END);

	(void)state;
	serve(TLS_CLIENTS_MAY);
	assert_refused(&id, "certificate verify failed");
	identity_done(&id);
	authority_free(stranger);
}

static void
an_expired_certificate_is_refused(void **state)
{
	struct identity id =
	    world_issue(w.ca, "1/client", instant_plus(WORLD_BEGIN, 86400000));

	(void)state;
	serve(TLS_CLIENTS_MAY);
	assert_refused(&id, "certificate has expired");
	identity_done(&id);
}

static void
a_revoked_certificate_is_refused(void **state)
{
	struct identity id = world_issue(w.ca, "1/client", WORLD_END);

	(void)state;
	assert_int_equal(
	    authority_revoke(w.ca, buf_slice(&id.cert), WORLD_BEGIN), OK);
	world_make_crl(&w, 2);
	serve(TLS_CLIENTS_MAY);
	assert_refused(&id, "certificate revoked");
	identity_done(&id);
}

static void
a_revocation_counts_from_the_next_handshake_on(void **state)
{
	struct identity id = world_issue(w.ca, "1/client", WORLD_END);
	struct identity other = world_issue(w.ca, "1/other", WORLD_END);
	struct problem problem = {0};

	(void)state;
	serve(TLS_CLIENTS_MUST);
	assert_served(&id);
	assert_int_equal(
	    authority_revoke(w.ca, buf_slice(&id.cert), WORLD_BEGIN), OK);
	world_make_crl(&w, 2);
	assert_int_equal(
	    tls_set_crl(w.tls, buf_slice(&w.crl_pem), &problem), OK);
	world_until(&w, &w.n_requests, 1);
	w.n_requests = 0;
	while (http_server_connections(w.server) > 0)
		event_base_loop(w.base, EVLOOP_ONCE);
	assert_refused(&id, "certificate revoked");
	assert_served(&other);
	identity_done(&id);
	identity_done(&other);
}

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* A list that should have been followed by another `days` ago. */
static void
make_late_crl(int64_t days)
{
	struct instant due = {((int64_t)time(NULL) * 1000) - days * DAY_MS};

	buf_clear(&w.crl_pem);
	assert_int_equal(authority_crl(w.ca, WORLD_BEGIN, due, &w.crl_pem), OK);
}

/* The issuer of the lists may be down for a while; a revoked certificate stays
 * revoked. */
static void
a_late_list_still_counts(void **state)
{
	struct identity id = world_issue(w.ca, "1/client", WORLD_END);
	struct identity gone = world_issue(w.ca, "1/gone", WORLD_END);

	(void)state;
	assert_int_equal(
	    authority_revoke(w.ca, buf_slice(&gone.cert), WORLD_BEGIN), OK);
	make_late_crl(TLS_GRACE_DAYS - 1);
	serve(TLS_CLIENTS_MUST);
	assert_true(
	    tls_revocations_until(w.tls).ms < (int64_t)time(NULL) * 1000);
	assert_refused(&gone, "certificate revoked");
	assert_served(&id);
	identity_done(&id);
	identity_done(&gone);
}

/* A list whose time is long over says nothing about today. */
static void
an_outdated_list_lets_nobody_in(void **state)
{
	struct identity id = world_issue(w.ca, "1/client", WORLD_END);

	(void)state;
	make_late_crl(TLS_GRACE_DAYS + 1);
	serve(TLS_CLIENTS_MUST);
	assert_refused(&id, "CRL has expired");
	identity_done(&id);
}

static void
tls_1_2_is_refused(void **state)
{
	struct identity id = world_issue(w.ca, "1/client", WORLD_END);
	struct raw r;

	(void)state;
	serve(TLS_CLIENTS_MUST);
	raw_connect(&w, &r, &id);
	SSL_set_max_proto_version(
	    bufferevent_openssl_get_ssl(r.bev), TLS1_2_VERSION);
	world_until(&w, &r.closed, 1);
	world_until(&w, &w.n_refused, 1);
	assert_non_null(strstr(w.refused, "unsupported protocol"));
	raw_done(&r);
	identity_done(&id);
}

static void
no_session_can_be_resumed(void **state)
{
	struct identity id = world_issue(w.ca, "1/client", WORLD_END);
	SSL_SESSION *session;
	struct raw r;

	(void)state;
	serve(TLS_CLIENTS_MUST);
	raw_connect(&w, &r, &id);
	raw_send(&r, SLICE("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
	raw_until(&w, &r, "200 OK");
	session = SSL_get1_session(bufferevent_openssl_get_ssl(r.bev));
	assert_false(SSL_SESSION_is_resumable(session));
	SSL_SESSION_free(session);
	raw_done(&r);
	identity_done(&id);
}

static enum err
try_new(struct slice cert, struct slice key, struct slice ca, struct slice crl)
{
	struct tls_identity identity = {cert, key, ca, crl};
	struct problem problem = {0};
	struct tls *tls = NULL;
	enum err rc = tls_new(&identity, TLS_CLIENTS_MUST, &tls, &problem);

	assert_true((rc == OK) == (tls != NULL));
	assert_true((rc == OK) == (problem.text[0] == '\0'));
	tls_free(tls);

	return rc;
}

static void
an_identity_that_does_not_fit_together_is_refused(void **state)
{
	struct identity other = world_issue(w.ca, "1/other", WORLD_END);
	struct slice cert = buf_slice(&w.server_id.cert);
	struct slice key = buf_slice(&w.server_id.key);
	struct slice ca = buf_slice(&w.ca_pem), crl = buf_slice(&w.crl_pem);
	struct slice none = {0};

	(void)state;
	assert_int_equal(try_new(cert, key, ca, crl), OK);
	assert_int_equal(try_new(cert, key, ca, none), OK);
	assert_int_equal(try_new(none, key, ca, crl), ERR_INPUT);
	assert_int_equal(try_new(key, key, ca, crl), ERR_INPUT);
	assert_int_equal(try_new(cert, none, ca, crl), ERR_CRYPTO);
	assert_int_equal(
	    try_new(cert, buf_slice(&other.key), ca, crl), ERR_CRYPTO);
	assert_int_equal(
	    try_new(cert, slice_bytes(key.data, key.len - 1), ca, crl),
	    ERR_CRYPTO);
	assert_int_equal(try_new(cert, key, none, crl), ERR_INPUT);
	assert_int_equal(try_new(cert, key, ca, cert), ERR_INPUT);
	identity_done(&other);
	tls_free(NULL);
}

static void
only_the_nations_newest_list_replaces_one(void **state)
{
	struct authority *stranger = world_ca("Test CA");
	struct problem problem = {0};
	struct buf foreign;

	(void)state;
	buf_init(&foreign);
	assert_int_equal(
	    authority_crl(stranger, WORLD_BEGIN, WORLD_END, &foreign), OK);
	serve(TLS_CLIENTS_MUST);
	world_make_crl(&w, 3);
	assert_int_equal(
	    tls_set_crl(w.tls, buf_slice(&w.crl_pem), &problem), OK);
	assert_int_equal(
	    tls_set_crl(w.tls, buf_slice(&w.crl_pem), &problem), OK);
	world_make_crl(&w, 2);
	assert_int_equal(
	    tls_set_crl(w.tls, buf_slice(&w.crl_pem), &problem), ERR_CONFLICT);
	assert_int_equal(
	    tls_set_crl(w.tls, buf_slice(&foreign), &problem), ERR_CRYPTO);
	assert_int_equal(tls_set_crl(w.tls, SLICE(""), &problem), ERR_INPUT);
	buf_done(&foreign);
	authority_free(stranger);
}

static void
a_certificate_is_replaced_and_open_connections_go_on(void **state)
{
	struct identity id = world_issue(w.ca, "1/client", WORLD_END),
			next = world_issue(w.ca, "1/server", WORLD_END);
	struct problem problem = {0};
	struct raw r;

	(void)state;
	serve(TLS_CLIENTS_MUST);
	raw_connect(&w, &r, &id);
	raw_send(&r, SLICE("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
	raw_until(&w, &r, "200 OK");
	buf_clear(&r.got);
	assert_int_equal(tls_set_certificate(w.tls, buf_slice(&next.cert),
			     buf_slice(&next.key), &problem),
	    OK);
	raw_send(&r, SLICE("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
	raw_until(&w, &r, "200 OK");
	raw_done(&r);
	assert_served(&id);
	identity_done(&id);
	identity_done(&next);
}

static void
a_certificate_that_nobody_would_take_replaces_none(void **state)
{
	struct authority *stranger = world_ca("Test CA");
	struct identity id = world_issue(w.ca, "1/client", WORLD_END),
			foreign = world_issue(stranger, "1/x", WORLD_END);
	struct problem problem = {0};

	(void)state;
	serve(TLS_CLIENTS_MUST);
	assert_int_equal(tls_set_certificate(w.tls, buf_slice(&foreign.cert),
			     buf_slice(&foreign.key), &problem),
	    ERR_CRYPTO);
	assert_int_equal(tls_set_certificate(w.tls, buf_slice(&id.cert),
			     buf_slice(&foreign.key), &problem),
	    ERR_CRYPTO);
	assert_int_equal(tls_set_certificate(w.tls, SLICE("nothing"),
			     buf_slice(&id.key), &problem),
	    ERR_INPUT);
	assert_served(&id);
	identity_done(&id);
	identity_done(&foreign);
	authority_free(stranger);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_peer_of_the_nation_is_known_by_its_key),
	    TEST(without_a_certificate_no_connection),
	    TEST(a_portal_takes_clients_without_certificate),
	    TEST(a_certificate_of_another_ca_is_refused),
	    TEST(an_expired_certificate_is_refused),
	    TEST(a_revoked_certificate_is_refused),
	    TEST(a_revocation_counts_from_the_next_handshake_on),
	    TEST(a_late_list_still_counts),
	    TEST(an_outdated_list_lets_nobody_in),
	    TEST(tls_1_2_is_refused),
	    TEST(no_session_can_be_resumed),
	    TEST(an_identity_that_does_not_fit_together_is_refused),
	    TEST(only_the_nations_newest_list_replaces_one),
	    TEST(a_certificate_is_replaced_and_open_connections_go_on),
	    TEST(a_certificate_that_nobody_would_take_replaces_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
