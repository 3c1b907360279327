/* Figures of status: when rows are counted, and when the last count stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "host/counts.h"
#include "notes_statements.h"
#include "tests/unit/host/sample/pair.h"

#define DOUBLINGS 17
#define MANY (1 << DOUBLINGS)
/* For how long MANY rows need not be counted again. */
#define GOOD_MS (MANY / COUNTS_ROWS_PER_MS)

struct figures {
	int64_t heard, worded;
	/* The first entry of `waiting`. */
	int64_t messages, oldest_seconds;
};

/* Within a batch. */
static void
hear(struct node *node, const char *text)
{
	struct query q;

	store_query(node_store(node), NOTES_HEARD_PUT, &q);
	query_text(&q, "id", SLICE("x"));
	query_text(&q, "text", slice_of(text));
	assert_int_equal(query_run(&q), OK);
}

static void
begin(struct node *node, int64_t ms)
{
	assert_int_equal(node_begin(node, instant_plus(START, ms)), OK);
}

static void
commit(struct node *node)
{
	struct problem problem = {0};

	assert_int_equal(node_commit(node, &problem), OK);
}

/* Within a batch. */
static struct figures
read_status(struct node *node)
{
	struct http_call request = {.method = HTTP_GET,
	    .doors = HTTP_DOOR_PEERS,
	    .path = SLICE("/status"),
	    .has_certificate = true};
	struct node_reply reply = {0};
	struct problem problem = {0};
	struct figures ret;
	json_t *status, *counts, *waiting;

	request.fingerprint.digest = digest_of(SLICE("operator"));
	buf_init(&reply.body);
	node_request(node, &request, &reply);
	assert_int_equal(reply.status, 200);
	assert_int_equal(
	    json_read(buf_slice(&reply.body), "status", &status, &problem), OK);
	counts = json_object_get(status, "counts");
	ret.heard = json_integer_value(json_object_get(counts, "heard"));
	ret.worded = json_integer_value(json_object_get(counts, "worded"));
	waiting = json_array_get(json_object_get(status, "waiting"), 0);
	ret.messages = json_integer_value(json_object_get(waiting, "messages"));
	ret.oldest_seconds =
	    json_integer_value(json_object_get(waiting, "oldest_seconds"));
	json_decref(status);
	node_reply_done(&reply);

	return ret;
}

static void
assert_figures(struct node *node, int64_t ms, int64_t heard, int64_t worded)
{
	struct figures figures;

	begin(node, ms);
	figures = read_status(node);
	commit(node);
	assert_int_equal(figures.heard, heard);
	assert_int_equal(figures.worded, worded);
}

static void
hear_in_a_batch(struct node *node, int64_t ms, const char *text)
{
	begin(node, ms);
	hear(node, text);
	commit(node);
}

static void
hear_many(struct node *node, int doublings)
{
	struct query q;
	int i;

	begin(node, 0);
	hear(node, "x");
	for (i = 0; i < doublings; i++) {
		store_query(node_store(node), NOTES_HEARD_DOUBLE, &q);
		assert_int_equal(query_run(&q), OK);
	}
	commit(node);
}

static void
up_to_a_hundred_thousand_are_counted_each_time(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *node = simulation_node(sim, "a/sample");
	int64_t half = MANY / 2;

	(void)state;
	assert_true(half < COUNTS_ALWAYS);
	assert_figures(node, 0, 0, 0);
	hear_many(node, DOUBLINGS - 1);
	assert_figures(node, 0, half, half);
	hear_in_a_batch(node, 0, "x");
	assert_figures(node, 0, half + 1, half + 1);
	hear_in_a_batch(node, 0, "");
	assert_figures(node, 0, half + 2, half + 1);
	simulation_free(sim);
}

static void
many_are_counted_again_after_a_time_that_grows_with_them(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *node = simulation_node(sim, "a/sample");

	(void)state;
	hear_many(node, DOUBLINGS);
	assert_figures(node, 0, MANY, MANY);
	hear_in_a_batch(node, 0, "x");
	assert_figures(node, GOOD_MS - 1, MANY, MANY);
	assert_figures(node, GOOD_MS, MANY + 1, MANY + 1);
	simulation_free(sim);
}

