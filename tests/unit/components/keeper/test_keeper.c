/* The keeper between a relay and the network: what matches, what is late, and what
 * one side alone has. */
#include "components/keeper/keeper.h"

#include "base/bug.h"
#include "components/keeper/compare.h"
#include "components/keeper/report.h"
#include "host/node_internal.h"
#include "keeper_rows.h"
#include "tests/support/double.h"

#define RELAY "131041/relay"
#define OTHER "012041/relay"
#define NETWORK "digital/network"
#define KEEPER "jlis/jukinet"
#define PORTAL "digital/portal"
#define TOWN "131041"
#define DAY_MS (24 * 3600ll * 1000)
#define MINUTE_MS 60000
/* 131041's relay answered `provided`, to the question whose digest is 11...11: by
 * the line of messages/tokens.h, in a shell. */
#define TOKEN_OF_1 "138bd66c931ec0aefe629a76faffd33e"

static const struct message_handler of_portal[] = {
    HEAR("records.discrepancies", NULL),
    {0},
};
static const struct system portal = DOUBLE("portal", of_portal);
static const struct setting of_relay[] = {{"keeper", KEEPER}, {0}};
static const struct setting of_network[] = {{"keeper." TOWN, KEEPER}, {0}};
static const struct setting of_keeper[] = {
    {"network", NETWORK}, {"portal", PORTAL}, {0}};

static int
set_up(void **state)
{
	const struct double_member members[] = {
	    {&double_relay, RELAY, of_relay},
	    {&double_relay, OTHER, NULL},
	    {&double_network, NETWORK, of_network},
	    {&double_jukinet, KEEPER, of_keeper},
	    {&portal, PORTAL, NULL},
	};

	*state = double_nation(members, sizeof(members) / sizeof(members[0]));

	return 0;
}

static int
tear_down(void **state)
{
	bug_set(BUG_NONE);

	return double_tear_down(state);
}

/* --- A turn by hand ---------------------------------------------------------- */

static struct turn
begin(struct simulation *sim, const char *system, struct problem *problem)
{
	struct node *node = simulation_node(sim, system);
	const struct caller caller = {
	    .role = ROLE_HOST, .request = SLICE("test")};
	struct turn turn;

	assert_int_equal(node_begin(node, simulation_now(sim)), OK);
	assert_int_equal(turn_open(node, &caller, problem, &turn), OK);

	return turn;
}

static void
end(struct simulation *sim, const char *system, struct turn *turn)
{
	struct problem problem = {0};

	assert_int_equal(turn_close(turn, OK), OK);
	assert_int_equal(
	    node_commit(simulation_node(sim, system), &problem), OK);
}

/* An exchange of 131041 ended, as `system` knows it under that record. */
static void
note(struct simulation *sim, const char *system, uint8_t question,
    const char *outcome, const char *record)
{
	struct problem problem = {0};
	struct turn turn = begin(sim, system, &problem);
	struct digest digest;

	memset(digest.bytes, question, sizeof(digest.bytes));
	assert_int_equal(
	    keeper_note(&turn,
		&(struct keeper_exchange){.organisation = SLICE(TOWN),
		    .side = SIDE_ANSWERED,
		    .question = &digest,
		    .outcome = slice_of(outcome),
		    .record = slice_of(record)}),
	    OK);
	end(sim, system, &turn);
}

/* So many days, on each of which all systems work for some minutes. */
static void
pass(struct simulation *sim, int days)
{
	while (days-- > 0) {
		simulation_leap(sim, DAY_MS);
		simulation_run(sim, 2 * MINUTE_MS);
		assert_int_equal(simulation_settle(sim, MINUTE_MS), OK);
	}
}

/* Tokens of 131041's answers that the keeper has of one of both. */
static int64_t
open_at_keeper(struct simulation *sim, const char *reporter)
{
	struct problem problem = {0};
	struct turn turn = begin(sim, KEEPER, &problem);
	struct keeper_tokens_of_row row;

	assert_int_equal(
	    keeper_tokens_of(turn.store, SLICE(TOWN), SLICE(SIDE_ANSWERED),
		slice_of(reporter), 1000000, &row),
	    OK);
	end(sim, KEEPER, &turn);

	return row.n;
}

