/*
 * A city asks about somebody again and again, of a provider that is cut off.  The
 * network keeps as many permits for that one as the bound allows; the other
 * questions wait at the city's own relay.  Its questions to others are answered
 * meanwhile.  When the provider is back, each question is answered once.
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
#include "host/node_internal.h"
#include "host_rows.h"
#include "tests/model/world.h"

#define NETWORK "digital/network"
#define ASKER "131041"
#define ASKER_RELAY "131041/relay"
#define PROVIDER "012041"
#define PROVIDER_RELAY "012041/relay"
#define BOUND 3
#define QUESTIONS 8
#define CUT_MS (3600ll * 1000)
#define MINUTE_MS 60000

static void
ask(struct world *w, const char *person, const char *provider, int n)
{
	bool of_city = strcmp(provider, PROVIDER) == 0;
	char inquiry[33];

	snprintf(inquiry, sizeof(inquiry), "%032x", n);
	json_decref(world_must(w, ASKER "/offices", HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", inquiry,
		"business_number", person, "affair", of_city ? "106" : "107",
		"item", of_city ? "local-tax" : "pension", "provider", provider,
		"unit", "u"),
	    201));
}

static bool
is_received(struct world *w, int n)
{
	json_t *answer;
	char path[60];
	bool received;

	snprintf(path, sizeof(path), "/inquiries/%032x", n);
	answer = world_must(w, ASKER "/offices", HTTP_GET, path, NULL, 200);
	received = strcmp(world_text(answer, "state"), "received") == 0;
	json_decref(answer);

	return received;
}

/* Messages of a system that wait for another. */
static int64_t
waiting(struct world *w, const char *of, const char *peer)
{
	struct host_outbox_peers_row row;
	struct query q;
	int64_t n = 0;

	host_outbox_peers_rows(node_store(simulation_node(w->sim, of)), &q);
	while (host_outbox_peers_next(&q, &row) == OK)
		n += strcmp(row.peer.text, peer) == 0 ? row.pending : 0;
	query_done(&q);

	return n;
}

static size_t
provisions(struct world *w, const struct story *story)
{
	json_t *answer = world_records(w, PROVIDER, story->father);
	const json_t *row;
	size_t i, n = 0;

	json_array_foreach(json_object_get(answer, "records"), i, row)
	{
		n += strcmp(world_text(row, "outcome"), "provided") == 0;
	}
	json_decref(answer);

	return n;
}

static void
begin(struct world *w, struct story *story)
{
	struct problem problem = {0};
	struct story_port port;

	world_open(w, 1);
	port = world_story_port(w);
	world_import(w, PROVIDER);
	world_wait_for(w, PROVIDER_RELAY, "linked", WORLD_RESIDENTS + 2);
	if (story_tell(&port, &w->random, story, &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(simulation_settle(w->sim, MINUTE_MS), OK);
	simulation_node(w->sim, NETWORK)->backlogs.bound =
	    (int64_t)BOUND * BACKLOG_MESSAGE_BYTES;
}

/* Ask while the provider is cut off: how many permits wait for it? */
static int64_t
ask_in_vain(struct world *w, const struct story *story)
{
	int i;

	simulation_isolate(w->sim, PROVIDER_RELAY, CUT_MS);
	for (i = 1; i <= QUESTIONS; i++)
		ask(w, story->father_moved, PROVIDER, i);
	simulation_run(w->sim, MINUTE_MS);

	return waiting(w, NETWORK, PROVIDER_RELAY);
}

static void
questions_to_who_is_down_wait_at_their_asker(void **state)
{
	struct story story;
	struct world w = {0};
	size_t before;
	int i;

	(void)state;
	begin(&w, &story);
	before = provisions(&w, &story);
	assert_int_equal(ask_in_vain(&w, &story), BOUND);
	assert_true(waiting(&w, ASKER_RELAY, NETWORK) >= QUESTIONS - BOUND);
	/* The same asker, another provider. */
	ask(&w, story.father_moved, "nenkin", QUESTIONS + 1);
	simulation_run(w.sim, MINUTE_MS);
	assert_true(is_received(&w, QUESTIONS + 1));
	simulation_run(w.sim, CUT_MS);
	assert_int_equal(simulation_settle(w.sim, CUT_MS), OK);
	for (i = 1; i <= QUESTIONS; i++)
		assert_true(is_received(&w, i));
	assert_int_equal(provisions(&w, &story), before + QUESTIONS);
	world_close(&w);
}

static void
without_the_check_the_network_keeps_them(void **state)
{
	struct story story;
	struct world w = {0};

	(void)state;
	if (!bug_is_possible())
		skip();
	begin(&w, &story);
	bug_set(BUG_OUTBOX_ENDLESS);
	assert_int_equal(ask_in_vain(&w, &story), QUESTIONS);
	bug_set(BUG_NONE);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(questions_to_who_is_down_wait_at_their_asker),
	    cmocka_unit_test(without_the_check_the_network_keeps_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
