/* Witnesses: two systems of which one signs what the other has. */
#include "components/audit/witness.h"

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
#include "host/node_internal.h"
#include "tests/unit/host/sample/pair.h"

static const struct setting of_a[] = {
    {"twin", "b/sample"}, {"witness", "b/sample"}, {0}};

static int
call(struct simulation *sim, const char *system, enum http_method method,
    const char *path, const char *body, struct buf *ret)
{
	int status = 0;

	buf_clear(ret);
	assert_int_equal(simulation_call_raw(sim, system, method, path,
			     slice_of(body), SLICE(""), &status, ret),
	    OK);

	return status;
}

/* Notes of a, each with an entry; then time for the ledger and its witness. */
static void
make_entries(struct simulation *sim, int n)
{
	static int serial;
	struct buf body, answer;

	buf_init(&body);
	buf_init(&answer);
	for (; n > 0; n--) {
		buf_clear(&body);
		buf_printf(
		    &body, "{\"id\":\"%032x\",\"text\":\"x\"}", ++serial);
		assert_int_equal(call(sim, "a/sample", HTTP_POST, "/notes",
				     body.data, &answer),
		    201);
	}
	simulation_run(sim, 90000);
	buf_done(&body);
	buf_done(&answer);
}

static uint64_t
cosigned_size(struct simulation *sim)
{
	struct arena *arena = arena_new();
	struct node *node = simulation_node(sim, "a/sample");
	struct ledger_head head;
	uint64_t size;

	assert_int_equal(
	    ledger_head_load(node_store(node), arena, "cosigned", &head), OK);
	size = head.size;
	arena_free(arena);

	return size;
}

/* --- A turn of b, or of a, by hand ------------------------------------------ */

static struct turn
by_hand(struct simulation *sim, const char *system, const char *from,
    struct problem *problem)
{
	struct node *node = simulation_node(sim, system);
	struct caller caller = {.role = ROLE_PEER, .request = SLICE("test")};
	struct turn turn;

	assert_int_equal(system_id_parse(slice_of(from), &caller.peer), OK);
	assert_int_equal(node_begin(node, simulation_now(sim)), OK);
	assert_int_equal(turn_open(node, &caller, problem, &turn), OK);
	assert_ptr_equal(node->parts[1].component, &audit_component);
	turn.state = node->parts[1].state;

	return turn;
}

static enum err
say(struct simulation *sim, const char *system, const char *from,
    const struct message_handler *handler, json_t *body)
{
	struct problem problem = {0};
	struct turn turn = by_hand(sim, system, from, &problem);
	const struct shape *shape = handler->takes->shape;
	void *input = arena_alloc(turn.arena, shape->size);
	struct message m = {.type = slice_of(handler->takes->name),
	    .from = turn.caller.peer,
	    .is = handler->takes,
	    .input = input};
	char *text = json_dumps(body, JSON_COMPACT);
	enum err rc =
	    shape_read(shape, turn.arena, slice_of(text), input, &problem);

	if (rc == OK)
		rc = handler->handle(&turn, &m);
	rc = turn_close(&turn, rc);
	free(text);
	assert_int_equal(
	    node_commit(simulation_node(sim, system), &problem), OK);
	json_decref(body);

	return rc;
}

/* A checkpoint as `a` would send it: its own key, but any tree. */
static json_t *
checkpoint_body(const struct signing_key *key, const char *origin,
    const struct merkle_tree *tree, int64_t old)
{
	json_t *body = json_object();
	struct buf note;

	buf_init(&note);
	assert_int_equal(
	    checkpoint_sign(slice_of(origin), tree, key, &note), OK);
	json_put_int(body, "old", old);
	json_put(body, "proof", json_array());
	json_put_text(body, "checkpoint", buf_slice(&note));
	buf_done(&note);

	return body;
}

/* --- Tests --------------------------------------------------------------- */

