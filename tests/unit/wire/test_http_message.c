#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "wire/http_message.h"

#define HEADER_BYTES 512
#define BODY_BYTES 32

#define HOST "Host: x\r\n"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static size_t
read_whole(struct http_reader *r, struct slice text)
{
	size_t head;

	http_reader_init(r, HEADER_BYTES);
	head = http_reader_feed(r, text);
	if (r->state != HTTP_READER_HEAD_READ)
		return head;
	http_reader_accept(r, BODY_BYTES);

	return head +
	    http_reader_feed(r, slice_bytes(text.data + head, text.len - head));
}

/* The same bytes one by one. */
static void
read_dripping(struct http_reader *r, struct slice text)
{
	size_t i = 0;

	http_reader_init(r, HEADER_BYTES);
	while (i < text.len && r->state < HTTP_READER_COMPLETE) {
		i += http_reader_feed(r, slice_bytes(text.data + i, 1));
		if (r->state == HTTP_READER_HEAD_READ)
			http_reader_accept(r, BODY_BYTES);
	}
}

static void
assert_text(struct slice s, const char *expected)
{
	assert_int_equal(s.len, strlen(expected));
	assert_memory_equal(s.data, expected, s.len);
}

static void
a_request_is_taken_apart(void **state)
{
	struct slice text = SLICE("POST /a%20b/%E6%BC%A2?x=1&y=%26 HTTP/1.1\r\n"
				  "Host: localhost\r\n"
				  "content-TYPE: \t text/plain \r\n"
				  "Authorization: Bearer abc\r\n"
				  "Content-Length: 5\r\n\r\n"
				  "helloGET / HTTP/1.1\r\n");
	struct http_reader r;

	(void)state;
	assert_int_equal(read_whole(&r, text), text.len - 16);
	assert_int_equal(r.state, HTTP_READER_COMPLETE);
	assert_int_equal(r.method, HTTP_POST);
	assert_text(buf_slice(&r.path), "/a b/漢");
	assert_text(r.query, "x=1&y=%26");
	assert_text(r.fields[HTTP_FIELD_CONTENT_TYPE], "text/plain");
	assert_text(r.fields[HTTP_FIELD_AUTHORIZATION], "Bearer abc");
	assert_text(buf_slice(&r.body), "hello");
	assert_true(r.keep_alive);
	http_reader_reset(&r);
	assert_true(http_reader_is_fresh(&r));
	http_reader_done(&r);
}

static void
methods_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		enum http_method method;
	} table[] = {{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", HTTP_GET},
	    {"PUT / HTTP/1.1\r\nHost: x\r\n\r\n", HTTP_PUT},
	    {"DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", HTTP_DELETE},
	    {"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", HTTP_GET},
	    {"OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n", HTTP_OTHER},
	    {"PATCH / HTTP/1.1\r\nHost: x\r\n\r\n", HTTP_OTHER},
	    {"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", HTTP_OTHER}};
	struct http_reader r;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(table); i++) {
		read_whole(&r, slice_of(table[i].text));
		assert_int_equal(r.state, HTTP_READER_COMPLETE);
		assert_int_equal(r.method, table[i].method);
		http_reader_done(&r);
	}
}

