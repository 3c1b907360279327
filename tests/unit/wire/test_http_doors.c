/* A server's doors, bounds of bodies, and replies from a file. */
#include <fcntl.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/wire_server.h"

#define FILE_BYTES (3u << 20)

static void
open_door(enum http_door door)
{
	struct http_server_options options;

	w.tls = world_tls(&w, &w.server_id, TLS_CLIENTS_MUST);
	options = world_options(&w, &limits);
	options.door = door;
	world_open(&w, &options);
}

static void
a_peers_door_is_for_certificates(void **state)
{
	struct raw r;

	(void)state;
	open_door(HTTP_DOOR_PEERS);
	raw_connect(&w, &r, &id);
	raw_send(&r, GET("/a"));
	raw_until(&w, &r, "200 OK");
	assert_int_equal(w.doors, HTTP_DOOR_PEERS);
	raw_done(&r);
	raw_connect(&w, &r, NULL);
	raw_send(&r, GET("/a"));
	world_until(&w, &w.n_refused, 1);
	assert_int_equal(w.n_requests, 1);
	raw_done(&r);
}

static int asked; /* for a certificate */

static int
on_certificate_asked(SSL *ssl, void *state)
{
	(void)ssl;
	(void)state;
	asked++;

	return 1;
}

static void
a_peoples_door_asks_for_no_certificate(void **state)
{
	struct raw r;

	(void)state;
	asked = 0;
	open_door(HTTP_DOOR_PEOPLE);
	raw_connect(&w, &r, &id);
	SSL_set_cert_cb(
	    bufferevent_openssl_get_ssl(r.bev), on_certificate_asked, NULL);
	raw_send(&r, GET("/a"));
	raw_until(&w, &r, "200 OK");
	assert_int_equal(asked, 0);
	assert_false(w.had_certificate);
	assert_int_equal(w.doors, HTTP_DOOR_PEOPLE);
	raw_done(&r);
}

static void
a_public_door_speaks_plainly(void **state)
{
	struct raw r;

	(void)state;
	open_door(HTTP_DOOR_PUBLIC);
	raw_connect_plain(&w, &r);
	raw_send(&r, GET("/a"));
	raw_until(&w, &r, "200 OK");
	assert_false(w.had_certificate);
	assert_int_equal(w.doors, HTTP_DOOR_PUBLIC);
	raw_send(&r,
	    SLICE("GET /b HTTP/1.1\r\nHost: localhost:1\r\n"
		  "Connection: close\r\n\r\n"));
	world_until(&w, &r.closed, 1);
	assert_true(raw_has(&r, "\r\n\r\n/b"));
	assert_int_equal(w.doors, HTTP_DOOR_PUBLIC | HTTP_DOOR_PEOPLE);
	raw_done(&r);
	until_connections(0);
}

static void
beyond_the_loopback_a_public_door_is_for_the_public_alone(void **state)
{
	struct http_server_options options;
	struct raw r;

	(void)state;
	options = world_options(&w, &limits);
	options.door = HTTP_DOOR_PUBLIC;
	options.host = "0.0.0.0";
	world_open(&w, &options);
	raw_connect_plain(&w, &r);
	raw_send(&r, SLICE("GET /b HTTP/1.1\r\nHost: localhost\r\n\r\n"));
	raw_until(&w, &r, "200 OK");
	assert_int_equal(w.doors, HTTP_DOOR_PUBLIC);
	raw_done(&r);
}

/* --- Bodies -------------------------------------------------------------- */

static size_t
four_for_short(void *state, const struct http_call *call)
{
	(void)state;
	assert_null(call->body.data);

	if (slice_equal_string(call->path, "/refused"))
		return HTTP_BODY_UNREAD;

	return slice_equal_string(call->path, "/short") ? 4 : 1u << 20;
}

static void
serve_bounded(void)
{
	struct http_server_options options;

	limits.body_bytes = 8;
	w.tls = world_tls(&w, &w.server_id, TLS_CLIENTS_MUST);
	options = world_options(&w, &limits);
	options.handler.body_bytes = four_for_short;
	world_open(&w, &options);
}

static void
assert_status(struct slice request, const char *status)
{
	struct raw r;

	raw_connect(&w, &r, &id);
	raw_send(&r, request);
	raw_until(&w, &r, status);
	assert_false(raw_has(&r, "100 Continue"));
	raw_done(&r);
}

#define POST(path) "POST " path " HTTP/1.1\r\nHost: x\r\n"

static void
a_body_is_bounded_before_any_of_it_is_read(void **state)
{
	(void)state;
	serve_bounded();
	assert_status(
	    SLICE(POST("/short") "Content-Length: 4\r\n\r\nabcd"), " 200 ");
	assert_status(SLICE(POST("/short") "Expect: 100-continue\r\n"
					   "Content-Length: 5\r\n\r\n"),
	    " 413 ");
	assert_status(
	    SLICE(POST("/short") "Transfer-Encoding: chunked\r\n\r\n5\r\n"),
	    " 413 ");
	assert_status(
	    SLICE(POST("/a") "Content-Length: 8\r\n\r\nabcdefgh"), " 200 ");
	assert_status(SLICE(POST("/a") "Content-Length: 9\r\n\r\n"), " 413 ");
	assert_int_equal(w.n_requests, 2);
}

