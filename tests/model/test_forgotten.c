/*
 * The host wipes STACK_WIPE_BYTES of the stack after each batch (decision
 * 0032): no turn of the nation reaches deeper.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/model/world.h"
#include "tests/support/stack.h"

#define FRAMES ((size_t)16384) /* between the test and the wipe, and below */

static void
live_a_story(struct world *w)
{
	struct story_port port = world_story_port(w);
	struct problem problem = {0};
	struct story story;

	world_import(w, "012041");
	world_import(w, "131041");
	world_wait_for(w, "131041/relay", "linked", WORLD_RESIDENTS + 2);
	if (story_tell(&port, &w->random, &story, &problem))
		fail_msg("step %d: %s", story.n_steps, problem.text);
}

static void
no_turn_reaches_deeper_than_what_is_wiped(void **state)
{
	volatile uint8_t *below = stack_below();
	uint8_t *copy = malloc(STACK_LOOKED_AT);
	struct world w = {0};
	size_t untouched = 0;

	(void)state;
	assert_non_null(copy);
	world_open(&w, 1);
	stack_paint(below);
	live_a_story(&w);
	stack_copy(below, copy);
	while (untouched < STACK_LOOKED_AT && copy[untouched] == STACK_PAINT)
		untouched++;
	/* The wipe reached so far down, and nothing reached further. */
	assert_in_range(STACK_LOOKED_AT - untouched, STACK_WIPE_BYTES - FRAMES,
	    STACK_WIPE_BYTES + FRAMES);
	world_close(&w);
	free(copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_turn_reaches_deeper_than_what_is_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