/* The alarms of a system; the newest in *ret if it is not NULL, whose texts are
 * borrowed until the next call. */
static size_t
alarms(
    struct simulation *sim, const char *system, struct keeper_discrepancy *ret)
{
	static char token[64], record[64];
	const struct keeper_discrepancy *all;
	struct problem problem = {0};
	struct turn turn = begin(sim, system, &problem);
	size_t n;

	assert_int_equal(keeper_discrepancies(&turn, 0, &all, &n), OK);
	if (n > 0 && ret != NULL) {
		*ret = all[n - 1];
		snprintf(token, sizeof(token), "%.*s", SLICE_ARG(ret->token));
		snprintf(
		    record, sizeof(record), "%.*s", SLICE_ARG(ret->record));
		ret->token = slice_of(token);
		ret->record = slice_of(record);
	}
	end(sim, system, &turn);

	return n;
}

static void
assert_no_alarm(struct simulation *sim)
{
	assert_int_equal(alarms(sim, RELAY, NULL), 0);
	assert_int_equal(alarms(sim, NETWORK, NULL), 0);
	assert_int_equal(double_count("records.discrepancies"), 0);
}

static void
assert_portal(int open, int explained)
{
	const json_t *row = json_array_get(
	    json_object_get(double_last("records.discrepancies"), "items"), 0);

	assert_string_equal(json_string_value(json_array_get(row, 0)), TOWN);
	assert_string_equal(
	    json_string_value(json_array_get(row, 1)), "2026-11-01");
	assert_int_equal(json_integer_value(json_array_get(row, 2)), open);
	assert_int_equal(json_integer_value(json_array_get(row, 3)), explained);
}

/* --- What matches ------------------------------------------------------------ */

static void
what_both_report_is_forgotten_but_for_its_number(void **state)
{
	struct simulation *sim = *state;
	json_t *answer;
	const json_t *row;

	note(sim, RELAY, 0x11, "provided", "permit");
	note(sim, NETWORK, 0x11, "provided", "record");
	note(sim, RELAY, 0x12, "no-data", "permit2");
	note(sim, NETWORK, 0x12, "no-data", "record2");
	pass(sim, 2);
	assert_int_equal(open_at_keeper(sim, "relay"), 0);
	assert_int_equal(open_at_keeper(sim, "network"), 0);
	answer = double_call(sim, KEEPER, HTTP_GET, "/keeper", NULL, 200);
	row = json_array_get(json_object_get(answer, "days"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "day")), DOUBLE_DAY);
	assert_int_equal(json_integer_value(json_object_get(row, "relay")), 2);
	assert_int_equal(
	    json_integer_value(json_object_get(row, "network")), 2);
	assert_int_equal(
	    json_integer_value(json_object_get(row, "matched")), 2);
	json_decref(answer);
	pass(sim, 12);
	assert_no_alarm(sim);
}

static void
nothing_is_reported_before_its_day_is_over(void **state)
{
	struct simulation *sim = *state;

	note(sim, RELAY, 0x11, "provided", "permit");
	assert_int_equal(
	    simulation_settle(sim, MINUTE_MS), OK); /* they start */
	simulation_run(sim, 7 * 3600 * 1000);
	assert_int_equal(open_at_keeper(sim, "relay"), 0);
	simulation_run(sim, 2 * 3600 * 1000);
	assert_int_equal(open_at_keeper(sim, "relay"), 1);
}

static void
what_is_late_by_eight_days_raises_no_alarm(void **state)
{
	struct simulation *sim = *state;

	note(sim, NETWORK, 0x11, "provided", "record");
	pass(sim, 7);
	note(sim, RELAY, 0x11, "provided", "permit");
	pass(sim, 14);
	assert_int_equal(open_at_keeper(sim, "network"), 0);
	assert_no_alarm(sim);
}

/* --- Alarms ------------------------------------------------------------------ */

