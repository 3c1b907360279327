/* Budgets of a node that plays jukinet: rules, days, grants, announcements. */
#include "components/budget/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bug.h"
#include "components/budget/grant.h"
#include "host/node_internal.h"
#include "tests/support/scratch.h"
#include "tests/unit/host/sample/sample.h"

#define SELF "jlis/jukinet"
#define ASKER "012041/sample"
#define CITY SLICE("012041")
#define DAY_MS (24 * 3600 * 1000)
/* 2026-11-21 17:00 in Japan */
#define START ((struct instant){INT64_C(1795248000000)})

static struct system jukinet;
static const char *folder;
static const struct route routes[] = {
    {HTTP_POST, "/budgets/grants", DUTY_BUDGET, budget_grant_post,
	&budget_grant_input_shape, "as jukinet and the network have it"},
    {0},
};

static int
set_up(void **state)
{
	static const struct setting settings[] = {{"twin", ASKER},
	    {"population.012041", "300"}, {"population.131041", "350000"}, {0}};
	static const struct setting of_asker[] = {{"twin", SELF}, {0}};
	struct simulation *sim = NULL;
	struct problem problem = {0};

	folder = scratch_folder();
	jukinet = sample_system;
	jukinet.component.name = "jukinet";
	jukinet.component.routes = routes;
	jukinet.duties |= RIGHT_BIT(DUTY_BUDGET);
	if (simulation_new(1, folder, NULL, START, &sim, &problem) ||
	    simulation_add(sim, &jukinet, SELF, settings, &problem) ||
	    simulation_add(sim, &sample_system, ASKER, of_asker, &problem))
		fail_msg("%s", problem.text);
	*state = sim;

	return 0;
}

static int
tear_down(void **state)
{
	simulation_free(*state);
	scratch_remove(folder);

	return 0;
}

/* --- A turn by hand ------------------------------------------------------- */

static struct turn
begin(struct simulation *sim, struct problem *problem)
{
	struct node *node = simulation_node(sim, SELF);
	struct caller caller = {.role = ROLE_PEER, .request = SLICE("test")};
	struct turn turn;

	assert_int_equal(
	    system_id_parse(slice_of("012041/addressee"), &caller.peer), OK);
	assert_int_equal(node_begin(node, simulation_now(sim)), OK);
	assert_int_equal(turn_open(node, &caller, problem, &turn), OK);

	return turn;
}

static void
end(struct simulation *sim, struct turn *turn)
{
	struct problem problem = {0};

	assert_int_equal(turn_close(turn, OK), OK);
	assert_int_equal(node_commit(simulation_node(sim, SELF), &problem), OK);
}

/* Take one after the other, of `asked` rows, in one turn: how many there were. */
static int64_t
take_of(struct simulation *sim, enum budget_kind kind, struct slice who,
    int64_t n, int64_t asked)
{
	struct problem problem = {0};
	struct turn turn = begin(sim, &problem);
	struct budget b;
	int64_t i, taken = 0;
	bool is_within;

	assert_int_equal(budget_open(&turn, kind, who, &b), OK);
	budget_ask(&b, asked);
	for (i = 0; i < n; i++) {
		assert_int_equal(budget_take(&turn, &b, 1, &is_within), OK);
		taken += is_within;
	}
	assert_int_equal(budget_close(&turn, &b), OK);
	end(sim, &turn);

	return taken;
}

static int64_t
take(struct simulation *sim, enum budget_kind kind, int64_t n)
{
	return take_of(sim, kind, CITY, n, 0);
}

static int
call(struct simulation *sim, const char *system, const char *path,
    const char *body, struct buf *ret)
{
	int status = 0;

	buf_clear(ret);
	assert_int_equal(
	    simulation_call_raw(sim, system,
		body == NULL ? HTTP_GET : HTTP_POST, path,
		slice_of(body == NULL ? "" : body), SLICE(""), &status, ret),
	    OK);

	return status;
}

static int
post(struct simulation *sim, const char *system, const char *path,
    const char *body)
{
	struct buf answer;
	int status;

	buf_init(&answer);
	status = call(sim, system, path, body, &answer);
	buf_done(&answer);
	simulation_run(sim, 10000);

	return status;
}

static void
assert_shown(struct simulation *sim, const char *path, const char *text)
{
	struct buf answer;

	buf_init(&answer);
	assert_int_equal(call(sim, SELF, path, NULL, &answer), 200);
	if (strstr(answer.data, text) == NULL)
		fail_msg("%s does not say %s: %s", path, text, answer.data);
	buf_done(&answer);
}

/* --- Days ----------------------------------------------------------------- */

static void
a_small_organisation_has_the_least_amount(void **state)
{
	assert_int_equal(take(*state, BUDGET_CHANGE, 25), 20);
	assert_int_equal(take(*state, BUDGET_CHANGE, 5), 0);
}

