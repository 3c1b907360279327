/* The numbers of residents and households. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "systems/registry/kinds.h"
#include "tests/support/test_arena.h"

struct both {
	struct resident_id resident;
	struct household_id household;
};
static const struct field both_fields[] = {
    FIELD(both, resident, RESIDENT_ID, "-"),
    OPTION(both, household, HOUSEHOLD_ID, "-"),
};
static const struct shape both_shape = SHAPE(both, both_fields);

static void
resident_numbers_have_ten_digits(void **state)
{
	char text[RESIDENT_DIGITS + 1];
	struct resident_id id;

	(void)state;
	assert_int_equal(resident_id_parse(SLICE("42"), &id), OK);
	resident_id_format(id, text);
	assert_string_equal(text, "0000000042");
	assert_string_equal(resident_id_text(arena, id).data, text);
	assert_int_equal(resident_id_parse(SLICE(""), &id), ERR_INPUT);
	assert_int_equal(resident_id_parse(SLICE("0"), &id), ERR_INPUT);
	assert_int_equal(resident_id_parse(SLICE("-1"), &id), ERR_INPUT);
	assert_int_equal(
	    resident_id_parse(SLICE("12345678901"), &id), ERR_INPUT);
}

static void
fields_take_them_with_and_without_zeros(void **state)
{
	struct json_out o;
	struct both both;

	(void)state;
	assert_int_equal(
	    shape_read(&both_shape, arena,
		SLICE("{\"resident\":\"42\",\"household\":\"0000000007\"}"),
		&both, NULL),
	    OK);
	assert_int_equal(both.resident.value, 42);
	assert_int_equal(both.household.value, 7);
	json_out_init(&o, arena);
	shape_write(&both_shape, &both, &o, NULL);
	assert_true(slice_equal_string(json_out_finish(&o),
	    "{\"resident\":\"0000000042\",\"household\":\"0000000007\"}"));
}

static void
fields_refuse_what_is_no_number(void **state)
{
	static const char *const bad[] = {"{\"resident\":\"0\"}",
	    "{\"resident\":42}", "{\"resident\":\"12345678901\"}",
	    "{\"resident\":\"1\",\"household\":\"x\"}", "{}"};
	struct problem problem;
	struct both both;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(shape_read(&both_shape, arena,
				     slice_of(bad[i]), &both, &problem),
		    ERR_INPUT);
		assert_true(problem.text[0] != '\0');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(resident_numbers_have_ten_digits),
	    cmocka_unit_test(fields_take_them_with_and_without_zeros),
	    cmocka_unit_test(fields_refuse_what_is_no_number),
	};

	return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
