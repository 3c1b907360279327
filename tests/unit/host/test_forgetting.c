/* A batch leaves nothing of its turns in memory (decision 0032). */
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
#include "tests/support/stack.h"
#include "tests/unit/host/sample/sample.h"

#define START_MS INT64_C(1790000000000)
#define DEEP ((size_t)64 << 10) /* deeper than SQLite's commit */

/* The secret, garbled: its bytes stand nowhere but where a turn puts them. */
static const char garbled[] = "J-LIS-TFDSFU-OVNCFS";
#define SECRET_LEN (sizeof(garbled) - 1)

static const struct arena *seen_arena;

static void
write_secret(volatile char *ret)
{
	size_t i;

	for (i = 0; i < SECRET_LEN; i++)
		ret[i] = (char)(garbled[i] - 1);
}

/* A handler that forgets to wipe. */
static enum err
learn(struct turn *turn)
{
	volatile char local[DEEP];

	write_secret(local);
	write_secret(arena_alloc(turn->arena, SECRET_LEN));
	seen_arena = turn->arena;

	return OK;
}

static const struct schema schema = {.name = "probe"};
static const struct timer timers[] = {
    {"probe.learn", 0, learn, "learns a secret"}, {0}};
static const struct component probe = {
    .name = "probe", .schema = &schema, .timers = timers};
static const struct component *const components[] = {&host_component,
    &audit_component, &budget_component, &keeper_component, &probe, NULL};

static struct node *
open_node(const struct keystore *keys)
{
	static struct system probed;
	struct node_options options = {.system = &probed,
	    .database = ":memory:",
	    .keys = keys,
	    .random = random_system(),
	    .now = {START_MS}};
	struct problem problem = {0};
	struct node *node = NULL;

	probed = sample_system;
	probed.components = components;
	assert_int_equal(system_id_parse(SLICE("a/sample"), &options.id), OK);
	assert_int_equal(node_open(&options, &node, &problem), OK);

	return node;
}

static enum err
commit(struct node *node)
{
	struct problem problem = {0};

	return node_commit(node, &problem);
}

static enum err
abort_batch(struct node *node)
{
	node_abort(node);

	return OK;
}

/* The stack and the arena after a batch that ends so. */
static void look_after(enum err (*end)(struct node *node))
{
	volatile uint8_t *below = stack_below();
	uint8_t *copy = malloc(STACK_LOOKED_AT);
	struct keystore *keys = keystore_new(KEYSTORE_FAST);
	char secret[SECRET_LEN];
	struct node *node;
	json_t *jwk = NULL;

	assert_non_null(copy);
	assert_int_equal(
	    keymaking_sign(keys, (struct instant){START_MS}, &jwk), OK);
	node = open_node(keys);
	assert_int_equal(node_begin(node, (struct instant){START_MS}), OK);
	node_timers(node);
	write_secret(secret);
	stack_copy(below, copy);
	assert_non_null(memmem(copy, STACK_LOOKED_AT, secret, SECRET_LEN));
	assert_int_not_equal(arena_used(seen_arena), 0);

	assert_int_equal(end(node), OK);
	stack_copy(below, copy);
	assert_null(memmem(copy, STACK_LOOKED_AT, secret, SECRET_LEN));
	assert_int_equal(arena_used(seen_arena), 0);
	node_close(node);
	keystore_free(keys);
	json_decref(jwk);
	free(copy);
}

static void
a_commit_wipes_what_turns_left(void **state)
{
	(void)state;
	look_after(commit);
}

static void
a_batch_that_is_undone_wipes_what_turns_left(void **state)
{
	(void)state;
	look_after(abort_batch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_commit_wipes_what_turns_left),
	    cmocka_unit_test(a_batch_that_is_undone_wipes_what_turns_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
