/* Holders of certificates: their times, their changes, their names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/node_internal.h"
#include "tests/unit/host/sample/pair.h"

#define DAY_MS (24 * 3600 * 1000ll)

struct bench {
	struct simulation *sim;
	struct node *node;
	struct holder holder;
};

static void
set(struct bench *b, size_t n)
{
	struct problem problem = {0};

	assert_int_equal(
	    node_set_holders(b->node, &b->holder, n, START, &problem), OK);
}

static void
bench_open(struct bench *b)
{
	b->sim = pair_new(1, NULL, NULL);
	b->node = simulation_node(b->sim, "a/sample");
	b->holder = (struct holder){.fingerprint = {digest_of(SLICE("hanako"))},
	    .organisation = SLICE("a"),
	    .name = SLICE("山田花子"),
	    .duties = RIGHT_BIT(DUTY_EVIDENCE) | RIGHT_BIT(DUTY_STATUS),
	    .since = instant_plus(START, -DAY_MS),
	    .until = instant_plus(START, DAY_MS)};
	set(b, 1);
}

/* The status of a GET by the holder, and its problem. */
static int
get_at(
    struct bench *b, const char *path, struct instant now, struct problem *ret)
{
	struct http_call call = {.method = HTTP_GET,
	    .doors = HTTP_DOOR_PEERS,
	    .path = slice_of(path),
	    .has_certificate = true,
	    .fingerprint = b->holder.fingerprint};
	struct node_reply reply = {0};
	struct problem problem = {0};

	assert_int_equal(node_begin(b->node, now), OK);
	node_request(b->node, &call, &reply);
	assert_int_equal(node_commit(b->node, &problem), OK);
	*ret = reply.problem;
	node_reply_done(&reply);

	return reply.status;
}

static int
get(struct bench *b, const char *path)
{
	struct problem problem = {0};

	return get_at(b, path, START, &problem);
}

/* The newest entry of the audit. */
static void
assert_audit(struct bench *b, const char *actor, const char *action,
    const char *subject, const char *basis)
{
	struct sample_entry entry;

	sample_newest_entry(b->node, &entry);
	assert_string_equal(entry.actor, actor);
	assert_string_equal(entry.action, action);
	assert_string_equal(entry.subject, subject);
	assert_string_equal(entry.basis, basis);
}

static void
a_refusal_names_the_duty_and_the_audit_the_holder(void **state)
{
	struct problem problem = {0};
	struct bench b;

	(void)state;
	bench_open(&b);
	assert_int_equal(get(&b, "/status"), 200);
	assert_int_equal(get_at(&b, "/heard/1", START, &problem), 403);
	assert_string_equal(problem.text,
	    "this certificate lacks the duty \"look\", which /heard/{id} "
	    "needs");
	assert_audit(&b, "a:山田花子", "denied", "/heard/{id}", "");
	simulation_free(b.sim);
}

static void
duties_begin_and_end(void **state)
{
	struct problem problem = {0};
	struct bench b;

	(void)state;
	bench_open(&b);
	b.holder.since = instant_plus(START, 1);
	set(&b, 1);
	assert_int_equal(get(&b, "/status"), 403);
	assert_int_equal(
	    get_at(&b, "/status", instant_plus(b.holder.until, -1), &problem),
	    200);
	assert_int_equal(get_at(&b, "/status", b.holder.until, &problem), 403);
	assert_non_null(strstr(problem.text, "has no duties here now"));
	assert_non_null(strstr(problem.text, "\"status\""));
	simulation_free(b.sim);
}

static void
a_revoked_holder_has_no_duties(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	b.holder.revoked = START;
	set(&b, 1);
	assert_audit(
	    &b, "host", "holder.revoke", "a:山田花子", "status evidence");
	assert_int_equal(get(&b, "/status"), 403);
	simulation_free(b.sim);
}

static void
who_is_named_no_more_is_a_stranger(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	set(&b, 0);
	assert_audit(&b, "host", "holder.drop", "a:山田花子", "");
	assert_int_equal(get(&b, "/status"), 403);
	assert_true(slice_equal_string(
	    node_organisation(b.node, &b.holder.fingerprint), "(unknown)"));
	simulation_free(b.sim);
}

static void
only_a_change_is_an_entry(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	assert_audit(&b, "host", "holder.drop", "a:chief", "");
	assert_int_equal(get(&b, "/heard/1"), 403);
	set(&b, 1);
	assert_audit(&b, "a:山田花子", "denied", "/heard/{id}", "");
	b.holder.duties |= RIGHT_BIT(DUTY_LOOK);
	set(&b, 1);
	assert_audit(
	    &b, "host", "holder.set", "a:山田花子", "look status evidence");
	assert_int_not_equal(
	    get(&b, "/heard/00112233445566778899aabbccddeeff"), 403);
	simulation_free(b.sim);
}

static void
duties_are_written_as_they_are_read(void **state)
{
	struct buf names;

	(void)state;
	buf_init(&names);
	duties_write(DUTIES_ALL, &names);
	assert_true(duties_read(buf_slice(&names)) == DUTIES_ALL);
	buf_clear(&names);
	duties_write(0, &names);
	assert_int_equal(names.len, 0);
	assert_true(
	    duties_read(SLICE("look of-a-later-day commission.freeze")) ==
	    (RIGHT_BIT(DUTY_LOOK) | RIGHT_BIT(DUTY_COMMISSION_FREEZE)));
	buf_done(&names);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_refusal_names_the_duty_and_the_audit_the_holder),
	    cmocka_unit_test(duties_begin_and_end),
	    cmocka_unit_test(a_revoked_holder_has_no_duties),
	    cmocka_unit_test(who_is_named_no_more_is_a_stranger),
	    cmocka_unit_test(only_a_change_is_an_entry),
	    cmocka_unit_test(duties_are_written_as_they_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