static void
head_is_a_get_without_a_body(void **state)
{
	struct http_reader r;

	(void)state;
	read_whole(&r, SLICE("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"));
	assert_true(r.is_head);
	http_reader_done(&r);
	read_whole(&r, SLICE("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
	assert_false(r.is_head);
	http_reader_done(&r);
}

static void
fields_that_pages_need_are_kept(void **state)
{
	struct slice text =
	    SLICE("GET / HTTP/1.1\r\nHost: x\r\n"
		  "cookie: __Host-a=1; b=2\r\nOrigin: https://x\r\n"
		  "Sec-Fetch-Site: same-origin\r\nAccept: text/html, */*\r\n"
		  "Accept-Language: ja, en;q=0.5\r\n"
		  "If-None-Match: \"v1\"\r\nX-Other: y\r\n\r\n");
	struct http_reader r;

	(void)state;
	read_whole(&r, text);
	assert_int_equal(r.state, HTTP_READER_COMPLETE);
	assert_text(r.fields[HTTP_FIELD_HOST], "x");
	assert_text(r.fields[HTTP_FIELD_COOKIE], "__Host-a=1; b=2");
	assert_text(r.fields[HTTP_FIELD_ORIGIN], "https://x");
	assert_text(r.fields[HTTP_FIELD_SEC_FETCH_SITE], "same-origin");
	assert_text(r.fields[HTTP_FIELD_ACCEPT], "text/html, */*");
	assert_text(r.fields[HTTP_FIELD_ACCEPT_LANGUAGE], "ja, en;q=0.5");
	assert_text(r.fields[HTTP_FIELD_IF_NONE_MATCH], "\"v1\"");
	assert_null(r.fields[HTTP_FIELD_AUTHORIZATION].data);
	http_reader_done(&r);
}

static void
a_field_that_is_kept_stands_there_once(void **state)
{
	static const char *const names[] = {"Content-Type", "Authorization",
	    "Cookie", "Origin", "Sec-Fetch-Site", "Accept", "Accept-Language",
	    "If-None-Match", "Host"};
	struct http_reader r;
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text);
	for (i = 0; i < COUNT(names); i++) {
		buf_clear(&text);
		buf_printf(&text, "GET / HTTP/1.1\r\n%s: a\r\n%s: a\r\n\r\n",
		    names[i], names[i]);
		read_whole(&r, buf_slice(&text));
		assert_int_equal(r.state, HTTP_READER_REFUSED);
		assert_int_equal(r.status, 400);
		http_reader_done(&r);
	}
	buf_done(&text);
}

static void
the_head_is_read_before_the_body_is_let_in(void **state)
{
	struct slice text = SLICE("POST /a HTTP/1.1\r\nHost: x\r\n"
				  "Content-Length: 5\r\n\r\nhello");
	struct http_reader r;

	(void)state;
	http_reader_init(&r, HEADER_BYTES);
	assert_int_equal(http_reader_feed(&r, text), text.len - 5);
	assert_int_equal(r.state, HTTP_READER_HEAD_READ);
	assert_text(buf_slice(&r.path), "/a");
	assert_int_equal(http_reader_feed(&r, SLICE("hello")), 0);
	http_reader_accept(&r, 4);
	assert_int_equal(r.state, HTTP_READER_REFUSED);
	assert_int_equal(r.status, 413);
	assert_int_equal(r.body.len, 0);
	http_reader_done(&r);
}

static void
a_chunked_body_is_put_together(void **state)
{
	struct slice text =
	    SLICE("PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n"
		  "5;name=value\r\nhello\r\n"
		  "0A\r\n 012345678\r\n"
		  "0\r\nTrailer: read over\r\n\r\n");
	struct http_reader r;

	(void)state;
	assert_int_equal(read_whole(&r, text), text.len);
	assert_int_equal(r.state, HTTP_READER_COMPLETE);
	assert_text(buf_slice(&r.body), "hello 012345678");
	http_reader_done(&r);
}

static void
the_connection_stands_unless_the_peer_closes_it(void **state)
{
	static const struct {
		const char *text;
		bool keep_alive;
	} table[] = {{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
	    {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", false},
	    {"GET / HTTP/1.1\r\nHost: x\r\nConnection: TE, Close\r\n\r\n",
		false},
	    {"GET / HTTP/1.0\r\n\r\n", false},
	    {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false}};
	struct http_reader r;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(table); i++) {
		read_whole(&r, slice_of(table[i].text));
		assert_int_equal(r.state, HTTP_READER_COMPLETE);
		assert_int_equal(r.keep_alive, table[i].keep_alive);
		http_reader_done(&r);
	}
}

static void
the_authority_of_an_absolute_target_is_the_host(void **state)
{
	struct http_reader r;

	(void)state;
	read_whole(
	    &r, SLICE("GET hTTps://other:1/a?b HTTP/1.1\r\n" HOST "\r\n"));
	assert_int_equal(r.state, HTTP_READER_COMPLETE);
	assert_text(buf_slice(&r.path), "/a");
	assert_text(r.query, "b");
	assert_text(r.fields[HTTP_FIELD_HOST], "other:1");
	http_reader_done(&r);
}

static void
a_host_is_a_name_or_an_address_with_or_without_a_port(void **state)
{
	static const char *const good[] = {"x", "example.go.jp", "127.0.0.1",
	    "localhost:7300", "x:", "[::1]", "[::1]:443", "[::ffff:1.2.3.4]",
	    "a_b", "%e5%b1%b1"};
	struct http_reader r;
	struct buf text;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		buf_init(&text);
		buf_printf(
		    &text, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", good[i]);
		read_whole(&r, buf_slice(&text));
		assert_int_equal(r.state, HTTP_READER_COMPLETE);
		assert_text(r.fields[HTTP_FIELD_HOST], good[i]);
		http_reader_done(&r);
		buf_done(&text);
	}
	/* HTTP/1.0 need not have one. */
	read_whole(&r, SLICE("GET / HTTP/1.0\r\n\r\n"));
	assert_int_equal(r.state, HTTP_READER_COMPLETE);
	http_reader_done(&r);
}

static void
one_empty_line_before_a_request_is_read_over(void **state)
{
	struct http_reader r;

	(void)state;
	read_whole(&r, SLICE("\r\nGET / HTTP/1.1\r\n" HOST "\r\n"));
	assert_int_equal(r.state, HTTP_READER_COMPLETE);
	http_reader_done(&r);
	read_whole(&r, SLICE("\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n"));
	assert_int_equal(r.state, HTTP_READER_REFUSED);
	http_reader_done(&r);
}

static const struct {
	int status;
	struct slice text;
} refused[] = {
#define GET "GET / HTTP/1.1\r\n" HOST
#define POST "POST / HTTP/1.1\r\n" HOST
    /* request line */
    {400, SLICE("GET\r\n\r\n")},
    {400, SLICE("GET /\r\n\r\n")},
    {400, SLICE(" GET / HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET  / HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET / HTTP/1.1 \r\n" HOST "\r\n")},
    {400, SLICE("G\001T / HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET / http/1.1\r\n" HOST "\r\n")},
    {505, SLICE("GET / HTTP/2.0\r\n" HOST "\r\n")},
    {505, SLICE("FOO / HTTP/1.2\r\n" HOST "\r\n")},
    {501, SLICE("FOO /health HTTP/1.1\r\n" HOST "\r\n")},
    {501, SLICE("FOO a HTTP/1.1\r\n" HOST "\r\n")},
    {501, SLICE("get / HTTP/1.1\r\n" HOST "\r\n")},
    {501, SLICE("CONNECT x:443 HTTP/1.1\r\n" HOST "\r\n")},
    {501, SLICE("OPTIONS * HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET / HTTP/1.01\r\n" HOST "\r\n")},
    {400, SLICE("GET / HTTP/1.1\n" HOST "\r\n")},
    {400, SLICE("\026\003\001\002\n")},
    /* target */
    {400, SLICE("GET * HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET a HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET https://x HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET https:// HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET http:// HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET /a#b HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET /\xe6\xbc\xa2 HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET /%zz HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET /?a=%4 HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET /?a=%ff HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET /?%00 HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET https:/x/ HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET https:///a HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET https://u@x/ HTTP/1.1\r\n" HOST "\r\n")},
    {400, SLICE("GET https://x/ HTTP/1.1\r\n\r\n")},
    /* host */
    {400, SLICE("GET / HTTP/1.1\r\nHost:\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.1\r\nHost: a b\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.1\r\nHost: :443\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.1\r\nHost: a:x\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.1\r\nHost: [::1]:x\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.1\r\nHost: []\r\n\r\n")},
    {400, SLICE("GET / HTTP/1.0\r\nHost: a b\r\n\r\n")},
    /* fields */
    {400, SLICE("GET / HTTP/1.1\r\n\r\n")},
    {400, SLICE(GET "Host: y\r\n\r\n")},
    {400, SLICE(GET "no colon\r\n\r\n")},
    {400, SLICE(GET "Space : x\r\n\r\n")},
    {400, SLICE(GET ": x\r\n\r\n")},
    {400, SLICE(GET "A: x\r\n folded\r\n\r\n")},
    {400, SLICE(GET "A: x\ry\r\n\r\n")},
    {400, SLICE(GET "A: x\0y\r\n\r\n")},
    {400, SLICE(GET "A: \xe6\r\n\r\n")},
    {400, SLICE(GET "A: x\nB: y\r\n\r\n")},
    {417, SLICE(GET "Expect: a miracle\r\n\r\n")},
    /* where the body ends */
    {400, SLICE(POST "Content-Length: +1\r\n\r\nx")},
    {400, SLICE(POST "Content-Length: 1x\r\n\r\nx")},
    {400, SLICE(POST "Content-Length:\r\n\r\n")},
    {400, SLICE(POST "Content-Length: 1, 1\r\n\r\nx")},
    {400, SLICE(POST "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx")},
    {400, SLICE(POST "Content-Length: 99999999999999999999\r\n\r\n")},
    {413, SLICE(POST "Content-Length: 33\r\n\r\n")},
    {400,
	SLICE(POST "Content-Length: 1\r\n"
		   "Transfer-Encoding: chunked\r\n\r\n")},
    {501, SLICE(POST "Transfer-Encoding: gzip, chunked\r\n\r\n")},
    {400, SLICE("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")},
/* chunks */
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
    {400, SLICE(CHUNKED "\r\n")},
    {400, SLICE(CHUNKED "-1\r\n")},
    {400, SLICE(CHUNKED "0x1\r\n")},
    {400, SLICE(CHUNKED "000000001\r\n")},
    {400, SLICE(CHUNKED "1\nx\r\n")},
    {400, SLICE(CHUNKED "1\r\nxy\r\n")},
    {413, SLICE(CHUNKED "21\r\n")},
    {413, SLICE(CHUNKED "ffffffff\r\n")},
    {413, SLICE(CHUNKED "1\r\nx\r\n20\r\n")},
    {400,
	SLICE(CHUNKED "1;.........................................."
		      "............................................\r\n")},
};

static void
what_is_not_well_formed_is_refused_with_its_status(void **state)
{
	struct http_reader r;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(refused); i++) {
		read_whole(&r, refused[i].text);
		if (r.state != HTTP_READER_REFUSED ||
		    r.status != refused[i].status)
			fail_msg("row %zu: state %d, status %d", i,
			    (int)r.state, r.status);
		assert_non_null(r.why);
		http_reader_done(&r);
	}
}

static void
a_version_that_is_not_known_is_told_the_known_ones(void **state)
{
	struct http_reader r;

	(void)state;
	read_whole(&r, SLICE("GET / HTTP/1.2\r\n" HOST "\r\n"));
	assert_string_equal(
	    r.why, "the version of HTTP is neither 1.0 nor 1.1");
	http_reader_done(&r);
}

/* However the bytes are cut, the outcome is the same. */
static void
pieces_change_nothing(void **state)
{
	struct http_reader whole, dripping;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(refused); i++) {
		read_whole(&whole, refused[i].text);
		read_dripping(&dripping, refused[i].text);
		assert_int_equal(whole.state, dripping.state);
		assert_int_equal(whole.status, dripping.status);
		assert_ptr_equal(whole.why, dripping.why);
		http_reader_done(&whole);
		http_reader_done(&dripping);
	}
}

