#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "number/individual_number.h"

static struct individual_number
must_parse(const char *text)
{
	struct individual_number number;

	assert_int_equal(individual_number_parse(slice_of(text), &number), OK);

	return number;
}

static void
a_number_is_read_and_written(void **state)
{
	struct individual_number number = must_parse("123456789018");
	char text[INDIVIDUAL_NUMBER_DIGITS + 1];

	(void)state;
	individual_number_format(&number, text);
	assert_string_equal(text, "123456789018");
	assert_true(slice_equal_string(
	    individual_number_slice(&number), "123456789018"));
	assert_true(individual_number_body(&number) == UINT64_C(12345678901));
}

static void
what_is_no_number_is_refused(void **state)
{
	static const char *const wrong[] = {"", "123456789019", "12345678901",
	    "1234567890180", "1234-5678-9018", "12345678901x", " 23456789018"};
	struct individual_number number = must_parse("123456789018"),
				 same = number;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    individual_number_parse(slice_of(wrong[i]), &number),
		    ERR_INPUT);
	assert_int_equal(
	    individual_number_parse(slice_of(NULL), &number), ERR_INPUT);
	assert_int_equal(
	    individual_number_parse(SLICE("123456789018\0"), &number),
	    ERR_INPUT);
	assert_true(individual_number_equal(&number, &same));
}

static void
a_body_gets_its_check_digit(void **state)
{
	struct individual_number want = must_parse("123456789018"), got;

	(void)state;
	got = individual_number_from_body(UINT64_C(12345678901));
	assert_true(individual_number_equal(&got, &want));
	got = individual_number_from_body(0);
	assert_true(individual_number_body(&got) == 0);
	got = individual_number_from_body(INDIVIDUAL_NUMBER_BODIES - 1);
	assert_true(
	    individual_number_body(&got) == INDIVIDUAL_NUMBER_BODIES - 1);
}

static void
the_integer_of_a_database_is_all_digits(void **state)
{
	struct individual_number number = must_parse("123456789018"), back;

	(void)state;
	assert_true(
	    individual_number_to_int64(&number) == INT64_C(123456789018));
	assert_int_equal(
	    individual_number_from_int64(INT64_C(123456789018), &back), OK);
	assert_true(individual_number_equal(&number, &back));
	assert_int_equal(individual_number_from_int64(0, &back), OK);
	assert_true(individual_number_body(&back) == 0);
}

static void
an_integer_that_is_no_number_is_refused(void **state)
{
	struct individual_number number = must_parse("123456789018"),
				 same = number;

	(void)state;
	assert_int_equal(individual_number_from_int64(-1, &number), ERR_INPUT);
	assert_int_equal(
	    individual_number_from_int64(INT64_MIN, &number), ERR_INPUT);
	assert_int_equal(
	    individual_number_from_int64(INT64_MAX, &number), ERR_INPUT);
	assert_int_equal(
	    individual_number_from_int64(INT64_C(123456789018) + 1, &number),
	    ERR_INPUT);
	assert_int_equal(individual_number_from_int64(INT64_C(123456789018) +
				 10 * (int64_t)INDIVIDUAL_NUMBER_BODIES,
			     &number),
	    ERR_INPUT);
	assert_true(individual_number_equal(&number, &same));
}

static void
numbers_that_differ_in_a_digit_are_not_equal(void **state)
{
	struct individual_number a = must_parse("123456789018"), b = a;
	size_t i;

	(void)state;
	assert_true(individual_number_equal(&a, &b));
	for (i = 0; i < INDIVIDUAL_NUMBER_DIGITS; i++) {
		b = a;
		b.digits[i] ^= 1;
		assert_false(individual_number_equal(&a, &b));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_number_is_read_and_written),
	    cmocka_unit_test(what_is_no_number_is_refused),
	    cmocka_unit_test(a_body_gets_its_check_digit),
	    cmocka_unit_test(the_integer_of_a_database_is_all_digits),
	    cmocka_unit_test(an_integer_that_is_no_number_is_refused),
	    cmocka_unit_test(numbers_that_differ_in_a_digit_are_not_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
