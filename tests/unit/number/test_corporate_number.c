#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "number/corporate_number.h"

static void
a_number_is_read_and_written(void **state)
{
	struct corporate_number number, completed;
	char text[CORPORATE_NUMBER_DIGITS + 1];

	(void)state;
	assert_int_equal(
	    corporate_number_parse(SLICE("7000012050002"), &number), OK);
	corporate_number_format(&number, text);
	assert_string_equal(text, "7000012050002");
	assert_int_equal(
	    corporate_number_complete(SLICE("000012050002"), &completed), OK);
	assert_true(corporate_number_equal(&number, &completed));
	completed.digits[3] ^= 1;
	assert_false(corporate_number_equal(&number, &completed));
}

static void
what_is_no_number_is_refused(void **state)
{
	static const char *const wrong[] = {"", "7000012050003", "700001205000",
	    "70000120500020", "0000012050002", "T000012050002"};
	struct corporate_number number, same;
	size_t i;

	(void)state;
	assert_int_equal(
	    corporate_number_parse(SLICE("7000012050002"), &number), OK);
	same = number;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    corporate_number_parse(slice_of(wrong[i]), &number),
		    ERR_INPUT);
	assert_int_equal(
	    corporate_number_parse(slice_of(NULL), &number), ERR_INPUT);
	assert_int_equal(
	    corporate_number_complete(SLICE("7000012050002"), &number),
	    ERR_INPUT);
	assert_int_equal(
	    corporate_number_complete(SLICE("00001205000x"), &number),
	    ERR_INPUT);
	assert_true(corporate_number_equal(&number, &same));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_number_is_read_and_written),
	    cmocka_unit_test(what_is_no_number_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
