/*
 * A relay is revoked and goes on: in the simulator its keys stay with a thief,
 * who asks whatever the offices of before ask.  Nothing of a person is given to
 * it any more, whatever was under way; without the check it would be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bug.h"
#include "tests/model/world.h"

#define THIEF "131041/relay"
#define SEEDS 3
#define BEFORE 6
#define AFTER 6

static void
ask(struct world *w, int n, const char *person)
{
	char inquiry[33];

	snprintf(inquiry, sizeof(inquiry), "%032x", n);
	json_decref(world_must(w, "131041/offices", HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", inquiry,
		"business_number", person, "affair", "106", "item", "local-tax",
		"provider", "012041", "unit", "u"),
	    0));
	simulation_run(w->sim, (int64_t)(random_u64(&w->random) & 0xff));
}

/* How many provisions the other organisation has recorded. */
static size_t
provided(struct world *w, const struct story *story)
{
	json_t *answer = world_records(w, "012041", story->father);
	const json_t *row;
	size_t i, n = 0;

	json_array_foreach(json_object_get(answer, "records"), i, row)
	{
		n += strcmp(world_text(row, "outcome"), "provided") == 0;
	}
	json_decref(answer);

	return n;
}

/* Returns how many answers were given to the thief after the revocation. */
static size_t
run(uint64_t seed, size_t *ret_before)
{
	struct problem problem = {0};
	struct story_port port;
	struct story story;
	struct world w = {0};
	size_t given, late;
	int i;

	world_open(&w, seed);
	port = world_story_port(&w);
	world_import(&w, "012041");
	world_wait_for(&w, "012041/relay", "linked", WORLD_RESIDENTS + 2);
	if (story_tell(&port, &w.random, &story, &problem))
		fail_msg("%s", problem.text);
	simulation_set_faults(w.sim, &world_harsh);
	for (i = 1; i <= BEFORE; i++)
		ask(&w, i, story.father_moved);
	if (simulation_revoke(w.sim, THIEF, REVOKED_COMPROMISED, &problem))
		fail_msg("%s", problem.text);
	given = provided(&w, &story);
	for (; i <= BEFORE + AFTER; i++)
		ask(&w, i, story.father_moved);
	simulation_set_faults(w.sim, &world_none);
	simulation_run(w.sim, 600 * 1000);
	late = provided(&w, &story) - given;
	if (late == 0)
		assert_int_equal(world_count(&w, "digital/network", "open"), 0);
	*ret_before += given;
	world_close(&w);

	return late;
}

static void
a_revoked_relay_is_given_nothing(void **state)
{
	size_t before = 0, late = 0;
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++)
		late += run(seed, &before);
	assert_int_equal(late, 0);
	assert_true(before > 0);
}

static void
without_the_check_it_is(void **state)
{
	size_t before = 0;

	(void)state;
	if (!bug_is_possible())
		skip();
	bug_set(BUG_REVOKED_HEARD);
	assert_true(run(1, &before) > 0);
	bug_set(BUG_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_revoked_relay_is_given_nothing),
	    cmocka_unit_test(without_the_check_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