static void
what_the_network_leaves_out_is_an_alarm_on_the_ninth_day(void **state)
{
	struct simulation *sim = *state;
	struct keeper_discrepancy d;

	note(sim, RELAY, 0x11, "provided", "permit");
	note(sim, RELAY, 0x12, "provided", "permit2");
	note(sim, NETWORK, 0x12, "provided", "record2");
	pass(sim, 9);
	assert_no_alarm(sim);
	pass(sim, 2);
	assert_int_equal(alarms(sim, RELAY, &d), 1);
	assert_string_equal(d.token.data, TOKEN_OF_1);
	assert_string_equal(d.record.data, "permit");
	assert_true(d.ours);
	assert_int_equal(alarms(sim, NETWORK, &d), 1);
	assert_string_equal(d.token.data, TOKEN_OF_1);
	assert_string_equal(d.record.data, "");
	assert_false(d.ours);
	assert_portal(1, 0);
}

static void
what_a_relay_leaves_out_is_one_too(void **state)
{
	struct simulation *sim = *state;
	struct keeper_discrepancy d;

	note(sim, NETWORK, 0x11, "provided", "record");
	pass(sim, 12);
	assert_int_equal(alarms(sim, RELAY, &d), 1);
	assert_false(d.ours);
	assert_int_equal(alarms(sim, NETWORK, &d), 1);
	assert_string_equal(d.record.data, "record");
	assert_true(d.ours);
}

static void
another_outcome_is_an_alarm_for_both(void **state)
{
	struct simulation *sim = *state;

	note(sim, RELAY, 0x11, "provided", "permit");
	note(sim, NETWORK, 0x11, "no-data", "record");
	pass(sim, 12);
	assert_int_equal(alarms(sim, RELAY, NULL), 2);
	assert_int_equal(alarms(sim, NETWORK, NULL), 2);
	assert_portal(2, 0);
}

static void
without_the_comparison_nobody_finds_it(void **state)
{
	struct simulation *sim = *state;

	if (!bug_is_possible())
		skip();
	bug_set(BUG_TOKENS_UNCOMPARED);
	note(sim, RELAY, 0x11, "provided", "permit");
	pass(sim, 20);
	assert_no_alarm(sim);
}

static void
a_token_that_a_report_leaves_out_is_found(void **state)
{
	struct simulation *sim = *state;

	if (!bug_is_possible())
		skip();
	note(sim, NETWORK, 0x11, "provided", "record");
	pass(sim, 1);
	bug_set(BUG_TOKEN_LEFT_OUT);
	note(sim, RELAY, 0x11, "provided", "permit");
	pass(sim, 1);
	bug_set(BUG_NONE);
	assert_int_equal(open_at_keeper(sim, "network"), 1);
}

static void
nothing_grows_older_while_the_nation_sleeps(void **state)
{
	struct simulation *sim = *state;

	note(sim, NETWORK, 0x11, "provided", "record");
	pass(sim, 2);
	simulation_leap(sim, 20 * DAY_MS);
	simulation_run(sim, MINUTE_MS);
	assert_int_equal(simulation_settle(sim, MINUTE_MS), OK);
	assert_no_alarm(sim);
}

static void
what_the_keeper_lost_is_sent_again_when_it_asks(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};
	struct keeper_token_match_row row;
	struct turn turn;

	note(sim, NETWORK, 0x11, "provided", "record");
	pass(sim, 1);
	assert_int_equal(open_at_keeper(sim, "network"), 1);
	turn = begin(sim, KEEPER, &problem);
	assert_int_equal(
	    keeper_token_match(turn.store, turn.arena, SLICE(TOWN),
		SLICE(SIDE_ANSWERED), SLICE(TOKEN_OF_1), SLICE("relay"), &row),
	    OK);
	end(sim, KEEPER, &turn);
	note(sim, RELAY, 0x11, "provided", "permit");
	pass(sim, 1);
	assert_int_equal(open_at_keeper(sim, "relay"), 1);
	pass(sim, 4);
	assert_int_equal(open_at_keeper(sim, "relay"), 0);
	pass(sim, 10);
	assert_int_equal(open_at_keeper(sim, "network"), 0);
	assert_no_alarm(sim);
}

