#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "wire/http_reply.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
a_header_field_is_a_line(void **state)
{
	struct buf lines;

	(void)state;
	buf_init(&lines);
	assert_int_equal(
	    http_header_add(&lines, "Cache-Control", SLICE("no-store")), OK);
	assert_int_equal(http_header_add(&lines, "X-A", SLICE("")), OK);
	assert_string_equal(lines.data, "Cache-Control: no-store\r\nX-A: \r\n");
	buf_done(&lines);
}

static void
a_header_field_cannot_smuggle_another(void **state)
{
	static const char *const wrong[] = {
	    "a\r\nX: b", "a\nX: b", "a\rb", "\x7f", "\x1b[2J", "caf\xc3\xa9"};
	struct buf lines;
	size_t i;

	(void)state;
	buf_init(&lines);
	for (i = 0; i < COUNT(wrong); i++)
		assert_int_equal(
		    http_header_add(&lines, "X-A", slice_of(wrong[i])),
		    ERR_INPUT);
	assert_int_equal(
	    http_header_add(&lines, "X-A", slice_bytes("a\0b", 3)), ERR_INPUT);
	assert_int_equal(lines.len, 0);
	buf_done(&lines);
}

static void
header_fields_together_are_bounded(void **state)
{
	char value[4000];
	struct buf lines;

	(void)state;
	memset(value, 'a', sizeof(value));
	buf_init(&lines);
	assert_int_equal(
	    http_header_add(&lines, "X", slice_bytes(value, 4000)), OK);
	assert_int_equal(
	    http_header_add(&lines, "X", slice_bytes(value, 4000)), OK);
	assert_int_equal(http_header_add(&lines, "X", slice_bytes(value, 4000)),
	    ERR_TOO_LARGE);
	assert_true(lines.len <= HTTP_HEADERS_MAX);
	buf_done(&lines);
}

static void
a_cookie_belongs_to_this_host_alone(void **state)
{
	struct http_cookie cookie = {.name = "staff", .value = SLICE("a=B-9")};
	struct buf lines;

	(void)state;
	buf_init(&lines);
	assert_int_equal(http_cookie_add(&lines, &cookie), OK);
	assert_string_equal(lines.data,
	    "Set-Cookie: __Host-staff=a=B-9; Path=/; Secure; HttpOnly; "
	    "SameSite=Strict\r\n");
	buf_clear(&lines);
	cookie.same_site = HTTP_SAME_SITE_LAX;
	cookie.max_age = 600;
	assert_int_equal(http_cookie_add(&lines, &cookie), OK);
	assert_string_equal(lines.data,
	    "Set-Cookie: __Host-staff=a=B-9; Path=/; Secure; HttpOnly; "
	    "SameSite=Lax; Max-Age=600\r\n");
	buf_clear(&lines);
	cookie.max_age = -1;
	assert_int_equal(http_cookie_add(&lines, &cookie), OK);
	assert_non_null(strstr(lines.data, "; Max-Age=0\r\n"));
	buf_done(&lines);
}

static void
a_cookie_has_no_attributes_by_its_value(void **state)
{
	static const char *const wrong[] = {
	    "a; Domain=x", "a b", "a,b", "\"a\"", "a\\b", "a\r\nX: b", "\x80"};
	struct http_cookie cookie = {.name = "a"};
	struct buf lines;
	size_t i;

	(void)state;
	buf_init(&lines);
	for (i = 0; i < COUNT(wrong); i++) {
		cookie.value = slice_of(wrong[i]);
		assert_int_equal(http_cookie_add(&lines, &cookie), ERR_INPUT);
	}
	assert_int_equal(lines.len, 0);
	buf_done(&lines);
}

static void
a_redirection_stays_here(void **state)
{
	static const char *const wrong[] = {"", "a", "//example", "/\\example",
	    "https://example/", "/a b", "/a\r\nX: b", "/\xe5\xb1\xb1",
	    "javascript:alert(1)", "\\/example", " /a"};
	size_t i;

	(void)state;
	assert_true(http_path_is_own(SLICE("/")));
	assert_true(http_path_is_own(SLICE("/searches/1?page=2&a=%20")));
	assert_true(http_path_is_own(SLICE("/a//b")));
	for (i = 0; i < COUNT(wrong); i++)
		assert_false(http_path_is_own(slice_of(wrong[i])));
}

static void
an_etag_is_short_and_visible(void **state)
{
	static const char *const wrong[] = {"", "a b", "a\"b", "a,b", "a\r\n",
	    "12345678901234567890123456789012345678901234567890123456789012345"};
	size_t i;

	(void)state;
	assert_true(http_etag_is_valid(SLICE("0123456789abcdef")));
	for (i = 0; i < COUNT(wrong); i++)
		assert_false(http_etag_is_valid(slice_of(wrong[i])));
}

static void
a_head_says_the_length_of_what_follows(void **state)
{
	struct http_reply reply = {.status = 200,
	    .content_type = "text/plain",
	    .headers = SLICE("X-A: b\r\n"),
	    .body = SLICE("hello")};
	struct buf head;

	(void)state;
	buf_init(&head);
	http_reply_head(&reply, NULL, &head);
	assert_non_null(strstr(head.data, "HTTP/1.1 200 OK\r\n"));
	assert_non_null(
	    strstr(head.data, "Content-Length: 5\r\nX-A: b\r\n\r\n"));
	buf_clear(&head);
	reply.file = (struct http_file){.is_set = true, .length = 1ull << 33};
	http_reply_head(&reply, "close", &head);
	assert_non_null(strstr(head.data, "Content-Length: 8589934592\r\n"));
	assert_non_null(strstr(head.data, "Connection: close\r\n\r\n"));
	buf_clear(&head);
	reply.status = 304;
	http_reply_head(&reply, NULL, &head);
	assert_null(strstr(head.data, "Content-Length"));
	buf_done(&head);
}

/* The field is there whoever refuses, and once. */
static void
a_status_brings_the_field_that_it_must_have(void **state)
{
	static const struct {
		struct http_reply reply;
		const char *has, *has_not;
	} table[] = {
	    {{.status = 401}, "\r\nWWW-Authenticate: Bearer\r\n", "Retry"},
	    {{.status = 503}, "\r\nRetry-After: 1\r\n", "WWW"},
	    {{.status = 503, .headers = SLICE("X-A: b\r\nretry-after: 7\r\n")},
		"\r\nretry-after: 7\r\n", "Retry-After"},
	    {{.status = 403}, "\r\nDate: ", "WWW"},
	    {{.status = 200}, "\r\nDate: ", "Retry"},
	};
	struct buf head;
	size_t i;

	(void)state;
	buf_init(&head);
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		buf_clear(&head);
		http_reply_head(&table[i].reply, NULL, &head);
		assert_non_null(strstr(head.data, table[i].has));
		assert_null(strstr(head.data, table[i].has_not));
	}
	buf_done(&head);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_header_field_is_a_line),
	    cmocka_unit_test(a_header_field_cannot_smuggle_another),
	    cmocka_unit_test(header_fields_together_are_bounded),
	    cmocka_unit_test(a_cookie_belongs_to_this_host_alone),
	    cmocka_unit_test(a_cookie_has_no_attributes_by_its_value),
	    cmocka_unit_test(a_redirection_stays_here),
	    cmocka_unit_test(an_etag_is_short_and_visible),
	    cmocka_unit_test(a_head_says_the_length_of_what_follows),
	    cmocka_unit_test(a_status_brings_the_field_that_it_must_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
