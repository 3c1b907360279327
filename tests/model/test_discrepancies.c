/*
 * Those who leave an exchange out of their records (decision 0045): a network with
 * the relay that asked, a provider's relay alone.  Each is found by the keeper on
 * its ninth day, and by nobody without the comparison.  An honest nation under
 * loss and crashes has no alarm.
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
#include "keeper_rows.h"
#include "messages/tokens.h"
#include "tests/model/world.h"

#define ASKER "131041"
#define GIVER "012041"
#define NETWORK "digital/network"
#define PORTAL "digital/portal"
#define INQUIRY "0123456789abcdef0123456789abcdef"
#define DAY_MS (24 * 3600ll * 1000)
#define MINUTE_MS 60000
#define ALARM_DAYS 12

/* --- Days ------------------------------------------------------------------- */

static void
pass(struct world *w, int days)
{
	while (days-- > 0) {
		simulation_leap(w->sim, DAY_MS);
		simulation_run(w->sim, 2 * MINUTE_MS);
		assert_int_equal(simulation_settle(w->sim, 3600 * 1000), OK);
	}
}

/* The story, whose exchanges are reported and compared; then a day with one
 * exchange. */
static void
live(struct world *w, struct story *story)
{
	struct problem problem = {0};
	struct story_port port;

	world_open(w, 7);
	port = world_story_port(w);
	world_import(w, GIVER);
	world_wait_for(w, GIVER "/relay", "linked", WORLD_RESIDENTS + 2);
	if (story_tell(&port, &w->random, story, &problem))
		fail_msg("%s", problem.text);
	pass(w, 2);
	json_decref(world_must(w, ASKER "/offices", HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", INQUIRY,
		"business_number", story->father_moved, "affair", "106", "item",
		"local-tax", "provider", GIVER, "unit", "u"),
	    201));
	assert_int_equal(simulation_settle(w->sim, 3600 * 1000), OK);
}

/* A system leaves today's exchanges of an organisation's side out of its
 * reports. */
static void
leave_out(struct world *w, const char *system, const char *organisation,
    const char *side)
{
	struct node *node = simulation_node(w->sim, system);
	struct store *store = node_store(node);

	assert_int_equal(store_begin(store), OK);
	assert_int_equal(
	    keeper_notes_forget(store, date_in_japan(simulation_now(w->sim)),
		slice_of(organisation), slice_of(side)),
	    OK);
	assert_true(store_changes(store) > 0);
	assert_int_equal(store_commit(store), OK);
}

/* --- Alarms ----------------------------------------------------------------- */

/* The alarms of a relay or the network; a new reference. */
static json_t *
alarms(struct world *w, const char *system, size_t want)
{
	json_t *answer =
	    world_must(w, system, HTTP_GET, "/discrepancies", NULL, 200);
	size_t n = json_array_size(json_object_get(answer, "discrepancies"));

	if (n != want)
		fail_msg("%s has %zu alarms, expected %zu", system, n, want);
	assert_int_equal(world_count(w, system, "discrepancies"), want);

	return answer;
}

static const json_t *
first(const json_t *answer)
{
	return json_array_get(json_object_get(answer, "discrepancies"), 0);
}

static void
assert_no_alarm(struct world *w)
{
	json_t *shown;

	json_decref(alarms(w, ASKER "/relay", 0));
	json_decref(alarms(w, GIVER "/relay", 0));
	json_decref(alarms(w, "nenkin/relay", 0));
	json_decref(alarms(w, NETWORK, 0));
	shown = world_must(w, PORTAL, HTTP_GET, "/discrepancies", NULL, 200);
	assert_int_equal(
	    json_array_size(json_object_get(shown, "discrepancies")), 0);
	json_decref(shown);
}

/* The portal shows one of that organisation to everybody. */
static void
assert_shown(struct world *w, const char *organisation, int open, int explained)
{
	json_t *shown =
	    world_must(w, PORTAL, HTTP_GET, "/discrepancies", NULL, 200);
	const json_t *row = first(shown);

	assert_int_equal(
	    json_array_size(json_object_get(shown, "discrepancies")), 1);
	assert_string_equal(world_text(row, "organisation"), organisation);
	assert_int_equal(
	    json_integer_value(json_object_get(row, "open")), open);
	assert_int_equal(
	    json_integer_value(json_object_get(row, "explained")), explained);
	json_decref(shown);
}

static void
explain(struct world *w, const char *system, const json_t *alarm)
{
	json_decref(world_must(w, system, HTTP_POST,
	    "/discrepancies/explanations",
	    json_pack("{s:s,s:s,s:s,s:s,s:s}", "organisation",
		world_text(alarm, "organisation"), "side",
		world_text(alarm, "side"), "token", world_text(alarm, "token"),
		"by", "evidence", "reason", "委員会に提出した"),
	    200));
	assert_int_equal(simulation_settle(w->sim, 3600 * 1000), OK);
}

/* --- The network and a relay together ----------------------------------------- */

