/* Results of inquiries as lines of a CSV file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/slice.h"
#include "nation/results.h"

static void
assert_lines(const char *answer, const char *expected)
{
	struct results_page page;
	struct problem problem;
	struct buf lines;

	buf_init(&lines);
	if (results_add(slice_of(answer), &lines, &page, &problem))
		fail_msg("%s", problem.text);
	assert_true(slice_equal_string(buf_slice(&lines), expected));
	buf_done(&lines);
}

static void
contents_stay_as_they_are(void **state)
{
	(void)state;
	assert_lines(
	    "{\"results\":[{\"line\":2,\"contents\":"
	    "{\"a\":123456789012345678.91,\"b\":9007199254740993.0,"
	    "\"c\":[1.10,-0],\"d\":\"\\u00e9\"},\"version\":\"2026\"}]}",
	    "2,\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\","
	    "\"{\"\"a\"\":123456789012345678.91,\"\"b\"\":9007199254740993.0,"
	    "\"\"c\"\":[1.10,-0],\"\"d\"\":\"\"\\u00e9\"\"}\",\"2026\"\n");
}

static void
a_result_is_one_line(void **state)
{
	(void)state;
	assert_lines(
	    "{\"results\":[{\"held_until\":null,\"business_number\":\"R\\\"1\\\"\","
	    "\"affair\":\"106\",\"item\":\"tax\",\"provider\":\"012041\","
	    "\"clerk\":\"x\",\"line\":7,\"state\":\"refused\","
	    "\"reason\":\"no-basis\",\"article\":\"\u6cd5\"}]}",
	    "7,\"R\"\"1\"\"\",\"106\",\"tax\",\"012041\",\"refused\","
	    "\"no-basis\",\"\u6cd5\",\"\",\"\",\"\"\n");
	assert_lines("{\"results\":[]}", "");
}

static void
a_page_says_where_the_next_one_begins(void **state)
{
	static const char answer[] =
	    "{\"results\":[{\"line\":3,\"reason\":\"unknown-person\"},"
	    "{\"line\":9,\"reason\":\"no-basis\"}]}";
	struct results_page page = {0};
	struct buf lines;

	(void)state;
	buf_init(&lines);
	assert_int_equal(
	    results_add(slice_of(answer), &lines, &page, NULL), OK);
	assert_int_equal(page.rows, 2);
	assert_int_equal(page.unknown, 1);
	assert_int_equal(page.last, 9);
	assert_int_equal(
	    results_add(SLICE("{\"results\":[]}"), &lines, &page, NULL), OK);
	assert_int_equal(page.rows, 0);
	buf_done(&lines);
}

/* 40 results with contents of nearly 64 KiB, mostly values: 1.3 million. */
static void
a_page_may_have_as_many_values_as_an_office_answers_with(void **state)
{
	struct results_page page = {0};
	struct buf answer, lines;
	int i, j;

	(void)state;
	buf_init(&answer);
	buf_init(&lines);
	buf_add_string(&answer, "{\"results\":[");
	for (i = 1; i <= 40; i++) {
		buf_printf(&answer, "%s{\"line\":%d,\"contents\":{\"a\":[0",
		    i > 1 ? "," : "", i);
		for (j = 0; j < 32000; j++)
			buf_add_string(&answer, ",0");
		buf_add_string(&answer, "]}}");
	}
	buf_add_string(&answer, "]}");
	assert_int_equal(
	    results_add(buf_slice(&answer), &lines, &page, NULL), OK);
	assert_int_equal(page.rows, 40);
	buf_done(&answer);
	buf_done(&lines);
}

static void
an_answer_without_results_is_refused(void **state)
{
	static const char *const wrong[] = {"", "[]", "{}", "{\"results\":{}}",
	    "{\"results\":[1]}", "{\"results\":[{\"line\":\"2\"}]}",
	    "{\"results\":[{\"line\":2]}", "{\"results\":[]} x"};
	struct results_page page = {.last = 5};
	struct problem problem;
	struct buf lines;
	size_t i;

	(void)state;
	buf_init(&lines);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    results_add(slice_of(wrong[i]), &lines, &page, &problem),
		    ERR_INPUT);
	assert_int_equal(page.last, 5);
	buf_done(&lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(contents_stay_as_they_are),
	    cmocka_unit_test(a_result_is_one_line),
	    cmocka_unit_test(a_page_says_where_the_next_one_begins),
	    cmocka_unit_test(
		a_page_may_have_as_many_values_as_an_office_answers_with),
	    cmocka_unit_test(an_answer_without_results_is_refused),
	};

	return cmocka_run_group_tests_name("results", tests, NULL, NULL);
}
