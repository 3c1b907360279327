#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bug.h"
#include "law/law.h"
#include "law/table.h"
#include "law/text.h"
#include "law/withholding.h"

#define TODAY ((struct date){2026, 11, 21})

static struct withholding
parsed(const char *text)
{
	struct withholding w = {0};

	assert_int_equal(withholding_parse(slice_of(text), &w), OK);

	return w;
}

static enum err
check(const char *affair, const char *text, struct problem *problem)
{
	struct withholding w = parsed(text);
	struct slice article;
	enum err rc;

	*problem = (struct problem){0};
	rc = withholding_check(slice_of(affair), &w, TODAY, &article, problem);
	if (rc == OK)
		assert_true(slice_has_prefix(article, SLICE("番号法23条2項")));

	return rc;
}

static void
a_withholding_has_one_spelling(void **state)
{
	static const char *const wrong[] = {"", "undisclosed",
	    "contents:protection", "contents:protection:2027-02-30",
	    "contents:protection:20270331", "contents:protection:2027-00-00",
	    "contents:protection:2027-03-31:", "all:protection:2027-03-31",
	    "contents::2027-03-31", "contents:Protection:2027-03-31"};
	struct arena *arena = arena_new();
	struct withholding w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    withholding_parse(slice_of(wrong[i]), &w), ERR_INPUT);
	w = parsed("existence:protection:2027-03-31");
	assert_true(withholding_needs_two(SLICE("existence:x:2027-03-31")));
	assert_true(slice_equal_string(
	    withholding_text(arena, &w), "existence:protection:2027-03-31"));
	assert_false(withholding_needs_two(SLICE("contents:x:2027-03-31")));
	assert_false(withholding_needs_two(SLICE("")));
	arena_free(arena);
}

static void
it_ends_at_the_midnight_after_its_last_day(void **state)
{
	const struct withholding w = parsed("contents:audit:2027-03-31");
	struct instant end = withholding_end(&w);

	(void)state;
	assert_int_equal(
	    date_compare(date_in_japan(end), (struct date){2027, 4, 1}), 0);
	assert_int_equal(date_compare(withholding_last_day(end), w.until), 0);
}

static void
the_table_decides_ground_grade_and_length(void **state)
{
	struct problem why;

	(void)state;
	assert_int_equal(check("48", "contents:audit:2027-05-20", &why), OK);
	assert_int_equal(
	    check("48", "contents:audit:2027-05-21", &why), ERR_DENIED);
	assert_non_null(strstr(why.text, "at most 180 days"));
	assert_int_equal(check("48", "contents:audit:2026-11-21", &why), OK);
	assert_int_equal(
	    check("48", "contents:audit:2026-11-20", &why), ERR_DENIED);
	assert_int_equal(
	    check("48", "existence:audit:2027-05-20", &why), ERR_DENIED);
	assert_non_null(strstr(why.text, "not its existence"));
	assert_int_equal(
	    check("48", "contents:protection:2027-05-20", &why), ERR_DENIED);
	assert_non_null(strstr(why.text, "has no ground \"protection\""));
	assert_int_equal(
	    check("106", "existence:protection:2027-11-21", &why), OK);
	assert_int_equal(
	    check("own-x", "contents:protection:2026-12-01", &why), ERR_DENIED);
	assert_int_equal(
	    check("mark", "existence:protection:2027-11-21", &why), OK);
}

static void
without_the_table_any_ground_would_do(void **state)
{
	struct problem why;

	(void)state;
	if (!bug_is_possible())
		skip();
	bug_set(BUG_GROUND_UNCHECKED);
	assert_int_equal(check("1", "existence:shame:2030-01-01", &why), OK);
	bug_set(BUG_NONE);
}

static void
every_line_is_of_an_affair_and_can_be_used(void **state)
{
	struct law_text text = law_text_built_in();
	struct law *law = NULL;
	struct table table;
	unsigned int row;
	uint64_t days;
	enum err rc;

	(void)state;
	assert_int_equal(law_load(&text, &law, NULL), OK);
	assert_int_equal(
	    table_open(
		slice_bytes(law_text_withholding, law_text_withholding_len),
		"withholding.tsv",
		"affair\tground\tarticle\tgrades\tdays\tsource", &table, NULL),
	    OK);
	while ((rc = table_next(&table, NULL)) == OK) {
		if (!slice_equal(table.columns[0], WITHHOLDING_MARK))
			assert_int_equal(
			    law_row(law, table.columns[0], &row), OK);
		assert_true(slice_equal_string(table.columns[3], "contents") ||
		    slice_equal_string(table.columns[3], "existence") ||
		    slice_equal_string(table.columns[3], "contents|existence"));
		assert_int_equal(
		    slice_to_u64(table.columns[4], 365, &days), OK);
		assert_true(days > 0);
	}
	assert_int_equal(rc, ERR_NOT_FOUND);
	law_free(law);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_withholding_has_one_spelling),
	    cmocka_unit_test(it_ends_at_the_midnight_after_its_last_day),
	    cmocka_unit_test(the_table_decides_ground_grade_and_length),
	    cmocka_unit_test(without_the_table_any_ground_would_do),
	    cmocka_unit_test(every_line_is_of_an_affair_and_can_be_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
