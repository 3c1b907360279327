#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/test_arena.h"
#include "wire/http_form.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define URLENCODED SLICE("application/x-www-form-urlencoded")
#define MULTIPART SLICE("multipart/form-data; boundary=AaB03x")
#define PART(head, content)                                                    \
	"--AaB03x\r\nContent-Disposition: form-data; " head "\r\n\r\n" content \
	"\r\n"
#define END "--AaB03x--\r\n"

static const struct pair *pairs;
static size_t n_pairs;
static struct problem problem;

static int
set_up(void **state)
{
	pairs = NULL;
	n_pairs = SIZE_MAX;
	problem_clear(&problem);

	return arena_begin(state);
}

static enum err
read_form(struct slice type, struct slice body)
{
	return http_form_read(arena, type, body, &pairs, &n_pairs, &problem);
}

static void
assert_pair(size_t i, const char *name, const char *value)
{
	assert_true(i < n_pairs);
	assert_true(slice_equal_string(pairs[i].name, name));
	assert_true(slice_equal_string(pairs[i].value, value));
	assert_non_null(pairs[i].value.data);
}

/* Refused as input, in words that say where. */
static void
assert_refused_as(
    enum err err, struct slice type, struct slice body, const char *where)
{
	assert_int_equal(read_form(type, body), err);
	assert_int_equal(problem.err, err);
	if (strstr(problem.text, where) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", problem.text, where);
	assert_int_equal(n_pairs, SIZE_MAX);
}

static void
assert_refused(struct slice type, struct slice body, const char *where)
{
	assert_refused_as(ERR_INPUT, type, body, where);
}

/* --- URL-encoded --------------------------------------------------------- */

static void
pairs_are_decoded_in_order(void **state)
{
	(void)state;
	assert_int_equal(
	    read_form(URLENCODED,
		SLICE("name=%E5%B1%B1%E7%94%B0+%e8%8a%b1&a%5Bb%5D=1%3D2&empty="
		      "&bare&&x=a%0D%0Ab&name=+")),
	    OK);
	assert_int_equal(n_pairs, 6);
	assert_pair(0, "name", "山田 花");
	assert_pair(1, "a[b]", "1=2");
	assert_pair(2, "empty", "");
	assert_pair(3, "bare", "");
	assert_pair(4, "x", "a\r\nb");
	assert_pair(5, "name", " ");
	assert_null(pairs[0].filename.data);
}

static void
an_empty_form_has_no_pairs(void **state)
{
	struct slice none = {0};

	(void)state;
	assert_int_equal(read_form(URLENCODED, SLICE("")), OK);
	assert_int_equal(n_pairs, 0);
	assert_int_equal(read_form(URLENCODED, none), OK);
	assert_int_equal(n_pairs, 0);
	assert_int_equal(read_form(MULTIPART, SLICE(END)), OK);
	assert_int_equal(n_pairs, 0);
}

static void
the_charset_is_utf8_or_the_form_is_refused(void **state)
{
	(void)state;
	assert_int_equal(
	    read_form(SLICE("Application/X-WWW-form-urlencoded; charset=\"UTF-8"
			    "\""),
		SLICE("_charset_=Utf-8&a=1")),
	    OK);
	assert_int_equal(n_pairs, 1);
	assert_pair(0, "a", "1");
	n_pairs = SIZE_MAX;
	assert_refused_as(ERR_MEDIA,
	    SLICE("application/x-www-form-urlencoded; charset=Shift_JIS"),
	    SLICE("a=1"), "charset");
	assert_refused(URLENCODED, SLICE("a=1&_charset_=shift_jis"),
	    "field 2 of the form");
	assert_refused(URLENCODED, SLICE("_charset_=&a=1"), "_charset_ is not");
	assert_refused(MULTIPART,
	    SLICE(PART("name=\"_charset_\"", "iso-8859-1") END),
	    "field 1 of the form: _charset_ is not UTF-8");
}

static void
malformed_pairs_are_refused_by_their_place(void **state)
{
	static const char *const wrong[] = {"a=1&b=%", "a=1&b=%4", "a=1&b=%zz",
	    "a=1&%4=b", "a=1&b=%00", "a=1&b=%ff", "a=1&b=%C0%AF",
	    "a=1&b=%ED%A0%80", "a=1&=b", "a=1&a%0Ab=1", "a=1&b=x y",
	    "a=1&b=x\r\n", "a=1&b=\xe5\xb1\xb1", "a=1&b=\x01"};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++)
		assert_refused(
		    URLENCODED, slice_of(wrong[i]), "field 2 of the form: ");
}

