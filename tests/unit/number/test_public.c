#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "number/bango-number.h"

static const struct {
	int kind;
	const char *body;
	const char *whole;
} samples[] = {
    {BANGO_NUMBER_INDIVIDUAL, "12345678901", "123456789018"},
    {BANGO_NUMBER_CORPORATE, "000012050002", "7000012050002"},
    {BANGO_NUMBER_RESIDENT_CODE, "0123456789", "01234567892"},
    {BANGO_NUMBER_GOVERNMENT, "13104", "131041"},
};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static void
each_kind_is_checked_and_completed(void **state)
{
	char whole[BANGO_NUMBER_DIGITS_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		assert_int_equal(bango_number_digits(samples[i].kind),
		    strlen(samples[i].whole));
		assert_int_equal(
		    bango_number_check(samples[i].kind, samples[i].whole),
		    BANGO_NUMBER_VALID);
		assert_int_equal(
		    bango_number_complete(samples[i].kind, samples[i].body,
			whole, strlen(samples[i].whole) + 1),
		    BANGO_NUMBER_VALID);
		assert_string_equal(whole, samples[i].whole);
	}
}

static void
the_result_says_what_is_wrong(void **state)
{
	char whole[] = "untouched     ";

	(void)state;
	assert_int_equal(
	    bango_number_check(BANGO_NUMBER_INDIVIDUAL, "123456789019"),
	    BANGO_NUMBER_BAD_CHECK_DIGIT);
	assert_int_equal(
	    bango_number_check(BANGO_NUMBER_INDIVIDUAL, "12345678901"),
	    BANGO_NUMBER_BAD_LENGTH);
	assert_int_equal(
	    bango_number_check(BANGO_NUMBER_INDIVIDUAL, "1234 5678 9018"),
	    BANGO_NUMBER_BAD_CHARACTER);
	assert_int_equal(bango_number_complete(BANGO_NUMBER_GOVERNMENT,
			     "131041", whole, sizeof(whole)),
	    BANGO_NUMBER_BAD_LENGTH);
	assert_int_equal(bango_number_complete(BANGO_NUMBER_GOVERNMENT, "1310x",
			     whole, sizeof(whole)),
	    BANGO_NUMBER_BAD_CHARACTER);
	assert_string_equal(whole, "untouched     ");
}

static void
misuse_is_said_and_does_no_harm(void **state)
{
	char whole[BANGO_NUMBER_DIGITS_MAX + 1] = "untouched";
	size_t i;

	(void)state;
	assert_int_equal(bango_number_digits(0), 0);
	assert_int_equal(bango_number_digits(5), 0);
	assert_int_equal(bango_number_check(0, "1"), BANGO_NUMBER_MISUSE);
	assert_int_equal(bango_number_check(BANGO_NUMBER_GOVERNMENT, NULL),
	    BANGO_NUMBER_MISUSE);
	assert_int_equal(
	    bango_number_complete(-1, "13104", whole, 14), BANGO_NUMBER_MISUSE);
	for (i = 0; i < SAMPLES; i++) {
		assert_int_equal(
		    bango_number_complete(samples[i].kind, samples[i].body,
			whole, strlen(samples[i].whole)),
		    BANGO_NUMBER_MISUSE);
		assert_int_equal(
		    bango_number_complete(samples[i].kind, NULL, whole, 14),
		    BANGO_NUMBER_MISUSE);
		assert_int_equal(bango_number_complete(samples[i].kind,
				     samples[i].body, NULL, 14),
		    BANGO_NUMBER_MISUSE);
	}
	assert_string_equal(whole, "untouched");
}

static void
every_result_has_a_text(void **state)
{
	int i, k;

	(void)state;
	for (i = -1; i <= BANGO_NUMBER_MISUSE; i++)
		for (k = 0; k < i; k++)
			assert_string_not_equal(
			    bango_number_text(i), bango_number_text(k));
	assert_string_equal(bango_number_text(99), "wrong use of the library");
	assert_string_equal(bango_number_version(), BANGO_VERSION);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_kind_is_checked_and_completed),
	    cmocka_unit_test(the_result_says_what_is_wrong),
	    cmocka_unit_test(misuse_is_said_and_does_no_harm),
	    cmocka_unit_test(every_result_has_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
