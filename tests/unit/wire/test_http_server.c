#include <netinet/tcp.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/wire_server.h"

static void
one_connection_carries_many_requests(void **state)
{
	struct raw r;
	int i;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	for (i = 0; i < 10; i++) {
		buf_clear(&r.got);
		raw_send(&r, GET("/a%20b"));
		raw_until(&w, &r, "\r\n\r\n/a b");
		assert_true(raw_has(&r, "HTTP/1.1 200 OK\r\n"));
		assert_true(raw_has(&r, "Content-Length: 4\r\n"));
		assert_true(raw_has(&r, "Content-Type: text/plain\r\n"));
		assert_true(raw_has(&r, "\r\nDate: "));
	}
	assert_int_equal(w.n_requests, 10);
	assert_int_equal(http_server_connections(w.server), 1);
	raw_done(&r);
	until_connections(0);
	assert_int_equal(w.n_gone, 0);
}

static void
requests_sent_ahead_are_answered_in_order(void **state)
{
	struct raw r;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, GET("/1"));
	raw_send(&r, GET("/later"));
	raw_send(&r, GET("/3"));
	raw_until(&w, &r, "\r\n\r\n/1");
	world_until(&w, &w.n_waiting, 1);
	assert_int_equal(w.n_requests, 2);
	world_reply(w.waiting[0], 200, SLICE("two"));
	raw_until(&w, &r, "\r\n\r\n/3");
	assert_true(strstr(r.got.data, "two") < strstr(r.got.data, "/3"));
	raw_done(&r);
}

static void
replies_may_come_later_and_in_any_order(void **state)
{
	struct raw a, b;

	(void)state;
	serve();
	raw_connect(&w, &a, &id);
	raw_send(&a, GET("/later"));
	world_until(&w, &w.n_waiting, 1);
	raw_connect(&w, &b, &id);
	raw_send(&b, GET("/later"));
	world_until(&w, &w.n_waiting, 2);
	world_reply(w.waiting[1], 200, SLICE("second"));
	raw_until(&w, &b, "second");
	assert_int_equal(a.got.len, 0);
	world_reply(w.waiting[0], 404, SLICE("first"));
	raw_until(&w, &a, "HTTP/1.1 404 Not Found");
	raw_done(&a);
	raw_done(&b);
}

static void
a_peer_that_leaves_before_the_reply_is_reported(void **state)
{
	struct raw r;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, GET("/later"));
	world_until(&w, &w.n_waiting, 1);
	raw_done(&r);
	world_until(&w, &w.n_gone, 1);
	assert_null(w.waiting[0]);
	until_connections(0);
}

/* The peer is dead already, but we have not heard of it. */
static void
a_reply_to_a_dead_peer_is_harmless(void **state)
{
	struct raw r;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, GET("/later"));
	world_until(&w, &w.n_waiting, 1);
	raw_done(&r);
	world_reply(w.waiting[0], 200, SLICE("too late"));
	until_connections(0);
	assert_int_equal(w.n_gone, 0);
}

static void
the_server_may_go_with_requests_unanswered(void **state)
{
	struct raw r;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, GET("/later"));
	world_until(&w, &w.n_waiting, 1);
	http_server_free(w.server);
	w.server = NULL;
	assert_int_equal(w.n_gone, 0);
	world_until(&w, &r.closed, 1);
	raw_done(&r);
	http_server_free(NULL);
}

static void
a_hundred_connections_are_served(void **state)
{
	struct raw r[100];
	size_t i;

	(void)state;
	limits.connections_per_peer = 100;
	serve();
	for (i = 0; i < COUNT(r); i++)
		raw_connect(&w, &r[i], &id);
	for (i = 0; i < COUNT(r); i++) {
		raw_send(&r[i], GET("/a"));
		raw_until(&w, &r[i], "200 OK");
	}
	assert_int_equal(http_server_connections(w.server), 100);
	for (i = 0; i < COUNT(r); i++)
		raw_done(&r[i]);
}

/* Send, and expect this answer and the end of the connection. */
static void
assert_refused(struct slice text, const char *status)
{
	int before = w.n_refused;
	struct raw r;

	raw_connect(&w, &r, &id);
	raw_send(&r, text);
	raw_until(&w, &r, status);
	assert_true(raw_has(&r, "Connection: close\r\n"));
	assert_true(raw_has(&r, "application/problem+json"));
	world_until(&w, &r.closed, 1);
	assert_int_equal(w.n_refused, before + 1);
	assert_int_equal(w.n_requests, 0);
	raw_done(&r);
	until_connections(0);
}

