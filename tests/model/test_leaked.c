/*
 * The network's key leaks, three times, and everybody gets other linkage codes,
 * while offices ask, residents look, messages are lost and repeated and every
 * process dies at any moment: every inquiry is answered, and in the end each
 * person has one code, which is a new one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "systems/network/linkage.h"
#include "systems/network/relinking.h"
#include "tests/model/world.h"

#define SEEDS 2
#define LEAKS 3
#define ASKED 4 /* inquiries in each relinking */
#define NETWORK "digital/network"

static const struct simulation_faults deadly = {.lose_request = 200,
    .lose_receipt = 200,
    .repeat = 200,
    .crash_before = 60,
    .crash_after = 60,
    .delay_min_ms = 1,
    .delay_max_ms = 300};

/* --- Acts ------------------------------------------------------------------ */

static void
leak(struct world *w)
{
	struct problem problem = {0};

	if (simulation_rotate(w->sim, NETWORK, LINKAGE_KEY, &problem))
		fail_msg("%s", problem.text);
	/* A request that was done before its answer was lost is done. */
	json_decref(world_must(w, NETWORK, HTTP_POST, "/relinkings",
	    json_pack("{s:s}", "reason", "the key store was copied"), 0));
}

static void
ask(struct world *w, const struct story *story, unsigned int n)
{
	char inquiry[33];

	snprintf(inquiry, sizeof(inquiry), "%032x", n);
	json_decref(world_must(w, "131041/offices", HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", inquiry,
		"business_number", story->father_moved, "affair", "106", "item",
		"local-tax", "provider", "012041", "unit", "u"),
	    201));
}

static void
expect_received(struct world *w, unsigned int n)
{
	char path[80];
	json_t *answer;

	snprintf(path, sizeof(path), "/inquiries/%032x", n);
	answer = world_must(w, "131041/offices", HTTP_GET, path, NULL, 200);
	if (strcmp(world_text(answer, "state"), "received") != 0)
		fail_msg("%s: %s %s", path, world_text(answer, "state"),
		    world_text(answer, "reason"));
	json_decref(answer);
}

static size_t
records_in_portal(struct world *w, const char *token)
{
	json_t *answer = NULL;
	int status = 0;
	size_t n;

	assert_int_equal(
	    world_call(w, "digital/portal", HTTP_GET, "/records?wait=30", NULL,
		slice_of(token), &status, &answer, NULL),
	    OK);
	assert_int_equal(status, 200);
	n = json_array_size(json_object_get(answer, "records"));
	json_decref(answer);

	return n;
}

static void
rest(struct world *w)
{
	simulation_set_faults(w->sim, &world_none);
	assert_int_equal(simulation_settle(w->sim, 3600 * 1000), OK);
}

/* Old codes are under way no more. */
static void
close_all(struct world *w)
{
	simulation_leap(w->sim, RELINKING_CLOSING_MS);
	simulation_run(w->sim, 5 * 60000);
	rest(w);
}

/* --- What must hold --------------------------------------------------------- */

static void
expect_done(const json_t *network)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(network, "relink"), i, row)
	    assert_string_equal(world_text(row, "state"), "done");
	assert_true(i > 0);
	json_array_foreach(json_object_get(network, "organisation"), i, row)
	    assert_int_equal(
		json_integer_value(json_object_get(row, "oldest")), 1 + LEAKS);
	json_array_foreach(json_object_get(network, "holder"), i, row)
	    assert_int_equal(
		json_integer_value(json_object_get(row, "epoch")), 1 + LEAKS);
	assert_true(i > 0);
}

/* Each code of a relay, or of the portal, is one that took another's place, and
 * nobody else's. */
static size_t
expect_new_codes(const json_t *tables, const char *table, json_t *all)
{
	const json_t *former = json_object_get(tables, "former_linkage");
	json_t *places = json_object();
	const json_t *row;
	const char *code;
	size_t i, n = 0;

	json_array_foreach(former, i, row)
	    json_object_set_new(places, world_text(row, "code"), json_true());
	json_array_foreach(json_object_get(tables, table), i, row)
	{
		code = world_text(row, "code");
		if (code[0] == '\0')
			continue;
		n++;
		assert_non_null(json_object_get(places, code));
		assert_null(json_object_get(all, code));
		json_object_set_new(all, code, json_true());
	}
	assert_int_equal(json_array_size(former), n * LEAKS);
	json_decref(places);

	return n;
}

static void
expect_all(struct world *w)
{
	struct problem problem = {0};
	json_t *dump = NULL, *all = json_object(), *tables;
	const char *system;
	size_t n = 0;

	assert_int_equal(simulation_dump(w->sim, &dump, &problem), OK);
	expect_done(json_object_get(dump, NETWORK));
	json_object_foreach(dump, system, tables)
	{
		if (strstr(system, "/relay") != NULL)
			n += expect_new_codes(tables, "linkage", all);
		else if (strstr(system, "/portal") != NULL)
			n += expect_new_codes(tables, "resident", all);
	}
	assert_true(n > WORLD_RESIDENTS);
	json_decref(all);
	json_decref(dump);
}

/* --- The run ----------------------------------------------------------------- */

static void
begin(struct world *w, uint64_t seed, struct story *story)
{
	struct problem problem = {0};
	struct story_port port;

	world_open(w, seed);
	port = world_story_port(w);
	world_import(w, "012041");
	world_wait_for(w, "012041/relay", "linked", WORLD_RESIDENTS + 2);
	if (story_tell(&port, &w->random, story, &problem))
		fail_msg("%s", problem.text);
	rest(w);
}

static void
run(uint64_t seed)
{
	unsigned int leaks, i, n = 0;
	struct story story;
	struct world w = {0};

	begin(&w, seed, &story);
	for (leaks = 0; leaks < LEAKS; leaks++) {
		simulation_set_faults(w.sim, &deadly);
		leak(&w);
		for (i = 0; i < ASKED; i++) {
			ask(&w, &story, n++);
			simulation_run(
			    w.sim, (int64_t)random_below(&w.random, 1000));
		}
		rest(&w);
		/* Before the resident's session ends. */
		if (leaks == 0)
			assert_int_equal(records_in_portal(&w, story.token),
			    STORY_RECORDS + n);
		close_all(&w);
	}
	for (i = 0; i < n; i++)
		expect_received(&w, i);
	expect_all(&w);
	world_close(&w);
}

static void
after_a_leak_everybody_has_another_code_and_nothing_is_lost(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++)
		run(seed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		after_a_leak_everybody_has_another_code_and_nothing_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
