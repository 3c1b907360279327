/* One peer's share of a server is limited, so that others have places too. */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/wire_server.h"

static void
one_peer_has_so_many_connections_and_no_more(void **state)
{
	struct identity other = world_issue(w.ca, "1/other", WORLD_END);
	struct raw a, b, c, d;

	(void)state;
	limits.connections_per_peer = 2;
	serve();
	raw_connect(&w, &a, &id);
	raw_send(&a, GET("/a"));
	raw_until(&w, &a, "200 OK");
	raw_connect(&w, &b, &id);
	raw_send(&b, GET("/a"));
	raw_until(&w, &b, "200 OK");
	raw_connect(&w, &c, &id);
	raw_send(&c, GET("/a"));
	raw_until(&w, &c, "HTTP/1.1 503 ");
	assert_true(raw_has(&c, "Retry-After: 1\r\n"));
	assert_string_equal(w.refused, "too many connections of one peer");
	/* From the same address, but somebody else. */
	raw_connect(&w, &d, &other);
	raw_send(&d, GET("/a"));
	raw_until(&w, &d, "200 OK");
	raw_done(&a);
	raw_done(&b);
	raw_done(&c);
	raw_done(&d);
	identity_done(&other);
}

/* Connect and be answered; the connection stays. */
static void
assert_served(struct raw *r, const struct identity *who)
{
	raw_connect(&w, r, who);
	raw_send(r, GET("/a"));
	raw_until(&w, r, "200 OK");
}

static void
who_has_most_makes_room_for_a_newcomer(void **state)
{
	struct identity other = world_issue(w.ca, "1/other", WORLD_END);
	struct raw a, b, c, d;

	(void)state;
	limits.connections = 2;
	serve();
	raw_connect(&w, &a, &id);
	raw_send(&a, GET("/later"));
	world_until(&w, &w.n_waiting, 1);
	assert_served(&b, &id);
	/* The idle one goes, though it is younger. */
	assert_served(&c, &other);
	world_until(&w, &b.closed, 1);
	assert_false(a.closed);
	assert_string_equal(w.refused, "too many connections in all");
	/* Each has one: nobody has most, so that a third place is not made. */
	raw_connect(&w, &d, &id);
	raw_send(&d, GET("/a"));
	raw_until(&w, &d, "HTTP/1.1 503 ");
	assert_int_equal(w.n_gone, 0);
	assert_false(c.closed);
	raw_done(&a);
	raw_done(&b);
	raw_done(&c);
	raw_done(&d);
	identity_done(&other);
}

static void
who_waits_may_lose_its_place_and_is_reported(void **state)
{
	struct identity other = world_issue(w.ca, "1/other", WORLD_END);
	struct raw a, b, c;

	(void)state;
	limits.connections = 2;
	serve();
	raw_connect(&w, &a, &id);
	raw_send(&a, GET("/later"));
	raw_connect(&w, &b, &id);
	raw_send(&b, GET("/later"));
	world_until(&w, &w.n_waiting, 2);
	assert_served(&c, &other);
	assert_int_equal(w.n_gone, 1);
	assert_true((w.waiting[0] == NULL) != (w.waiting[1] == NULL));
	raw_done(&a);
	raw_done(&b);
	raw_done(&c);
	identity_done(&other);
}

static void
a_silent_handshake_gives_way(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd[3];
	struct raw r;
	char byte;
	size_t i;

	(void)state;
	limits.handshakes = COUNT(fd);
	serve();
	address.sin_port = htons(http_server_port(w.server));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (i = 0; i < COUNT(fd); i++) {
		fd[i] = socket(AF_INET, SOCK_STREAM, 0);
		assert_int_equal(connect(fd[i], (struct sockaddr *)&address,
				     sizeof(address)),
		    0);
		until_connections((int)i + 1);
	}
	assert_served(&r, &id);
	assert_string_equal(w.refused, "too many handshakes at once");
	assert_int_equal(w.n_refused, 1);
	/* The oldest. */
	assert_true(recv(fd[0], &byte, 1, MSG_DONTWAIT) == 0);
	assert_true(recv(fd[1], &byte, 1, MSG_DONTWAIT) < 0);
	for (i = 0; i < COUNT(fd); i++)
		close(fd[i]);
	raw_done(&r);
}

/* A silent connection over the limit does not keep its place either. */
static void
connections_over_the_limit_are_few_and_short(void **state)
{
	struct raw r[70];
	size_t i;

	(void)state;
	limits.connections_per_peer = 1;
	serve();
	for (i = 0; i < COUNT(r); i++) {
		raw_connect(&w, &r[i], &id);
		world_until(&w, &r[i].connected, 1);
	}
	until_connections(65);
	world_until(&w, &w.n_refused, 5);
	assert_string_equal(w.refused, "too many connections of one peer");
	/* After a moment, without a word of theirs. */
	until_connections(1);
	for (i = 0; i < COUNT(r); i++)
		raw_done(&r[i]);
}