static void
a_header_beyond_the_limit_is_431(void **state)
{
	struct http_reader r;
	size_t i;

	(void)state;
	http_reader_init(&r, HEADER_BYTES);
	http_reader_feed(&r, SLICE("GET /"));
	for (i = 0; i < HEADER_BYTES && r.state == HTTP_READER_HEAD; i++)
		http_reader_feed(&r, SLICE("a"));
	assert_int_equal(i, HEADER_BYTES - 5 + 1);
	assert_int_equal(r.status, 431);
	http_reader_done(&r);
}

static void
more_than_a_hundred_fields_are_431(void **state)
{
	struct http_reader r;
	int i;

	(void)state;
	http_reader_init(&r, 4096);
	http_reader_feed(&r, SLICE(GET));
	for (i = 0; i < 99; i++)
		http_reader_feed(&r, SLICE("A: b\r\n"));
	http_reader_feed(&r, SLICE("\r\n"));
	assert_int_equal(r.state, HTTP_READER_HEAD_READ);
	http_reader_reset(&r);
	http_reader_feed(&r, SLICE(GET));
	for (i = 0; i < 100; i++)
		http_reader_feed(&r, SLICE("A: b\r\n"));
	http_reader_feed(&r, SLICE("\r\n"));
	assert_int_equal(r.status, 431);
	http_reader_done(&r);
}

