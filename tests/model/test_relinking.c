/*
 * Resident Record Codes that are changed at any moment (住基法30条の4), while
 * codes are acquired and inquiries are under way, messages are lost and
 * repeated and processes die: every linkage code goes on working, and whoever
 * acquires one gets it for the same person.  And people who have moved abroad.
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
#define CHANGES 6              /* of each of two people */
#define NEIGHBOUR "0000000001" /* of the father, in Asahikawa */

/* --- Acts ------------------------------------------------------------------ */

static void
change_code(struct world *w, const char *registry, const char *resident,
    unsigned int request)
{
	char id[33];

	snprintf(id, sizeof(id), "%032x", request);
	json_decref(world_must(w, registry, HTTP_POST, "/code-changes",
	    json_pack("{s:s,s:s,s:s}", "resident", resident, "request", id,
		"paper", "P-1"),
	    200));
}

static void
number_of(
    struct world *w, const char *registry, const char *resident, char ret[16])
{
	char path[40];
	json_t *notice;

	snprintf(path, sizeof(path), "/notices/%s", resident);
	notice = world_must(w, registry, HTTP_GET, path, NULL, 200);
	snprintf(ret, 16, "%s", world_text(notice, "number"));
	json_decref(notice);
}

/* Somebody of Asahikawa's tells the Pension Service the number. */
static void
insure(struct world *w, const char *resident, const char *business_number)
{
	char path[40], number[16];
	json_t *r;

	number_of(w, "012041/registry", resident, number);
	snprintf(path, sizeof(path), "/residents/%s", resident);
	r = world_must(w, "012041/registry", HTTP_GET, path, NULL, 200);
	json_decref(world_must(w, "nenkin/offices", HTTP_POST, "/insured",
	    json_pack("{s:[[s,s,s,s,s,s,s,{s:s}]]}", "items", business_number,
		number, world_text(r, "name"), world_text(r, "kana"),
		world_text(r, "birth"), world_text(r, "sex"),
		world_text(r, "address"), "benefit", "none"),
	    200));
	json_decref(r);
}

struct question {
	const char *asker, *person, *affair, *item, *provider;
};

static void
ask(struct world *w, const struct question *q, const char *inquiry)
{
	json_decref(world_must(w, q->asker, HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", inquiry,
		"business_number", q->person, "affair", q->affair, "item",
		q->item, "provider", q->provider, "unit", "u"),
	    201));
}

static void
expect_received(struct world *w, const char *asker, const char *inquiry)
{
	char path[80];
	json_t *answer;

	snprintf(path, sizeof(path), "/inquiries/%s", inquiry);
	answer = world_must(w, asker, HTTP_GET, path, NULL, 200);
	if (strcmp(world_text(answer, "state"), "received") != 0)
		fail_msg("%s: %s %s", inquiry, world_text(answer, "state"),
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

/* --- Changed codes ---------------------------------------------------------- */

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
}

static void
end_faults(struct world *w)
{
	simulation_set_faults(w->sim, &world_none);
	assert_int_equal(simulation_settle(w->sim, 3600 * 1000), OK);
}

/* Change and ask about the father, change and acquire for a neighbour. */
static void
change_both(struct world *w, const struct story *story)
{
	const struct question about_father = {"131041/offices",
	    story->father_moved, "106", "local-tax", "012041"};
	char inquiry[33];
	unsigned int i;

	for (i = 0; i < CHANGES; i++) {
		uint64_t dice = random_u64(&w->random);

		change_code(w, "131041/registry", story->father_moved, i);
		if (dice & 1)
			simulation_run(w->sim, (int64_t)(dice >> 8 & 0x3ff));
		snprintf(inquiry, sizeof(inquiry), "%032x", i);
		ask(w, &about_father, inquiry);
		change_code(w, "012041/registry", NEIGHBOUR, i);
		if (i == CHANGES / 2)
			insure(w, NEIGHBOUR, "P-0002");
		if (dice & 2)
			simulation_run(w->sim, (int64_t)(dice >> 24 & 0xfff));
	}
}

static void
run(uint64_t seed)
{
	const struct question about_neighbour = {
	    "012041/offices", NEIGHBOUR, "107", "pension", "nenkin"};
	char before[16], after[16], inquiry[33];
	struct story story;
	struct world w = {0};
	int64_t persons;
	unsigned int i;

	begin(&w, seed, &story);
	persons = world_count(&w, "digital/network", "persons");
	number_of(&w, "012041/registry", NEIGHBOUR, before);
	simulation_set_faults(w.sim, &world_harsh);
	change_both(&w, &story);
	end_faults(&w);
	assert_int_equal(
	    world_count(&w, "jlis/jukinet", "recodings"), 2 * CHANGES);
	/* One person each, in whatever order it came. */
	assert_int_equal(
	    world_count(&w, "digital/network", "persons"), persons);
	number_of(&w, "012041/registry", NEIGHBOUR, after);
	assert_string_equal(before, after);
	assert_int_equal(world_count(&w, "nenkin/addressee", "acquiring"), 0);
	assert_int_equal(world_count(&w, "nenkin/relay", "linked"), 2);
	for (i = 0; i < CHANGES; i++) {
		snprintf(inquiry, sizeof(inquiry), "%032x", i);
		expect_received(&w, "131041/offices", inquiry);
	}
	/* Asahikawa's old code and the Pension Service's new one are one person's. */
	snprintf(inquiry, sizeof(inquiry), "%032x", 1000);
	ask(&w, &about_neighbour, inquiry);
	end_faults(&w);
	expect_received(&w, "012041/offices", inquiry);
	assert_int_equal(
	    records_in_portal(&w, story.token), STORY_RECORDS + CHANGES);
	world_close(&w);
}

static void
a_changed_code_is_noticed_by_nobody_but_its_owner(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++)
		run(seed);
}