static void
what_breaks_a_rule_is_answered_and_closed(void **state)
{
	(void)state;
	limits.header_bytes = 256;
	limits.body_bytes = 16;
	serve();
	assert_refused(SLICE("no http at all\r\n\r\n"), "HTTP/1.1 400 ");
	assert_refused(GET("/../a"), "HTTP/1.1 400 ");
	assert_refused(GET("/?%ff"), "HTTP/1.1 400 ");
	assert_refused(SLICE("GET / HTTP/1.1\n\n"), "HTTP/1.1 400 ");
	assert_refused(
	    SLICE("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "HTTP/1.1 505 ");
	assert_refused(SLICE("POST / HTTP/1.1\r\nHost: x\r\n"
			     "Content-Length: 17\r\n\r\n12345678901234567"),
	    "HTTP/1.1 413 ");
	assert_refused(SLICE("POST / HTTP/1.1\r\nHost: x\r\n"
			     "Transfer-Encoding: chunked\r\n\r\n11\r\n"),
	    "HTTP/1.1 413 ");
}

static void
a_header_over_the_limit_is_431(void **state)
{
	struct buf text;

	(void)state;
	limits.header_bytes = 256;
	serve();
	buf_init(&text);
	buf_add_string(&text, "GET / HTTP/1.1\r\nHost: x\r\nX: ");
	memset(buf_extend(&text, 4096), 'a', 4096);
	assert_refused(buf_slice(&text), "HTTP/1.1 431 ");
	buf_done(&text);
}

/* A whole megabyte more than is taken: the answer must reach a peer that is
 * still sending. */
static void
the_refusal_reaches_a_peer_that_is_still_sending(void **state)
{
	struct buf text;

	(void)state;
	limits.body_bytes = 1024;
	serve();
	buf_init(&text);
	buf_add_string(&text,
	    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n");
	memset(buf_extend(&text, 1048576), 'a', 1048576);
	assert_refused(buf_slice(&text), "HTTP/1.1 413 ");
	buf_done(&text);
}

static void
a_large_body_and_a_large_reply_pass(void **state)
{
	struct raw r;
	struct buf text;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	buf_init(&text);
	buf_add_string(&text,
	    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n");
	memset(buf_extend(&text, 1048576), 'a', 1048576);
	raw_send(&r, buf_slice(&text));
	raw_until(&w, &r, "\r\n\r\n");
	while (r.n_got < 1048576)
		world_until(&w, &r.n_got, r.n_got + 1);
	raw_send(&r, GET("/big"));
	world_until(&w, &r.n_got, (1 << 20) + (4 << 20));
	raw_done(&r);
	buf_done(&text);
}

static void
continue_is_said_to_who_waits_for_it(void **state)
{
	struct raw r;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r,
	    SLICE("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
		  "Expect: 100-continue\r\n\r\n"));
	raw_until(&w, &r, "HTTP/1.1 100 Continue\r\n\r\n");
	assert_int_equal(w.n_requests, 0);
	raw_send(&r, SLICE("ok"));
	raw_until(&w, &r, "\r\n\r\nok");
	raw_done(&r);
}

static void
head_gets_no_body(void **state)
{
	struct raw r;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, SLICE("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n"));
	raw_until(&w, &r, "Content-Length: 4\r\n");
	buf_clear(&r.got);
	raw_send(&r, GET("/x"));
	raw_until(&w, &r, "\r\n\r\n/x");
	assert_false(raw_has(&r, "abc"));
	raw_done(&r);
}

static void
further_header_fields_are_sent(void **state)
{
	struct raw r;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, GET("/busy"));
	raw_until(&w, &r, "\r\n\r\n");
	assert_true(raw_has(&r, "Retry-After: 7\r\n"));
	raw_done(&r);
}

static void
http_1_0_is_answered_and_closed(void **state)
{
	struct raw r;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, SLICE("GET /a HTTP/1.0\r\n\r\n"));
	raw_until(&w, &r, "Connection: close\r\n");
	world_until(&w, &r.closed, 1);
	raw_done(&r);
}