static void
what_comes_after_the_alarm_settles_it(void **state)
{
	struct simulation *sim = *state;

	note(sim, NETWORK, 0x11, "provided", "record");
	pass(sim, 12);
	assert_int_equal(alarms(sim, RELAY, NULL), 1);
	note(sim, RELAY, 0x11, "provided", "permit");
	pass(sim, 2);
	assert_int_equal(alarms(sim, RELAY, NULL), 0);
	assert_int_equal(alarms(sim, NETWORK, NULL), 0);
	assert_portal(0, 0);
}

/* --- Those who lie ----------------------------------------------------------- */

/* records.tokens with these two tokens. */
static json_t *
tokens(const char *organisation, const char *first, const char *second)
{
	return json_pack("{s:s,s:s,s:s,s:[s,s]}", "organisation", organisation,
	    "side", SIDE_ANSWERED, "day", DOUBLE_DAY, "items", first, second);
}

static json_t *
alarm_of(const char *level)
{
	return json_pack("{s:s,s:s,s:s,s:[s],s:[],s:s}", "organisation", TOWN,
	    "side", SIDE_ANSWERED, "day", DOUBLE_DAY, "ours", TOKEN_OF_1,
	    "theirs", "level", level);
}

static void
a_relay_reports_for_its_own_organisation_alone(void **state)
{
	struct simulation *sim = *state;

	note(sim, NETWORK, 0x11, "provided", "record");
	pass(sim, 1);
	double_say(sim, OTHER, KEEPER, "records.tokens",
	    tokens(TOWN, TOKEN_OF_1, "ff000000000000000000000000000000"));
	assert_int_equal(double_refused(sim, OTHER), 1);
	assert_int_equal(open_at_keeper(sim, "network"), 1);
	assert_int_equal(open_at_keeper(sim, "relay"), 0);
	if (!bug_is_possible())
		return;
	/* Otherwise it would answer for a relay that leaves something out. */
	bug_set(BUG_TOKENS_OF_OTHERS);
	double_say(sim, OTHER, KEEPER, "records.tokens",
	    tokens(TOWN, TOKEN_OF_1, "ff000000000000000000000000000000"));
	assert_int_equal(open_at_keeper(sim, "network"), 0);
}

static void
rubbish_is_refused(void **state)
{
	struct simulation *sim = *state;
	json_t *of_old;

	double_say(sim, RELAY, KEEPER, "records.tokens",
	    tokens(TOWN, "ff000000000000000000000000000000", TOKEN_OF_1));
	double_say(sim, RELAY, KEEPER, "records.tokens",
	    tokens(TOWN, TOKEN_OF_1, TOKEN_OF_1));
	double_say(sim, RELAY, KEEPER, "records.tokens",
	    tokens(TOWN, TOKEN_OF_1, "rubbish"));
	of_old = tokens(TOWN, TOKEN_OF_1, "ff000000000000000000000000000000");
	json_put_text(of_old, "day", SLICE("1999-01-01"));
	double_say(sim, RELAY, KEEPER, "records.tokens", of_old);
	assert_int_equal(double_refused(sim, RELAY), 4);
	assert_int_equal(open_at_keeper(sim, "relay"), 0);
}

static void
nobody_keeps_for_its_own_organisation(void **state)
{
	struct simulation *sim = *state;

	double_say(sim, NETWORK, PORTAL, "records.tokens",
	    tokens(TOWN, TOKEN_OF_1, "ff000000000000000000000000000000"));
	assert_int_equal(double_refused(sim, NETWORK), 1);
}

static void
a_token_said_again_counts_once(void **state)
{
	struct simulation *sim = *state;
	int i;

	for (i = 0; i < 3; i++)
		double_say(sim, RELAY, KEEPER, "records.tokens",
		    tokens(
			TOWN, TOKEN_OF_1, "ff000000000000000000000000000000"));
	assert_int_equal(double_refused(sim, RELAY), 0);
	assert_int_equal(open_at_keeper(sim, "relay"), 2);
}

/* 2,000 tokens of its own that nobody else knows. */
static json_t *
invented(int serial)
{
	json_t *body = json_pack("{s:s,s:s,s:s}", "organisation", TOWN, "side",
	    SIDE_ANSWERED, "day", DOUBLE_DAY);
	json_t *items = json_array();
	char token[KEEPER_TOKEN_DIGITS + 1];
	int i;

	for (i = 0; i < TOKENS_MAX; i++) {
		snprintf(token, sizeof(token), "%016x%016x", serial, i);
		json_array_append_new(items, json_string(token));
	}
	json_object_set_new(body, "items", items);

	return body;
}

