/* Refusals of callers without a certificate are counted, and leave no row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bug.h"
#include "notes_statements.h"
#include "tests/unit/host/sample/pair.h"

static void
ask(struct node *node, const char *path, bool has_certificate)
{
	struct http_call call = {.method = HTTP_GET,
	    .doors = HTTP_DOOR_PEERS,
	    .path = slice_of(path),
	    .has_certificate = has_certificate};
	struct problem problem = {0};
	struct node_reply reply = {0};

	assert_int_equal(node_begin(node, START), OK);
	node_request(node, &call, &reply);
	assert_int_equal(node_commit(node, &problem), OK);
	assert_true(reply.status == 403 || reply.status == 401);
	node_reply_done(&reply);
}

static int64_t
entries(struct simulation *sim)
{
	return sample_count(
	    simulation_node(sim, "a/sample"), NOTES_AUDITS, "n");
}

static void
only_a_certificate_leaves_a_trace(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);
	struct node *node = simulation_node(sim, "a/sample");
	json_t *status = NULL;
	int64_t before;
	int code;

	(void)state;
	assert_int_equal(simulation_settle(sim, 10000), OK);
	before = entries(sim);
	ask(node, "/status", false);
	ask(node, "/mine", false);
	assert_int_equal(entries(sim), before);
	ask(node, "/status", true);
	assert_int_equal(entries(sim), before + 1);
	assert_int_equal(simulation_call(sim, "a/sample", HTTP_GET, "/status",
			     NULL, &code, &status),
	    OK);
	assert_int_equal(
	    json_integer_value(json_object_get(status, "denied")), 3);
	json_decref(status);
	if (bug_is_possible()) {
		before = entries(sim);
		bug_set(BUG_ANONYMOUS_AUDITED);
		ask(node, "/status", false);
		bug_set(BUG_NONE);
		assert_int_equal(entries(sim), before + 1);
	}
	simulation_free(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_a_certificate_leaves_a_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
