/* The greeting: a witness that knows more of a ledger than the ledger does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit_rows.h"
#include "base/bug.h"
#include "components/audit/audit.h"
#include "components/audit/greeting.h"
#include "components/audit/witness.h"
#include "host/node_internal.h"
#include "notes_statements.h"
#include "tests/unit/host/sample/pair.h"

static const struct setting of_a[] = {
    {"twin", "b/sample"}, {"witness", "b/sample"}, {0}};

/* A pair that has worked for a while, and b has cosigned it. */
static struct simulation *
pair_at_work(void)
{
	struct simulation *sim = pair_new(1, NULL, of_a);

	simulation_run(sim, 1000);

	return sim;
}

static void
say_note(struct simulation *sim, const char *system)
{
	static unsigned int serial;
	struct buf body, answer;
	int status;

	buf_init(&body);
	buf_init(&answer);
	buf_printf(&body, "{\"id\":\"%032x\",\"text\":\"x\"}", ++serial);
	assert_int_equal(simulation_call_raw(sim, system, HTTP_POST, "/notes",
			     buf_slice(&body), SLICE(""), &status, &answer),
	    OK);
	assert_int_equal(status, 201);
	buf_done(&body);
	buf_done(&answer);
}

/* Notes of a, and time for the ledger and its witness. */
static void
make_entries(struct simulation *sim)
{
	say_note(sim, "a/sample");
	say_note(sim, "a/sample");
	simulation_run(sim, 90000);
}

static enum gate
gate_of(struct simulation *sim, const char *system)
{
	return simulation_node(sim, system)->gate;
}

static int64_t
heard(struct simulation *sim, const char *system)
{
	return sample_count(simulation_node(sim, system), NOTES_HEARD, "n");
}

/* The whole machine of a is put back to before its last entries. */
static void
put_back(struct simulation *sim)
{
	struct problem refusal = {0};

	make_entries(sim);
	simulation_keep(sim, "a/sample");
	make_entries(sim);
	assert_int_equal(
	    simulation_lose(sim, "a/sample", LOSS_OF_MACHINE, &refusal), OK);
	assert_string_equal(refusal.text, ""); /* the mark fits */
}

static void
a_system_whose_history_is_confirmed_works(void **state)
{
	struct simulation *sim = pair_at_work();
	struct problem problem = {0};

	(void)state;
	assert_int_equal(gate_of(sim, "a/sample"), GATE_OPEN);
	assert_int_equal(gate_of(sim, "b/sample"), GATE_UNWITNESSED);
	make_entries(sim);
	assert_int_equal(
	    simulation_restart(sim, "a/sample", simulation_now(sim), &problem),
	    OK);
	assert_int_equal(gate_of(sim, "a/sample"), GATE_WAITING);
	simulation_run(sim, 2000);
	assert_int_equal(gate_of(sim, "a/sample"), GATE_OPEN);
	simulation_free(sim);
}

static void
a_machine_that_was_put_back_is_halted(void **state)
{
	struct simulation *sim = pair_at_work();
	int64_t before;

	(void)state;
	put_back(sim);
	simulation_run(sim, 2000);
	assert_int_equal(gate_of(sim, "a/sample"), GATE_HALTED);
	before = heard(sim, "a/sample");
	say_note(sim, "b/sample");
	simulation_run(sim, 60000);
	assert_int_equal(heard(sim, "a/sample"), before);
	simulation_free(sim);
}

static void
it_stays_halted_until_an_officer_adopts_it(void **state)
{
	struct simulation *sim = pair_at_work();
	struct problem problem = {0};
	int64_t before;

	(void)state;
	put_back(sim);
	simulation_run(sim, 2000);
	assert_int_equal(
	    simulation_restart(sim, "a/sample", simulation_now(sim), &problem),
	    OK);
	assert_int_equal(gate_of(sim, "a/sample"), GATE_HALTED);
	before = heard(sim, "a/sample");
	say_note(sim, "b/sample");
	assert_int_equal(simulation_adopt(sim, "a/sample", &problem), OK);
	simulation_run(sim, 60000);
	assert_int_equal(gate_of(sim, "a/sample"), GATE_UNWITNESSED);
	assert_int_equal(heard(sim, "a/sample"), before + 1);
	/* The same claim stops it no more. */
	assert_int_equal(
	    simulation_restart(sim, "a/sample", simulation_now(sim), &problem),
	    OK);
	simulation_run(sim, 60000);
	assert_int_equal(gate_of(sim, "a/sample"), GATE_UNWITNESSED);
	simulation_free(sim);
}