/* --- Abroad ------------------------------------------------------------------ */

static void
who_has_moved_abroad_can_be_acquired_and_asked_about(void **state)
{
	const struct question question = {
	    "012041/offices", NEIGHBOUR, "107", "pension", "nenkin"};
	char inquiry[33];
	struct world w = {0};
	struct story story;

	(void)state;
	begin(&w, 11, &story);
	simulation_set_faults(w.sim, &world_harsh);
	snprintf(inquiry, sizeof(inquiry), "%032x", 1);
	json_decref(world_must(&w, "012041/registry", HTTP_POST, "/move-outs",
	    json_pack("{s:s,s:[s],s:s}", "transfer", inquiry, "residents",
		NEIGHBOUR, "date", "2026-11-18"),
	    201));
	insure(&w, NEIGHBOUR, "P-0002");
	end_faults(&w);
	assert_int_equal(world_count(&w, "nenkin/relay", "linked"), 2);
	ask(&w, &question, inquiry);
	end_faults(&w);
	expect_received(&w, "012041/offices", inquiry);
	/* 住基法30条の4: who is on no register here cannot ask for it. */
	json_decref(world_must(&w, "012041/registry", HTTP_POST,
	    "/code-changes",
	    json_pack("{s:s,s:s}", "resident", NEIGHBOUR, "request", inquiry),
	    409));
	world_close(&w);
}

/* Back in another municipality, with the code on the notice of its change: no
 * second number, and the linkage codes of the old place and the new are one
 * person's. */
static void
who_comes_back_elsewhere_is_the_same_person(void **state)
{
	struct question about = {
	    "131041/offices", NULL, "106", "local-tax", "012041"};
	char id[33], code[16], number[16], business_number[16];
	json_t *r, *answer;
	struct world w = {0};
	struct story story;
	int64_t persons;

	(void)state;
	begin(&w, 12, &story);
	persons = world_count(&w, "digital/network", "persons");
	number_of(&w, "012041/registry", NEIGHBOUR, number);
	snprintf(id, sizeof(id), "%032x", 5);
	answer = world_must(&w, "012041/registry", HTTP_POST, "/code-changes",
	    json_pack("{s:s,s:s}", "resident", NEIGHBOUR, "request", id), 200);
	snprintf(code, sizeof(code), "%s", world_text(answer, "code"));
	json_decref(answer);
	json_decref(world_must(&w, "012041/registry", HTTP_POST, "/move-outs",
	    json_pack("{s:s,s:[s],s:s}", "transfer", id, "residents", NEIGHBOUR,
		"date", "2026-11-18"),
	    201));
	assert_int_equal(simulation_settle(w.sim, 3600 * 1000), OK);
	simulation_set_faults(w.sim, &world_harsh);
	r = world_must(&w, "012041/registry", HTTP_GET, "/residents/" NEIGHBOUR,
	    NULL, 200);
	answer = world_must(&w, "131041/registry", HTTP_POST, "/move-ins",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "registration", id,
		"name", world_text(r, "name"), "kana", world_text(r, "kana"),
		"birth", world_text(r, "birth"), "sex", world_text(r, "sex"),
		"address", "東京都新宿区歌舞伎町一丁目4番1号", "date",
		"2026-11-18", "code", code),
	    201);
	json_decref(r);
	snprintf(business_number, sizeof(business_number), "%s",
	    json_string_value(
		json_array_get(json_object_get(answer, "residents"), 0)));
	json_decref(answer);
	end_faults(&w);
	world_agree(&w, "012041/registry");
	end_faults(&w);
	json_decref(world_must(&w, "131041/registry", HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", number), 200));
	assert_int_equal(
	    world_count(&w, "digital/network", "persons"), persons);
	json_decref(world_must(&w, "012041/offices", HTTP_POST, "/replicas",
	    json_pack("{s:s,s:s,s:[[s,{s:i}]]}", "item", "local-tax", "version",
		"2026", "items", NEIGHBOUR, "income", 1),
	    200));
	end_faults(&w);
	about.person = business_number;
	ask(&w, &about, id);
	end_faults(&w);
	expect_received(&w, "131041/offices", id);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_changed_code_is_noticed_by_nobody_but_its_owner),
	    cmocka_unit_test(
		who_has_moved_abroad_can_be_acquired_and_asked_about),
	    cmocka_unit_test(who_comes_back_elsewhere_is_the_same_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
