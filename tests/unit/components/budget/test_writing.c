/* Writing: rows and bytes that another organisation makes a node write. */
#include "components/budget/writing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bug.h"
#include "budget_rows.h"
#include "host/node_internal.h"
#include "host_rows.h"
#include "notes_statements.h"
#include "tests/support/scratch.h"
#include "tests/unit/host/sample/sample.h"

#define SELF "jlis/jukinet"
#define ASKER "012041/sample"
#define OTHER "131041/sample"
#define CITY SLICE("012041")
#define DAY_MS (24 * 3600 * 1000)
#define START ((struct instant){INT64_C(1795248000000)})
#define TOO_MANY \
	600000 /* rows; 500,000 and ten for each of 300 persons are not */

static struct system jukinet;
static const char *folder;
static const struct route routes[] = {
    {HTTP_POST, "/budgets/grants", DUTY_BUDGET, budget_grant_post,
	&budget_grant_input_shape, "as jukinet has it"},
    {HTTP_GET, "/secret", DUTY_CODE, budget_grant_post, NULL,
	"for nobody here"},
    {0},
};

static int
set_up(void **state)
{
	static const struct setting settings[] = {{"twin", ASKER},
	    {"population.012041", "300"}, {"population.131041", "300"}, {0}};
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
	    simulation_add(sim, &sample_system, ASKER, of_asker, &problem) ||
	    simulation_add(sim, &sample_system, OTHER, of_asker, &problem))
		fail_msg("%s", problem.text);
	simulation_run(sim, 1000);
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

/* A turn of `peer` writes so much.  Without `kept` its batch is undone. */
static enum err
write_as(struct simulation *sim, const char *peer,
    const struct store_written *much, bool kept)
{
	struct node *node = simulation_node(sim, SELF);
	struct caller caller = {.role = ROLE_PEER, .request = SLICE("test")};
	struct problem problem = {0};
	struct turn turn;
	enum err rc;

	assert_int_equal(system_id_parse(slice_of(peer), &caller.peer), OK);
	assert_int_equal(node_begin(node, simulation_now(sim)), OK);
	assert_int_equal(turn_open(node, &caller, &problem, &turn), OK);
	node->told.rows -= much->rows;
	node->told.bytes -= much->bytes;
	rc = turn_close(&turn,
	    turn_tell_written(&turn, system_id_organisation(&caller.peer)));
	if (kept)
		assert_int_equal(node_commit(node, &problem), OK);
	else
		node_abort(node);

	return rc;
}

static enum err
write_rows(struct simulation *sim, const char *peer, int64_t n)
{
	return write_as(sim, peer, &(struct store_written){.rows = n}, true);
}

/* The use of a budget of the city today. */
static int64_t
used(struct simulation *sim, const char *kind)
{
	struct budget_of_day_row row;
	struct query q;
	int64_t n = 0;

	budget_of_day_rows(simulation_node(sim, SELF)->store,
	    date_in_japan(simulation_now(sim)), 100, &q);
	while (budget_of_day_next(&q, &row) == OK)
		n += slice_equal(row.organisation, CITY) &&
			slice_equal_string(row.kind, kind)
		    ? row.used + row.granted
		    : 0;
	query_done(&q);

	return n;
}

static void
rows_and_bytes_are_taken_from_budgets_together(void **state)
{
	struct simulation *sim = *state;
	const struct store_written much = {.bytes = 3 << 20, .rows = 1};

	assert_int_equal(write_rows(sim, ASKER, WRITING_ROWS - 1), OK);
	assert_int_equal(used(sim, "rows"), 0);
	assert_int_equal(write_rows(sim, ASKER, 501), OK);
	assert_int_equal(used(sim, "rows"), WRITING_ROWS + 500);
	assert_int_equal(write_as(sim, ASKER, &much, true), OK);
	assert_int_equal(used(sim, "rows"), WRITING_ROWS + 501);
	assert_int_equal(used(sim, "kib"), 3 << 10);
}

static void
past_its_budget_an_organisation_waits_alone(void **state)
{
	struct simulation *sim = *state;

	assert_int_equal(write_rows(sim, ASKER, TOO_MANY), OK);
	assert_int_equal(write_rows(sim, ASKER, 1), ERR_BUSY);
	assert_int_equal(write_rows(sim, "012041/other", 1), ERR_BUSY);
	assert_int_equal(write_rows(sim, OTHER, 1), OK);
}

static void
without_the_check_it_goes_on(void **state)
{
	struct simulation *sim = *state;

	if (!bug_is_possible())
		skip();
	bug_set(BUG_BUDGET_ENDLESS);
	assert_int_equal(write_rows(sim, ASKER, TOO_MANY), OK);
	assert_int_equal(write_rows(sim, ASKER, 1), OK);
	bug_set(BUG_NONE);
}

static void
midnight_ends_it(void **state)
{
	struct simulation *sim = *state;

	assert_int_equal(write_rows(sim, ASKER, TOO_MANY), OK);
	assert_int_equal(write_rows(sim, ASKER, 1), ERR_BUSY);
	simulation_run(sim, DAY_MS);
	assert_int_equal(write_rows(sim, ASKER, WRITING_ROWS), OK);
	assert_int_equal(write_rows(sim, ASKER, 1), OK);
	assert_int_equal(used(sim, "rows"), WRITING_ROWS);
}

