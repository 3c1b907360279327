/* A posting of envelopes that is taken in pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bug.h"
#include "host/node_internal.h"
#include "notes_statements.h"
#include "tests/unit/host/sample/pair.h"

#define PIECES 3

/* A posting of PIECES notes of a's, which b takes one by one. */
struct pieces {
	struct simulation *sim;
	struct buf batch, receipt;
	struct intake intake;
};

/* The place of b among the peers of a. */
static size_t
index_of_b(struct node *a)
{
	size_t i = 0;

	while (strcmp(node_peer(a, i).id.text, "b/sample") != 0)
		i++;

	return i;
}

static void
gather(struct pieces *p)
{
	struct node *a = simulation_node(p->sim, "a/sample");
	struct posting posting = {.max_bytes = 1 << 20};

	assert_int_equal(node_outbox(a, index_of_b(a), START, &posting), OK);
	buf_add(&p->batch, buf_slice(&posting.batch));
	buf_done(&posting.batch);
}

static void
pieces_begin(struct pieces *p)
{
	struct buf body, answer;
	int i, status;

	*p = (struct pieces){.sim = pair_new(1, NULL, NULL)};
	p->intake.until = 1; /* over, whenever it is asked */
	buf_init(&p->batch);
	buf_init(&p->receipt);
	buf_init(&body);
	buf_init(&answer);
	for (i = 0; i < PIECES; i++) {
		buf_clear(&body);
		buf_printf(&body, "{\"id\":\"%032x\",\"text\":\"x\"}", i + 1);
		assert_int_equal(
		    simulation_call_raw(p->sim, "a/sample", HTTP_POST, "/notes",
			buf_slice(&body), SLICE(""), &status, &answer),
		    OK);
	}
	buf_done(&body);
	buf_done(&answer);
	gather(p);
}

static void
pieces_end(struct pieces *p)
{
	buf_done(&p->batch);
	buf_done(&p->receipt);
	intake_done(&p->intake);
	simulation_free(p->sim);
}

static int64_t
heard(const struct pieces *p)
{
	return sample_count(
	    simulation_node(p->sim, "b/sample"), NOTES_HEARD, "n");
}

static void
take_piece(struct pieces *p, bool commits)
{
	struct node *b = simulation_node(p->sim, "b/sample");
	struct fingerprint fp = {digest_of(SLICE("a/sample"))};
	struct problem problem = {0};

	assert_int_equal(node_begin(b, START), OK);
	assert_int_equal(node_receive_part(b, &fp, buf_slice(&p->batch),
			     &p->intake, &p->receipt, &problem),
	    OK);
	if (!commits) {
		node_abort(b);
		return;
	}
	assert_int_equal(node_commit(b, &problem), OK);
	intake_keep(&p->intake);
}

/* The sender has a receipt for all of them, and nothing waits any more. */
static void
assert_settled(struct pieces *p)
{
	struct node *a = simulation_node(p->sim, "a/sample");
	struct problem problem = {0};
	size_t b = index_of_b(a);

	assert_int_equal(node_begin(a, START), OK);
	assert_int_equal(
	    node_settle(a, b, buf_slice(&p->receipt), &problem), OK);
	assert_int_equal(node_commit(a, &problem), OK);
	assert_int_equal(
	    node_outbox(a, b, START, &(struct posting){.max_bytes = 1 << 20}),
	    ERR_NOT_FOUND);
}

static void
a_posting_leaves_others_their_turn_between_envelopes(void **state)
{
	struct pieces p;
	int i;

	(void)state;
	pieces_begin(&p);
	for (i = 1; i <= PIECES; i++) {
		assert_int_equal(p.receipt.len, 0);
		take_piece(&p, true);
		assert_int_equal(heard(&p), i);
		assert_int_equal(p.intake.is_whole, i == PIECES);
	}
	assert_settled(&p);
	pieces_end(&p);
	if (!bug_is_possible())
		return;
	bug_set(BUG_POSTING_WHOLE);
	pieces_begin(&p);
	take_piece(&p, true);
	assert_int_equal(heard(&p), PIECES);
	bug_set(BUG_NONE);
	pieces_end(&p);
}

static void
a_piece_that_is_not_committed_is_taken_again(void **state)
{
	struct pieces p;
	int i;

	(void)state;
	pieces_begin(&p);
	for (i = 1; i <= PIECES; i++) {
		take_piece(&p, false);
		buf_clear(&p.receipt);
		take_piece(&p, true);
		assert_int_equal(heard(&p), i);
	}
	assert_true(p.intake.is_whole);
	assert_settled(&p);
	pieces_end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_posting_leaves_others_their_turn_between_envelopes),
	    cmocka_unit_test(a_piece_that_is_not_committed_is_taken_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