static void
a_request_that_drips_in_is_cut_off(void **state)
{
	struct raw r;
	int n;

	(void)state;
	limits.request_ms = 500;
	serve();
	raw_connect(&w, &r, &id);
	world_until(&w, &r.connected, 1);
	/* One byte in each turn of the loop, without end. */
	raw_send(&r, SLICE("GET /"));
	for (n = 0; !raw_has(&r, "HTTP/1.1 408 "); n++) {
		raw_send(&r, SLICE("a"));
		event_base_loop(w.base, EVLOOP_ONCE);
		assert_false(r.closed && !raw_has(&r, "HTTP/1.1 408 "));
		if (n > 4096)
			break;
	}
	raw_until(&w, &r, n > 4096 ? "HTTP/1.1 4" : "HTTP/1.1 408 ");
	raw_done(&r);
}

static void
a_peer_that_stays_silent_in_the_handshake_is_cut_off(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	limits.request_ms = 500;
	serve();
	address.sin_port = htons(http_server_port(w.server));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(
	    connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	world_until(&w, &w.n_refused, 1);
	assert_string_equal(w.refused, "the TLS handshake took too long");
	assert_int_equal(http_server_connections(w.server), 0);
	close(fd);
}

static void
a_peer_that_does_not_take_its_reply_is_cut_off(void **state)
{
	struct raw r;

	(void)state;
	limits.request_ms = 500;
	limits.body_bytes = 1u << 20;
	serve();
	raw_connect(&w, &r, &id);
	world_until(&w, &r.connected, 1);
	bufferevent_disable(r.bev, EV_READ);
	raw_send(&r, GET("/big"));
	raw_send(&r, GET("/big"));
	raw_send(&r, GET("/big"));
	world_until(&w, &w.n_refused, 1);
	assert_string_equal(
	    w.refused, "the peer was too slow in taking its reply");
	raw_done(&r);
	until_connections(0);
}

static void
an_idle_connection_is_closed(void **state)
{
	struct raw r;

	(void)state;
	limits.idle_seconds = 0;
	serve();
	raw_connect(&w, &r, &id);
	world_until(&w, &r.closed, 1);
	assert_int_equal(w.n_refused, 0);
	raw_done(&r);
	until_connections(0);
}

static void
draining_answers_what_is_under_way_and_nothing_else(void **state)
{
	struct raw a, b, c;

	(void)state;
	serve();
	raw_connect(&w, &a, &id);
	raw_send(&a, GET("/later"));
	world_until(&w, &w.n_waiting, 1);
	raw_connect(&w, &b, &id);
	raw_send(&b, GET("/a"));
	raw_until(&w, &b, "200 OK");
	http_server_drain(w.server);
	world_until(&w, &b.closed, 1);
	raw_connect(&w, &c, &id);
	world_until(&w, &c.closed, 1);
	world_reply(w.waiting[0], 200, SLICE("at last"));
	raw_until(&w, &a, "at last");
	assert_true(raw_has(&a, "Connection: close\r\n"));
	world_until(&w, &a.closed, 1);
	raw_done(&a);
	raw_done(&b);
	raw_done(&c);
	until_connections(0);
}

/* Idle, in the middle of a request, and waiting for a reply. */
static void
connections_of_a_revoked_key_are_cut(void **state)
{
	struct identity other = world_issue(w.ca, "other", WORLD_END);
	struct raw r[3], stays;

	(void)state;
	serve();
	raw_connect(&w, &stays, &other);
	raw_send(&stays, GET("/a"));
	raw_until(&w, &stays, "/a");
	raw_connect(&w, &r[0], &id);
	raw_send(&r[0], GET("/b"));
	raw_until(&w, &r[0], "/b");
	raw_connect(&w, &r[1], &id);
	raw_send(&r[1], SLICE("GET /half"));
	raw_connect(&w, &r[2], &id);
	raw_send(&r[2], GET("/later"));
	world_until(&w, &w.n_waiting, 1);
	until_connections(4);
	assert_int_equal(http_server_cut(w.server), 0);
	assert_int_equal(
	    certificate_fingerprint(buf_slice(&id.cert), &w.revoked), OK);
	w.has_revoked = true;
	assert_int_equal(http_server_cut(w.server), 3);
	assert_int_equal(w.n_gone, 1);
	assert_string_equal(w.refused, "its key is revoked");
	until_connections(1);
	raw_send(&stays, GET("/still"));
	raw_until(&w, &stays, "/still");
	/* TLS knows nothing of it: the next one is cut after its handshake. */
	w.n_refused = 0;
	raw_done(&r[0]);
	raw_connect(&w, &r[0], &id);
	world_until(&w, &w.n_refused, 1);
	until_connections(1);
	raw_done(&r[0]);
	raw_done(&r[1]);
	raw_done(&r[2]);
	raw_done(&stays);
	identity_done(&other);
}

static void
a_taken_port_is_named(void **state)
{
	struct http_server_options options;
	struct http_server *second = NULL;
	struct problem problem = {0};
	char port[8];

	(void)state;
	serve();
	options = world_options(&w, &limits);
	options.port = http_server_port(w.server);
	snprintf(
	    port, sizeof(port), "%u", (unsigned int)http_server_port(w.server));
	assert_int_equal(
	    http_server_new(&options, &second, &problem), ERR_BUSY);
	assert_non_null(strstr(problem.text, port));
	assert_null(second);
	options.host = "no such host.";
	assert_int_equal(
	    http_server_new(&options, &second, &problem), ERR_INPUT);
	options.host = "192.0.2.1";
	assert_int_equal(http_server_new(&options, &second, &problem), ERR_IO);
}

static void
replies_are_not_held_back_by_nagle(void **state)
{
	struct raw r;
	socklen_t len = sizeof(int);
	int on = 0, fd;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, GET("/a"));
	raw_until(&w, &r, "200 OK");
	/* The accepted socket is the one whose own port is the server's and
	 * which has a peer. */
	for (fd = 3; fd < 64; fd++) {
		struct sockaddr_in own = {0}, peer = {0};
		socklen_t own_len = sizeof(own), peer_len = sizeof(peer);

		if (getsockname(fd, (struct sockaddr *)&own, &own_len) == 0 &&
		    getpeername(fd, (struct sockaddr *)&peer, &peer_len) == 0 &&
		    ntohs(own.sin_port) == http_server_port(w.server))
			break;
	}
	assert_in_range(fd, 3, 63);
	assert_int_equal(
	    getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &len), 0);
	assert_true(on);
	raw_done(&r);
}

