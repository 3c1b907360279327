/*
 * A municipality that lies about arrivals from abroad, in the whole nation
 * (docs/decisions/0046): it claims people of others with a code and their
 * attributes, agrees to its own claim, objects to everything, or says nothing.
 * Nobody is taken over, and nobody honest waits for ever.
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
#include "messages/arrivals.h"
#include "tests/model/world.h"

#define PERSON "0000000001" /* of Asahikawa, who leaves */
#define BEFORE "012041/registry"
#define CLAIMANT "131041/registry"
#define JUKINET "jlis/jukinet"
#define DAY_MS (24 * 3600000ll)

struct claims {
	struct world w;
	json_t *record;   /* of who left */
	char code[16];    /* theirs */
	char number[16];  /* theirs */
	char arrived[16]; /* the record of the claimant */
	char id[33];      /* of the claim */
};

static void
calm(struct claims *c)
{
	assert_int_equal(simulation_settle(c->w.sim, 6 * 3600 * 1000), OK);
}

static void
keep(json_t *answer, const char *key, char *ret, size_t size)
{
	snprintf(ret, size, "%s", world_text(answer, key));
	json_decref(answer);
}

/* Somebody has left Asahikawa for abroad; a person with the same attributes comes to
 * Shinjuku. */
static void
begin(struct claims *c, uint64_t seed)
{
	json_t *answer, *r;

	memset(c, 0, sizeof(*c));
	world_open(&c->w, seed);
	world_import(&c->w, "012041");
	world_import(&c->w, "131041");
	world_wait_for(&c->w, "012041/relay", "linked", WORLD_RESIDENTS + 2);
	keep(world_must(&c->w, BEFORE, HTTP_GET, "/notices/" PERSON, NULL, 200),
	    "number", c->number, sizeof(c->number));
	keep(world_must(&c->w, BEFORE, HTTP_POST, "/code-changes",
		 json_pack("{s:s,s:s}", "resident", PERSON, "request",
		     "cc000000000000000000000000000000"),
		 200),
	    "code", c->code, sizeof(c->code));
	c->record = r = world_must(
	    &c->w, BEFORE, HTTP_GET, "/residents/" PERSON, NULL, 200);
	json_decref(world_must(&c->w, BEFORE, HTTP_POST, "/move-outs",
	    json_pack("{s:s,s:[s],s:s}", "transfer",
		"aa000000000000000000000000000000", "residents", PERSON, "date",
		"2026-11-18"),
	    201));
	calm(c);
	answer = world_must(&c->w, CLAIMANT, HTTP_POST, "/move-ins",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "registration",
		"bb000000000000000000000000000000", "name",
		world_text(r, "name"), "kana", world_text(r, "kana"), "birth",
		world_text(r, "birth"), "sex", world_text(r, "sex"), "address",
		"東京都新宿区歌舞伎町一丁目4番1号", "date", "2026-11-18"),
	    201);
	snprintf(c->arrived, sizeof(c->arrived), "%s",
	    json_string_value(
		json_array_get(json_object_get(answer, "residents"), 0)));
	json_decref(answer);
	calm(c);
}

static void
end(struct claims *c)
{
	json_decref(c->record);
	world_close(&c->w);
}

/* A code that leaked, and attributes, but no last stay. */
static void
claim(struct claims *c)
{
	char path[60];
	json_t *list;

	snprintf(path, sizeof(path), "/arrivals/%s/decision", c->arrived);
	json_decref(world_must(&c->w, CLAIMANT, HTTP_POST, path,
	    json_pack("{s:s,s:s,s:s}", "decision", "same", "code", c->code,
		"evidence", "戸籍の附票"),
	    202));
	calm(c);
	list = world_must(&c->w, JUKINET, HTTP_GET, "/claims", NULL, 200);
	snprintf(c->id, sizeof(c->id), "%s",
	    world_text(
		json_array_get(json_object_get(list, "claims"), 0), "claim"));
	json_decref(list);
}