static void
more_than_a_thousand_pairs_are_refused(void **state)
{
	struct buf text;
	int i;

	(void)state;
	buf_init(&text);
	for (i = 0; i < HTTP_PAIRS_MAX; i++)
		buf_add_string(&text, "a=b&");
	assert_int_equal(read_form(URLENCODED, buf_slice(&text)), OK);
	assert_int_equal(n_pairs, HTTP_PAIRS_MAX);
	buf_add_string(&text, "a=b&");
	assert_int_equal(
	    read_form(URLENCODED, buf_slice(&text)), ERR_TOO_LARGE);
	assert_non_null(strstr(problem.text, "1000"));
	buf_done(&text);
}

static void
other_types_are_no_forms(void **state)
{
	static const char *const others[] = {"", "text/plain",
	    "application/json", "multipart/mixed; boundary=a",
	    "application/x-www-form-urlencoded charset=utf-8",
	    "multipart/form-data; boundary=\"a",
	    "multipart/form-data; boundary=a; boundary=b"};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(others); i++)
		assert_refused_as(ERR_MEDIA, slice_of(others[i]), SLICE("a=1"),
		    "Content-Type");
}

static void
a_body_is_of_a_known_type_in_utf8(void **state)
{
	static const struct {
		const char *type;
		enum http_media media;
	} good[] = {
	    {"application/json", HTTP_MEDIA_JSON},
	    {"Application/JSON ; charset=\"UTF-8\"", HTTP_MEDIA_JSON},
	    {"application/x-www-form-urlencoded", HTTP_MEDIA_URLENCODED},
	    {"multipart/form-data; boundary=a", HTTP_MEDIA_MULTIPART},
	    {"application/json;", HTTP_MEDIA_JSON},
	    {"application/json ; ;charset=utf-8; ;", HTTP_MEDIA_JSON},
	    {"application/json; a=\"b\\\"; charset=\\\\\"; charset=utf-8",
		HTTP_MEDIA_JSON},
	    {"application/json; charset=\"\\UTF\\-8\"", HTTP_MEDIA_JSON},
	    {"text/plain", HTTP_MEDIA_OTHER},
	    {"application/problem+json", HTTP_MEDIA_OTHER},
	};
	static const char *const wrong[] = {"", "json", "application/",
	    "application/json; charset", "application/json; charset=",
	    "application/json; charset=\"utf-8\\\"", "application/json; \"",
	    "application/json; charset=\"utf-8\\", "application/json; =utf-8",
	    "application/json; charset=utf-16", "text/csv; charset=shift_jis",
	    "multipart/form-data"};
	struct slice none = {0};
	enum http_media media;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		media = HTTP_MEDIA_MULTIPART + 1;
		assert_int_equal(
		    http_media_read(slice_of(good[i].type), &media, &problem),
		    OK);
		assert_int_equal(media, good[i].media);
	}
	for (i = 0; i < COUNT(wrong); i++)
		assert_int_equal(
		    http_media_read(slice_of(wrong[i]), &media, &problem),
		    ERR_MEDIA);
	assert_int_equal(http_media_read(none, &media, &problem), ERR_MEDIA);
	assert_true(
	    http_media_is(SLICE("Text/CSV; header=present"), "text/csv"));
	assert_true(http_media_is(SLICE("text/csv;"), "text/csv"));
	assert_false(http_media_is(SLICE("text/csvx"), "text/csv"));
	assert_false(http_media_is(none, "text/csv"));
}

/* --- Queries ------------------------------------------------------------- */

static void
a_query_is_read_like_a_form(void **state)
{
	struct slice none = {0};

	(void)state;
	assert_int_equal(http_query_read(arena, SLICE("a=%E5%B1%B1&b=1&b=2"),
			     &pairs, &n_pairs, &problem),
	    OK);
	assert_int_equal(n_pairs, 3);
	assert_pair(0, "a", "山");
	assert_pair(2, "b", "2");
	assert_int_equal(
	    http_query_read(arena, none, &pairs, &n_pairs, &problem), OK);
	assert_int_equal(n_pairs, 0);
}

