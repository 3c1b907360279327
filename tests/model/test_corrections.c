/*
 * Contents, records and marks that are corrected at any moment, while
 * questions are under way, messages are lost and repeated and processes die:
 * in the end whoever stands on old contents knows it and nobody else, the
 * three records of an exchange say the same, and the last order about a mark
 * counts.
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

#define SEEDS 4
#define ROUNDS 12
#define CITY "012041" /* the provider */
#define TOWN "131041" /* the inquirer */

struct run {
	struct world w;
	struct story story;
	int corrections;    /* of the contents */
	char last_order[8]; /* about the mark */
};

/* --- Acts ------------------------------------------------------------------ */

static void
post(
    struct run *r, const char *system, const char *path, json_t *body, int want)
{
	json_decref(world_must(&r->w, system, HTTP_POST, path, body, want));
}

/* Two acts of one office never fall into the same millisecond. */
static void
pass(struct run *r)
{
	simulation_run(
	    r->w.sim, 1 + (int64_t)(random_u64(&r->w.random) & 0x3ff));
}

static void
correct_contents(struct run *r)
{
	post(r, CITY "/offices", "/replicas",
	    json_pack("{s:s,s:s,s:s,s:[[s,{s:i}]]}", "item", "local-tax",
		"version", "2026", "change", "correct", "items", STORY_FATHER,
		"income", ++r->corrections),
	    200);
}

static void
ask(struct run *r, int i)
{
	char inquiry[33];

	snprintf(inquiry, sizeof(inquiry), "%032x", i);
	post(r, TOWN "/offices", "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", inquiry,
		"business_number", r->story.father_moved, "affair", "106",
		"item", "local-tax", "provider", CITY, "unit", "u"),
	    201);
}

static void
order_mark(struct run *r, int i)
{
	const char *change = random_u64(&r->w.random) & 1 ? "set" : "remove";
	char mark[33];

	snprintf(mark, sizeof(mark), "%032x", i);
	snprintf(r->last_order, sizeof(r->last_order), "%s", change);
	post(r, CITY "/offices", "/marks",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "mark", mark,
		"business_number", STORY_FATHER, "kind", "undisclosed",
		"change", change, "withheld",
		strcmp(change, "set") == 0 ? "contents:protection:2027-03-31"
					   : "",
		"reason", "r"),
	    201);
}

/* One of the three parties corrects its record of an exchange. */
static void
correct_record(struct run *r, int i)
{
	static const char *const systems[] = {
	    TOWN "/relay", CITY "/relay", "digital/network"};
	static const char *const sides[] = {"inquirer", "provider", ""};
	size_t who = random_u64(&r->w.random) % 3;
	json_t *records = world_records(&r->w, TOWN, r->story.father_moved);
	const json_t *rows = json_object_get(records, "records"), *row;
	char path[80], note[16], permit[33];

	row = json_array_get(
	    rows, (size_t)random_u64(&r->w.random) % json_array_size(rows));
	snprintf(note, sizeof(note), "note %d", i);
	world_permit(&r->w, TOWN, world_text(row, "inquiry"), permit);
	snprintf(path, sizeof(path), "/records/%s/correction",
	    who == 0 ? world_text(row, "inquiry") : permit);
	/* The provider may not have written its record yet: that is a 404. */
	if (permit[0] != '\0')
		post(r, systems[who], path,
		    who == 2
			? json_pack("{s:s,s:s}", "note", note, "reason", "r")
			: json_pack(
			      "{s:s,s:s}", "side", sides[who], "note", note),
		    0);
	json_decref(records);
}

static void
begin(struct run *r, uint64_t seed)
{
	struct problem problem = {0};
	struct story_port port;

	world_open(&r->w, seed);
	port = world_story_port(&r->w);
	world_import(&r->w, CITY);
	world_wait_for(&r->w, CITY "/relay", "linked", WORLD_RESIDENTS + 2);
	if (story_tell(&port, &r->w.random, &r->story, &problem))
		fail_msg("%s", problem.text);
	correct_contents(r);
	assert_int_equal(simulation_settle(r->w.sim, 3600 * 1000), OK);
}