static void
a_server_out_of_descriptors_recovers(void **state)
{
	struct rlimit before, low;
	struct raw r;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	getrlimit(RLIMIT_NOFILE, &before);
	low = before;
	low.rlim_cur = 3;
	setrlimit(RLIMIT_NOFILE, &low);
	raw_send(&r, GET("/a"));
	world_until(&w, &w.n_refused, 1);
	setrlimit(RLIMIT_NOFILE, &before);
	raw_until(&w, &r, "200 OK");
	raw_done(&r);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(one_connection_carries_many_requests),
	    TEST(requests_sent_ahead_are_answered_in_order),
	    TEST(replies_may_come_later_and_in_any_order),
	    TEST(a_peer_that_leaves_before_the_reply_is_reported),
	    TEST(a_reply_to_a_dead_peer_is_harmless),
	    TEST(the_server_may_go_with_requests_unanswered),
	    TEST(a_hundred_connections_are_served),
	    TEST(what_breaks_a_rule_is_answered_and_closed),
	    TEST(a_header_over_the_limit_is_431),
	    TEST(the_refusal_reaches_a_peer_that_is_still_sending),
	    TEST(a_large_body_and_a_large_reply_pass),
	    TEST(continue_is_said_to_who_waits_for_it),
	    TEST(head_gets_no_body),
	    TEST(further_header_fields_are_sent),
	    TEST(http_1_0_is_answered_and_closed),
	    TEST(a_request_that_drips_in_is_cut_off),
	    TEST(a_peer_that_stays_silent_in_the_handshake_is_cut_off),
	    TEST(a_peer_that_does_not_take_its_reply_is_cut_off),
	    TEST(an_idle_connection_is_closed),
	    TEST(draining_answers_what_is_under_way_and_nothing_else),
	    TEST(connections_of_a_revoked_key_are_cut),
	    TEST(a_taken_port_is_named),
	    TEST(replies_are_not_held_back_by_nagle),
	    TEST(a_server_out_of_descriptors_recovers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
