#include <pthread.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/wire_world.h"

static struct world w;
static struct tls *tls; /* the client's */
static struct http_client *client;

/* The answer that came back. */
static int n_answers;
static struct http_answer answer;
static struct buf body;

static int
set_up(void **state)
{
	struct http_limits limits = http_limits_default();

	(void)state;
	world_init(&w);
	world_serve(&w, TLS_CLIENTS_MUST, &limits);
	tls = world_client_tls(&w, "1/client");
	assert_int_equal(http_client_new(w.base, tls, 2, &client), OK);
	buf_init(&body);
	n_answers = 0;

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	http_client_free(client);
	tls_free(tls);
	buf_done(&body);
	world_done(&w);

	return 0;
}

static void
on_answer(void *state, const struct http_answer *a)
{
	(void)state;
	n_answers++;
	answer = *a;
	buf_clear(&body);
	buf_add(&body, a->body);
}

static const char *
url(const char *host, uint16_t port, const char *path)
{
	static char text[128];

	snprintf(text, sizeof(text), "https://%s:%u%s", host,
	    (unsigned int)port, path);

	return text;
}

static struct http_client_call
get(const char *path)
{
	return (struct http_client_call){.method = HTTP_GET,
	    .url = url("127.0.0.1", http_server_port(w.server), path),
	    .timeout_ms = 1000 * WORLD_PATIENCE_S,
	    .answer_bytes = 1000};
}

static void
send_and_wait(const struct http_client_call *call)
{
	int before = n_answers;

	http_client_send(client, call, on_answer, NULL);
	assert_int_equal(n_answers, before); /* later, from the loop */
	world_until(&w, &n_answers, before + 1);
	if (answer.err)
		assert_true(answer.why[0] != '\0');
}

static void
calls_are_answered_over_one_connection(void **state)
{
	struct http_client_call call = get("/a%20b?c=d");
	int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		send_and_wait(&call);
		assert_int_equal(answer.err, OK);
		assert_int_equal(answer.status, 200);
		assert_string_equal(body.data, "/a b");
	}
	assert_true(w.had_certificate);
	assert_int_equal(http_server_connections(w.server), 1);
}

static void
bodies_go_with_post_and_put(void **state)
{
	struct http_client_call call = get("/echo");

	(void)state;
	call.method = HTTP_POST;
	call.content_type = "text/plain";
	call.authorization = "Bearer x";
	call.body = SLICE("hello");
	send_and_wait(&call);
	assert_string_equal(body.data, "hello");
	call.method = HTTP_PUT;
	call.body = SLICE("");
	send_and_wait(&call);
	assert_int_equal(answer.status, 200);
	assert_int_equal(body.len, 0);
	call.method = HTTP_DELETE;
	send_and_wait(&call);
	assert_string_equal(body.data, "/echo");
}

static void
any_status_is_an_answer(void **state)
{
	struct http_client_call call = get("/busy");

	(void)state;
	send_and_wait(&call);
	assert_int_equal(answer.err, OK);
	assert_int_equal(answer.status, 503);
	assert_int_equal(answer.retry_after, 7);
}

static void
calls_share_the_connections_that_are_allowed(void **state)
{
	struct http_client_call call = get("/a");
	int i;

	(void)state;
	for (i = 0; i < 20; i++)
		http_client_send(client, &call, on_answer, NULL);
	world_until(&w, &n_answers, 20);
	assert_int_equal(w.n_requests, 20);
	assert_in_range(http_server_connections(w.server), 1, 2);
}

static void
the_right_key_of_the_server_passes_and_no_other(void **state)
{
	struct http_client_call call = get("/a");
	struct fingerprint pin;

	(void)state;
	assert_int_equal(
	    certificate_fingerprint(buf_slice(&w.server_id.cert), &pin), OK);
	call.server = &pin;
	send_and_wait(&call);
	assert_int_equal(answer.err, OK);
	/* Not over the connection that stands, either. */
	pin.digest.bytes[31] ^= 1;
	send_and_wait(&call);
	assert_int_equal(answer.err, ERR_CRYPTO);
	assert_int_equal(w.n_requests, 1);
}

static void
any_of_several_keys_of_the_server_passes(void **state)
{
	struct http_client_call call = get("/a");
	struct fingerprint pins[HTTP_SERVER_KEYS] = {0};

	(void)state;
	assert_int_equal(
	    certificate_fingerprint(buf_slice(&w.server_id.cert), &pins[3]),
	    OK);
	call.server = pins;
	call.further = 3;
	send_and_wait(&call);
	assert_int_equal(answer.err, OK);
	call.further = 2;
	send_and_wait(&call);
	assert_int_equal(answer.err, ERR_CRYPTO);
}

static void
a_server_of_another_name_is_refused(void **state)
{
	struct http_client_call call = get("/a");

	(void)state;
	call.url = url("127.0.0.2", http_server_port(w.server), "/a");
	http_server_free(w.server);
	w.server = NULL;
	/* Listens on every address; its certificate says 127.0.0.1. */
	{
		struct http_limits limits = http_limits_default();
		struct http_server_options options = world_options(&w, &limits);

		options.host = "0.0.0.0";
		world_open(&w, &options);
	}
	call.url = url("127.0.0.2", http_server_port(w.server), "/a");
	send_and_wait(&call);
	assert_int_equal(answer.err, ERR_CRYPTO);
	assert_int_equal(w.n_requests, 0);
}

