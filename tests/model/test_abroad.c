/*
 * Arrivals from abroad in the whole nation, under faults: whoever may have had
 * a number gets none before a clerk has decided, and a wrong decision is put
 * right as far as the offices.
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

#define SEEDS 3
#define NEIGHBOUR "0000000001" /* of Asahikawa, who leaves */
#define HOME "東京都新宿区歌舞伎町一丁目4番1号"

struct abroad {
	struct world w;
	json_t *record;   /* of who left */
	char number[16];  /* theirs */
	char code[16];    /* theirs, and not the first */
	int64_t persons;  /* that the network knows */
	char arrived[16]; /* the record in Shinjuku */
};

/* --- Acts ------------------------------------------------------------------ */

static void
calm(struct abroad *a)
{
	simulation_set_faults(a->w.sim, &world_none);
	assert_int_equal(simulation_settle(a->w.sim, 6 * 3600 * 1000), OK);
}

static void
keep(json_t *answer, const char *key, char ret[16])
{
	snprintf(ret, 16, "%s", world_text(answer, key));
	json_decref(answer);
}

/* Both cities, and somebody of Asahikawa's who leaves for abroad. */
static void
begin(struct abroad *a, uint64_t seed)
{

	memset(a, 0, sizeof(*a));
	world_open(&a->w, seed);
	world_import(&a->w, "012041");
	world_import(&a->w, "131041");
	world_wait_for(&a->w, "012041/relay", "linked", WORLD_RESIDENTS + 2);
	world_wait_for(&a->w, "131041/relay", "linked", WORLD_RESIDENTS + 2);
	a->persons = world_count(&a->w, "digital/network", "persons");
	keep(world_must(&a->w, "012041/registry", HTTP_GET,
		 "/notices/" NEIGHBOUR, NULL, 200),
	    "number", a->number);
	keep(world_must(&a->w, "012041/registry", HTTP_POST, "/code-changes",
		 json_pack("{s:s,s:s}", "resident", NEIGHBOUR, "request",
		     "cc000000000000000000000000000000"),
		 200),
	    "code", a->code);
	a->record = world_must(&a->w, "012041/registry", HTTP_GET,
	    "/residents/" NEIGHBOUR, NULL, 200);
	json_decref(
	    world_must(&a->w, "012041/registry", HTTP_POST, "/move-outs",
		json_pack("{s:s,s:[s],s:s}", "transfer",
		    "aa000000000000000000000000000000", "residents", NEIGHBOUR,
		    "date", "2026-11-18"),
		201));
	json_decref(world_must(&a->w, "012041/offices", HTTP_POST, "/replicas",
	    json_pack("{s:s,s:s,s:[[s,{s:i}]]}", "item", "local-tax", "version",
		"2026", "items", NEIGHBOUR, "income", 1),
	    200));
	calm(a);
}

static void
end(struct abroad *a)
{
	json_decref(a->record);
	world_close(&a->w);
}

/* Somebody with that name and birthday comes to Shinjuku. */
static void
arrive(struct abroad *a)
{
	const json_t *r = a->record;
	json_t *answer = world_must(&a->w, "131041/registry", HTTP_POST,
	    "/move-ins",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "registration",
		"bb000000000000000000000000000000", "name",
		world_text(r, "name"), "kana", world_text(r, "kana"), "birth",
		world_text(r, "birth"), "sex", world_text(r, "sex"), "address",
		HOME, "date", "2026-11-18"),
	    201);

	snprintf(a->arrived, sizeof(a->arrived), "%s",
	    json_string_value(
		json_array_get(json_object_get(answer, "residents"), 0)));
	json_decref(answer);
}

static void
decide(struct abroad *a, json_t *decision, int want)
{
	char path[60];

	json_object_set_new(
	    decision, "evidence", json_string("戸籍の附票、旅券"));
	snprintf(path, sizeof(path), "/arrivals/%s/decision", a->arrived);
	json_decref(world_must(
	    &a->w, "131041/registry", HTTP_POST, path, decision, want));
}

/* The same as who left Asahikawa on that day. */
static json_t *
stay(void)
{
	return json_pack("{s:s,s:s,s:s}", "decision", "same", "municipality",
	    "012041", "left", "2026-11-18");
}

static void
agree(struct abroad *a)
{
	world_agree(&a->w, "012041/registry");
	calm(a);
}

static void
expect_numbering(struct abroad *a, const char *want)
{
	char path[60];
	json_t *r;

	snprintf(path, sizeof(path), "/residents/%s", a->arrived);
	r = world_must(&a->w, "131041/registry", HTTP_GET, path, NULL, 200);
	assert_string_equal(world_text(r, "numbering"), want);
	json_decref(r);
}

/* The resident with that number in Shinjuku; "" if there is none. */
static void
owner_of(struct abroad *a, const char *number, char ret[16])
{
	json_t *r = world_must(&a->w, "131041/registry", HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", number), 0);

	snprintf(ret, 16, "%s", world_text(r, "resident"));
	json_decref(r);
}

/* Shinjuku asks Asahikawa about who arrived: received, or refused. */
static void
ask(struct abroad *a, unsigned int n, const char *want)
{
	char inquiry[33], path[80];
	json_t *answer;

	snprintf(inquiry, sizeof(inquiry), "%032x", n);
	json_decref(world_must(&a->w, "131041/offices", HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", inquiry,
		"business_number", a->arrived, "affair", "106", "item",
		"local-tax", "provider", "012041", "unit", "u"),
	    201));
	calm(a);
	snprintf(path, sizeof(path), "/inquiries/%s", inquiry);
	answer = world_must(&a->w, "131041/offices", HTTP_GET, path, NULL, 200);
	if (strcmp(world_text(answer, "state"), want) != 0)
		fail_msg("%s: %s %s", inquiry, world_text(answer, "state"),
		    world_text(answer, "reason"));
	json_decref(answer);
}

