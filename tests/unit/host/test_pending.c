/* Acts that need two holders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bug.h"
#include "base/json.h"
#include "host/pending.h"
#include "tests/unit/host/sample/pair.h"

#define A "a/sample"
#define BODY "{\"id\":\"00112233445566778899aabbccddeeff\"}"
#define OTHER_BODY "{\"id\":\"00112233445566778899aabbccddee00\"}"

struct bench {
	struct simulation *sim;
	json_t *answer;
	char path[120];
};

static void
bench_open(struct bench *b)
{
	*b = (struct bench){.sim = pair_new(1, NULL, NULL)};
}

static void
bench_close(struct bench *b)
{
	json_decref(b->answer);
	simulation_free(b->sim);
}

/* The status of a call by a holder alone. */
static int
by(struct bench *b, const char *holder, enum http_method method,
    const char *path, const char *body)
{
	struct problem problem = {0};
	struct buf text;
	int status = 0;

	buf_init(&text);
	simulation_act_as(b->sim, holder, NULL);
	assert_int_equal(simulation_call_raw(b->sim, A, method, path,
			     slice_of(body), SLICE(""), &status, &text),
	    OK);
	json_decref(b->answer);
	b->answer = NULL;
	if (text.len > 0)
		assert_int_equal(
		    json_read(buf_slice(&text), "answer", &b->answer, &problem),
		    OK);
	buf_done(&text);

	return status;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

/* A holder asks for what needs two; b->path becomes that of `act`. */
static void
ask(struct bench *b, const char *holder, const char *route, const char *act)
{
	assert_int_equal(by(b, holder, HTTP_POST, route, BODY), 202);
	snprintf(b->path, sizeof(b->path), "/pending/%s/%s",
	    text_of(b->answer, "pending"), act);
}

static size_t
n_done(struct bench *b)
{
	assert_int_equal(by(b, SIMULATION_CLERK, HTTP_GET, "/two", ""), 200);

	return (size_t)json_integer_value(json_object_get(b->answer, "done"));
}

static void
another_holder_confirms_and_both_names_stand_in_the_audit(void **state)
{
	struct sample_entry entry;
	struct bench b;

	(void)state;
	bench_open(&b);
	ask(&b, SIMULATION_CLERK, "/two", "confirmation");
	assert_string_equal(text_of(b.answer, "duty"), "hide");
	assert_int_equal(n_done(&b), 0);
	assert_int_equal(
	    by(&b, SIMULATION_CHIEF, HTTP_POST, b.path, BODY), 200);
	assert_string_equal(text_of(b.answer, "officer"), "operator, chief");
	sample_newest_entry(simulation_node(b.sim, A), &entry);
	assert_string_equal(entry.actor, "a:operator, a:chief");
	assert_int_equal(n_done(&b), 1);
	/* Once. */
	assert_int_equal(
	    by(&b, SIMULATION_CHIEF, HTTP_POST, b.path, BODY), 404);
	bench_close(&b);
}

static void
one_holder_is_not_two(void **state)
{
	struct sample_entry entry;
	struct bench b;

	(void)state;
	bench_open(&b);
	ask(&b, SIMULATION_CLERK, "/two", "confirmation");
	assert_int_equal(
	    by(&b, SIMULATION_CLERK, HTTP_POST, b.path, BODY), 403);
	sample_newest_entry(simulation_node(b.sim, A), &entry);
	assert_string_equal(entry.action, "denied");
	assert_int_equal(n_done(&b), 0);
	if (bug_is_possible()) {
		bug_set(BUG_SECOND_IS_FIRST);
		assert_int_equal(
		    by(&b, SIMULATION_CLERK, HTTP_POST, b.path, BODY), 200);
		bug_set(BUG_NONE);
		assert_int_equal(n_done(&b), 1);
	}
	bench_close(&b);
}

static void
the_second_holder_needs_the_duty_and_the_same_body(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	ask(&b, SIMULATION_CLERK, "/two", "confirmation");
	assert_int_equal(
	    by(&b, SIMULATION_CHIEF, HTTP_POST, b.path, OTHER_BODY), 409);
	/* The Commission's holders have no duty here at all. */
	assert_int_equal(
	    by(&b, SIMULATION_COMMISSIONER, HTTP_POST, b.path, BODY), 403);
	assert_int_equal(n_done(&b), 0);
	assert_int_equal(
	    by(&b, SIMULATION_CHIEF, HTTP_POST, b.path, BODY), 200);
	bench_close(&b);
}

static void
what_is_malformed_does_not_wait(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	assert_int_equal(
	    by(&b, SIMULATION_CLERK, HTTP_POST, "/two", "{}"), 400);
	assert_int_equal(
	    by(&b, SIMULATION_CHIEF, HTTP_GET, "/pending", ""), 200);
	assert_int_equal(
	    json_array_size(json_object_get(b.answer, "pending")), 0);
	bench_close(&b);
}

static void
the_same_request_waits_once(void **state)
{
	char first[33];
	struct bench b;

	(void)state;
	bench_open(&b);
	ask(&b, SIMULATION_CLERK, "/two", "confirmation");
	snprintf(first, sizeof(first), "%s", text_of(b.answer, "pending"));
	ask(&b, SIMULATION_CLERK, "/two", "confirmation");
	assert_string_equal(text_of(b.answer, "pending"), first);
	ask(&b, SIMULATION_CHIEF, "/two", "confirmation");
	assert_string_not_equal(text_of(b.answer, "pending"), first);
	bench_close(&b);
}

static void
it_is_listed_withdrawn_and_over_after_a_day(void **state)
{
	const json_t *row;
	struct bench b;

	(void)state;
	bench_open(&b);
	ask(&b, SIMULATION_CLERK, "/two", "withdrawal");
	assert_int_equal(
	    by(&b, SIMULATION_CHIEF, HTTP_GET, "/pending", ""), 200);
	row = json_array_get(json_object_get(b.answer, "pending"), 0);
	assert_string_equal(text_of(row, "route"), "POST /two");
	assert_string_equal(text_of(row, "by"), "a:operator");
	assert_int_equal(by(&b, SIMULATION_CHIEF, HTTP_POST, b.path, ""), 403);
	assert_int_equal(by(&b, SIMULATION_CLERK, HTTP_POST, b.path, ""), 200);
	assert_int_equal(by(&b, SIMULATION_CLERK, HTTP_POST, b.path, ""), 404);
	ask(&b, SIMULATION_CLERK, "/two", "confirmation");
	simulation_leap(b.sim, PENDING_MS);
	assert_int_equal(
	    by(&b, SIMULATION_CHIEF, HTTP_POST, b.path, BODY), 404);
	assert_int_equal(n_done(&b), 0);
	bench_close(&b);
}

static void
one_acts_alone_only_where_that_stops_something(void **state)
{
	struct sample_entry entry;
	const json_t *row;
	struct bench b;

	(void)state;
	bench_open(&b);
	ask(&b, SIMULATION_CLERK, "/two", "emergency?reason=now");
	assert_int_equal(
	    by(&b, SIMULATION_CLERK, HTTP_POST, b.path, BODY), 403);
	ask(&b, SIMULATION_CLERK, "/stop", "emergency");
	assert_int_equal(
	    by(&b, SIMULATION_CLERK, HTTP_POST, b.path, BODY), 400);
	ask(&b, SIMULATION_CLERK, "/stop", "emergency?reason=stolen");
	assert_int_equal(
	    by(&b, SIMULATION_CHIEF, HTTP_POST, b.path, BODY), 403);
	assert_int_equal(n_done(&b), 0);
	assert_int_equal(
	    by(&b, SIMULATION_CLERK, HTTP_POST, b.path, BODY), 200);
	sample_newest_entry(simulation_node(b.sim, A), &entry);
	assert_string_equal(entry.actor, "a:operator");
	assert_int_equal(n_done(&b), 1);
	/* The others see it, longer than a day. */
	simulation_leap(b.sim, PENDING_MS);
	assert_int_equal(
	    by(&b, SIMULATION_CHIEF, HTTP_GET, "/pending", ""), 200);
	row = json_array_get(json_object_get(b.answer, "pending"), 0);
	assert_string_equal(text_of(row, "emergency"), "stolen");
	bench_close(&b);
}

static void
a_handler_may_ask_for_a_second_holder(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	assert_int_equal(
	    by(&b, SIMULATION_CLERK, HTTP_POST, "/grants?amount=10", BODY),
	    200);
	ask(&b, SIMULATION_CLERK, "/grants?amount=11", "confirmation");
	assert_int_equal(n_done(&b), 1);
	assert_int_equal(
	    by(&b, SIMULATION_CHIEF, HTTP_POST, b.path, BODY), 200);
	assert_int_equal(n_done(&b), 2);
	bench_close(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		another_holder_confirms_and_both_names_stand_in_the_audit),
	    cmocka_unit_test(one_holder_is_not_two),
	    cmocka_unit_test(
		the_second_holder_needs_the_duty_and_the_same_body),
	    cmocka_unit_test(what_is_malformed_does_not_wait),
	    cmocka_unit_test(the_same_request_waits_once),
	    cmocka_unit_test(it_is_listed_withdrawn_and_over_after_a_day),
	    cmocka_unit_test(one_acts_alone_only_where_that_stops_something),
	    cmocka_unit_test(a_handler_may_ask_for_a_second_holder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