static void
a_ledger_is_cosigned_as_it_grows(void **state)
{
	struct simulation *sim = pair_new(1, NULL, of_a);
	struct buf text;
	int i;

	(void)state;
	buf_init(&text);
	for (i = 1; i <= 3; i++) {
		make_entries(sim, i == 1 ? 100 - SIMULATION_ENTRIES : 100);
		assert_int_equal(cosigned_size(sim), 100 * i);
	}
	assert_int_equal(
	    call(sim, "a/sample", HTTP_GET, "/checkpoint/cosigned", "", &text),
	    200);
	assert_true(
	    slice_has_prefix(buf_slice(&text), SLICE("bango/a/sample\n300\n")));
	assert_non_null(strstr(text.data, "\n— bango/a/sample "));
	assert_non_null(strstr(text.data, "\n— bango/b/sample "));
	/* Nobody witnesses for b. */
	assert_int_equal(
	    call(sim, "b/sample", HTTP_GET, "/checkpoint/cosigned", "", &text),
	    404);
	buf_done(&text);
	simulation_free(sim);
}

static void
who_forgot_what_was_cosigned_is_told(void **state)
{
	struct simulation *sim = pair_new(1, NULL, of_a);
	struct problem problem = {0};
	struct turn turn;

	(void)state;
	make_entries(sim, 7 - SIMULATION_ENTRIES);
	turn = by_hand(sim, "a/sample", "b/sample", &problem);
	assert_int_equal(
	    audit_head_put(turn.store, SLICE("cosigned"), 0, 0, SLICE("")), OK);
	assert_int_equal(turn_close(&turn, OK), OK);
	assert_int_equal(node_commit(turn.node, &problem), OK);
	assert_int_equal(cosigned_size(sim), 0);
	make_entries(sim, 1);
	assert_int_equal(cosigned_size(sim), 8);
	simulation_free(sim);
}

static void
a_second_history_is_kept_and_nothing_signed_any_more(void **state)
{
	struct simulation *sim = pair_new(1, NULL, of_a);
	struct signing_key *key;
	struct merkle_tree other = {7, {{1, 2, 3}}}, longer = {9, {{4}}};
	struct audit_contradictions_row found;
	struct arena *arena = arena_new();

	(void)state;
	make_entries(sim, 7 - SIMULATION_ENTRIES);
	assert_int_equal(cosigned_size(sim), 7);
	key = simulation_node(sim, "a/sample")->signing;
	assert_int_equal(
	    say(sim, "b/sample", "a/sample", &audit_component.messages[0],
		checkpoint_body(key, "bango/a/sample", &other, 7)),
	    OK);
	assert_int_equal(
	    audit_contradictions(
		node_store(simulation_node(sim, "b/sample")), arena, &found),
	    OK);
	assert_true(slice_equal_string(found.origin, "bango/a/sample"));
	assert_false(slice_equal(found.note, found.contradiction));
	arena_free(arena);
	assert_int_equal(
	    say(sim, "b/sample", "a/sample", &audit_component.messages[0],
		checkpoint_body(key, "bango/a/sample", &longer, 7)),
	    ERR_DENIED);
	make_entries(sim, 1);
	assert_int_equal(cosigned_size(sim), 7);
	simulation_free(sim);
}

static void
a_proof_that_does_not_fit_is_a_second_history(void **state)
{
	struct simulation *sim = pair_new(1, NULL, of_a);
	struct merkle_tree longer = {9, {{4}}};
	struct signing_key *key;

	(void)state;
	make_entries(sim, 7 - SIMULATION_ENTRIES);
	key = simulation_node(sim, "a/sample")->signing;
	assert_int_equal(
	    say(sim, "b/sample", "a/sample", &audit_component.messages[0],
		checkpoint_body(key, "bango/a/sample", &longer, 7)),
	    OK);
	make_entries(sim, 1);
	assert_int_equal(cosigned_size(sim), 7);
	simulation_free(sim);
}

