/* A receipt for a message that a database lacks: both neighbours say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/unit/host/sample/pair.h"

#define DAY_MS (24 * INT64_C(3600000))

/* A note of a, which tells b. */
static void
tell(struct simulation *sim)
{
	static unsigned int serial;
	json_t *answer = NULL;
	char id[33];
	int status = 0;

	snprintf(id, sizeof(id), "%032x", ++serial);
	assert_int_equal(simulation_call(sim, "a/sample", HTTP_POST, "/notes",
			     json_pack("{s:s,s:s}", "id", id, "text", "x"),
			     &status, &answer),
	    OK);
	assert_int_equal(status, 201);
	json_decref(answer);
	simulation_run(sim, 60000);
}

/* A figure of the system's status; 0 if it is absent. */
static int64_t
figure(struct simulation *sim, const char *system, const char *name)
{
	json_t *answer = NULL;
	int64_t value;
	int status = 0;

	assert_int_equal(simulation_call(sim, system, HTTP_GET, "/status", NULL,
			     &status, &answer),
	    OK);
	assert_int_equal(status, 200);
	value = json_integer_value(json_object_get(answer, name));
	json_decref(answer);

	return value;
}

static void
an_older_copy_is_noticed_by_both(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct problem refusal = {0};

	(void)state;
	tell(sim);
	simulation_keep(sim, "b/sample");
	tell(sim);
	assert_int_equal(
	    simulation_lose(sim, "b/sample", LOSS_OF_NEWEST, &refusal), OK);
	tell(sim);
	assert_int_equal(figure(sim, "a/sample", "lost_there"), 1);
	assert_int_equal(figure(sim, "b/sample", "lost_here"), 1);
	assert_int_equal(figure(sim, "a/sample", "lost_here"), 0);
	assert_int_equal(figure(sim, "b/sample", "lost_there"), 0);
	simulation_free(sim);
}

static void
a_database_that_lost_nothing_is_not_accused(void **state)
{
	static const struct simulation_faults faults = {
	    .lose_request = 20, .lose_receipt = 20};
	struct simulation *sim = pair_new(2, &faults, NULL);
	int i;

	(void)state;
	for (i = 0; i < 30; i++)
		tell(sim);
	/* The inbox forgets after 90 days, and nobody asks that late. */
	simulation_run(sim, 200 * DAY_MS);
	tell(sim);
	assert_int_equal(figure(sim, "a/sample", "lost_there"), 0);
	assert_int_equal(figure(sim, "b/sample", "lost_here"), 0);
	simulation_free(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_older_copy_is_noticed_by_both),
	    cmocka_unit_test(a_database_that_lost_nothing_is_not_accused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
