#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "law/table.h"

static void
rows_come_with_their_columns_and_lines(void **state)
{
	struct problem problem;
	struct table table;

	(void)state;
	assert_int_equal(table_open(SLICE("a\tb\n1\t2\n3\t4"), "t.tsv", "a\tb",
			     &table, &problem),
	    OK);
	assert_int_equal(table_next(&table, &problem), OK);
	assert_true(slice_equal_string(table.columns[1], "2"));
	assert_int_equal(table_next(&table, &problem), OK);
	assert_true(slice_equal_string(table.columns[0], "3"));
	assert_int_equal(table.line, 3);
	assert_int_equal(table_next(&table, &problem), ERR_NOT_FOUND);
}

static void
rows_of_one_key_come_past_all_others(void **state)
{
	struct problem problem;
	struct table table;

	(void)state;
	assert_int_equal(table_open(SLICE("a\tb\nx\t1\nxy\t2\nbad\nx\t3\nx\n"),
			     "t.tsv", "a\tb", &table, &problem),
	    OK);
	assert_int_equal(table_next_of(&table, SLICE("x"), &problem), OK);
	assert_true(slice_equal_string(table.columns[1], "1"));
	assert_int_equal(table_next_of(&table, SLICE("x"), &problem), OK);
	assert_true(slice_equal_string(table.columns[1], "3"));
	assert_int_equal(table.line, 5);
	assert_int_equal(
	    table_next_of(&table, SLICE("x"), &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "t.tsv, line 6"));
	assert_int_equal(
	    table_next_of(&table, SLICE("x"), &problem), ERR_NOT_FOUND);
}

/* A key with a tab in it is the beginning of a row, and no column. */
static void
a_key_is_a_whole_column(void **state)
{
	struct problem problem;
	struct table table;

	(void)state;
	assert_int_equal(table_open(SLICE("a\tb\nx\t1\n"), "t.tsv", "a\tb",
			     &table, &problem),
	    OK);
	assert_int_equal(
	    table_next_of(&table, SLICE("x\t1"), &problem), ERR_NOT_FOUND);
}

static void
another_header_is_refused(void **state)
{
	struct problem problem;
	struct table table;

	(void)state;
	assert_int_equal(
	    table_open(SLICE("a\tc\n"), "t.tsv", "a\tb", &table, &problem),
	    ERR_INPUT);
	assert_int_equal(
	    table_open(SLICE(""), "t.tsv", "a\tb", &table, &problem),
	    ERR_INPUT);
	assert_non_null(strstr(problem.text, "t.tsv, line 1"));
}

static void
a_row_of_another_shape_is_refused(void **state)
{
	static const char *const bad[] = {
	    "a\tb\n1\n", "a\tb\n1\t2\t3\n", "a\tb\n1\t\n", "a\tb\n\n"};
	struct problem problem;
	struct table table;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(table_open(slice_of(bad[i]), "t.tsv", "a\tb",
				     &table, &problem),
		    OK);
		assert_int_equal(table_next(&table, &problem), ERR_INPUT);
		assert_non_null(strstr(problem.text, "t.tsv, line 2"));
	}
}

/* A cell that is not valid text would stop the program that writes it as JSON.
 */
static void
a_cell_that_is_no_text_is_refused(void **state)
{
	static const struct slice bad[] = {SLICE("\xff"), SLICE("a\0b"),
	    SLICE("\x93\xfa"), SLICE("\x1b[2J"), SLICE("a\r"),
	    SLICE("\xe2\x80\xae"), SLICE("\xee\x80\x80")};
	struct problem problem;
	struct table table;
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		buf_clear(&text);
		buf_add_string(&text, "a\tb\n1\t");
		buf_add(&text, bad[i]);
		buf_add_string(&text, "\n");
		assert_int_equal(table_open(buf_slice(&text), "t.tsv", "a\tb",
				     &table, &problem),
		    OK);
		assert_int_equal(table_next(&table, &problem), ERR_INPUT);
		assert_string_equal(problem.text,
		    "t.tsv, line 2: column 2 is not printable text in UTF-8");
	}
	buf_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_come_with_their_columns_and_lines),
	    cmocka_unit_test(rows_of_one_key_come_past_all_others),
	    cmocka_unit_test(a_key_is_a_whole_column),
	    cmocka_unit_test(another_header_is_refused),
	    cmocka_unit_test(a_row_of_another_shape_is_refused),
	    cmocka_unit_test(a_cell_that_is_no_text_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
