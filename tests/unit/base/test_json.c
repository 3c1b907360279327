#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "tests/support/dies.h"

static json_t *
parsed(const char *text)
{
	struct problem problem;
	json_t *j = NULL;

	if (json_read(slice_of(text), "test", &j, &problem))
		fail_msg("%s", problem.text);

	return j;
}

/* `depth` arrays, one in another. */
static enum err
read_nested(size_t depth)
{
	struct buf text;
	json_t *j = NULL;
	enum err rc;
	size_t i;

	buf_init(&text);
	for (i = 0; i < depth; i++)
		buf_add_string(&text, i % 2 ? "{\"a\":" : "[");
	buf_add_string(&text, "1");
	for (i = depth; i-- > 0;)
		buf_add_char(&text, i % 2 ? '}' : ']');
	rc = json_read(buf_slice(&text), "test", &j, NULL);
	json_decref(j);
	buf_done(&text);

	return rc;
}

static void
a_document_comes_back_as_it_was(void **state)
{
	static const char *const texts[] = {"{}", "[]",
	    "{\"z\":1,\"a\":[true,false,null,\"番号\"],\"m\":{\"k\":-5}}",
	    "[\"\\b\\f\\n\\r\\t\\\"\\\\/\\u0001\\u001F\",0.25,{\"\\n\":0}]",
	    "[9223372036854775807,-9223372036854775808]"};
	struct buf out;
	json_t *j;
	size_t i;

	(void)state;
	buf_init(&out);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		j = parsed(texts[i]);
		buf_clear(&out);
		json_write(j, &out);
		assert_string_equal(out.data, texts[i]);
		json_decref(j);
	}
	buf_done(&out);
}

/* jansson is the judge. */
static void
assert_written_as_jansson_does(const json_t *value)
{
	char *expected = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	struct buf out;

	assert_non_null(expected);
	buf_init(&out);
	json_write(value, &out);
	assert_string_equal(out.data, expected);
	buf_done(&out);
	free(expected);
}

static void
what_is_written_is_what_jansson_writes(void **state)
{
	static const char *const texts[] = {"{}", "[]", "[[],{},[{}]]",
	    "{\"a\":{\"b\":[1,-1,{\"\\u0001\\\"\":null}],\"c\":\"\"},\"d\":0}",
	    "[0.5,-1e300,2.0,true,false,null,\"番号/\\\\\"]"};
	char text[] = "..x";
	json_t *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		j = parsed(texts[i]);
		assert_written_as_jansson_does(j);
		json_decref(j);
	}
	for (text[0] = 1; text[0] < 0x7f; text[0]++) {
		text[2] = text[0];
		j = json_pack("[s,{s:s}]", text, text, text);
		assert_written_as_jansson_does(j);
		assert_written_as_jansson_does(json_array_get(j, 0));
		json_decref(j);
	}
}

static void
writing_appends(void **state)
{
	json_t *j = parsed("[1]");
	struct buf out;

	(void)state;
	buf_init(&out);
	buf_add_string(&out, "x=");
	json_write(j, &out);
	assert_string_equal(out.data, "x=[1]");
	buf_done(&out);
	json_decref(j);
}

static void
what_is_no_document_is_refused(void **state)
{
	static const char *const bad[] = {"", " ", "1", "\"a\"", "null", "{",
	    "{}x", "{} {}", "[1,]", "{\"a\":1,}", "{'a':1}", "{a:1}", "[01]",
	    "[NaN]", "// x\n[]", "[\"\x80\"]", "[\"\xed\xa0\x80\"]",
	    "[\"\\ud800\"]", "[\"\\udc00\"]", "[\"\\udc00\\udc00\"]",
	    "[\"\\ud800\\u0041\"]", "[\"\\u0000\"]", "[\"a\nb\"]",
	    "[9223372036854775808]", "[1e999]", "\xef\xbb\xbf{}",
	    "{\"a\":1,\"a\":1}", "[{\"b\":{\"a\":1,\"a\":2}}]",
	    "{\"a\":1,\"\\u0061\":2}"};
	json_t *j = (json_t *)&bad;
	struct problem problem;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (json_read(slice_of(bad[i]), "the order", &j, &problem) !=
		    ERR_INPUT)
			fail_msg("%s is accepted", bad[i]);
		assert_non_null(strstr(problem.text, "the order"));
	}
	assert_int_equal(json_read(SLICE("[]\0"), "x", &j, NULL), ERR_INPUT);
	assert_int_equal(json_read(slice_of(NULL), "x", &j, NULL), ERR_INPUT);
	assert_ptr_equal(j, &bad);
}

/* A number below `bound`, by a generator that begins anew each time. */
static size_t
below(uint64_t *seed, size_t bound)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;

	return (size_t)(*seed >> 33) % bound;
}