static void
without_the_claim_a_machine_that_was_put_back_works(void **state)
{
	struct simulation *sim;

	(void)state;
	if (!bug_is_possible())
		skip();
	bug_set(BUG_CLAIM_IGNORED);
	sim = pair_at_work();
	put_back(sim);
	simulation_run(sim, 20000);
	bug_set(BUG_NONE);
	assert_int_not_equal(gate_of(sim, "a/sample"), GATE_HALTED);
	simulation_free(sim);
}

static void
a_system_whose_witness_is_silent_works_after_ten_seconds(void **state)
{
	const struct simulation_faults deaf = {.lose_request = 1000};
	struct simulation *sim = pair_at_work();
	struct problem problem = {0};

	(void)state;
	make_entries(sim);
	simulation_set_faults(sim, &deaf);
	assert_int_equal(
	    simulation_restart(sim, "a/sample", simulation_now(sim), &problem),
	    OK);
	simulation_run(sim, 9000);
	assert_int_equal(gate_of(sim, "a/sample"), GATE_WAITING);
	simulation_run(sim, 2000);
	assert_int_equal(gate_of(sim, "a/sample"), GATE_UNWITNESSED);
	simulation_free(sim);
}

/* --- A hostile witness ------------------------------------------------------ */

/* The witness says that it has a tree of a's that is signed by b. */
static void
claim_falsely(struct simulation *sim)
{
	struct merkle_tree longer = {999, {{4}}};
	struct node *b = simulation_node(sim, "b/sample");
	struct node *a = simulation_node(sim, "a/sample");
	struct caller caller = {.role = ROLE_HOST};
	struct problem problem = {0};
	bool is_halted = true;
	struct turn turn;
	struct buf note;

	buf_init(&note);
	assert_int_equal(checkpoint_sign(SLICE("bango/a/sample"), &longer,
			     b->signing, &note),
	    OK);
	assert_int_equal(node_begin(a, simulation_now(sim)), OK);
	assert_int_equal(turn_open(a, &caller, &problem, &turn), OK);
	turn.state = a->parts[1].state;
	assert_ptr_equal(a->parts[1].component, &audit_component);
	assert_int_equal(
	    greeting_hear(&turn, node_id(b), buf_slice(&note), &is_halted), OK);
	assert_int_equal(turn_close(&turn, OK), OK);
	assert_int_equal(node_commit(a, &problem), OK);
	buf_done(&note);
}

static void
a_claim_that_our_key_has_not_signed_stops_nothing(void **state)
{
	struct simulation *sim = pair_at_work();

	(void)state;
	make_entries(sim);
	claim_falsely(sim);
	assert_int_equal(gate_of(sim, "a/sample"), GATE_OPEN);
	simulation_free(sim);
}

static void
without_the_signature_any_witness_could_stop_a_system(void **state)
{
	struct simulation *sim = pair_at_work();

	(void)state;
	if (!bug_is_possible())
		skip();
	make_entries(sim);
	bug_set(BUG_CLAIM_UNSIGNED);
	claim_falsely(sim);
	bug_set(BUG_NONE);
	assert_int_equal(gate_of(sim, "a/sample"), GATE_HALTED);
	simulation_free(sim);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_system_whose_history_is_confirmed_works),
	    cmocka_unit_test(a_machine_that_was_put_back_is_halted),
	    cmocka_unit_test(it_stays_halted_until_an_officer_adopts_it),
	    cmocka_unit_test(
		without_the_claim_a_machine_that_was_put_back_works),
	    cmocka_unit_test(
		a_system_whose_witness_is_silent_works_after_ten_seconds),
	    cmocka_unit_test(a_claim_that_our_key_has_not_signed_stops_nothing),
	    cmocka_unit_test(
		without_the_signature_any_witness_could_stop_a_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