static void
a_large_one_has_a_share_of_its_persons(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};
	struct turn turn = begin(sim, &problem);

	assert_int_equal(budget_resize(&turn, CITY, 400000), OK);
	assert_int_equal(budget_resize(&turn, CITY, -50000), OK);
	end(sim, &turn);
	assert_int_equal(take(sim, BUDGET_CHANGE, 50), 35);
	assert_int_equal(take(sim, BUDGET_NOTICES, 4000), 3500);
	/* One of which we only know the founding. */
	assert_int_equal(
	    take_of(sim, BUDGET_CHANGE, SLICE("131041"), 50, 0), 35);
}

static void
one_organisation_does_not_use_anothers_budget(void **state)
{
	struct simulation *sim = *state;

	assert_int_equal(take(sim, BUDGET_CLAIMS, 50), 20);
	assert_int_equal(
	    take_of(sim, BUDGET_CLAIMS, SLICE("131041"), 50, 0), 35);
	assert_int_equal(take(sim, BUDGET_CHANGE, 1), 1);
}

static void
a_budget_renews_itself_at_midnight(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};
	struct turn turn = begin(sim, &problem);
	int64_t wait = budget_renews(&turn).ms - turn.now.ms;

	end(sim, &turn);
	assert_true(wait > 0 && wait <= DAY_MS);
	assert_int_equal(take(sim, BUDGET_CLAIMS, 50), 20);
	simulation_run(sim, wait - 60000);
	assert_int_equal(take(sim, BUDGET_CLAIMS, 50), 0);
	simulation_run(sim, 120000);
	assert_int_equal(take(sim, BUDGET_CLAIMS, 50), 20);
}

static void
misses_may_be_a_share_of_what_is_asked(void **state)
{
	assert_int_equal(take_of(*state, BUDGET_MISS, CITY, 100, 1000), 70);
	assert_int_equal(take_of(*state, BUDGET_MISS, CITY, 100, 500), 10);
}

static void
a_person_is_asked_about_so_often_in_thirty_days(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};
	struct turn turn;
	struct budget b;
	bool is_within;
	int i;

	for (i = 0; i < 25; i++) {
		turn = begin(sim, &problem);
		assert_int_equal(budget_open_about(&turn, BUDGET_PERSON, CITY,
				     SLICE("4711"), &b),
		    OK);
		assert_int_equal(budget_take(&turn, &b, 1, &is_within), OK);
		assert_int_equal(is_within, i < 20);
		assert_int_equal(budget_close(&turn, &b), OK);
		end(sim, &turn);
		simulation_run(sim, DAY_MS);
	}
	simulation_run(sim, 10 * (int64_t)DAY_MS);
	turn = begin(sim, &problem);
	assert_int_equal(
	    budget_open_about(&turn, BUDGET_PERSON, CITY, SLICE("4711"), &b),
	    OK);
	assert_int_equal(budget_take(&turn, &b, 1, &is_within), OK);
	assert_true(is_within);
	end(sim, &turn);
}

/* --- Grants --------------------------------------------------------------- */

static void
a_founding_is_granted_once_and_ends(void **state)
{
	struct simulation *sim = *state;

	assert_int_equal(take(sim, BUDGET_NEW, 1000), 50 + 300);
	simulation_run(sim, DAY_MS);
	assert_int_equal(take(sim, BUDGET_NEW, 1000), 50);
	/* Another kind has a grant of its own, which is lost when it is old. */
	assert_int_equal(take(sim, BUDGET_STRANGER, 201), 201);
	simulation_run(sim, (BUDGET_FOUNDING_DAYS + 1) * (int64_t)DAY_MS);
	assert_int_equal(take(sim, BUDGET_STRANGER, 1000), 200);
}

/* The use of the grant does not count; 2,000 in 28 days do. */
static void
strangers_are_bounded_for_weeks(void **state)
{
	struct simulation *sim = *state;
	int i;

	assert_int_equal(take(sim, BUDGET_STRANGER, 1000), 200 + 300);
	for (i = 1; i < 10; i++) {
		simulation_run(sim, DAY_MS);
		assert_int_equal(take(sim, BUDGET_STRANGER, 1000), 200);
	}
	simulation_run(sim, DAY_MS);
	assert_int_equal(take(sim, BUDGET_STRANGER, 1000), 0);
	simulation_run(sim, 18 * (int64_t)DAY_MS);
	assert_int_equal(take(sim, BUDGET_STRANGER, 1000), 200);
}

#define GRANTS "/budgets/grants"
#define GRANT(kind, amount)                                           \
	"{\"organisation\":\"012041\",\"kind\":\"" kind               \
	"\",\"amount\":" amount ",\"from\":\"2026-11-21\",\"until\":" \
	"\"2026-12-01\",\"reason\":\"合併\"}"

