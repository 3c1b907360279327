/*
 * Inquiries that are held, decided, cancelled and revoked at any moment, while
 * messages are lost and repeated and processes die: in the end the records of
 * the inquirer, the provider and the network say the same of each.
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

#define INQUIRIES 15 /* within the budget about one person */
#define SEEDS 4

/* --- Acts ------------------------------------------------------------------ */

static void
mark(struct world *w, const char *internal, const char *path)
{
	json_decref(world_must(w, "012041/relay", HTTP_POST, path,
	    json_pack("{s:s,s:s,s:s}", "internal_number", internal, "kind",
		"hold", "reason", "r"),
	    200));
}

static void
ask(struct world *w, const char *inquiry, const char *person)
{
	json_decref(world_must(w, "131041/offices", HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", inquiry,
		"business_number", person, "affair", "106", "item", "local-tax",
		"provider", "012041", "unit", "u"),
	    201));
}

/* Whether it still can be, or is over, is what the race is about. */
static void
cancel(struct world *w, const char *inquiry)
{
	char path[80];

	snprintf(path, sizeof(path), "/inquiries/%s/cancel", inquiry);
	json_decref(
	    world_must(w, "131041/offices", HTTP_POST, path, json_object(), 0));
}

static void
decide_all(struct world *w, bool release)
{
	json_t *answer =
	    world_must(w, "012041/relay", HTTP_GET, "/held", NULL, 200);
	const json_t *row;
	char path[80];
	size_t i;

	json_array_foreach(json_object_get(answer, "held"), i, row)
	{
		snprintf(path, sizeof(path), "/held/%s/decision",
		    world_text(row, "permit"));
		json_decref(world_must(w, "012041/relay", HTTP_POST, path,
		    json_pack("{s:s,s:s}", "decision",
			release ? "release" : "refuse", "reason", "r"),
		    0));
	}
	json_decref(answer);
}

/* Revoke the permit of the inquiry, if there is one. */
static void
revoke(struct world *w, const char *inquiry)
{
	char permit[33], path[80];

	world_permit(w, "131041", inquiry, permit);
	if (permit[0] == '\0')
		return;
	snprintf(path, sizeof(path), "/permits/%s/revocation", permit);
	json_decref(world_must(w, "digital/network", HTTP_POST, path,
	    json_pack("{s:s}", "reason", "r"), 0));
}

static void
act(struct world *w, int i, const char *inquiry, const struct story *story,
    const char *internal)
{
	uint64_t dice = random_u64(&w->random);

	mark(w, internal, dice & 1 ? "/marks" : "/marks/remove");
	ask(w, inquiry, story->father_moved);
	simulation_run(w->sim, (int64_t)(dice >> 8 & 0xfff));
	if ((dice & 6) == 2)
		cancel(w, inquiry);
	if (dice & 4)
		revoke(w, inquiry);
	if (i % 3 == 0)
		decide_all(w, (dice & 16) != 0);
}

/* --- The runs --------------------------------------------------------------- */

static const char *const outcomes[] = {
    "provided", "refused", "cancelled", "revoked"};
static int seen[4]; /* how often, in all runs */

static void
note_outcome(const char *outcome)
{
	size_t i;

	for (i = 0; i < 4; i++)
		seen[i] += strcmp(outcome, outcomes[i]) == 0;
}

/* The two relays' records, and what the father sees in the portal. */
static void
compare(struct world *w, const struct story *story, size_t *ret_compared)
{
	json_t *inquirer = world_records(w, "131041", story->father_moved);
	json_t *provider = world_records(w, "012041", story->father);
	json_t *network = NULL;
	const json_t *row, *other, *third;
	char permit[33];
	int status = 0;
	size_t i;

	assert_int_equal(
	    world_call(w, "digital/portal", HTTP_GET, "/records?wait=30", NULL,
		slice_of(story->token), &status, &network, NULL),
	    OK);
	assert_int_equal(status, 200);
	json_array_foreach(json_object_get(inquirer, "records"), i, row)
	{
		world_permit(w, "131041", world_text(row, "inquiry"), permit);
		other = world_row(provider, "permit", permit);
		third = world_row(network, "record", permit);
		if (other == NULL)
			continue; /* it ended before, or is another's */
		assert_non_null(third);
		assert_string_equal(
		    world_text(row, "outcome"), world_text(other, "outcome"));
		assert_string_equal(
		    world_text(row, "outcome"), world_text(third, "outcome"));
		note_outcome(world_text(row, "outcome"));
		(*ret_compared)++;
	}
	json_decref(inquirer);
	json_decref(provider);
	json_decref(network);
}

static void
run(uint64_t seed)
{
	struct story_port port;
	struct problem problem = {0};
	char inquiry[33], internal[32];
	size_t compared = 0;
	struct story story;
	struct world w = {0};
	int i;

	world_open(&w, seed);
	port = world_story_port(&w);
	world_import(&w, "012041");
	world_wait_for(&w, "012041/relay", "linked", WORLD_RESIDENTS + 2);
	if (story_tell(&port, &w.random, &story, &problem))
		fail_msg("%s", problem.text);
	world_internal_number(&w, "012041/addressee", STORY_FATHER, internal);
	simulation_set_faults(w.sim, &world_harsh);
	for (i = 0; i < INQUIRIES; i++) {
		snprintf(inquiry, sizeof(inquiry), "%032x", i + 1);
		act(&w, i, inquiry, &story, internal);
	}
	simulation_set_faults(w.sim, &world_none);
	assert_int_equal(simulation_settle(w.sim, 3600 * 1000), OK);
	decide_all(&w, true);
	assert_int_equal(simulation_settle(w.sim, 3600 * 1000), OK);
	assert_int_equal(world_count(&w, "digital/network", "open"), 0);
	assert_int_equal(world_count(&w, "131041/relay", "waiting"), 0);
	assert_int_equal(world_count(&w, "131041/offices", "asking"), 0);
	compare(&w, &story, &compared);
	assert_true(compared > INQUIRIES / 2);
	world_close(&w);
}

static void
the_three_records_agree(void **state)
{
	uint64_t seed;
	size_t i;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++)
		run(seed);
	for (i = 0; i < 4; i++) {
		print_message("%s: %d\n", outcomes[i], seen[i]);
		assert_true(seen[i] > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_three_records_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
