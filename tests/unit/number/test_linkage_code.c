#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "number/linkage_code.h"

static const char text[] = "000102030405060708090a0b0c0dfeff";

static void
a_code_reads_back_as_it_was_written(void **state)
{
	struct linkage_code code;
	char back[LINKAGE_CODE_DIGITS + 1];

	(void)state;
	assert_int_equal(linkage_code_parse(slice_of(text), &code), OK);
	assert_int_equal(code.bytes[1], 1);
	assert_int_equal(code.bytes[15], 0xff);
	linkage_code_format(&code, back);
	assert_string_equal(back, text);
	assert_int_equal(linkage_code_slice(&code).len, 16);
}

static void
only_32_lower_case_digits_are_a_code(void **state)
{
	static const char *const bad[] = {"", "00",
	    "000102030405060708090a0b0c0dfef",
	    "000102030405060708090a0b0c0dfeff0",
	    "000102030405060708090A0B0C0DFEFF",
	    "000102030405060708090a0b0c0dfe f",
	    "g00102030405060708090a0b0c0dfeff"};
	struct linkage_code code, before;
	size_t i;

	(void)state;
	memset(&code, 0x55, sizeof(code));
	before = code;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    linkage_code_parse(slice_of(bad[i]), &code), ERR_INPUT);
		assert_true(linkage_code_equal(&code, &before));
	}
}

static void
codes_that_differ_in_one_bit_are_not_equal(void **state)
{
	struct linkage_code a, b;

	(void)state;
	assert_int_equal(linkage_code_parse(slice_of(text), &a), OK);
	b = a;
	assert_true(linkage_code_equal(&a, &b));
	b.bytes[15] ^= 1;
	assert_false(linkage_code_equal(&a, &b));
}

static void
only_16_bytes_are_a_stored_code(void **state)
{
	struct linkage_code code, back = {{1}};
	struct slice bytes;

	(void)state;
	assert_int_equal(linkage_code_parse(slice_of(text), &code), OK);
	bytes = linkage_code_slice(&code);
	bytes.len--;
	assert_int_equal(linkage_code_from_bytes(bytes, &back), ERR_INPUT);
	assert_int_equal(back.bytes[0], 1);
	assert_int_equal(
	    linkage_code_from_bytes(linkage_code_slice(&code), &back), OK);
	assert_true(linkage_code_equal(&code, &back));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_code_reads_back_as_it_was_written),
	    cmocka_unit_test(only_32_lower_case_digits_are_a_code),
	    cmocka_unit_test(codes_that_differ_in_one_bit_are_not_equal),
	    cmocka_unit_test(only_16_bytes_are_a_stored_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