/* The head of a request with a body, and the first bytes of it. */
static void
begin_body(struct raw *r, const struct identity *who, size_t length, size_t n)
{
	int before = w.n_refused;
	struct buf text;

	buf_init(&text);
	buf_printf(&text,
	    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n"
	    "Expect: 100-continue\r\n\r\n",
	    length);
	raw_connect(&w, r, who);
	raw_send(r, buf_slice(&text));
	raw_until(&w, r, "100 Continue");
	buf_clear(&text);
	memset(buf_extend(&text, n), 'a', n);
	if (n > 0)
		raw_send(r, buf_slice(&text));
	buf_done(&text);
	assert_int_equal(w.n_refused, before);
}

/* Another caller is served, after all that was sent before has come. */
static void
assert_open(const struct identity *who)
{
	struct raw r;

	assert_served(&r, who);
	raw_done(&r);
	event_base_loop(w.base, EVLOOP_NONBLOCK);
}

static void
announced_bytes_take_no_room(void **state)
{
	struct identity other = world_issue(w.ca, "1/other", WORLD_END);
	struct raw a, b, c;

	(void)state;
	limits.all_bytes = limits.organisation_bytes = 1000;
	serve();
	begin_body(&a, &id, 1000, 0);
	begin_body(&b, &other, 1000, 0);
	begin_body(&c, &id, 1000, 1000);
	raw_until(&w, &c, "200 OK");
	raw_done(&a);
	raw_done(&b);
	raw_done(&c);
	identity_done(&other);
}

static void
the_organisation_with_most_bytes_gives_way(void **state)
{
	struct identity other = world_issue(w.ca, "1/other", WORLD_END);
	struct raw a, b, c, d;

	(void)state;
	limits.all_bytes = 1000;
	serve();
	begin_body(&a, &id, 900, 300);
	begin_body(&b, &id, 900, 500);
	until_bytes(800);
	/* The largest of those of the largest. */
	begin_body(&c, &other, 400, 400);
	raw_until(&w, &c, "200 OK");
	raw_until(&w, &b, "HTTP/1.1 503 ");
	assert_true(raw_has(&b, "Retry-After: 1\r\n"));
	assert_string_equal(
	    w.refused, "too many bytes of requests and replies");
	/* An organisation does not take from one that has less. */
	begin_body(&d, &other, 900, 900);
	raw_until(&w, &d, "HTTP/1.1 503 ");
	assert_int_equal(w.n_refused, 2);
	assert_false(raw_has(&a, "503"));
	raw_done(&a);
	raw_done(&b);
	raw_done(&c);
	raw_done(&d);
	identity_done(&other);
}

/* Two peers of organisation "1", and others of "2". */
static struct fingerprint of_one[2];

static struct slice
organisation(void *state, const struct fingerprint *fingerprint)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(of_one); i++) {
		if (digest_equal(&of_one[i].digest, &fingerprint->digest))
			return SLICE("1");
	}

	return SLICE("2");
}

static void
peers_of_one_organisation_share_its_bytes(void **state)
{
	struct identity offices = world_issue(w.ca, "1/offices", WORLD_END);
	struct identity other = world_issue(w.ca, "2/relay", WORLD_END);
	struct http_server_options options;
	struct raw a, b, c;

	(void)state;
	limits.organisation_bytes = 1000;
	assert_int_equal(
	    certificate_fingerprint(buf_slice(&id.cert), &of_one[0]), OK);
	assert_int_equal(
	    certificate_fingerprint(buf_slice(&offices.cert), &of_one[1]), OK);
	w.tls = world_tls(&w, &w.server_id, TLS_CLIENTS_MUST);
	options = world_options(&w, &limits);
	options.handler.organisation = organisation;
	world_open(&w, &options);
	begin_body(&a, &id, 900, 600);
	until_bytes(600);
	begin_body(&b, &offices, 900, 600);
	raw_until(&w, &b, "HTTP/1.1 503 ");
	assert_string_equal(w.refused,
	    "too many bytes of requests and replies of one organisation");
	begin_body(&c, &other, 900, 900);
	raw_until(&w, &c, "200 OK");
	assert_open(&offices);
	raw_done(&a);
	raw_done(&b);
	raw_done(&c);
	identity_done(&offices);
	identity_done(&other);
}

/* The door stays open although two organisations announce and send as much as
 * they may, by every certificate that they have. */