static void
an_officer_grants_up_to_ten_times(void **state)
{
	struct simulation *sim = *state;

	simulation_act_as(sim, SIMULATION_CLERK, NULL);
	assert_int_equal(post(sim, SELF, GRANTS, GRANT("claims", "201")), 202);
	assert_shown(sim, "/budgets", "\"grants\":[]");
	assert_int_equal(post(sim, SELF, GRANTS, GRANT("claims", "200")), 201);
	assert_int_equal(take(sim, BUDGET_CLAIMS, 500), 220);
	assert_shown(sim, "/budgets", "\"origin\":\"officer\"");
	assert_shown(sim, "/budgets", "\"stopped\":280");
	assert_shown(sim, "/status", "\"over_budget\":1");
	/* A budget of the network is none of jukinet's. */
	assert_int_equal(post(sim, SELF, GRANTS, GRANT("inquiries", "1")), 400);
}

static void
a_second_holder_makes_a_greater_grant(void **state)
{
	struct simulation *sim = *state;

	simulation_act_as(sim, SIMULATION_CLERK, SIMULATION_CHIEF);
	assert_int_equal(post(sim, SELF, GRANTS, GRANT("claims", "1000")), 201);
	assert_int_equal(take(sim, BUDGET_CLAIMS, 2000), 1020);
}

static void
misses_on_three_days_wait_for_an_officer(void **state)
{
	struct simulation *sim = *state;
	int i;

	for (i = 0; i < 3; i++) {
		assert_int_equal(take(sim, BUDGET_MISS, 100), 50);
		simulation_run(sim, DAY_MS);
	}
	assert_int_equal(take(sim, BUDGET_MISS, 100), 0);
	assert_int_equal(post(sim, SELF, GRANTS,
			     "{\"organisation\":\"012041\",\"kind\":\"miss\","
			     "\"amount\":30,\"from\":\"2026-11-24\",\"until\":"
			     "\"2026-11-24\",\"reason\":\"調べた\"}"),
	    201);
	assert_int_equal(take(sim, BUDGET_MISS, 100), 30);
}

/* --- Announcements -------------------------------------------------------- */

#define ANNOUNCE(kind, amount)                                              \
	"{\"system\":\"" SELF "\",\"kind\":\"" kind "\",\"amount\":" amount \
	",\"from\":\"2026-11-21\",\"until\":\"2026-11-30\","                \
	"\"reason\":\"年度更新\"}"

static void
announce(struct simulation *sim, const char *body)
{
	assert_int_equal(post(sim, ASKER, "/budgets/announcements", body), 202);
}

static void
an_announcement_is_granted_by_rule(void **state)
{
	struct simulation *sim = *state;
	int i;

	announce(sim, ANNOUNCE("notices", "31")); /* of 300 persons: too much */
	announce(sim, ANNOUNCE("change", "5"));   /* not by rule */
	announce(sim, ANNOUNCE("inquiries", "5")); /* not here */
	assert_shown(sim, "/budgets", "\"grants\":[]");
	for (i = 0; i < GRANT_ANNOUNCEMENTS_MAX + 1; i++)
		announce(sim, ANNOUNCE("notices", "30"));
	assert_int_equal(take(sim, BUDGET_NOTICES, 2000),
	    500 + 30 * GRANT_ANNOUNCEMENTS_MAX);
	assert_shown(sim, "/budgets", "\"origin\":\"announced\"");
}

/* --- The check itself ----------------------------------------------------- */

static void
without_the_check_nobody_is_stopped(void **state)
{
	if (!bug_is_possible())
		skip();
	bug_set(BUG_BUDGET_ENDLESS);
	assert_int_equal(take(*state, BUDGET_CLAIMS, 500), 500);
	bug_set(BUG_NONE);
	assert_int_equal(take(*state, BUDGET_CLAIMS, 500), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_small_organisation_has_the_least_amount),
	    TEST(a_large_one_has_a_share_of_its_persons),
	    TEST(one_organisation_does_not_use_anothers_budget),
	    TEST(a_budget_renews_itself_at_midnight),
	    TEST(misses_may_be_a_share_of_what_is_asked),
	    TEST(a_person_is_asked_about_so_often_in_thirty_days),
	    TEST(a_founding_is_granted_once_and_ends),
	    TEST(strangers_are_bounded_for_weeks),
	    TEST(an_officer_grants_up_to_ten_times),
	    TEST(a_second_holder_makes_a_greater_grant),
	    TEST(misses_on_three_days_wait_for_an_officer),
	    TEST(an_announcement_is_granted_by_rule),
	    TEST(without_the_check_nobody_is_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