static void
collude(struct world *w, struct story *story)
{
	live(w, story);
	leave_out(w, NETWORK, ASKER, SIDE_ASKED);
	leave_out(w, NETWORK, GIVER, SIDE_ANSWERED);
	leave_out(w, ASKER "/relay", ASKER, SIDE_ASKED);
	pass(w, ALARM_DAYS);
}

static void
an_exchange_that_network_and_asker_leave_out_shows_at_the_provider(void **state)
{
	char permit[33], person[32];
	struct world w = {0};
	struct story story;
	json_t *of_giver, *of_network;

	(void)state;
	collude(&w, &story);
	world_permit(&w, ASKER, INQUIRY, permit);
	world_internal_number(&w, GIVER "/addressee", story.father, person);
	of_giver = alarms(&w, GIVER "/relay", 1);
	/* The officer can tell the person. */
	assert_string_equal(world_text(first(of_giver), "permit"), permit);
	assert_string_equal(
	    world_text(first(of_giver), "internal_number"), person);
	assert_true(json_is_true(json_object_get(first(of_giver), "ours")));
	of_network = alarms(&w, NETWORK, 1);
	assert_true(json_is_false(json_object_get(first(of_network), "ours")));
	json_decref(alarms(&w, ASKER "/relay", 0));
	assert_shown(&w, GIVER, 1, 0);
	explain(&w, GIVER "/relay", first(of_giver));
	assert_shown(&w, GIVER, 1, 0);
	explain(&w, NETWORK, first(of_network));
	assert_shown(&w, GIVER, 0, 1);
	assert_int_equal(world_count(&w, NETWORK, "discrepancies"), 0);
	json_decref(of_giver);
	json_decref(of_network);
	world_close(&w);
}

static void
without_the_comparison_nobody_sees_it(void **state)
{
	struct world w = {0};
	struct story story;

	(void)state;
	if (!bug_is_possible())
		skip();
	bug_set(BUG_TOKENS_UNCOMPARED);
	collude(&w, &story);
	assert_no_alarm(&w);
	world_close(&w);
	bug_set(BUG_NONE);
}

/* --- A relay alone ------------------------------------------------------------- */

static void
an_exchange_that_the_provider_leaves_out_is_proved_by_the_network(void **state)
{
	struct world w = {0};
	struct story story;
	json_t *of_network, *of_giver, *report;
	const char *envelope;
	char path[64];

	(void)state;
	live(&w, &story);
	leave_out(&w, GIVER "/relay", GIVER, SIDE_ANSWERED);
	pass(&w, ALARM_DAYS);
	of_network = alarms(&w, NETWORK, 1);
	assert_true(json_is_true(json_object_get(first(of_network), "ours")));
	of_giver = alarms(&w, GIVER "/relay", 1);
	assert_true(json_is_false(json_object_get(first(of_giver), "ours")));
	assert_shown(&w, GIVER, 1, 0);
	/* The provider's own word, under its signature. */
	snprintf(path, sizeof(path), "/reports/%s",
	    world_text(first(of_network), "record"));
	report = world_must(&w, NETWORK, HTTP_GET, path, NULL, 200);
	envelope = world_text(
	    json_array_get(json_object_get(report, "messages"), 0), "envelope");
	assert_non_null(strstr(envelope, "provision.report"));
	json_decref(report);
	json_decref(of_network);
	json_decref(of_giver);
	world_close(&w);
}

static void
an_answer_that_the_asker_leaves_out_is_found(void **state)
{
	struct world w = {0};
	struct story story;

	(void)state;
	live(&w, &story);
	leave_out(&w, ASKER "/relay", ASKER, SIDE_ASKED);
	pass(&w, ALARM_DAYS);
	json_decref(alarms(&w, NETWORK, 1));
	json_decref(alarms(&w, ASKER "/relay", 1));
	json_decref(alarms(&w, GIVER "/relay", 0));
	assert_shown(&w, ASKER, 1, 0);
	world_close(&w);
}

/* --- Nobody ------------------------------------------------------------------- */

static void
an_honest_nation_under_faults_has_no_alarm(void **state)
{
	struct world w = {0};
	struct story story;
	int i;

	(void)state;
	live(&w, &story);
	simulation_set_faults(w.sim, &world_harsh);
	for (i = 0; i < ALARM_DAYS; i++) {
		simulation_leap(w.sim, DAY_MS);
		simulation_run(w.sim, MINUTE_MS);
	}
	simulation_set_faults(w.sim, &world_none);
	pass(&w, 1);
	assert_no_alarm(&w);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		an_exchange_that_network_and_asker_leave_out_shows_at_the_provider),
	    cmocka_unit_test(without_the_comparison_nobody_sees_it),
	    cmocka_unit_test(
		an_exchange_that_the_provider_leaves_out_is_proved_by_the_network),
	    cmocka_unit_test(an_answer_that_the_asker_leaves_out_is_found),
	    cmocka_unit_test(an_honest_nation_under_faults_has_no_alarm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