static void
a_difference_is_of_one_moment(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *node = simulation_node(sim, "a/sample");

	(void)state;
	hear_many(node, DOUBLINGS);
	hear_in_a_batch(node, 0, "");
	assert_figures(node, 0, MANY + 1, MANY);
	hear_in_a_batch(node, 0, "");
	assert_figures(node, GOOD_MS - 1, MANY + 1, MANY);
	assert_figures(node, GOOD_MS, MANY + 2, MANY);
	simulation_free(sim);
}

static void
rows_of_a_batch_that_was_undone_are_not_kept(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *node = simulation_node(sim, "a/sample");
	struct problem problem = {0};

	(void)state;
	hear_many(node, DOUBLINGS);
	begin(node, 0);
	hear(node, "x");
	assert_int_equal(read_status(node).heard, MANY + 1);
	node_abort(node);
	assert_figures(node, 0, MANY, MANY);
	begin(node, GOOD_MS);
	hear(node, "x");
	assert_int_equal(read_status(node).heard, MANY + 1);
	store_inject(node_store(node), 1, ERR_IO);
	assert_int_equal(node_commit(node, &problem), ERR_IO);
	assert_figures(node, GOOD_MS, MANY, MANY);
	simulation_free(sim);
}

/* Within a batch; the status. */
static int
post_note(struct node *node, const char *body)
{
	struct http_call request = {.method = HTTP_POST,
	    .doors = HTTP_DOOR_PEERS,
	    .path = SLICE("/notes"),
	    .content_type = SLICE("application/json"),
	    .body = slice_of(body),
	    .has_certificate = true};
	struct node_reply reply = {0};

	request.fingerprint.digest = digest_of(SLICE("operator"));
	buf_init(&reply.body);
	node_request(node, &request, &reply);
	node_reply_done(&reply);

	return reply.status;
}

struct attempt {
	struct node *node;
	int times;
	int64_t seen; /* the last time */
};

/* The first time more is written; what comes last owes an audit entry. */
static void
work(void *state)
{
	struct attempt *a = state;

	if (a->times++ == 0)
		hear(a->node, "x");
	a->seen = read_status(a->node).heard;
	assert_int_equal(post_note(a->node,
			     "{\"id\":\"00112233445566778899aabbccddeeff\","
			     "\"text\":\"x\",\"unaudited\":true}"),
	    500);
}

static void
rows_of_a_batch_that_is_repeated_are_not_kept(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct attempt a = {.node = simulation_node(sim, "a/sample")};

	(void)state;
	hear_many(a.node, DOUBLINGS);
	assert_int_equal(node_perform(a.node, START, work, &a), OK);
	commit(a.node);
	assert_int_equal(a.times, 2);
	assert_int_equal(a.seen, MANY);
	simulation_free(sim);
}

static void
tell(struct node *node, int64_t ms, const char *body)
{
	begin(node, ms);
	assert_int_equal(post_note(node, body), 201);
	commit(node);
}

static void
what_waits_is_counted_and_the_oldest_timed(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *node = simulation_node(sim, "a/sample");
	struct figures figures;

	(void)state;
	tell(node, 0,
	    "{\"id\":\"00112233445566778899aabbccddee01\",\"text\":\"x\"}");
	tell(node, 5000,
	    "{\"id\":\"00112233445566778899aabbccddee02\",\"text\":\"x\"}");
	begin(node, 9000);
	figures = read_status(node);
	commit(node);
	assert_int_equal(figures.messages, 2);
	assert_int_equal(figures.oldest_seconds, 9);
	simulation_free(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(up_to_a_hundred_thousand_are_counted_each_time),
	    cmocka_unit_test(
		many_are_counted_again_after_a_time_that_grows_with_them),
	    cmocka_unit_test(a_difference_is_of_one_moment),
	    cmocka_unit_test(rows_of_a_batch_that_was_undone_are_not_kept),
	    cmocka_unit_test(rows_of_a_batch_that_is_repeated_are_not_kept),
	    cmocka_unit_test(what_waits_is_counted_and_the_oldest_timed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
