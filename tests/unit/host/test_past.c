/* Envelopes whose sender's clock is far ahead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notes_statements.h"
#include "tests/unit/host/sample/pair.h"

#define DAY_MS (24 * 3600 * 1000ll)

/* How many notes b has heard at once of an `a` whose clock is so far ahead, and
 * after that time. */
static void
hear(int64_t days, int64_t *ret_before, int64_t *ret_after)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *b = simulation_node(sim, "b/sample");
	struct problem problem = {0};
	json_t *answer = NULL;
	int status;

	assert_int_equal(simulation_settle(sim, 10000), OK);
	assert_int_equal(
	    simulation_restart(sim, "a/sample",
		instant_plus(simulation_now(sim), days * DAY_MS), &problem),
	    OK);
	assert_int_equal(
	    simulation_call(sim, "a/sample", HTTP_POST, "/notes",
		json_pack("{s:s,s:s}", "id", "00112233445566778899aabbccddeeff",
		    "text", "x"),
		&status, &answer),
	    OK);
	assert_int_equal(status, 201);
	json_decref(answer);
	simulation_run(sim, 60000);
	*ret_before = sample_count(b, NOTES_HEARD, "n");
	simulation_leap(sim, days * DAY_MS);
	assert_int_equal(simulation_settle(sim, 120000), OK);
	*ret_after = sample_count(b, NOTES_HEARD, "n");
	simulation_free(sim);
}

/* Its id would be forgotten before it is too old to be taken again. */
static void
a_message_of_the_next_month_waits(void **state)
{
	int64_t before, after;

	(void)state;
	hear(29, &before, &after);
	assert_int_equal(before, 1);
	assert_int_equal(after, 1);
	hear(31, &before, &after);
	assert_int_equal(before, 0);
	assert_int_equal(after, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_message_of_the_next_month_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