static void
act(struct run *r)
{
	int i;

	simulation_set_faults(r->w.sim, &world_harsh);
	for (i = 0; i < ROUNDS; i++) {
		uint64_t dice = random_u64(&r->w.random);

		ask(r, i);
		pass(r);
		if (dice & 1) {
			correct_contents(r);
			pass(r);
		}
		if (dice & 2)
			correct_record(r, i);
		order_mark(r, i);
		pass(r);
	}
	simulation_set_faults(r->w.sim, &world_none);
	assert_int_equal(simulation_settle(r->w.sim, 24 * 3600 * 1000), OK);
}

/* --- Invariants ----------------------------------------------------------- */

static int seen_old, seen_new, seen_corrected; /* in all runs */

/* An inquirer that received old contents was told of the correction; one that
 * received the last contents was not. */
static void
check_contents(struct run *r)
{
	char path[80];
	json_t *answer;
	int64_t income;
	bool old;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		snprintf(path, sizeof(path), "/inquiries/%032x", i);
		answer = world_must(
		    &r->w, TOWN "/offices", HTTP_GET, path, NULL, 200);
		assert_string_equal(world_text(answer, "state"), "received");
		income = json_integer_value(json_object_get(
		    json_object_get(answer, "contents"), "income"));
		old = income < r->corrections;
		if (old != (world_text(answer, "corrected")[0] != '\0'))
			fail_msg("%s: %lld of %d, %s", path, (long long)income,
			    r->corrections, world_text(answer, "corrected"));
		seen_old += old;
		seen_new += !old;
		json_decref(answer);
	}
}

static void
same(const json_t *one, const json_t *other, const char *key)
{
	assert_string_equal(world_text(one, key), world_text(other, key));
}

/* The relays', and what the father sees in the portal. */
static void
check_records(struct run *r)
{
	json_t *inquirer = world_records(&r->w, TOWN, r->story.father_moved);
	json_t *provider = world_records(&r->w, CITY, STORY_FATHER);
	json_t *network = NULL;
	const json_t *row, *other, *third;
	char permit[33];
	int status = 0;
	size_t i;

	assert_int_equal(
	    world_call(&r->w, "digital/portal", HTTP_GET, "/records?wait=30",
		NULL, slice_of(r->story.token), &status, &network, NULL),
	    OK);
	json_array_foreach(json_object_get(inquirer, "records"), i, row)
	{
		world_permit(&r->w, TOWN, world_text(row, "inquiry"), permit);
		other = world_row(provider, "permit", permit);
		third = world_row(network, "record", permit);
		if (other == NULL)
			continue; /* another provider's */
		same(row, other, "correction");
		same(row, other, "corrected");
		seen_corrected += world_text(row, "correction")[0] != '\0';
		/* A record that is withheld is a line without its names. */
		if (json_object_get(third, "inquirer") == NULL)
			continue;
		same(row, third, "correction");
		same(row, third, "corrected");
	}
	json_decref(inquirer);
	json_decref(provider);
	json_decref(network);
}

static void
check_mark(struct run *r)
{
	char path[80], internal[32];
	json_t *answer;
	size_t n;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		snprintf(path, sizeof(path), "/marks/%032x", i);
		answer = world_must(
		    &r->w, CITY "/offices", HTTP_GET, path, NULL, 200);
		assert_string_equal(world_text(answer, "state"), "done");
		json_decref(answer);
	}
	world_internal_number(&r->w, CITY "/addressee", STORY_FATHER, internal);
	snprintf(path, sizeof(path), "/marks?internal_number=%s", internal);
	answer = world_must(&r->w, CITY "/relay", HTTP_GET, path, NULL, 200);
	n = json_array_size(json_object_get(answer, "marks"));
	assert_int_equal(n, strcmp(r->last_order, "set") == 0 ? 1 : 0);
	json_decref(answer);
}

static void
corrections_reach_all_who_must_know(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++) {
		struct run r = {.corrections = 0};

		begin(&r, seed);
		act(&r);
		check_contents(&r);
		check_records(&r);
		check_mark(&r);
		world_close(&r.w);
	}
	print_message("old %d, new %d, corrected records %d\n", seen_old,
	    seen_new, seen_corrected);
	assert_true(seen_old > 0 && seen_new > 0 && seen_corrected > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(corrections_reach_all_who_must_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