static void
a_server_of_another_ca_is_refused(void **state)
{
	struct authority *stranger = world_ca("Test CA");
	struct identity id = world_issue(stranger, "1/client", WORLD_END);
	struct tls_identity identity = {.certificate_pem = buf_slice(&id.cert),
	    .key_der = buf_slice(&id.key)};
	struct http_client_call call = get("/a");
	struct buf ca;

	(void)state;
	buf_init(&ca);
	assert_int_equal(authority_certificate(stranger, &ca), OK);
	identity.ca_pem = buf_slice(&ca);
	http_client_free(client);
	tls_free(tls);
	assert_int_equal(tls_new(&identity, TLS_CLIENTS_MUST, &tls, NULL), OK);
	assert_int_equal(http_client_new(w.base, tls, 1, &client), OK);
	send_and_wait(&call);
	assert_int_equal(answer.err, ERR_CRYPTO);
	buf_done(&ca);
	identity_done(&id);
	authority_free(stranger);
}

/* Also when the list was replaced after the first call. */
static void
a_revoked_server_is_refused(void **state)
{
	struct http_client_call call = get("/a");
	struct problem problem = {0};

	(void)state;
	send_and_wait(&call);
	assert_int_equal(answer.err, OK);
	assert_int_equal(
	    authority_revoke(w.ca, buf_slice(&w.server_id.cert), WORLD_BEGIN),
	    OK);
	world_make_crl(&w, 2);
	assert_int_equal(tls_set_crl(tls, buf_slice(&w.crl_pem), &problem), OK);
	http_server_drain(w.server);
	while (http_server_connections(w.server) > 0)
		event_base_loop(w.base, EVLOOP_ONCE);
	http_server_free(w.server);
	tls_free(w.tls);
	{
		struct http_limits limits = http_limits_default();

		world_serve(&w, TLS_CLIENTS_MUST, &limits);
	}
	call = get("/a");
	send_and_wait(&call);
	assert_int_equal(answer.err, ERR_CRYPTO);
	assert_int_equal(w.n_requests, 1);
}

static void
a_client_that_the_server_refuses_hears_it(void **state)
{
	struct identity id =
	    world_issue(w.ca, "1/late", instant_plus(WORLD_BEGIN, 86400000));
	struct http_client_call call = get("/a");

	(void)state;
	http_client_free(client);
	tls_free(tls);
	tls = world_tls(&w, &id, TLS_CLIENTS_MUST);
	assert_int_equal(http_client_new(w.base, tls, 1, &client), OK);
	send_and_wait(&call);
	assert_int_equal(answer.err, ERR_UNREACHABLE);
	assert_non_null(strstr(answer.why, "alert certificate expired"));
	identity_done(&id);
}

static void
nobody_there_is_unreachable(void **state)
{
	struct http_client_call call = get("/a");

	(void)state;
	http_server_drain(w.server);
	send_and_wait(&call);
	assert_int_equal(answer.err, ERR_UNREACHABLE);
}

static void
a_call_takes_no_longer_than_it_may(void **state)
{
	struct http_client_call call = get("/later");

	(void)state;
	call.timeout_ms = 100;
	send_and_wait(&call);
	assert_int_equal(answer.err, ERR_UNREACHABLE);
	world_until(&w, &w.n_gone, 1);
}

static void
an_answer_over_the_limit_is_refused(void **state)
{
	struct http_client_call call = get("/1234");

	(void)state;
	call.answer_bytes = 5;
	send_and_wait(&call);
	assert_int_equal(answer.err, OK);
	call.answer_bytes = 4;
	send_and_wait(&call);
	assert_int_equal(answer.err, ERR_TOO_LARGE);
	assert_int_equal(answer.body.len, 0);
}

static void
a_url_that_is_none_is_refused(void **state)
{
	static const char *const wrong[] = {
	    "", "https://", "http://127.0.0.1/", "file:///etc/passwd", "a b"};
	struct http_client_call call = get("/a");
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++) {
		call.url = wrong[i];
		send_and_wait(&call);
		if (answer.err != ERR_INPUT)
			fail_msg(
			    "%s: %d %s", wrong[i], (int)answer.err, answer.why);
	}
}

static bool
is_server(void *state, const struct fingerprint *key)
{
	(void)state;

	return digest_equal(&key->digest, &w.revoked.digest);
}

static bool
is_nobody(void *state, const struct fingerprint *key)
{
	(void)state;
	(void)key;

	return false;
}

