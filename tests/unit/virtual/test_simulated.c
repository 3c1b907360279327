/* The simulated network: exactly once under every fault, and replayable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "notes_statements.h"
#include "tests/unit/host/sample/pair.h"

#define NOTES 40

static const struct simulation_faults harsh = {.lose_request = 150,
    .lose_receipt = 150,
    .repeat = 150,
    .crash_before = 60,
    .crash_after = 60,
    .delay_min_ms = 1,
    .delay_max_ms = 400};

/* Ask until it is said to be done: 201 now, 409 if an earlier try had
 * committed before the process died. */
static void
put_note(struct simulation *sim, const char *system, int number)
{
	int status = 0, tries;
	json_t *body, *answer;
	char id[33];

	snprintf(id, sizeof(id), "%032x", number);
	for (tries = 0; tries < 100; tries++) {
		body = json_object();
		json_put_text(body, "id", slice_of(id));
		json_put_text(body, "text", SLICE("hello"));
		answer = NULL;
		if (simulation_call(sim, system, HTTP_POST, "/notes", body,
			&status, &answer) == OK) {
			json_decref(answer);
			assert_true(status == 201 || status == 409);
			return;
		}
		simulation_run(sim, 100);
	}
	fail();
}

static uint64_t
run(uint64_t seed)
{
	static const struct simulation_faults none;
	struct simulation *sim = pair_new(seed, &harsh, NULL);
	struct node *a, *b;
	uint64_t trace;
	int i;

	for (i = 0; i < NOTES; i++) {
		put_note(sim, i % 2 ? "a/sample" : "b/sample", i);
		simulation_run(sim, 20);
	}
	simulation_set_faults(sim, &none);
	assert_int_equal(simulation_settle(sim, 600 * 1000), OK);
	a = simulation_node(sim, "a/sample");
	b = simulation_node(sim, "b/sample");
	assert_int_equal(sample_count(a, NOTES_NOTES, "n"), NOTES / 2);
	assert_int_equal(sample_count(a, NOTES_HEARD, "n"), NOTES / 2);
	assert_int_equal(sample_count(a, NOTES_HEARD, "different"), NOTES / 2);
	assert_int_equal(sample_count(b, NOTES_HEARD, "n"), NOTES / 2);
	trace = simulation_trace(sim);
	simulation_free(sim);

	return trace;
}

static void
every_message_is_applied_exactly_once(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 25; seed++)
		run(seed);
}

static void
a_seed_replays_its_run(void **state)
{
	(void)state;
	assert_true(run(7) == run(7));
	assert_true(run(7) != run(8));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_message_is_applied_exactly_once),
	    cmocka_unit_test(a_seed_replays_its_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
