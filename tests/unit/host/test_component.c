/* Components of a node: their states, their hook, their patient timers. */
#include "host/system.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "components/audit/audit.h"
#include "components/budget/budget.h"
#include "components/keeper/keeper.h"
#include "crypto/keymaking.h"
#include "host/host.h"
#include "host/node.h"
#include "tests/unit/host/sample/sample.h"

#define START_MS INT64_C(1790000000000)
#define LATE_MS 10000
#define MUCH 50 /* turns of the patient timer's work */

/* The history of the probe, a component of two timers. */
static struct {
	int started, stopped, audited, ticks;
	int work; /* of the patient timer, that is left */
	bool start_fails, work_fails, tick_audits;
	void *seen; /* turn->state of the last turn */
} probe;

static int states[2];

static enum err
start(struct turn *turn, void **ret_state)
{
	(void)turn;
	if (probe.start_fails)
		return ERR_CONFLICT;
	*ret_state = &states[probe.started++];

	return OK;
}

static void
stop(void *state)
{
	(void)state;
	probe.stopped++;
}

static void
audited(struct turn *turn)
{
	(void)turn;
	probe.audited++;
}

static enum err
tick(struct turn *turn)
{
	probe.ticks++;
	probe.seen = turn->state;

	return probe.tick_audits
	    ? turn_audit(turn, "tick", SLICE(""), SLICE(""))
	    : OK;
}

static enum err
work(struct turn *turn)
{
	probe.seen = turn->state;
	if (probe.work_fails)
		return ERR_CONFLICT;
	if (--probe.work > 0)
		turn_hurry(turn, "probe.work");

	return OK;
}

static const struct schema schema = {.name = "probe"};
static const struct timer timers[] = {
    {"probe.tick", 1000, tick, "a tick"}, {0}};
static const struct timer patient_timers[] = {
    {"probe.work", 0, work, "work that can wait"}, {0}};

static const struct component probe_component = {
    .name = "probe",
    .schema = &schema,
    .timers = timers,
    .patient_timers = patient_timers,
    .start = start,
    .stop = stop,
    .audited = audited,
};

static const struct component *const components[] = {&host_component,
    &audit_component, &budget_component, &keeper_component, &probe_component,
    NULL};
static struct system probed;
static struct keystore *keys;

static enum err
open_node(struct node **ret)
{
	struct node_options options = {.system = &probed,
	    .database = ":memory:",
	    .keys = keys,
	    .random = random_system(),
	    .now = {START_MS}};
	struct problem problem = {0};

	assert_int_equal(system_id_parse(SLICE("a/sample"), &options.id), OK);

	return node_open(&options, ret, &problem);
}

static int
set_up(void **state)
{
	json_t *jwk = NULL;

	(void)state;
	memset(&probe, 0, sizeof(probe));
	probe.work = 1;
	probed = sample_system;
	probed.components = components;
	keys = keystore_new(KEYSTORE_FAST);
	assert_int_equal(
	    keymaking_sign(keys, (struct instant){START_MS}, &jwk), OK);
	json_decref(jwk);

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	keystore_free(keys);

	return 0;
}

static void
run_timers(struct node *node, int64_t after_ms)
{
	struct problem problem = {0};
	struct instant now = {START_MS + after_ms};

	assert_int_equal(node_begin(node, now), OK);
	node_timers(node);
	assert_int_equal(node_commit(node, &problem), OK);
}

static void
a_turn_has_the_state_of_its_component(void **state)
{
	struct node *node = NULL;

	(void)state;
	assert_int_equal(open_node(&node), OK);
	assert_int_equal(probe.started, 1);
	run_timers(node, 0);
	assert_int_equal(probe.ticks, 1);
	assert_ptr_equal(probe.seen, &states[0]);
	assert_int_equal(probe.stopped, 0);
	node_close(node);
	assert_int_equal(probe.stopped, 1);
}

static void
a_component_that_does_not_start_keeps_the_node_from_opening(void **state)
{
	struct node *node = NULL;

	(void)state;
	probe.start_fails = true;
	assert_int_equal(open_node(&node), ERR_CONFLICT);
	assert_null(node);
	assert_int_equal(probe.stopped, 0);
}

static void
each_entry_of_the_audit_is_told(void **state)
{
	struct node *node = NULL;

	(void)state;
	probe.tick_audits = true;
	assert_int_equal(open_node(&node), OK);
	run_timers(node, 0);
	assert_int_equal(probe.audited, 1);
	run_timers(node, 500);
	assert_int_equal(probe.audited, 1);
	run_timers(node, 1000);
	assert_int_equal(probe.audited, 2);
	node_close(node);
}

/* Some seconds, in each of which there is a tick as well.  The ledger has the
 * first batch without other work. */
static void
a_patient_timer_waits_for_a_batch_without_other_work(void **state)
{
	struct node *node = NULL;
	int64_t ms;

	(void)state;
	probe.work = MUCH;
	assert_int_equal(open_node(&node), OK);
	run_timers(node, 0);
	run_timers(node, 100);
	for (ms = 1000; ms < LATE_MS; ms += 1000)
		run_timers(node, ms);
	assert_int_equal(probe.ticks, 10);
	assert_int_equal(probe.work, MUCH);
	run_timers(node, ms - 500);
	assert_int_equal(probe.ticks, 10);
	assert_int_equal(probe.work, MUCH - 1);
	node_close(node);
}

static void
a_patient_timer_waits_no_longer_than_ten_seconds(void **state)
{
	struct node *node = NULL;

	(void)state;
	probe.work = 2;
	assert_int_equal(open_node(&node), OK);
	run_timers(node, LATE_MS - 1);
	assert_int_equal(probe.ticks, 1);
	assert_int_equal(probe.work, 2);
	run_timers(node, LATE_MS + 1000);
	assert_int_equal(probe.ticks, 2);
	assert_true(probe.work < 2);
	node_close(node);
}

static void
a_patient_timer_runs_to_its_end_before_a_stop(void **state)
{
	struct node *node = NULL;

	(void)state;
	probe.work = MUCH;
	assert_int_equal(open_node(&node), OK);
	node_finish(node, (struct instant){START_MS});
	assert_int_equal(probe.work, 0);
	assert_int_equal(probe.ticks, 0);
	assert_ptr_equal(probe.seen, &states[0]);
	node_close(node);
}

static void
a_patient_timer_that_fails_does_not_keep_the_node_from_stopping(void **state)
{
	struct node *node = NULL;

	(void)state;
	probe.work = MUCH;
	probe.work_fails = true;
	assert_int_equal(open_node(&node), OK);
	node_finish(node, (struct instant){START_MS});
	assert_int_equal(probe.work, MUCH);
	node_close(node);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_turn_has_the_state_of_its_component),
	    TEST(a_component_that_does_not_start_keeps_the_node_from_opening),
	    TEST(each_entry_of_the_audit_is_told),
	    TEST(a_patient_timer_waits_for_a_batch_without_other_work),
	    TEST(a_patient_timer_waits_no_longer_than_ten_seconds),
	    TEST(a_patient_timer_runs_to_its_end_before_a_stop),
	    TEST(
		a_patient_timer_that_fails_does_not_keep_the_node_from_stopping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