static void
an_organisation_fills_its_own_share_alone(void **state)
{
	struct simulation *sim = *state;
	int i;

	for (i = 0; i < COMPARE_OPEN_MAX / TOKENS_MAX; i++)
		double_say(sim, RELAY, KEEPER, "records.tokens", invented(i));
	assert_int_equal(open_at_keeper(sim, "relay"), COMPARE_OPEN_MAX);
	/* More of it waits at its sender. */
	double_tell(sim, RELAY, KEEPER, "records.tokens", invented(i));
	assert_int_equal(simulation_settle(sim, MINUTE_MS), ERR_BUSY);
	assert_int_equal(open_at_keeper(sim, "relay"), COMPARE_OPEN_MAX);
	note(sim, NETWORK, 0x11, "provided", "record");
	simulation_leap(sim, DAY_MS);
	simulation_run(sim, MINUTE_MS);
	assert_int_equal(open_at_keeper(sim, "network"), 1);
}

static void
the_keeper_alone_raises_alarms(void **state)
{
	struct simulation *sim = *state;

	double_say(sim, OTHER, RELAY, "records.unmatched", alarm_of("alarm"));
	double_say(sim, NETWORK, RELAY, "records.unmatched", alarm_of("alarm"));
	assert_int_equal(double_refused(sim, OTHER), 1);
	assert_int_equal(double_refused(sim, NETWORK), 1);
	assert_int_equal(alarms(sim, RELAY, NULL), 0);
	if (!bug_is_possible())
		return;
	bug_set(BUG_KEEPER_ANYBODY);
	double_say(sim, OTHER, RELAY, "records.unmatched", alarm_of("alarm"));
	assert_int_equal(alarms(sim, RELAY, NULL), 1);
	double_say(sim, OTHER, RELAY, "records.unmatched", alarm_of("settled"));
	assert_int_equal(alarms(sim, RELAY, NULL), 0);
}

/* --- Explanations ------------------------------------------------------------ */

static json_t *
explanation(void)
{
	return json_pack("{s:s,s:s,s:s,s:s}", "organisation", TOWN, "side",
	    SIDE_ANSWERED, "token", TOKEN_OF_1, "by", "evidence");
}

static void
an_alarm_is_open_until_both_have_explained_it(void **state)
{
	struct simulation *sim = *state;

	note(sim, RELAY, 0x11, "provided", "permit");
	pass(sim, 12);
	assert_portal(1, 0);
	double_say(sim, OTHER, KEEPER, "records.explained", explanation());
	assert_int_equal(double_refused(sim, OTHER), 1);
	double_say(sim, RELAY, KEEPER, "records.explained", explanation());
	assert_portal(1, 0);
	double_say(sim, NETWORK, KEEPER, "records.explained", explanation());
	assert_portal(0, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_both_report_is_forgotten_but_for_its_number),
	    TEST(nothing_is_reported_before_its_day_is_over),
	    TEST(what_is_late_by_eight_days_raises_no_alarm),
	    TEST(what_the_network_leaves_out_is_an_alarm_on_the_ninth_day),
	    TEST(what_a_relay_leaves_out_is_one_too),
	    TEST(another_outcome_is_an_alarm_for_both),
	    TEST(without_the_comparison_nobody_finds_it),
	    TEST(a_token_that_a_report_leaves_out_is_found),
	    TEST(nothing_grows_older_while_the_nation_sleeps),
	    TEST(what_the_keeper_lost_is_sent_again_when_it_asks),
	    TEST(what_comes_after_the_alarm_settles_it),
	    TEST(a_relay_reports_for_its_own_organisation_alone),
	    TEST(rubbish_is_refused),
	    TEST(nobody_keeps_for_its_own_organisation),
	    TEST(a_token_said_again_counts_once),
	    TEST(an_organisation_fills_its_own_share_alone),
	    TEST(the_keeper_alone_raises_alarms),
	    TEST(an_alarm_is_open_until_both_have_explained_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