static void
an_officer_ends_it_within_a_minute(void **state)
{
	struct simulation *sim = *state;
	json_t *answer = NULL;
	int status = 0;

	assert_int_equal(write_rows(sim, ASKER, TOO_MANY), OK);
	assert_int_equal(write_rows(sim, ASKER, 1), ERR_BUSY);
	assert_int_equal(
	    simulation_call(sim, SELF, HTTP_POST, "/budgets/grants",
		json_pack("{s:s,s:s,s:i,s:s,s:s,s:s}", "organisation", "012041",
		    "kind", "rows", "amount", TOO_MANY, "from", "2026-11-21",
		    "until", "2026-11-22", "reason", "合併"),
		&status, &answer),
	    OK);
	json_decref(answer);
	assert_int_equal(status, 201);
	simulation_run(sim, WRITING_AGAIN_MS);
	assert_int_equal(write_rows(sim, ASKER, 1), OK);
	assert_int_equal(write_rows(sim, ASKER, 1), OK);
	assert_int_equal(used(sim, "rows"), TOO_MANY);
}

static void
an_undone_batch_leaves_nothing_untaken(void **state)
{
	struct simulation *sim = *state;
	const struct store_written much = {.rows = WRITING_ROWS + 7};

	assert_int_equal(write_as(sim, ASKER, &much, false), OK);
	assert_int_equal(used(sim, "rows"), 0);
	assert_int_equal(write_rows(sim, ASKER, WRITING_ROWS), OK);
	assert_int_equal(used(sim, "rows"), 2 * WRITING_ROWS + 7);
}

static void
a_restart_goes_on_with_the_budget_of_the_day(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};

	assert_int_equal(write_rows(sim, ASKER, 2 * WRITING_ROWS), OK);
	assert_int_equal(
	    simulation_restart(sim, SELF, simulation_now(sim), &problem), OK);
	assert_int_equal(write_rows(sim, ASKER, WRITING_ROWS), OK);
	assert_int_equal(used(sim, "rows"), 3 * WRITING_ROWS);
}

static void
our_own_and_those_that_bring_what_others_asked_have_none(void **state)
{
	static const char *const ids[] = {
	    "jlis/other", "digital/network", "digital/portal", NULL};
	struct simulation *sim = *state;
	size_t i;

	for (i = 0; ids[i] != NULL; i++) {
		assert_int_equal(write_rows(sim, ids[i], 10 * TOO_MANY), OK);
		assert_int_equal(write_rows(sim, ids[i], 1), OK);
	}
}

static int64_t
heard(struct simulation *sim)
{
	return sample_count(simulation_node(sim, SELF), NOTES_HEARD, "n");
}

static void
its_messages_are_taken_once_on_the_next_day(void **state)
{
	struct simulation *sim = *state;
	json_t *answer = NULL;
	int status = 0;

	assert_int_equal(write_rows(sim, ASKER, TOO_MANY), OK);
	assert_int_equal(
	    simulation_call(sim, ASKER, HTTP_POST, "/notes",
		json_pack("{s:s,s:s}", "id", "00112233445566778899aabbccddeeff",
		    "text", "x"),
		&status, &answer),
	    OK);
	json_decref(answer);
	assert_int_equal(status, 201);
	simulation_run(sim, 5000);
	assert_int_equal(heard(sim), 0);
	/* Until 23:58 in Japan. */
	simulation_run(sim, (7 * 60 - 2) * 60 * 1000);
	assert_int_equal(heard(sim), 0);
	simulation_run(sim, DAY_MS);
	assert_int_equal(heard(sim), 1);
}

static void
its_denied_requests_are_counted_and_not_written(void **state)
{
	struct simulation *sim = *state;
	struct node *node = simulation_node(sim, SELF);
	struct http_call request = {.method = HTTP_GET,
	    .doors = HTTP_DOOR_PEERS,
	    .path = SLICE("/secret"),
	    .has_certificate = true,
	    .fingerprint = {digest_of(SLICE(ASKER))}};
	struct problem problem = {0};
	struct node_reply reply = {0};
	int64_t before, entries[2];
	int i;

	for (i = 0; i < 2; i++) {
		if (i == 1)
			assert_int_equal(write_rows(sim, ASKER, TOO_MANY), OK);
		before = sample_count(node, NOTES_AUDITS, "n");
		assert_int_equal(node_begin(node, simulation_now(sim)), OK);
		node_request(node, &request, &reply);
		assert_int_equal(node_commit(node, &problem), OK);
		assert_int_equal(reply.status, 403);
		entries[i] = sample_count(node, NOTES_AUDITS, "n") - before;
	}
	node_reply_done(&reply);
	assert_int_equal(entries[0], 1);
	assert_int_equal(entries[1], 0);
	assert_int_equal(node->n.denied, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(rows_and_bytes_are_taken_from_budgets_together),
	    TEST(past_its_budget_an_organisation_waits_alone),
	    TEST(without_the_check_it_goes_on),
	    TEST(midnight_ends_it),
	    TEST(an_officer_ends_it_within_a_minute),
	    TEST(an_undone_batch_leaves_nothing_untaken),
	    TEST(a_restart_goes_on_with_the_budget_of_the_day),
	    TEST(our_own_and_those_that_bring_what_others_asked_have_none),
	    TEST(its_messages_are_taken_once_on_the_next_day),
	    TEST(its_denied_requests_are_counted_and_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
