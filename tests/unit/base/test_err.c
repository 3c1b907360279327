#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/text.h"

static void
every_error_has_a_row(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < ERR_COUNT; i++) {
		const struct err_info *info = err_info((enum err)i);

		assert_non_null(info->name);
		assert_non_null(info->title);
		assert_int_equal(i == OK, info->http_status == 200);
		assert_int_equal(i == OK, info->exit_code == 0);
		assert_int_not_equal(info->exit_code, 1); /* an answer */
		assert_in_range(info->http_status, 200, 599);
		assert_in_range(info->exit_code, 0, 4);
	}
}

static void
a_status_stands_for_its_first_error(void **state)
{
	int i;

	(void)state;
	for (i = 1; i < ERR_COUNT; i++) {
		int status = err_info((enum err)i)->http_status;
		enum err first = err_of_http_status(status);

		assert_int_equal(err_info(first)->http_status, status);
		assert_true((int)first <= i);
	}
	assert_int_equal(err_of_http_status(507), ERR_FULL);
	assert_int_equal(err_of_http_status(403), ERR_DENIED);
	assert_int_equal(err_of_http_status(500), ERR_IO);
	assert_int_equal(err_of_http_status(200), ERR_UNREACHABLE);
	assert_int_equal(err_of_http_status(302), ERR_UNREACHABLE);
}

static void
names_are_all_different(void **state)
{
	int i, k;

	(void)state;
	for (i = 0; i < ERR_COUNT; i++) {
		for (k = 0; k < i; k++)
			assert_string_not_equal(err_info((enum err)i)->name,
			    err_info((enum err)k)->name);
	}
}

/* The form (2) is the asker's fault (4xx), and a fault (4) is not, but for a
 * peer's bad signature. */
static void
the_class_of_the_status_fits_the_exit_code(void **state)
{
	int i;

	(void)state;
	for (i = 1; i < ERR_COUNT; i++) {
		const struct err_info *info = err_info((enum err)i);

		if (info->exit_code == 2)
			assert_in_range(info->http_status, 400, 499);
		else if (info->exit_code == 4 && i != ERR_CRYPTO)
			assert_in_range(info->http_status, 500, 599);
	}
	assert_int_equal(err_info(ERR_CRYPTO)->http_status, 403);
}

static void
a_value_outside_the_table_is_an_internal_error(void **state)
{
	(void)state;
	assert_ptr_equal(err_info((enum err)ERR_COUNT), err_info(ERR_INTERNAL));
	assert_ptr_equal(err_info((enum err) - 1), err_info(ERR_INTERNAL));
}

static void
setting_replaces_the_text_and_clears_the_detail(void **state)
{
	struct problem p;

	(void)state;
	problem_clear(&p);
	assert_int_equal(
	    problem_set(&p, ERR_CONFLICT, "line %d", 7), ERR_CONFLICT);
	problem_detail(&p, "row %d", 3);
	assert_int_equal(p.err, ERR_CONFLICT);
	assert_string_equal(p.text, "line 7");
	assert_string_equal(p.detail, "row 3");
	assert_int_equal(problem_set(&p, ERR_BUSY, "later"), ERR_BUSY);
	assert_int_equal(p.err, ERR_BUSY);
	assert_string_equal(p.text, "later");
	assert_string_equal(p.detail, "");
	problem_clear(&p);
	assert_int_equal(p.err, OK);
	assert_string_equal(p.text, "");
}

static void
a_problem_may_be_absent(void **state)
{
	(void)state;
	assert_int_equal(problem_set(NULL, ERR_IO, "%s", "x"), ERR_IO);
	problem_detail(NULL, "%s", "x");
	problem_clear(NULL);
}

static void
a_text_may_quote_the_text_before_it(void **state)
{
	struct problem p;

	(void)state;
	assert_int_equal(problem_set(&p, ERR_INPUT, "month"), ERR_INPUT);
	problem_detail(&p, "deep");
	assert_int_equal(problem_set(&p, p.err, "line 3: %s", p.text), p.err);
	assert_string_equal(p.text, "line 3: month");
	problem_detail(&p, "again");
	assert_int_equal(problem_set(&p, p.err, "(%s)", p.detail), p.err);
	assert_string_equal(p.text, "(again)");
	assert_string_equal(p.detail, "");
}

/* At any offset, no half of 番 (three bytes) or 𠮷 (four) is left. */
static void
a_long_text_is_cut_between_characters(void **state)
{
	static const char *const words[] = {"番", "𠮷", "é", "x"};
	char text[4 * PROBLEM_TEXT_MAX];
	struct problem p;
	size_t w, pad, len;

	(void)state;
	for (w = 0; w < 4; w++) {
		for (pad = 0; pad < 4; pad++) {
			memset(text, '-', pad);
			len = pad;
			while (len + 5 < sizeof(text)) {
				memcpy(text + len, words[w], strlen(words[w]));
				len += strlen(words[w]);
			}
			text[len] = '\0';
			assert_int_equal(
			    problem_set(&p, ERR_INPUT, "%s", text), ERR_INPUT);
			problem_detail(&p, "%s", text);
			len = strlen(p.text);
			assert_true(utf8_is_valid(slice_of(p.text)));
			assert_true(len + strlen(words[w]) >= PROBLEM_TEXT_MAX);
			assert_memory_equal(p.text, text, len);
			assert_string_equal(p.text, p.detail);
		}
	}
}

static void
a_text_is_made_printable(void **state)
{
	struct problem p;

	(void)state;
	assert_int_equal(
	    problem_set(&p, ERR_INPUT, "a\xff%s", "番"), ERR_INPUT);
	problem_detail(&p, "%.4s", "番号");
	assert_string_equal(p.text, "a?番");
	assert_string_equal(p.detail, "番?");
	assert_int_equal(
	    problem_set(&p, ERR_INPUT, "%s", "a\x1b[2J\nb\xe2\x80\xae\xc2\x9b"),
	    ERR_INPUT);
	assert_string_equal(p.text, "a?[2J b??");
}

static void
a_text_that_just_fits_is_whole(void **state)
{
	char text[PROBLEM_TEXT_MAX];
	struct problem p;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(problem_set(&p, ERR_INPUT, "%s", text), ERR_INPUT);
	assert_string_equal(p.text, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_error_has_a_row),
	    cmocka_unit_test(a_status_stands_for_its_first_error),
	    cmocka_unit_test(names_are_all_different),
	    cmocka_unit_test(the_class_of_the_status_fits_the_exit_code),
	    cmocka_unit_test(a_value_outside_the_table_is_an_internal_error),
	    cmocka_unit_test(setting_replaces_the_text_and_clears_the_detail),
	    cmocka_unit_test(a_problem_may_be_absent),
	    cmocka_unit_test(a_text_may_quote_the_text_before_it),
	    cmocka_unit_test(a_long_text_is_cut_between_characters),
	    cmocka_unit_test(a_text_is_made_printable),
	    cmocka_unit_test(a_text_that_just_fits_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
