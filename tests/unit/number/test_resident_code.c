#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "number/resident_code.h"

static struct resident_code
must_parse(const char *text)
{
	struct resident_code code;

	assert_int_equal(resident_code_parse(slice_of(text), &code), OK);

	return code;
}

static void
a_code_is_read_and_written(void **state)
{
	struct resident_code code = must_parse("01234567892");
	char text[RESIDENT_CODE_DIGITS + 1];

	(void)state;
	resident_code_format(&code, text);
	assert_string_equal(text, "01234567892");
	assert_true(
	    slice_equal_string(resident_code_slice(&code), "01234567892"));
	assert_true(resident_code_body(&code) == UINT64_C(123456789));
}

static void
what_is_no_code_is_refused(void **state)
{
	static const char *const wrong[] = {"", "01234567893", "0123456789",
	    "012345678920", "0123456789x", " 1234567892"};
	struct resident_code code = must_parse("01234567892"), same = code;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    resident_code_parse(slice_of(wrong[i]), &code), ERR_INPUT);
	assert_int_equal(resident_code_parse(slice_of(NULL), &code), ERR_INPUT);
	assert_int_equal(
	    resident_code_parse(SLICE("01234567892\0"), &code), ERR_INPUT);
	assert_true(resident_code_equal(&code, &same));
}

static void
a_body_gets_its_check_digit(void **state)
{
	struct resident_code want = must_parse("01234567892"), got;

	(void)state;
	got = resident_code_from_body(UINT64_C(123456789));
	assert_true(resident_code_equal(&got, &want));
	got = resident_code_from_body(0);
	assert_true(resident_code_body(&got) == 0);
	got = resident_code_from_body(RESIDENT_CODE_BODIES - 1);
	assert_true(resident_code_body(&got) == RESIDENT_CODE_BODIES - 1);
}

static void
the_integer_of_a_database_is_all_digits(void **state)
{
	struct resident_code code = must_parse("01234567892"), back;

	(void)state;
	assert_true(resident_code_to_int64(&code) == INT64_C(1234567892));
	assert_int_equal(
	    resident_code_from_int64(INT64_C(1234567892), &back), OK);
	assert_true(resident_code_equal(&code, &back));
	assert_int_equal(resident_code_from_int64(0, &back), OK);
	assert_true(resident_code_body(&back) == 0);
}

static void
an_integer_that_is_no_code_is_refused(void **state)
{
	struct resident_code code = must_parse("01234567892"), same = code;

	(void)state;
	assert_int_equal(resident_code_from_int64(-1, &code), ERR_INPUT);
	assert_int_equal(resident_code_from_int64(INT64_MIN, &code), ERR_INPUT);
	assert_int_equal(resident_code_from_int64(INT64_MAX, &code), ERR_INPUT);
	assert_int_equal(
	    resident_code_from_int64(INT64_C(1234567892) + 1, &code),
	    ERR_INPUT);
	assert_int_equal(resident_code_from_int64(INT64_C(1234567892) +
				 10 * (int64_t)RESIDENT_CODE_BODIES,
			     &code),
	    ERR_INPUT);
	assert_true(resident_code_equal(&code, &same));
}

static void
numbers_that_differ_in_a_digit_are_not_equal(void **state)
{
	struct resident_code a = must_parse("01234567892"), b = a;
	size_t i;

	(void)state;
	assert_true(resident_code_equal(&a, &b));
	for (i = 0; i < RESIDENT_CODE_DIGITS; i++) {
		b = a;
		b.digits[i] ^= 1;
		assert_false(resident_code_equal(&a, &b));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_code_is_read_and_written),
	    cmocka_unit_test(what_is_no_code_is_refused),
	    cmocka_unit_test(a_body_gets_its_check_digit),
	    cmocka_unit_test(the_integer_of_a_database_is_all_digits),
	    cmocka_unit_test(an_integer_that_is_no_code_is_refused),
	    cmocka_unit_test(numbers_that_differ_in_a_digit_are_not_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
