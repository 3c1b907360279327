#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/file.h"
#include "number/government_code.h"

static void
a_code_is_read_and_written(void **state)
{
	struct government_code code, completed;
	char text[GOVERNMENT_CODE_DIGITS + 1];

	(void)state;
	assert_int_equal(government_code_parse(SLICE("131041"), &code), OK);
	government_code_format(&code, text);
	assert_string_equal(text, "131041");
	assert_int_equal(
	    government_code_complete(SLICE("13104"), &completed), OK);
	assert_true(government_code_equal(&code, &completed));
	completed.digits[3] ^= 1;
	assert_false(government_code_equal(&code, &completed));
}

static void
what_is_no_code_is_refused(void **state)
{
	static const char *const wrong[] = {
	    "", "131042", "13104", "1310410", "13104x", "131-041"};
	struct government_code code, same;
	size_t i;

	(void)state;
	assert_int_equal(government_code_parse(SLICE("131041"), &code), OK);
	same = code;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    government_code_parse(slice_of(wrong[i]), &code),
		    ERR_INPUT);
	assert_int_equal(
	    government_code_parse(slice_of(NULL), &code), ERR_INPUT);
	assert_int_equal(
	    government_code_complete(SLICE("131041"), &code), ERR_INPUT);
	assert_int_equal(
	    government_code_complete(SLICE("1310x"), &code), ERR_INPUT);
	assert_true(government_code_equal(&code, &same));
}

/* The file of the repository: every government that there is. */
static void
all_real_codes_fit(void **state)
{
	struct government_code code;
	struct slice rest, line, text;
	struct buf file;
	size_t codes = 0;

	(void)state;
	buf_init(&file);
	assert_int_equal(
	    file_read("data/local_governments.tsv", 1 << 20, &file, NULL), OK);
	rest = buf_slice(&file);
	slice_cut(&rest, '\n'); /* the head line */
	while (rest.len > 0) {
		line = slice_cut(&rest, '\n');
		text = slice_cut(&line, '\t');
		assert_int_equal(government_code_parse(text, &code), OK);
		assert_in_range(government_code_prefecture(&code), 1, 47);
		codes++;
	}
	assert_int_equal(codes, 1969);
	buf_done(&file);
}

static void
the_prefecture_is_the_first_two_digits(void **state)
{
	struct government_code code;

	(void)state;
	assert_int_equal(government_code_parse(SLICE("131041"), &code), OK);
	assert_int_equal(government_code_prefecture(&code), 13);
	assert_int_equal(government_code_parse(SLICE("012041"), &code), OK);
	assert_int_equal(government_code_prefecture(&code), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_code_is_read_and_written),
	    cmocka_unit_test(what_is_no_code_is_refused),
	    cmocka_unit_test(all_real_codes_fit),
	    cmocka_unit_test(the_prefecture_is_the_first_two_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