static void
what_is_no_checkpoint_of_the_sender_is_refused(void **state)
{
	struct simulation *sim = pair_new(1, NULL, of_a);
	const struct message_handler *h = &audit_component.messages[0];
	struct merkle_tree tree = {9, {{4}}};
	struct signing_key *a, *b;
	json_t *body;

	(void)state;
	make_entries(sim, 7 - SIMULATION_ENTRIES);
	a = simulation_node(sim, "a/sample")->signing;
	b = simulation_node(sim, "b/sample")->signing;
	assert_int_equal(
	    say(sim, "b/sample", "a/sample", h, json_object()), ERR_INPUT);
	assert_int_equal(say(sim, "b/sample", "a/sample", h,
			     checkpoint_body(a, "bango/b/sample", &tree, 7)),
	    ERR_INPUT);
	assert_int_equal(say(sim, "b/sample", "a/sample", h,
			     checkpoint_body(a, "bango/a/sample", &tree, 10)),
	    ERR_INPUT);
	assert_int_equal(say(sim, "b/sample", "a/sample", h,
			     checkpoint_body(b, "bango/a/sample", &tree, 7)),
	    ERR_CRYPTO);
	body = checkpoint_body(a, "bango/a/sample", &tree, 7);
	json_put(body, "proof", json_pack("[s]", "AAAA"));
	assert_int_equal(say(sim, "b/sample", "a/sample", h, body), ERR_INPUT);
	/* None of it counted. */
	make_entries(sim, 1);
	assert_int_equal(cosigned_size(sim), 8);
	simulation_free(sim);
}

static void
only_the_witness_s_own_signature_is_taken(void **state)
{
	struct simulation *sim = pair_new(1, NULL, of_a);
	const struct message_handler *h = &audit_component.messages[1];
	struct arena *arena = arena_new();
	struct ledger_head head;
	json_t *body;

	(void)state;
	make_entries(sim, 7 - SIMULATION_ENTRIES);
	assert_int_equal(
	    ledger_head_load(node_store(simulation_node(sim, "a/sample")),
		arena, "signed", &head),
	    OK);
	body = json_object();
	json_put_text(body, "checkpoint", head.note);
	json_put_text(body, "signature", SLICE("— bango/b/sample AAAAAQ==\n"));
	assert_int_equal(say(sim, "a/sample", "b/sample", h, body), ERR_CRYPTO);
	body = json_object();
	json_put_text(body, "checkpoint", head.note);
	json_put_text(body, "signature", SLICE("none"));
	assert_int_equal(say(sim, "a/sample", "b/sample", h, body), ERR_INPUT);
	assert_int_equal(
	    say(sim, "a/sample", "b/sample", h, json_object()), ERR_INPUT);
	assert_int_equal(say(sim, "a/sample", "b/sample", h,
			     json_pack("{s:b}", "contradiction", 1)),
	    ERR_CONFLICT);
	/* It cannot have seen more than there is. */
	assert_int_equal(
	    say(sim, "a/sample", "b/sample", h, json_pack("{s:i}", "old", 99)),
	    ERR_CONFLICT);
	/* b has no witness at all. */
	assert_int_equal(
	    say(sim, "b/sample", "a/sample", h, json_object()), ERR_DENIED);
	arena_free(arena);
	simulation_free(sim);
}

/* The node of `system` wishes for a list of this peer. */
static bool
wishes_for(struct simulation *sim, const char *system, const char *peer)
{
	struct node *node = simulation_node(sim, system);
	size_t index = node_wish_revoked(node);

	return index != SIZE_MAX &&
	    strcmp(node_peer(node, index).id.text, peer) == 0;
}

static void
a_newer_list_of_revoked_keys_is_noticed(void **state)
{
	struct simulation *sim = pair_new(21, NULL, of_a);
	struct revoked_list list = {.number = 3};
	struct problem problem = {0};

	(void)state;
	make_entries(sim, 1);
	while (node_wish_revoked(simulation_node(sim, "a/sample")) != SIZE_MAX)
		;
	while (node_wish_revoked(simulation_node(sim, "b/sample")) != SIZE_MAX)
		;
	make_entries(sim, 1);
	assert_false(wishes_for(sim, "a/sample", "b/sample"));
	list.time = simulation_now(sim);
	assert_int_equal(node_take_revoked(simulation_node(sim, "b/sample"),
			     &list, SLICE("x"), simulation_now(sim), &problem),
	    OK);
	make_entries(sim, 1);
	assert_true(wishes_for(sim, "a/sample", "b/sample"));
	assert_false(wishes_for(sim, "b/sample", "a/sample"));
	/* Once it has that list, it wishes for no other. */
	assert_int_equal(node_take_revoked(simulation_node(sim, "a/sample"),
			     &list, SLICE("x"), simulation_now(sim), &problem),
	    OK);
	make_entries(sim, 1);
	assert_false(wishes_for(sim, "a/sample", "b/sample"));
	/* The log tells its witness, too. */
	list.number = 4;
	assert_int_equal(node_take_revoked(simulation_node(sim, "a/sample"),
			     &list, SLICE("x"), simulation_now(sim), &problem),
	    OK);
	make_entries(sim, 1);
	assert_true(wishes_for(sim, "b/sample", "a/sample"));
	simulation_free(sim);
}

