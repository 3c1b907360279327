/* Records of CSV: where they end, what their fields are, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"

static struct csv csv;
static struct csv_record record;

static void
begin(const char *text)
{
	csv_init(&csv, slice_of(text), 1);
}

static void
expect(int64_t line, size_t n, const char *const *fields)
{
	size_t i;

	assert_int_equal(csv_next(&csv, &record), OK);
	assert_int_equal(record.line, line);
	assert_int_equal(record.n_fields, n);
	for (i = 0; i < n; i++) {
		if (!slice_equal_string(record.fields[i], fields[i]))
			fail_msg("field %zu is '%.*s', not '%s'", i,
			    SLICE_ARG(record.fields[i]), fields[i]);
	}
}

#define EXPECT(line, ...)                                                    \
	expect(line, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), \
	    (const char *[]){__VA_ARGS__})

static void
expect_err(enum err err, int64_t line)
{
	assert_int_equal(csv_next(&csv, &record), err);
	assert_int_equal(record.line, line);
}

static void
lines_end_with_lf_or_crlf_or_the_file(void **state)
{
	(void)state;
	begin("a,b\r\nc,d\ne,f");
	EXPECT(1, "a", "b");
	EXPECT(2, "c", "d");
	EXPECT(3, "e", "f");
	expect_err(ERR_NOT_FOUND, 4);
	expect_err(ERR_NOT_FOUND, 4);
}

static void
empty_lines_are_skipped_and_counted(void **state)
{
	(void)state;
	begin("\n\r\na\n\n\nb\n\n");
	EXPECT(3, "a");
	EXPECT(6, "b");
	expect_err(ERR_NOT_FOUND, 8);
}

static void
empty_fields_are_fields(void **state)
{
	(void)state;
	begin(",\n,,a\na,\n\"\"\n");
	EXPECT(1, "", "");
	EXPECT(2, "", "", "a");
	EXPECT(3, "a", "");
	EXPECT(4, "");
}

static void
quoted_fields_hold_commas_marks_and_lines(void **state)
{
	(void)state;
	begin("\"a,b\",\"c\"\"d\",\"e\nf\"\r\n\"\"\"\"\nz\n");
	EXPECT(1, "a,b", "c\"d", "e\nf");
	EXPECT(3, "\"");
	EXPECT(4, "z");
}

static void
misplaced_marks_cost_their_line_alone(void **state)
{
	(void)state;
	begin("a\"b,c\nok\n\"a\"b,c\nok\n\"never closed,x\nok\n");
	expect_err(ERR_INPUT, 1);
	EXPECT(2, "ok");
	expect_err(ERR_INPUT, 3);
	EXPECT(4, "ok");
	expect_err(ERR_INPUT, 5);
	EXPECT(6, "ok");
	expect_err(ERR_NOT_FOUND, 7);
}

static void
too_many_fields_are_refused(void **state)
{
	char text[2 * CSV_FIELDS_MAX + 8];

	(void)state;
	memset(text, ',', CSV_FIELDS_MAX);
	snprintf(text + CSV_FIELDS_MAX, 8, "\nok\n");
	begin(text);
	expect_err(ERR_TOO_LARGE, 1);
	EXPECT(2, "ok");
}

static void
a_mark_closes_within_the_bound_or_not_at_all(void **state)
{
	size_t n = 2 * CSV_RECORD_MAX;
	char *text = malloc(n + 32);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', n);
	text[0] = '"';
	text[2] = '\n';
	snprintf(text + n, 8, "\"\nok\n");
	begin(text);
	expect_err(ERR_INPUT, 1);
	expect_err(ERR_INPUT, 2); /* the mark that closes nothing */
	EXPECT(3, "ok");
	free(text);
}

static void
a_cut_ends_with_a_record(void **state)
{
	struct slice text = SLICE("ab,c\n\"d\ne\"\nf\n");

	(void)state;
	assert_int_equal(csv_cut(text, 5), 5);
	assert_int_equal(csv_cut(text, 4), 5); /* one, even if it is longer */
	assert_int_equal(csv_cut(text, 8), 5); /* not within the quotes */
	assert_int_equal(csv_cut(text, 12), 11);
	assert_int_equal(csv_cut(text, 100), 13);
	assert_int_equal(csv_cut(SLICE("no end"), 100), 0);
	assert_int_equal(csv_cut(SLICE(""), 100), 0);
}

