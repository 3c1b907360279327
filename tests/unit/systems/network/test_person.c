#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/turn.h"
#include "systems/network/person.h"

static void
codes_are_stored_and_read_again(void **state)
{
	static const char bytes[] = "0123456789abcdef";
	struct slice stored = slice_of(bytes);
	struct id_code id = {INT64_MAX};
	struct record_code code;

	(void)state;
	assert_int_equal(
	    id_code_of_int64(id_code_to_int64(id)).value, id.value);
	assert_int_equal(record_code_from_bytes(stored, &code), OK);
	assert_true(slice_equal(record_code_slice(&code), stored));
}

static void
nobody_has_the_empty_record_code(void **state)
{
	struct turn turn = {.arena = arena_new()};
	struct record_code code = {{1}};

	(void)state;
	assert_true(slice_equal(record_code_text(&turn, &code),
	    SLICE("01000000000000000000000000000000")));
	assert_int_equal(record_code_from_bytes(SLICE(""), &code), OK);
	assert_int_equal(record_code_slice(&code).len, 0);
	assert_int_equal(record_code_text(&turn, &code).len, 0);
	arena_free(turn.arena);
}

static void
bytes_of_another_length_are_no_record_code(void **state)
{
	static const char bytes[] = "0123456789abcdefg";
	struct record_code code;
	size_t n;

	(void)state;
	for (n = 1; n < sizeof(bytes); n++)
		assert_int_equal(
		    record_code_from_bytes(slice_bytes(bytes, n), &code),
		    n == RECORD_CODE_LEN ? OK : ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_are_stored_and_read_again),
	    cmocka_unit_test(nobody_has_the_empty_record_code),
	    cmocka_unit_test(bytes_of_another_length_are_no_record_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