/* --- Several witnesses ------------------------------------------------------ */

static const struct setting of_three[] = {{"twin", "b/sample"},
    {"witness", "b/sample"}, {"witness2", "c/sample"}, {"witness3", "d/sample"},
    {0}};
static const struct setting of_two[] = {{"twin", "b/sample"},
    {"witness", "b/sample"}, {"witness2", "c/sample"}, {0}};

/* `a` with these witnesses, of whom those that are no members are silent. */
static struct simulation *
several(const struct setting *settings, bool has_c, bool has_d)
{
	static const struct setting to_a[] = {{"twin", "a/sample"}, {0}};
	struct simulation *sim = pair_new(1, NULL, settings);
	struct problem problem = {0};

	if (has_c)
		assert_int_equal(simulation_add(sim, &sample_system, "c/sample",
				     to_a, &problem),
		    OK);
	if (has_d)
		assert_int_equal(simulation_add(sim, &sample_system, "d/sample",
				     to_a, &problem),
		    OK);
	make_entries(sim, 100 - SIMULATION_ENTRIES);

	return sim;
}

/* The lines under the head that counts as cosigned: the log's and those of
 * witnesses; 0 if there is none.  Ends the simulation. */
static size_t
signatures(struct simulation *sim)
{
	struct arena *arena = arena_new();
	struct node *node = simulation_node(sim, "a/sample");
	struct ledger_head head;
	struct checkpoint c = {0};
	size_t n;

	assert_int_equal(
	    ledger_head_load(node_store(node), arena, "cosigned", &head), OK);
	if (head.size > 0)
		assert_int_equal(checkpoint_parse(arena, head.note, &c), OK);
	n = c.n_signatures;
	arena_free(arena);
	simulation_free(sim);

	return n;
}

static void
two_of_three_witnesses_are_enough(void **state)
{
	(void)state;
	assert_int_equal(signatures(several(of_three, true, true)), 4);
	assert_int_equal(signatures(several(of_three, true, false)), 3);
	assert_int_equal(signatures(several(of_three, false, true)), 3);
	assert_int_equal(signatures(several(of_three, false, false)), 0);
}

static void
one_of_two_is_enough(void **state)
{
	(void)state;
	assert_int_equal(signatures(several(of_two, true, false)), 3);
	assert_int_equal(signatures(several(of_two, false, false)), 2);
}

static void
without_the_rule_a_silent_witness_stops_all(void **state)
{
	(void)state;
	if (!bug_is_possible())
		skip();
	bug_set(BUG_WITNESS_SILENT);
	assert_int_equal(signatures(several(of_three, true, false)), 0);
	bug_set(BUG_NONE);
}

/* The heads that two witnesses signed may be of another size each time. */
static void
signatures_of_one_head_are_joined_as_they_come(void **state)
{
	struct simulation *sim;
	int i;

	(void)state;
	sim = several(of_three, true, true);
	for (i = 2; i <= 30; i++) {
		make_entries(sim, 10);
		assert_int_equal(cosigned_size(sim), 100 + 10 * (i - 1));
	}
	assert_int_equal(signatures(sim), 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_newer_list_of_revoked_keys_is_noticed),
	    cmocka_unit_test(two_of_three_witnesses_are_enough),
	    cmocka_unit_test(one_of_two_is_enough),
	    cmocka_unit_test(without_the_rule_a_silent_witness_stops_all),
	    cmocka_unit_test(signatures_of_one_head_are_joined_as_they_come),
	    cmocka_unit_test(a_ledger_is_cosigned_as_it_grows),
	    cmocka_unit_test(who_forgot_what_was_cosigned_is_told),
	    cmocka_unit_test(
		a_second_history_is_kept_and_nothing_signed_any_more),
	    cmocka_unit_test(a_proof_that_does_not_fit_is_a_second_history),
	    cmocka_unit_test(what_is_no_checkpoint_of_the_sender_is_refused),
	    cmocka_unit_test(only_the_witness_s_own_signature_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
