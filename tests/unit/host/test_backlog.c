/* Backlogs: a system that asks and does not listen waits, and nobody else. */
#include "host/backlog.h"

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
#include "notes_statements.h"
#include "tests/support/scratch.h"
#include "tests/unit/host/sample/pair.h"

#define ASKER "a/sample"
#define ANSWERER "b/sample"
#define OTHER "c/sample"
#define BOUND_MESSAGES 3
#define BOUND_BYTES (BOUND_MESSAGES * BACKLOG_MESSAGE_BYTES)

/* a and c ask b. */
static struct simulation *
open_three(void)
{
	static const struct setting to_b[] = {{"twin", ANSWERER}, {0}};
	static const struct setting of_b[] = {
	    {"twin", ASKER}, {"outbox_mib", "1"}, {0}};
	static const struct {
		const char *id;
		const struct setting *settings;
	} systems[] = {{ASKER, to_b}, {ANSWERER, of_b}, {OTHER, to_b}};
	struct problem problem = {0};
	struct simulation *sim = NULL;
	size_t i;

	assert_int_equal(
	    simulation_new(1, scratch_folder(), NULL, START, &sim, &problem),
	    OK);
	for (i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		assert_int_equal(
		    simulation_add(sim, &sample_system, systems[i].id,
			systems[i].settings, &problem),
		    OK);
	simulation_run(sim, 1);
	assert_int_equal(
	    simulation_node(sim, ANSWERER)->backlogs.bound, 1 << 20);
	simulation_node(sim, ANSWERER)->backlogs.bound = BOUND_BYTES;

	return sim;
}

static size_t
index_of(struct node *node, const char *peer)
{
	size_t i = 0;

	while (strcmp(node_peer(node, i).id.text, peer) != 0)
		i++;

	return i;
}

/* `from` leaves b a message that b answers. */
static void
ask(struct simulation *sim, const char *from)
{
	struct node *node = simulation_node(sim, from);
	struct caller caller = {.role = ROLE_HOST};
	struct problem problem = {0};
	struct system_id to;
	struct turn turn;
	char body[80];
	static int serial;

	assert_int_equal(system_id_parse(slice_of(ANSWERER), &to), OK);
	snprintf(body, sizeof(body),
	    "{\"id\":\"%032x\",\"text\":\"list them\"}", ++serial);
	assert_int_equal(node_begin(node, START), OK);
	assert_int_equal(turn_open(node, &caller, &problem, &turn), OK);
	assert_int_equal(
	    turn_close(
		&turn, turn_send_text(&turn, &to, "note.told", slice_of(body))),
	    OK);
	assert_int_equal(node_commit(node, &problem), OK);
}

/* Carry what one has for the other, and the receipt back.  Without `kept` the
 * receiver undoes its batch, and there is no receipt. */
static void
carry(struct simulation *sim, const char *from, const char *to,
    struct instant now, bool kept)
{
	struct node *a = simulation_node(sim, from);
	struct node *b = simulation_node(sim, to);
	struct fingerprint fp = {digest_of(slice_of(from))};
	struct posting p = {.max_bytes = 1 << 20};
	struct problem problem = {0};
	struct buf receipt;
	size_t peer = index_of(a, to);

	if (node_outbox(a, peer, now, &p))
		return;
	buf_init(&receipt);
	assert_int_equal(node_begin(b, now), OK);
	assert_int_equal(
	    node_receive(b, &fp, buf_slice(&p.batch), &receipt, &problem), OK);
	if (kept) {
		assert_int_equal(node_commit(b, &problem), OK);
		assert_int_equal(node_begin(a, now), OK);
		assert_int_equal(
		    node_settle(a, peer, buf_slice(&receipt), &problem), OK);
		assert_int_equal(node_commit(a, &problem), OK);
	} else
		node_abort(b);
	buf_done(&receipt);
	buf_done(&p.batch);
}

/* The rows of a node's outbox. */
static int64_t
waiting(struct simulation *sim, const char *of, const char *peer)
{
	struct host_outbox_peers_row row;
	struct query q;
	int64_t n = 0;

	host_outbox_peers_rows(simulation_node(sim, of)->store, &q);
	while (host_outbox_peers_next(&q, &row) == OK)
		n += strcmp(row.peer.text, peer) == 0 ? row.pending : 0;
	query_done(&q);

	return n;
}

/* a asks `n` times and does not listen. */
static void
ask_and_be_deaf(struct simulation *sim, int n)
{
	while (n-- > 0)
		ask(sim, ASKER);
	carry(sim, ASKER, ANSWERER, START, true);
}

static void
who_asks_and_does_not_listen_waits(void **state)
{
	struct simulation *sim = open_three();
	struct node *b = simulation_node(sim, ANSWERER);

	(void)state;
	ask_and_be_deaf(sim, 2 * BOUND_MESSAGES);
	assert_int_equal(waiting(sim, ANSWERER, ASKER), BOUND_MESSAGES);
	assert_int_equal(waiting(sim, ASKER, ANSWERER), BOUND_MESSAGES);
	assert_int_equal(b->n.put_off, BOUND_MESSAGES);
	simulation_free(sim);
}

static void
a_receipt_that_settles_nothing_is_not_kept(void **state)
{
	struct simulation *sim = open_three();
	struct node *a = simulation_node(sim, ASKER);
	int64_t kept;

	(void)state;
	ask_and_be_deaf(sim, 2 * BOUND_MESSAGES);
	kept = sample_count(a, NOTES_RECEIPTS, "n");
	assert_int_equal(kept, 1);
	carry(sim, ASKER, ANSWERER, instant_plus(START, 1000), true);
	assert_int_equal(waiting(sim, ASKER, ANSWERER), BOUND_MESSAGES);
	assert_int_equal(sample_count(a, NOTES_RECEIPTS, "n"), kept);
	simulation_free(sim);
}

static void
without_the_check_its_outbox_grows(void **state)
{
	struct simulation *sim;

	(void)state;
	if (!bug_is_possible())
		skip();
	sim = open_three();
	bug_set(BUG_OUTBOX_ENDLESS);
	ask_and_be_deaf(sim, 2 * BOUND_MESSAGES);
	bug_set(BUG_NONE);
	assert_int_equal(waiting(sim, ANSWERER, ASKER), 2 * BOUND_MESSAGES);
	simulation_free(sim);
}

static void
nobody_else_waits(void **state)
{
	struct simulation *sim = open_three();

	(void)state;
	ask_and_be_deaf(sim, BOUND_MESSAGES + 1);
	ask(sim, OTHER);
	carry(sim, OTHER, ANSWERER, START, true);
	assert_int_equal(waiting(sim, OTHER, ANSWERER), 0);
	assert_int_equal(waiting(sim, ANSWERER, OTHER), 1);
	simulation_free(sim);
}

/* The cause of messages in a turn of such a caller. */
static const struct system_id *
cause_for(struct node *node, enum role role, const char *peer)
{
	static struct turn turn;

	turn = (struct turn){.node = node, .caller = {.role = role}};
	assert_int_equal(
	    system_id_parse(slice_of(peer), &turn.caller.peer), OK);

	return backlog_cause(&turn);
}

/* An organisation fills its own disk as it likes. */
static void
our_own_organisation_has_no_bound(void **state)
{
	struct simulation *sim = open_three();
	struct node *b = simulation_node(sim, ANSWERER);

	(void)state;
	assert_null(cause_for(b, ROLE_PEER, "b/other"));
	assert_null(cause_for(b, ROLE_HOST, ASKER));
	assert_null(cause_for(b, ROLE_HOLDER, ASKER));
	assert_string_equal(cause_for(b, ROLE_PEER, ASKER)->text, ASKER);
	simulation_free(sim);
}

static void
what_causes_no_message_is_taken_from_a_full_one(void **state)
{
	struct simulation *sim = open_three();
	json_t *answer = NULL;
	int status = 0;

	(void)state;
	ask_and_be_deaf(sim, BOUND_MESSAGES + 1);
	assert_int_equal(
	    simulation_call(sim, ASKER, HTTP_POST, "/notes",
		json_pack("{s:s,s:s}", "id", "00112233445566778899aabbccddeeff",
		    "text", "x"),
		&status, &answer),
	    OK);
	json_decref(answer);
	assert_int_equal(status, 201);
	simulation_run(sim, 1000);
	assert_int_equal(
	    sample_count(simulation_node(sim, ANSWERER), NOTES_HEARD, "n"), 1);
	simulation_free(sim);
}

static void
all_is_delivered_when_it_listens_again(void **state)
{
	struct simulation *sim = open_three();
	struct instant then = START;
	int i;

	(void)state;
	ask_and_be_deaf(sim, 4 * BOUND_MESSAGES);
	for (i = 0; i < 8; i++) {
		carry(sim, ANSWERER, ASKER, then, true);
		then = instant_plus(then, 60000);
		carry(sim, ASKER, ANSWERER, then, true);
	}
	assert_int_equal(waiting(sim, ASKER, ANSWERER), 0);
	assert_int_equal(waiting(sim, ANSWERER, ASKER), 0);
	assert_int_equal(
	    simulation_node(sim, ANSWERER)->backlogs.all[0].bytes, 0);
	simulation_free(sim);
}

static void
an_undone_batch_counts_nothing(void **state)
{
	struct simulation *sim = open_three();
	struct node *b = simulation_node(sim, ANSWERER);

	(void)state;
	ask(sim, ASKER);
	carry(sim, ASKER, ANSWERER, START, false);
	assert_int_equal(b->backlogs.n_changes, 0);
	assert_int_equal(b->backlogs.all[0].messages, 0);
	simulation_free(sim);
}

static void
a_restart_counts_what_waits(void **state)
{
	struct simulation *sim = open_three();
	struct problem problem = {0};
	struct node *b;

	(void)state;
	ask_and_be_deaf(sim, 2);
	assert_int_equal(
	    simulation_restart(sim, ANSWERER, START, &problem), OK);
	b = simulation_node(sim, ANSWERER);
	assert_int_equal(b->backlogs.n, 1);
	assert_string_equal(b->backlogs.all[0].cause.text, ASKER);
	assert_string_equal(b->backlogs.all[0].to.text, ASKER);
	assert_int_equal(b->backlogs.all[0].messages, 2);
	assert_int_equal(b->backlogs.all[0].bytes, 2 * BACKLOG_MESSAGE_BYTES);
	simulation_free(sim);
}

static void
the_status_names_who_waits(void **state)
{
	struct simulation *sim = open_three();
	json_t *answer = NULL;
	const json_t *row;
	int status = 0;

	(void)state;
	ask_and_be_deaf(sim, BOUND_MESSAGES);
	assert_int_equal(simulation_call(sim, ANSWERER, HTTP_GET, "/status",
			     NULL, &status, &answer),
	    OK);
	row = json_array_get(json_object_get(answer, "backlogs"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "cause")), ASKER);
	assert_string_equal(
	    json_string_value(json_object_get(row, "peer")), ASKER);
	assert_int_equal(
	    json_integer_value(json_object_get(row, "bytes")), BOUND_BYTES);
	assert_int_equal(
	    json_integer_value(json_object_get(row, "bound")), BOUND_BYTES);
	assert_int_equal(
	    json_integer_value(json_object_get(answer, "backlog_percent")),
	    100);
	json_decref(answer);
	simulation_free(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_asks_and_does_not_listen_waits),
	    cmocka_unit_test(a_receipt_that_settles_nothing_is_not_kept),
	    cmocka_unit_test(without_the_check_its_outbox_grows),
	    cmocka_unit_test(nobody_else_waits),
	    cmocka_unit_test(our_own_organisation_has_no_bound),
	    cmocka_unit_test(what_causes_no_message_is_taken_from_a_full_one),
	    cmocka_unit_test(all_is_delivered_when_it_listens_again),
	    cmocka_unit_test(an_undone_batch_counts_nothing),
	    cmocka_unit_test(a_restart_counts_what_waits),
	    cmocka_unit_test(the_status_names_who_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