/* A registry lies to jukinet. */
static void
reply(struct claims *c, const char *from, const char *choice)
{
	struct system_id registry, jukinet;
	struct slice body;
	char text[200];

	snprintf(text, sizeof(text), "{\"claim\":\"%s\",\"reply\":\"%s\"}",
	    c->id, choice);
	body = slice_of(text);
	assert_int_equal(system_id_parse(slice_of(from), &registry), OK);
	assert_int_equal(system_id_parse(SLICE(JUKINET), &jukinet), OK);
	simulation_say(
	    c->w.sim, &registry, &jukinet, &message_arrival_reply, body);
	simulation_run(c->w.sim, 5000);
	calm(c);
}

static void
sleep_days(struct claims *c, int days)
{
	simulation_leap(c->w.sim, days * DAY_MS);
	simulation_run(c->w.sim, 5000);
	calm(c);
}

/* Whether the number is the claimant's resident's, at both. */
static bool
is_taken_over(struct claims *c)
{
	json_t *own = world_must(&c->w, CLAIMANT, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", c->number), 0);
	json_t *known = world_must(&c->w, JUKINET, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", c->number), 200);
	const bool there = strcmp(world_text(own, "resident"), c->arrived) == 0;
	const bool is_so =
	    strcmp(world_text(known, "municipality"), "131041") == 0;

	assert_true(there == is_so);
	if (!is_so)
		assert_string_equal(world_text(known, "state"), "moved-out");
	json_decref(own);
	json_decref(known);

	return is_so;
}

static void
officer(struct claims *c, const char *decision)
{
	char path[80];

	snprintf(path, sizeof(path), "/claims/%s/decision", c->id);
	json_decref(world_must(&c->w, JUKINET, HTTP_POST, path,
	    json_pack("{s:s,s:s}", "decision", decision, "reason",
		"戸籍の附票の写し"),
	    200));
	calm(c);
}

/* --- The claimant lies -------------------------------------------------------- */

static void
try_to_take(struct claims *c)
{
	claim(c);
	reply(c, CLAIMANT, "agree");
	sleep_days(c, 4);
	sleep_days(c, 4);
	reply(c, CLAIMANT, "agree");
}

static void
a_code_and_a_lie_take_nobody_over(void **state)
{
	struct claims c;

	(void)state;
	begin(&c, 21);
	try_to_take(&c);
	assert_false(is_taken_over(&c));
	officer(&c, "refuse");
	assert_false(is_taken_over(&c));
	end(&c);
}

/* Each of the three checks is what hinders it. */
static void
without_the_checks_they_do(void **state)
{
	static const enum bug bugs[] = {
	    BUG_CLAIM_UNASKED, BUG_CLAIM_ANYBODY_AGREES, BUG_CLAIM_SILENCE};
	struct claims c;
	size_t i;

	(void)state;
	if (!bug_is_possible())
		skip();
	for (i = 0; i < sizeof(bugs) / sizeof(bugs[0]); i++) {
		begin(&c, 22 + i);
		bug_set(bugs[i]);
		try_to_take(&c);
		bug_set(BUG_NONE);
		assert_true(is_taken_over(&c));
		end(&c);
	}
}

/* --- The municipality of before lies ------------------------------------------- */

static void
who_objects_to_everything_stops_nobody(void **state)
{
	struct claims c;

	(void)state;
	begin(&c, 31);
	claim(&c);
	reply(&c, BEFORE, "object");
	assert_false(is_taken_over(&c));
	officer(&c, "settle");
	assert_true(is_taken_over(&c));
	end(&c);
}

static void
who_says_nothing_stops_nobody(void **state)
{
	struct claims c;

	(void)state;
	begin(&c, 32);
	claim(&c);
	sleep_days(&c, 4);
	sleep_days(&c, 4);
	assert_false(is_taken_over(&c));
	officer(&c, "settle");
	assert_true(is_taken_over(&c));
	end(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_code_and_a_lie_take_nobody_over),
	    cmocka_unit_test(without_the_checks_they_do),
	    cmocka_unit_test(who_objects_to_everything_stops_nobody),
	    cmocka_unit_test(who_says_nothing_stops_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
