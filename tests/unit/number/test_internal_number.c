#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "number/internal_number.h"

static void
leading_zeros_are_kept(void **state)
{
	struct internal_number n;
	char text[INTERNAL_NUMBER_DIGITS + 1];

	(void)state;
	assert_int_equal(
	    internal_number_parse(SLICE("000000000004711"), &n), OK);
	assert_int_equal(n.value, 4711);
	internal_number_format(n, text);
	assert_string_equal(text, "000000000004711");
}

static void
what_is_not_15_digits_is_refused(void **state)
{
	static const char *const wrong[] = {"", "00000000000471",
	    "0000000000047110", "00000000000471x", "-00000000004711",
	    "000000000000000", " 00000000004711"};
	struct internal_number n = {1};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    internal_number_parse(slice_of(wrong[i]), &n), ERR_INPUT);
	assert_int_equal(n.value, 1);
}

static void
random_numbers_fit_and_are_read_back(void **state)
{
	struct random_seed seed;
	struct random random = random_seeded(&seed, 7);
	struct internal_number n, back;
	char text[INTERNAL_NUMBER_DIGITS + 1];
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		n = internal_number_random(&random);
		internal_number_format(n, text);
		assert_int_equal(
		    internal_number_parse(slice_of(text), &back), OK);
		assert_int_equal(n.value, back.value);
	}
}

static void
a_number_is_stored_as_it_is(void **state)
{
	struct internal_number n = {INTERNAL_NUMBER_MAX};

	(void)state;
	assert_true(internal_number_to_int64(n) == INTERNAL_NUMBER_MAX);
	assert_true(internal_number_of_int64(INTERNAL_NUMBER_MAX).value ==
	    INTERNAL_NUMBER_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leading_zeros_are_kept),
	    cmocka_unit_test(what_is_not_15_digits_is_refused),
	    cmocka_unit_test(random_numbers_fit_and_are_read_back),
	    cmocka_unit_test(a_number_is_stored_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