/* `text` with some bytes of it changed, doubled or gone. */
static void
garble(uint64_t *seed, const char *text, struct buf *ret)
{
	static const char pieces[] = "{}[]\",:\\u0123456789dDaAfFeE+-. \t\ntn"
				     "\x00\x1f\x7f\x80\xbf\xc2\xe3\xf0\xf4\xff";
	size_t kind;

	buf_clear(ret);
	for (; *text != '\0'; text++) {
		kind = below(seed, 150);
		if (kind > 1)
			buf_add_char(ret, *text);
		if (kind < 2 || kind == 2)
			buf_add_char(
			    ret, pieces[below(seed, sizeof(pieces) - 1)]);
		if (kind == 3)
			buf_add_char(ret, *text);
	}
}

static void
jansson_finds_the_same_in_a_text(void **state)
{
	static const char *const texts[] = {
	    "{\"a\":[1,-20,0.5,1e3,-0,true,false,null],\"b\":{\"c\":\"\"}}",
	    "[\"\\ud842\\udfb7\\u00e9\\u3042\\n\\/\\\\\\\"\",\"番号\",{}]",
	    " { \"a\" : [ ] , \"b\" : 922337203685477580 ,\t\"ab\":\"a\" }\n",
	    "[9223372036854775807,-9223372036854775808,12.5E+7,1E-2]"};
	json_t *ours, *theirs;
	struct buf text;
	uint64_t seed = 5;
	int i, good = 0;

	(void)state;
	buf_init(&text);
	for (i = 0; i < 40000; i++) {
		garble(&seed, texts[i % 4], &text);
		ours = NULL;
		good += json_read(buf_slice(&text), "x", &ours, NULL) == OK;
		/* It passes over a NUL behind a number or a word. */
		theirs = memchr(text.data, 0, text.len) != NULL
		    ? NULL
		    : json_loadb(
			  text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
		if (ours == NULL ? theirs != NULL : !json_equal(ours, theirs))
			fail_msg("not the same: %s", text.data);
		json_decref(ours);
		json_decref(theirs);
	}
	assert_in_range(good, 1000, 39000);
	buf_done(&text);
}

static void
what_is_wrong_has_its_place(void **state)
{
	static const struct {
		const char *text, *place;
	} bad[] = {
	    {"", "(line 1, column 1)"},
	    {"[1,]", "(line 1, column 4)"},
	    {"{\"番号\":x}", "(line 1, column 7)"},
	    {"[1,\n 2\n,\n  oops]", "(line 4, column 3)"},
	    {"{} {}", "(line 1, column 4)"},
	};
	struct problem problem;
	json_t *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    json_read(slice_of(bad[i].text), "x", &j, &problem),
		    ERR_INPUT);
		if (strstr(problem.text, bad[i].place) == NULL)
			fail_msg("%s: %s", bad[i].text, problem.text);
	}
}

static void
the_problem_does_not_quote_the_document(void **state)
{
	struct problem problem;
	json_t *j;

	(void)state;
	assert_int_equal(json_read(SLICE("{\"secret\": 1234567890 oops}"), "x",
			     &j, &problem),
	    ERR_INPUT);
	assert_null(strstr(problem.text, "1234567890"));
	assert_null(strstr(problem.text, "oops"));
	assert_null(strstr(problem.detail, "oops"));
}

static void
nesting_ends_at_32_levels(void **state)
{
	(void)state;
	assert_int_equal(read_nested(1), OK);
	assert_int_equal(read_nested(32), OK);
	assert_int_equal(read_nested(33), ERR_INPUT);
	assert_int_equal(read_nested(2000), ERR_INPUT);
	assert_int_equal(read_nested(100000), ERR_INPUT);
}

static void
fields_are_read_with_their_types(void **state)
{
	json_t *j = parsed("{\"t\":\"番\",\"i\":-7,\"b\":false,\"a\":[\"x\"],"
			   "\"o\":{},\"n\":null,\"e\":\"\"}");
	const json_t *part;
	struct slice text;
	int64_t number;

	(void)state;
	assert_int_equal(json_get_text(j, "t", &text, NULL), OK);
	assert_true(slice_equal_string(text, "番"));
	assert_int_equal(json_get_text(j, "e", &text, NULL), OK);
	assert_true(slice_is_empty(text));
	assert_int_equal(json_get_int(j, "i", -7, -7, &number, NULL), OK);
	assert_int_equal(number, -7);
	assert_int_equal(json_get_array(j, "a", &part, NULL), OK);
	assert_int_equal(json_at_text(part, 0, &text), OK);
	assert_true(slice_equal_string(text, "x"));
	assert_int_equal(json_get_object(j, "o", &part, NULL), OK);
	assert_true(json_is_object(part));
	json_decref(j);
}

