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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_come_with_their_columns_and_lines),
	    cmocka_unit_test(another_header_is_refused),
	    cmocka_unit_test(a_row_of_another_shape_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