static void
a_query_decodes_to_text_without_line_ends(void **state)
{
	static const char *const wrong[] = {
	    "a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", "%61%=1"};
	size_t i;

	(void)state;
	assert_int_equal(http_query_read(arena, SLICE("a=1&b=x%0Ay"), &pairs,
			     &n_pairs, &problem),
	    ERR_INPUT);
	assert_non_null(strstr(problem.text, "field 2 of the query: "));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(http_query_read(arena, slice_of(wrong[i]),
				     &pairs, &n_pairs, &problem),
		    ERR_INPUT);
}

/* --- Multipart ----------------------------------------------------------- */

static void
parts_are_pairs_in_order(void **state)
{
	static const char body[] =
	    PART("name=\"name\"", "山田\r\n花子") PART("name=empty", "")
		PART("name=\"file\"; filename=\"住民.csv\"\r\n"
		     "Content-Type: text/csv",
		    "a,\0\xff\r\n--AaB03\r\n") PART("name=\"name\"", "x")
		    PART("name=\"none\"; filename=\"\"\r\n"
			 "content-type: application/octet-stream",
			"") END;

	(void)state;
	assert_int_equal(
	    read_form(MULTIPART, slice_bytes(body, sizeof(body) - 1)), OK);
	assert_int_equal(n_pairs, 5);
	assert_pair(0, "name", "山田\r\n花子");
	assert_pair(1, "empty", "");
	assert_null(pairs[1].filename.data);
	assert_true(slice_equal_string(pairs[2].filename, "住民.csv"));
	assert_true(slice_equal_string(pairs[2].content_type, "text/csv"));
	assert_true(slice_equal(
	    pairs[2].value, slice_bytes("a,\0\xff\r\n--AaB03\r\n", 15)));
	assert_pair(3, "name", "x");
	assert_pair(4, "none", "");
	assert_non_null(pairs[4].filename.data);
	assert_int_equal(pairs[4].filename.len, 0);
}

static void
a_boundary_may_be_quoted(void **state)
{
	(void)state;
	assert_int_equal(
	    read_form(
		SLICE("multipart/form-data;boundary=\"a b:c'\";charset=utf-8"),
		SLICE("--a b:c'\r\ncontent-disposition:form-data;name=a\r\n"
		      "X-Other: read over\r\n\r\n1\r\n--a b:c'--")),
	    OK);
	assert_int_equal(n_pairs, 1);
	assert_pair(0, "a", "1");
	assert_int_equal(
	    read_form(SLICE("multipart/form-data; boundary=\"a\\:\\b\";"),
		SLICE("--a:b\r\nContent-Disposition: form-data;; name=a;\r\n"
		      "\r\n2\r\n--a:b--")),
	    OK);
	assert_pair(0, "a", "2");
}

static void
a_boundary_that_is_none_is_refused(void **state)
{
	static const char *const wrong[] = {"multipart/form-data",
	    "multipart/form-data; boundary=\"\"",
	    "multipart/form-data; boundary=\"a \"",
	    "multipart/form-data; boundary=\"a<b\"",
	    "multipart/form-data; boundary="
	    "12345678901234567890123456789012345678901234567890123456789012345"
	    "678901"};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++)
		assert_refused_as(
		    ERR_MEDIA, slice_of(wrong[i]), SLICE(END), "boundary");
}