/* The addressee does not believe another number: its operator relinks. */
static void
relink(struct abroad *a)
{
	json_t *conflicts = world_must(
	    &a->w, "131041/addressee", HTTP_GET, "/conflicts", NULL, 200);
	const json_t *rows = json_object_get(conflicts, "conflicts"), *row;
	char path[60];

	assert_int_equal(json_array_size(rows), 1);
	row = json_array_get(rows, 0);
	assert_string_equal(world_text(row, "reason"), "other-number");
	assert_string_equal(world_text(row, "business_number"), a->arrived);
	snprintf(path, sizeof(path), "/conflicts/%d/decision",
	    (int)json_integer_value(json_object_get(row, "conflict")));
	json_decref(conflicts);
	json_decref(world_must(&a->w, "131041/addressee", HTTP_POST, path,
	    json_pack("{s:s}", "decision", "relink"), 200));
	calm(a);
}

/* --- The same person -------------------------------------------------------- */

static void
run_same(uint64_t seed)
{
	char owner[16];
	struct abroad a;

	begin(&a, seed);
	simulation_set_faults(a.w.sim, &world_harsh);
	arrive(&a);
	simulation_run(a.w.sim, 20000);
	calm(&a);
	expect_numbering(&a, "held");
	assert_int_equal(world_count(&a.w, "131041/registry", "held"), 1);
	assert_int_equal(world_count(&a.w, "131041/registry", "numbered"),
	    WORLD_RESIDENTS + 2);
	simulation_set_faults(a.w.sim, &world_harsh);
	decide(&a, stay(), 202);
	calm(&a);
	expect_numbering(&a, "numbered");
	owner_of(&a, a.number, owner);
	assert_string_equal(owner, a.arrived);
	/* Nobody has become a second person. */
	assert_int_equal(
	    world_count(&a.w, "digital/network", "persons"), a.persons);
	assert_int_equal(world_count(&a.w, "131041/addressee", "conflicts"), 0);
	ask(&a, 1, "received");
	end(&a);
}

static void
who_is_back_has_the_number_and_the_codes_of_before(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++)
		run_same(seed);
}

/* --- Another person ---------------------------------------------------------- */

static void
a_namesake_is_another_person(void **state)
{
	char owner[16];
	struct abroad a;

	(void)state;
	begin(&a, 11);
	simulation_set_faults(a.w.sim, &world_harsh);
	arrive(&a);
	simulation_run(a.w.sim, 20000);
	calm(&a);
	simulation_set_faults(a.w.sim, &world_harsh);
	decide(&a, json_pack("{s:s}", "decision", "different"), 202);
	calm(&a);
	expect_numbering(&a, "numbered");
	owner_of(&a, a.number, owner);
	assert_string_equal(owner, "");
	assert_int_equal(
	    world_count(&a.w, "digital/network", "persons"), a.persons + 1);
	/* Asahikawa knows nothing of this one. */
	ask(&a, 1, "refused");
	end(&a);
}

/* --- Corrections ------------------------------------------------------------- */

static void
a_wrong_same_is_put_right_as_far_as_the_offices(void **state)
{
	char owner[16], before[32], after[32];
	struct abroad a;

	(void)state;
	begin(&a, 12);
	arrive(&a);
	calm(&a);
	decide(&a, stay(), 202);
	calm(&a);
	world_internal_number(&a.w, "131041/addressee", a.arrived, before);
	ask(&a, 1, "received");
	simulation_set_faults(a.w.sim, &world_harsh);
	decide(&a, json_pack("{s:s}", "decision", "different"), 202);
	calm(&a);
	owner_of(&a, a.number, owner);
	assert_string_equal(owner, "");
	relink(&a);
	world_internal_number(&a.w, "131041/addressee", a.arrived, after);
	assert_string_not_equal(before, after);
	assert_int_equal(
	    world_count(&a.w, "digital/network", "persons"), a.persons + 1);
	ask(&a, 2, "refused");
	end(&a);
}

static void
a_wrong_different_is_put_right_as_far_as_the_offices(void **state)
{
	char owner[16];
	struct abroad a;
	json_t *answer;

	(void)state;
	begin(&a, 13);
	arrive(&a);
	calm(&a);
	decide(&a, json_pack("{s:s}", "decision", "different"), 202);
	calm(&a);
	ask(&a, 1, "refused");
	/* The 戸籍の附票 shows the code of before. */
	simulation_set_faults(a.w.sim, &world_harsh);
	decide(&a, json_pack("{s:s,s:s}", "decision", "same", "code", a.code),
	    202);
	calm(&a);
	agree(&a);
	owner_of(&a, a.number, owner);
	assert_string_equal(owner, a.arrived);
	relink(&a);
	ask(&a, 2, "received");
	/* The second number is nobody's any more: jukinet knows one person. */
	answer = world_must(&a.w, "jlis/jukinet", HTTP_POST, "/lookups",
	    json_pack("{s:s,s:s,s:s,s:s}", "name", world_text(a.record, "name"),
		"birth", world_text(a.record, "birth"), "sex",
		world_text(a.record, "sex"), "address", HOME),
	    200);
	assert_string_equal(world_text(answer, "municipality"), "131041");
	json_decref(answer);
	end(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		who_is_back_has_the_number_and_the_codes_of_before),
	    cmocka_unit_test(a_namesake_is_another_person),
	    cmocka_unit_test(a_wrong_same_is_put_right_as_far_as_the_offices),
	    cmocka_unit_test(
		a_wrong_different_is_put_right_as_far_as_the_offices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