static void
calls_to_a_server_that_is_cut_end(void **state)
{
	struct http_client_call call = get("/a"), later = get("/later");

	(void)state;
	assert_int_equal(
	    certificate_fingerprint(buf_slice(&w.server_id.cert), &w.revoked),
	    OK);
	later.url = url("127.0.0.1", http_server_port(w.server), "/later");
	later.server = &w.revoked;
	http_client_send(client, &later, on_answer, NULL);
	world_until(&w, &w.n_waiting, 1);
	http_client_cut(client, is_nobody, NULL);
	assert_int_equal(n_answers, 0);
	http_client_cut(client, is_server, NULL);
	assert_int_equal(n_answers, 1);
	assert_int_equal(answer.err, ERR_CRYPTO);
	assert_non_null(strstr(answer.why, "revoked"));
	world_until(&w, &w.n_gone, 1);
	/* One that is kept for later calls is closed, too. */
	call.url = url("127.0.0.1", http_server_port(w.server), "/a");
	call.server = &w.revoked;
	send_and_wait(&call);
	assert_int_equal(answer.err, OK);
	assert_int_equal(http_server_connections(w.server), 1);
	http_client_cut(client, is_server, NULL);
	while (http_server_connections(w.server) > 0)
		event_base_loop(w.base, EVLOOP_ONCE);
}

static void
a_freed_client_calls_nobody_back(void **state)
{
	struct http_client_call call = get("/later");

	(void)state;
	http_client_send(client, &call, on_answer, NULL);
	http_client_send(client, &call, on_answer, NULL);
	http_client_send(client, &call, on_answer, NULL);
	world_until(&w, &w.n_waiting, 2);
	http_client_free(client);
	client = NULL;
	world_until(&w, &w.n_gone, 2);
	assert_int_equal(n_answers, 0);
	http_client_free(NULL);
}

/* --- The waiting client, with the server in a thread --------------------- */

static void
on_stop(evutil_socket_t fd, short what, void *state)
{
	char c;

	(void)what;
	assert_int_equal(read(fd, &c, 1), 1);
	event_base_loopbreak(state);
}

static void *
serve_in_thread(void *state)
{
	(void)state;
	event_base_dispatch(w.base);

	return NULL;
}

static void
a_session_fetches_and_keeps_its_connection(void **state)
{
	struct http_client_call call = get("/abc"), wrong = get("/");
	struct http_session *session = NULL;
	struct http_answer a;
	struct event *stop;
	pthread_t thread;
	int pipe_fd[2];

	(void)state;
	assert_int_equal(pipe(pipe_fd), 0);
	stop = event_new(w.base, pipe_fd[0], EV_READ, on_stop, w.base);
	event_add(stop, NULL);
	pthread_create(&thread, NULL, serve_in_thread, NULL);
	assert_int_equal(http_session_new(tls, &session), OK);
	buf_add_string(&body, "kept:");
	call.url = strdup(get("/abc").url);
	http_fetch(session, &call, &body, &a);
	assert_int_equal(a.err, OK);
	assert_int_equal(a.status, 200);
	assert_true(slice_equal_string(a.body, "/abc"));
	assert_string_equal(body.data, "kept:/abc");
	http_fetch(session, &call, &body, &a);
	assert_int_equal(a.err, OK);
	wrong.url = "https://127.0.0.1:1/";
	http_fetch(session, &wrong, &body, &a);
	assert_int_equal(a.err, ERR_UNREACHABLE);
	assert_true(a.why[0] != '\0');
	assert_string_equal(body.data, "kept:/abc/abc");
	assert_int_equal(write(pipe_fd[1], "x", 1), 1);
	pthread_join(thread, NULL);
	assert_int_equal(http_server_connections(w.server), 1);
	http_session_free(session);
	http_session_free(NULL);
	event_free(stop);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	free((char *)(uintptr_t)call.url);
}

/* libcurl would, where this variable says. */
static void
nobody_is_told_the_secrets_of_a_connection(void **state)
{
	const char *path = scratch_path();
	struct http_client_call call = get("/a");

	(void)state;
	assert_int_equal(setenv("SSLKEYLOGFILE", path, 1), 0);
	http_client_free(client);
	assert_int_equal(http_client_new(w.base, tls, 2, &client), OK);
	send_and_wait(&call);
	assert_int_equal(answer.err, OK);
	assert_int_not_equal(access(path, F_OK), 0);
	unsetenv("SSLKEYLOGFILE");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(calls_are_answered_over_one_connection),
	    TEST(bodies_go_with_post_and_put),
	    TEST(any_status_is_an_answer),
	    TEST(calls_share_the_connections_that_are_allowed),
	    TEST(the_right_key_of_the_server_passes_and_no_other),
	    TEST(any_of_several_keys_of_the_server_passes),
	    TEST(a_server_of_another_name_is_refused),
	    TEST(a_server_of_another_ca_is_refused),
	    TEST(a_revoked_server_is_refused),
	    TEST(a_client_that_the_server_refuses_hears_it),
	    TEST(nobody_there_is_unreachable),
	    TEST(a_call_takes_no_longer_than_it_may),
	    TEST(an_answer_over_the_limit_is_refused),
	    TEST(a_url_that_is_none_is_refused),
	    TEST(calls_to_a_server_that_is_cut_end),
	    TEST(a_freed_client_calls_nobody_back),
	    TEST(a_session_fetches_and_keeps_its_connection),
	    TEST(nobody_is_told_the_secrets_of_a_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