static void
parts_that_can_be_read_in_two_ways_are_refused(void **state)
{
	static const char *const wrong[] = {"--AaB03x\n" END,
	    "--AaB03x\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n1",
	    "--AaB03x\r\nContent-Disposition: form-data; name=\"b\"\n\r\n1\r\n" END,
	    "--AaB03x \r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n"
	    "1\r\n" END,
	    "--AaB03x\r\n\r\n1\r\n" END,
	    "--AaB03x\r\nContent-Disposition : form-data; name=b\r\n\r\n"
	    "1\r\n" END,
	    PART("name=\"\"", "1") END, PART("filename=\"b\"", "1") END,
	    PART("name=\"b\"; name=\"c\"", "1") END,
	    PART("name=\"b\"; filename=\"c\"; filename=\"d\"", "1") END,
	    PART("name=\"b\\\"\"", "1") END,
	    PART("name=\"b\"; filename=\"C:\\c\"", "1") END,
	    PART("x=\"\\\"; name=\"; name=\"b\"", "1") END,
	    PART("name=\"b", "1") END, PART("name=\"b\"x", "1") END,
	    PART("name=\"b\"; filename*=UTF-8''c", "1") END,
	    PART("name=\"b\"; filename=\"\x1b[2J\"", "1") END,
	    PART("name=\"b\xff\"", "1") END,
	    PART("name=\"b\"\r\nContent-Disposition: form-data; name=\"c\"",
		"1") END,
	    PART("name=\"b\"\r\nContent-Transfer-Encoding: base64", "MQ==") END,
	    PART("name=\"b\"\r\nContent-Type: text/plain; charset=shift_jis",
		"1") END,
	    PART("name=\"b\"\r\nContent-Type: text/plain; charset", "1") END,
	    PART("name=\"b\"; filename=\"c\"\r\nContent-Type: text", "1") END,
	    PART("name=\"b\"; filename=\"c\"\r\nContent-Type: a/b c", "1") END,
	    PART("name=\"b\"; filename=\"c\"\r\nContent-Type: a/b;\tc=d", "1")
		END,
	    PART("name=\"b\"\r\n folded: x", "1") END,
	    PART("name=\"b\"", "\xff") END};
	struct buf body;
	size_t i;

	(void)state;
	buf_init(&body);
	for (i = 0; i < COUNT(wrong); i++) {
		buf_clear(&body);
		buf_add_string(&body, PART("name=\"a\"", "1"));
		buf_add_string(&body, wrong[i]);
		assert_refused(
		    MULTIPART, buf_slice(&body), "field 2 of the form: ");
	}
	buf_done(&body);
}

static void
a_form_begins_and_ends_with_its_boundary(void **state)
{
	(void)state;
	assert_refused(MULTIPART, SLICE(""), "does not begin");
	assert_refused(MULTIPART, SLICE("preamble\r\n" END), "does not begin");
	assert_refused(MULTIPART, SLICE("--other--\r\n"), "does not begin");
	assert_refused(MULTIPART, SLICE(END "epilogue"), "goes on");
	assert_refused(MULTIPART, SLICE("--AaB03x--x"), "goes on");
}

static void
a_value_with_nul_is_no_text(void **state)
{
	static const char body[] = PART("name=\"b\"", "a\0b") END;

	(void)state;
	assert_refused(
	    MULTIPART, slice_bytes(body, sizeof(body) - 1), "field 1");
}

static void
a_part_has_few_header_fields(void **state)
{
	struct buf body;
	int i;

	(void)state;
	buf_init(&body);
	buf_add_string(&body, "--AaB03x\r\n");
	for (i = 0; i < 100; i++)
		buf_add_string(&body, "X: y\r\n");
	buf_add_string(&body, "\r\n1\r\n" END);
	assert_refused(MULTIPART, buf_slice(&body), "too many header fields");
	buf_done(&body);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, arena_end)
	const struct CMUnitTest tests[] = {
	    TEST(pairs_are_decoded_in_order),
	    TEST(an_empty_form_has_no_pairs),
	    TEST(the_charset_is_utf8_or_the_form_is_refused),
	    TEST(malformed_pairs_are_refused_by_their_place),
	    TEST(more_than_a_thousand_pairs_are_refused),
	    TEST(other_types_are_no_forms),
	    TEST(a_body_is_of_a_known_type_in_utf8),
	    TEST(a_query_is_read_like_a_form),
	    TEST(a_query_decodes_to_text_without_line_ends),
	    TEST(parts_are_pairs_in_order),
	    TEST(a_boundary_may_be_quoted),
	    TEST(a_boundary_that_is_none_is_refused),
	    TEST(parts_that_can_be_read_in_two_ways_are_refused),
	    TEST(a_form_begins_and_ends_with_its_boundary),
	    TEST(a_value_with_nul_is_no_text),
	    TEST(a_part_has_few_header_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