/* Each getter on each field that is not of its type, and on none. */
static void
another_type_is_refused_with_the_name_of_the_field(void **state)
{
	static const char *const keys[] = {
	    "t", "i", "b", "a", "o", "n", "r", "none"};
	json_t *j = parsed("{\"t\":\"SECRET\",\"i\":1,\"b\":true,\"a\":[],"
			   "\"o\":{},\"n\":null,\"r\":1.0}");
	const json_t *part;
	struct problem p;
	struct slice text;
	int64_t number;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *key = keys[i];

		assert_int_equal(json_get_text(j, key, &text, &p) == OK,
		    strcmp(key, "t") == 0);
		assert_int_equal(json_get_int(j, key, 0, 9, &number, &p) == OK,
		    strcmp(key, "i") == 0);
		assert_int_equal(json_get_array(j, key, &part, &p) == OK,
		    strcmp(key, "a") == 0);
		assert_int_equal(json_get_object(j, key, &part, &p) == OK,
		    strcmp(key, "o") == 0);
		assert_int_equal(p.err, ERR_INPUT);
		assert_null(strstr(p.text, "SECRET"));
	}
	assert_int_equal(json_get_text(j, "none", &text, &p), ERR_INPUT);
	assert_non_null(strstr(p.text, "none"));
	assert_int_equal(json_get_text(NULL, "t", &text, NULL), ERR_INPUT);
	json_decref(j);
}

static void
numbers_outside_their_range_are_refused(void **state)
{
	json_t *j = parsed("{\"i\":10}");
	struct problem problem;
	int64_t number = 77;

	(void)state;
	assert_int_equal(
	    json_get_int(j, "i", 0, 9, &number, &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "field i"));
	assert_int_equal(
	    json_get_int(j, "i", 11, 12, &number, NULL), ERR_INPUT);
	assert_int_equal(number, 77);
	json_decref(j);
}

static void
elements_that_are_no_text_are_refused(void **state)
{
	json_t *j = parsed("[\"a\",1]"), *object = parsed("{\"0\":\"a\"}");
	struct slice text;

	(void)state;
	assert_int_equal(json_at_text(j, 1, &text), ERR_INPUT);
	assert_int_equal(json_at_text(j, 2, &text), ERR_INPUT);
	assert_int_equal(json_at_text(object, 0, &text), ERR_INPUT);
	assert_int_equal(json_at_text(NULL, 0, &text), ERR_INPUT);
	json_decref(object);
	json_decref(j);
}

static void
fields_are_put_in_the_order_given(void **state)
{
	json_t *j = json_object(), *list = json_array();
	struct buf out;

	(void)state;
	buf_init(&out);
	json_put_text(j, "z", slice_bytes("番号x", 6));
	json_put_int(j, "a", INT64_MIN);
	json_put_bool(j, "m", true);
	json_push_text(list, SLICE("1\"\n"));
	json_push_text(list, slice_of(NULL));
	json_put(j, "l", list);
	json_put_text(j, "empty", slice_of(NULL));
	json_put_int(j, "a", 5);
	json_write(j, &out);
	assert_string_equal(out.data,
	    "{\"z\":\"番号\",\"a\":5,\"m\":true,"
	    "\"l\":[\"1\\\"\\n\",\"\"],\"empty\":\"\"}");
	buf_done(&out);
	json_decref(j);
}

static void
put_what_is_not_utf8(void)
{
	json_put_text(json_object(), "k", SLICE("\xff"));
}

static void
push_what_is_not_utf8(void)
{
	json_push_text(json_array(), SLICE("\xff"));
}

static void
put_into_nothing(void)
{
	json_put(NULL, "k", json_true());
}

static void
put_nothing(void)
{
	json_put(json_object(), "k", NULL);
}

static void
write_nothing(void)
{
	struct buf out;

	buf_init(&out);
	json_write(NULL, &out);
}

static void
a_programmers_error_ends_the_process(void **state)
{
	(void)state;
	assert_true(dies(put_what_is_not_utf8, NULL));
	assert_true(dies(push_what_is_not_utf8, NULL));
	assert_true(dies(put_into_nothing, NULL));
	assert_true(dies(put_nothing, NULL));
	assert_true(dies(write_nothing, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_document_comes_back_as_it_was),
	    cmocka_unit_test(what_is_written_is_what_jansson_writes),
	    cmocka_unit_test(writing_appends),
	    cmocka_unit_test(what_is_no_document_is_refused),
	    cmocka_unit_test(jansson_finds_the_same_in_a_text),
	    cmocka_unit_test(what_is_wrong_has_its_place),
	    cmocka_unit_test(the_problem_does_not_quote_the_document),
	    cmocka_unit_test(nesting_ends_at_32_levels),
	    cmocka_unit_test(fields_are_read_with_their_types),
	    cmocka_unit_test(
		another_type_is_refused_with_the_name_of_the_field),
	    cmocka_unit_test(numbers_outside_their_range_are_refused),
	    cmocka_unit_test(elements_that_are_no_text_are_refused),
	    cmocka_unit_test(fields_are_put_in_the_order_given),
	    cmocka_unit_test(a_programmers_error_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