static void
several_peers_cannot_shut_the_door(void **state)
{
	struct identity third = world_issue(w.ca, "3/relay", WORLD_END);
	struct identity other = world_issue(w.ca, "2/relay", WORLD_END);
	struct raw a[4], b[4], c;
	size_t i;

	(void)state;
	limits.all_bytes = 2000;
	limits.organisation_bytes = 1000;
	serve();
	for (i = 0; i < COUNT(a); i++) {
		begin_body(&a[i], &id, 1000, 250);
		begin_body(&b[i], &other, 1000, 250);
		assert_open(&third);
	}
	begin_body(&c, &third, 600, 600);
	raw_until(&w, &c, "200 OK");
	for (i = 0; i < COUNT(a); i++) {
		raw_done(&a[i]);
		raw_done(&b[i]);
	}
	raw_done(&c);
	identity_done(&third);
	identity_done(&other);
}

/* Replies that a peer does not take count as its requests do. */
static void
replies_count_until_they_have_left(void **state)
{
	struct identity other = world_issue(w.ca, "1/other", WORLD_END);
	struct raw a, b, c;

	(void)state;
	limits.organisation_bytes = 2u << 20;
	serve();
	raw_connect(&w, &a, &id);
	world_until(&w, &a.connected, 1);
	bufferevent_disable(a.bev, EV_READ);
	raw_send(&a, GET("/big"));
	world_until(&w, &w.n_requests, 1);
	raw_connect(&w, &b, &id);
	raw_send(&b, GET("/a"));
	raw_until(&w, &b, "HTTP/1.1 503 ");
	assert_served(&c, &other);
	bufferevent_enable(a.bev, EV_READ);
	world_until(&w, &a.n_got, 4 << 20);
	raw_done(&b);
	assert_served(&b, &id);
	raw_done(&a);
	raw_done(&b);
	raw_done(&c);
	identity_done(&other);
}

static void
who_does_not_take_a_reply_cannot_go_on_sending(void **state)
{
	struct evbuffer *out;
	struct raw r;
	struct buf text;
	size_t len;
	int i;

	(void)state;
	serve();
	raw_connect(&w, &r, &id);
	world_until(&w, &r.connected, 1);
	bufferevent_disable(r.bev, EV_READ);
	raw_send(&r, GET("/big"));
	world_until(&w, &w.n_requests, 1);
	buf_init(&text);
	len = 64u << 20; /* far more than the kernel keeps */
	memset(buf_extend(&text, len), 'a', len);
	raw_send(&r, buf_slice(&text));
	out = bufferevent_get_output(r.bev);
	for (i = 0; i < 10000 && evbuffer_get_length(out) > 0; i++)
		event_base_loop(w.base, EVLOOP_NONBLOCK);
	assert_true(evbuffer_get_length(out) > len / 2);
	buf_done(&text);
	raw_done(&r);
}

static size_t
short_for_strangers(void *state, const struct http_call *call)
{
	(void)state;

	return call->has_certificate ? 1u << 20 : 16;
}

static void
bodies_are_as_long_as_the_handler_lets_the_caller(void **state)
{
	struct http_server_options options;
	struct raw r;

	(void)state;
	w.tls = world_tls(&w, &w.server_id, TLS_CLIENTS_MAY);
	options = world_options(&w, &limits);
	options.handler.body_bytes = short_for_strangers;
	world_open(&w, &options);
	raw_connect(&w, &r, NULL);
	raw_send(&r,
	    SLICE("POST / HTTP/1.1\r\nHost: x\r\n"
		  "Content-Length: 17\r\n\r\n"));
	raw_until(&w, &r, "HTTP/1.1 413 ");
	raw_done(&r);
	raw_connect(&w, &r, &id);
	raw_send(&r,
	    SLICE("POST / HTTP/1.1\r\nHost: x\r\n"
		  "Content-Length: 17\r\n\r\n12345678901234567"));
	raw_until(&w, &r, "200 OK");
	raw_done(&r);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(one_peer_has_so_many_connections_and_no_more),
	    TEST(who_has_most_makes_room_for_a_newcomer),
	    TEST(who_waits_may_lose_its_place_and_is_reported),
	    TEST(a_silent_handshake_gives_way),
	    TEST(connections_over_the_limit_are_few_and_short),
	    TEST(announced_bytes_take_no_room),
	    TEST(the_organisation_with_most_bytes_gives_way),
	    TEST(peers_of_one_organisation_share_its_bytes),
	    TEST(several_peers_cannot_shut_the_door),
	    TEST(replies_count_until_they_have_left),
	    TEST(who_does_not_take_a_reply_cannot_go_on_sending),
	    TEST(bodies_are_as_long_as_the_handler_lets_the_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
