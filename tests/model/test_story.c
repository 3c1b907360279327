/*
 * The demo's story in one process under virtual time: without faults, under
 * loss, repetition, delay and crashes, and the same twice from one seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model/world.h"

/* --- The runs ------------------------------------------------------------ */

static uint64_t
run(uint64_t seed, const struct simulation_faults *faults)
{
	struct story_port port;
	struct problem problem = {0};
	struct story story;
	struct world w = {0};
	uint64_t trace;

	world_open(&w, seed);
	port = world_story_port(&w);
	simulation_set_faults(w.sim, faults);
	world_import(&w, "012041");
	world_import(&w, "131041");
	world_wait_for(&w, "012041/registry", "numbered", WORLD_RESIDENTS + 2);
	world_wait_for(&w, "131041/registry", "numbered", WORLD_RESIDENTS + 2);
	world_wait_for(&w, "012041/relay", "linked", WORLD_RESIDENTS + 2);
	world_wait_for(&w, "131041/relay", "linked", WORLD_RESIDENTS + 2);
	if (story_tell(&port, &w.random, &story, &problem))
		fail_msg("seed %llu: step %d: %s", (unsigned long long)seed,
		    story.n_steps, problem.text);
	simulation_set_faults(w.sim, &world_none);
	assert_int_equal(simulation_settle(w.sim, 3600 * 1000), OK);
	assert_int_equal(
	    world_count(&w, "digital/network", "records"), STORY_RECORDS);
	assert_int_equal(world_count(&w, "012041/addressee", "acquiring"), 0);
	assert_int_equal(world_count(&w, "131041/addressee", "acquiring"), 0);
	trace = simulation_trace(w.sim);
	world_close(&w);

	return trace;
}

static void
the_story_ends_well(void **state)
{
	(void)state;
	run(1, &world_none);
}

static void
the_story_ends_well_under_faults(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 4; seed++)
		run(seed, &world_harsh);
}

static void
a_seed_tells_the_same_story(void **state)
{
	(void)state;
	assert_true(run(3, &world_harsh) == run(3, &world_harsh));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_story_ends_well),
	    cmocka_unit_test(the_story_ends_well_under_faults),
	    cmocka_unit_test(a_seed_tells_the_same_story),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