static void
an_endless_trailer_is_431(void **state)
{
	struct http_reader r;
	int i;

	(void)state;
	read_whole(&r, SLICE(CHUNKED "0\r\n"));
	for (i = 0; i < 200; i++)
		http_reader_feed(&r, SLICE("A: b\r\n"));
	assert_int_equal(r.status, 431);
	http_reader_done(&r);
}

static void
paths_with_two_meanings_are_refused(void **state)
{
	static const char *const wrong[] = {"", "a", "/..", "/a/../b", "/.",
	    "/a/./b", "/%2e%2e/a", "/a%2Fb", "/a%2fb", "/%00", "/%0a", "/%7f",
	    "/%c2%80", "/%c0%af", "/%ff", "/%", "/%1", "/%g0"};
	struct buf path;
	size_t i;

	(void)state;
	buf_init(&path);
	for (i = 0; i < COUNT(wrong); i++)
		assert_int_equal(
		    http_path_decode(slice_of(wrong[i]), &path), ERR_INPUT);
	assert_int_equal(path.len, 0);
	assert_int_equal(
	    http_path_decode(SLICE("/a+b/..c/%E3%81%82"), &path), OK);
	assert_text(buf_slice(&path), "/a+b/..c/あ");
	buf_done(&path);
}

static void
a_plus_in_a_query_is_a_blank(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text);
	assert_int_equal(http_query_decode(SLICE("a+b%2B%2f"), &text), OK);
	assert_text(buf_slice(&text), "a b+/");
	assert_int_equal(http_query_decode(SLICE("%"), &text), ERR_INPUT);
	assert_int_equal(text.len, 5);
	buf_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_request_is_taken_apart),
	    cmocka_unit_test(methods_are_told_apart),
	    cmocka_unit_test(head_is_a_get_without_a_body),
	    cmocka_unit_test(fields_that_pages_need_are_kept),
	    cmocka_unit_test(a_field_that_is_kept_stands_there_once),
	    cmocka_unit_test(the_head_is_read_before_the_body_is_let_in),
	    cmocka_unit_test(a_chunked_body_is_put_together),
	    cmocka_unit_test(the_connection_stands_unless_the_peer_closes_it),
	    cmocka_unit_test(the_authority_of_an_absolute_target_is_the_host),
	    cmocka_unit_test(
		a_host_is_a_name_or_an_address_with_or_without_a_port),
	    cmocka_unit_test(one_empty_line_before_a_request_is_read_over),
	    cmocka_unit_test(
		what_is_not_well_formed_is_refused_with_its_status),
	    cmocka_unit_test(
		a_version_that_is_not_known_is_told_the_known_ones),
	    cmocka_unit_test(pieces_change_nothing),
	    cmocka_unit_test(a_header_beyond_the_limit_is_431),
	    cmocka_unit_test(more_than_a_hundred_fields_are_431),
	    cmocka_unit_test(an_endless_trailer_is_431),
	    cmocka_unit_test(paths_with_two_meanings_are_refused),
	    cmocka_unit_test(a_plus_in_a_query_is_a_blank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