/* Cutting a file into chunks gives the same records, with any bytes. */
static void
chunks_hold_the_records_of_the_whole(void **state)
{
	static const char alphabet[] = "a,\"\n\r\"";
	uint32_t seed = 12345;
	struct slice text, rest;
	char bytes[4000];
	size_t i, n_whole, n_cut, cut;
	int round;

	(void)state;
	for (round = 0; round < 300; round++) {
		for (i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1664525u + 1013904223u;
			bytes[i] = alphabet[(seed >> 16) % 6];
		}
		text = slice_bytes(bytes, sizeof(bytes));
		csv_init(&csv, text, 1);
		for (n_whole = 0; csv_next(&csv, &record) != ERR_NOT_FOUND;)
			n_whole++;
		n_cut = 0;
		for (rest = text; rest.len > 0;) {
			cut = csv_cut(rest, 1 + seed % 400);
			if (cut == 0)
				cut = rest.len;
			csv_init(&csv, slice_bytes(rest.data, cut), 1);
			while (csv_next(&csv, &record) != ERR_NOT_FOUND)
				n_cut++;
			rest = slice_bytes(rest.data + cut, rest.len - cut);
		}
		assert_int_equal(n_cut, n_whole);
	}
}

static void
a_first_line_of_another_form_is_named(void **state)
{
	(void)state;
	assert_null(csv_misfit(SLICE("")));
	assert_null(csv_misfit(SLICE("a\nb;c\n")));
	assert_null(csv_misfit(SLICE("a;b,c\n")));
	assert_null(csv_misfit(SLICE("\xef\xbb\xbf"
				     "a,b\r\n")));
	assert_non_null(strstr(csv_misfit(SLICE("a;b\r\n")), "semicolons"));
	assert_non_null(
	    strstr(csv_misfit(SLICE("sep=;\na;b\n")), "semicolons"));
	assert_non_null(strstr(csv_misfit(SLICE("a\tb")), "tabs"));
	assert_non_null(strstr(csv_misfit(SLICE("\xff\xfe"
						"a\0;\0")),
	    "UTF-16"));
	assert_non_null(strstr(csv_misfit(SLICE("a\0,\0")), "NUL"));
	assert_non_null(strstr(csv_misfit(SLICE("a,b\rc,d\r")), "CR alone"));
}

static void
fields_are_taken_or_named_by_their_column(void **state)
{
	struct arena *arena = arena_new();
	size_t column = 0;
	const char *why;

	(void)state;
	begin(" a ,か\xe3\x82\x99\n\xff,2\n1,\x93\xfa\n1,2,1234567\n");
	assert_int_equal(csv_next(&csv, &record), OK);
	assert_int_equal(csv_take_fields(arena, 6, &record, &column, &why), OK);
	assert_true(slice_equal_string(record.fields[0], "a"));
	assert_true(slice_equal_string(record.fields[1], "が"));
	assert_int_equal(csv_next(&csv, &record), OK);
	assert_int_equal(
	    csv_take_fields(arena, 6, &record, &column, &why), ERR_INPUT);
	assert_int_equal(column, 1);
	assert_null(strstr(why, "CP932"));
	assert_int_equal(csv_next(&csv, &record), OK);
	assert_int_equal(
	    csv_take_fields(arena, 6, &record, &column, &why), ERR_INPUT);
	assert_int_equal(column, 2);
	assert_non_null(strstr(why, "if the file is in CP932, save it"));
	assert_int_equal(csv_next(&csv, &record), OK);
	assert_int_equal(
	    csv_take_fields(arena, 6, &record, &column, &why), ERR_INPUT);
	assert_int_equal(column, 3);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_end_with_lf_or_crlf_or_the_file),
	    cmocka_unit_test(empty_lines_are_skipped_and_counted),
	    cmocka_unit_test(empty_fields_are_fields),
	    cmocka_unit_test(quoted_fields_hold_commas_marks_and_lines),
	    cmocka_unit_test(misplaced_marks_cost_their_line_alone),
	    cmocka_unit_test(too_many_fields_are_refused),
	    cmocka_unit_test(a_mark_closes_within_the_bound_or_not_at_all),
	    cmocka_unit_test(a_cut_ends_with_a_record),
	    cmocka_unit_test(chunks_hold_the_records_of_the_whole),
	    cmocka_unit_test(a_first_line_of_another_form_is_named),
	    cmocka_unit_test(fields_are_taken_or_named_by_their_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
