/*
 * Moves in the whole nation, under faults: a person whose move is withdrawn in
 * one city while the arrival is declared in the other lives in one of the two,
 * and jukinet knows in which.
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

#define SEEDS 6
#define NEIGHBOUR "0000000001" /* of Asahikawa */
#define TRANSFER "aa000000000000000000000000000000"

struct outcome {
	bool in_old, in_new;
	char known[16]; /* the municipality that jukinet knows */
};

static void
calm(struct world *w)
{
	simulation_set_faults(w->sim, &world_none);
	assert_int_equal(simulation_settle(w->sim, 6 * 3600 * 1000), OK);
}

static void
announce(struct world *w)
{
	json_decref(world_must(w, "012041/registry", HTTP_POST, "/move-outs",
	    json_pack("{s:s,s:[s],s:s,s:s}", "transfer", TRANSFER, "residents",
		NEIGHBOUR, "to", "131041", "date", "2026-11-18"),
	    201));
	calm(w);
}

static void
withdraw(struct world *w)
{
	json_decref(world_must(w, "012041/registry", HTTP_POST,
	    "/move-outs/" TRANSFER "/withdrawal", json_object(), 0));
}

static void
arrive(struct world *w)
{
	json_decref(world_must(w, "131041/registry", HTTP_POST, "/move-ins",
	    json_pack("{s:s,s:s,s:s}", "transfer", TRANSFER, "address",
		"東京都新宿区歌舞伎町一丁目4番1号", "date", "2026-11-18"),
	    0));
}

/* Whether a registry has a current record of the person. */
static bool
lives_in(struct world *w, const char *registry, const char *number)
{
	json_t *r = world_must(w, registry, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", number), 0);
	const bool lives = strcmp(world_text(r, "state"), "current") == 0;

	json_decref(r);

	return lives;
}

static struct outcome
look(struct world *w, const char *number)
{
	struct outcome o = {lives_in(w, "012041/registry", number),
	    lives_in(w, "131041/registry", number), ""};
	json_t *r = world_must(w, "jlis/jukinet", HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", number), 200);

	snprintf(o.known, sizeof(o.known), "%s", world_text(r, "municipality"));
	json_decref(r);

	return o;
}

/* Both clerks act, one soon after the other. */
static struct outcome
race(uint64_t seed)
{
	struct world w = {0};
	struct outcome o;
	char number[16];
	json_t *notice;

	world_open(&w, seed);
	world_import(&w, "012041");
	world_import(&w, "131041");
	world_wait_for(&w, "012041/registry", "numbered", WORLD_RESIDENTS + 2);
	world_wait_for(&w, "131041/registry", "numbered", WORLD_RESIDENTS + 2);
	notice = world_must(
	    &w, "012041/registry", HTTP_GET, "/notices/" NEIGHBOUR, NULL, 200);
	snprintf(number, sizeof(number), "%s", world_text(notice, "number"));
	json_decref(notice);
	announce(&w);
	simulation_set_faults(w.sim, &world_harsh);
	if (seed % 2 == 0)
		withdraw(&w);
	simulation_run(w.sim, (int64_t)(seed % 3) * 100);
	arrive(&w);
	if (seed % 2 == 1)
		withdraw(&w);
	calm(&w);
	o = look(&w, number);
	world_close(&w);

	return o;
}

static bool
is_one_place(const struct outcome *o)
{
	return o->in_old != o->in_new &&
	    strcmp(o->known, o->in_old ? "012041" : "131041") == 0;
}

static void
whoever_is_first_the_person_lives_in_one_place(void **state)
{
	struct outcome o;
	size_t n_old = 0, n_new = 0;
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++) {
		o = race(seed);
		if (!is_one_place(&o))
			fail_msg("seed %d: old %d, new %d, known in %s",
			    (int)seed, o.in_old, o.in_new, o.known);
		n_old += o.in_old;
		n_new += o.in_new;
	}
	assert_true(n_old > 0);
	assert_true(n_new > 0);
}

static void
where_arrivals_count_at_once_somebody_lives_in_two_places(void **state)
{
	struct outcome o;
	bool found = false;
	uint64_t seed;

	(void)state;
	if (!bug_is_possible())
		skip();
	bug_set(BUG_ARRIVAL_UNASKED);
	for (seed = 1; seed <= SEEDS && !found; seed++) {
		o = race(seed);
		found = !is_one_place(&o);
	}
	bug_set(BUG_NONE);
	assert_true(found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whoever_is_first_the_person_lives_in_one_place),
	    cmocka_unit_test(
		where_arrivals_count_at_once_somebody_lives_in_two_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
