/* Ids of systems. */
#include "wire/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
an_id_is_an_organisation_and_a_name(void **state)
{
	struct system_id id;

	(void)state;
	assert_int_equal(system_id_of(SLICE("131041"), "relay", &id), OK);
	assert_string_equal(id.text, "131041/relay");
	assert_true(slice_equal_string(system_id_organisation(&id), "131041"));
	assert_true(slice_equal_string(system_id_name(&id), "relay"));
}

static void
parts_that_make_no_id_are_refused(void **state)
{
	struct system_id id;

	(void)state;
	assert_int_equal(system_id_of(SLICE(""), "relay", &id), ERR_INPUT);
	assert_int_equal(system_id_of(SLICE("131041"), "", &id), ERR_INPUT);
	assert_int_equal(system_id_of(SLICE("a/b"), "relay", &id), ERR_INPUT);
	assert_int_equal(
	    system_id_of(SLICE("131041"), "abcdefghijklmnop", &id), ERR_INPUT);
	assert_int_equal(
	    system_id_of(SLICE("a-name-of-16-let"), "relay", &id), ERR_INPUT);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_id_is_an_organisation_and_a_name),
	    cmocka_unit_test(parts_that_make_no_id_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