/* Whether the connection ends depends on the body alone. */
static void
a_body_that_need_not_come_is_not_waited_for(void **state)
{
	static const struct {
		struct slice request;
		bool ends;
	} table[] = {
	    {SLICE("GET /refused HTTP/1.1\r\nHost: x\r\n\r\n"), false},
	    {SLICE(POST("/refused") "Content-Length: 0\r\n\r\n"), false},
	    {SLICE(POST("/refused") "Content-Length: 1000000\r\n\r\nabc"),
		true},
	    {SLICE(POST("/refused") "Expect: 100-continue\r\n"
				    "Content-Length: 5\r\n\r\n"),
		true},
	    {SLICE(POST("/refused") "Transfer-Encoding: chunked\r\n\r\n5"),
		true},
	};
	struct raw r;
	size_t i;

	(void)state;
	serve_bounded();
	for (i = 0; i < COUNT(table); i++) {
		raw_connect(&w, &r, &id);
		raw_send(&r, table[i].request);
		raw_until(&w, &r, " 200 ");
		assert_false(raw_has(&r, "100 Continue"));
		assert_int_equal(
		    raw_has(&r, "Connection: close\r\n"), table[i].ends);
		raw_done(&r);
	}
	assert_int_equal(w.n_requests, COUNT(table));
	/* A request that two readers could understand differently is refused
	 * all the same. */
	assert_status(
	    SLICE(POST("/refused") "Content-Length: 5\r\n"
				   "Transfer-Encoding: chunked\r\n\r\n"),
	    " 400 ");
}

/* --- Files --------------------------------------------------------------- */

static void
prepare_file(size_t length)
{
	const char *path = scratch_path();
	char *bytes = calloc(1, length);
	size_t i;

	for (i = 0; i < length; i++)
		bytes[i] = (char)('a' + i / 1000 % 26);
	w.file = (struct http_file){.is_set = true,
	    .fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600),
	    .length = length};
	assert_true(w.file.fd >= 0);
	unlink(path);
	assert_int_equal(write(w.file.fd, bytes, length), length);
	free(bytes);
}

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void
a_file_is_sent_piece_by_piece(void **state)
{
	struct raw r;
	size_t body, i;

	(void)state;
	prepare_file(FILE_BYTES);
	w.file.offset = 1000;
	w.file.length -= 1000;
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, GET("/file"));
	raw_until(&w, &r, "\r\n\r\n");
	assert_true(raw_has(&r, "Content-Length: 3144728\r\n"));
	body = (size_t)(strstr(r.got.data, "\r\n\r\n") + 4 - r.got.data);
	world_until(&w, &r.n_got, (int)(body + w.file.length));
	for (i = 0; i < w.file.length; i++)
		assert_int_equal(
		    r.got.data[body + i], 'a' + (i + 1000) / 1000 % 26);
	raw_send(&r, GET("/next"));
	raw_until(&w, &r, "\r\n\r\n/next");
	assert_false(is_open(w.file.fd));
	raw_done(&r);
}

static void
head_of_a_file_says_its_length_alone(void **state)
{
	struct raw r;

	(void)state;
	prepare_file(FILE_BYTES);
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, SLICE("HEAD /file HTTP/1.1\r\nHost: x\r\n\r\n"));
	raw_until(&w, &r, "Content-Length: 3145728\r\n");
	raw_send(&r, GET("/next"));
	raw_until(&w, &r, "\r\n\r\n/next");
	assert_true(r.n_got < 1000);
	assert_false(is_open(w.file.fd));
	raw_done(&r);
}

static void
a_file_that_ends_early_ends_the_connection(void **state)
{
	struct raw r;

	(void)state;
	prepare_file(100000);
	w.file.length = 100001;
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, GET("/file"));
	world_until(&w, &r.closed, 1);
	assert_true(raw_has(&r, "Content-Length: 100001\r\n"));
	assert_int_equal(w.n_refused, 1);
	assert_non_null(strstr(w.refused, "shorter"));
	raw_done(&r);
	until_connections(0);
	assert_false(is_open(w.file.fd));
}

static void
a_peer_that_goes_closes_the_file(void **state)
{
	struct raw r;

	(void)state;
	prepare_file(64u << 20);
	serve();
	raw_connect(&w, &r, &id);
	raw_send(&r, GET("/file"));
	raw_until(&w, &r, "\r\n\r\n");
	raw_done(&r);
	until_connections(0);
	assert_false(is_open(w.file.fd));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_peers_door_is_for_certificates),
	    TEST(a_peoples_door_asks_for_no_certificate),
	    TEST(a_public_door_speaks_plainly),
	    TEST(beyond_the_loopback_a_public_door_is_for_the_public_alone),
	    TEST(a_body_is_bounded_before_any_of_it_is_read),
	    TEST(a_body_that_need_not_come_is_not_waited_for),
	    TEST(a_file_is_sent_piece_by_piece),
	    TEST(head_of_a_file_says_its_length_alone),
	    TEST(a_file_that_ends_early_ends_the_connection),
	    TEST(a_peer_that_goes_closes_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
