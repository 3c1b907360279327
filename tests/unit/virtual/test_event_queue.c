/* Events come out by time, and in order among equals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/random.h"
#include "virtual/event_queue.h"

#define EVENTS 500

static void
an_empty_queue_has_nothing_next(void **state)
{
	struct event_queue queue = {0};
	struct instant next = {7};

	(void)state;
	assert_false(event_queue_next(&queue, &next));
	assert_int_equal(next.ms, 7);
	event_queue_done(&queue);
}

static void
events_come_by_time_and_then_in_order(void **state)
{
	struct event_queue queue = {0};
	struct random_seed seed;
	struct random r = random_seeded(&seed, 11);
	struct event e = {0}, last = {0};
	int i;

	(void)state;
	for (i = 0; i < EVENTS; i++) {
		e.at.ms = (int64_t)random_below(&r, 40);
		event_queue_put(&queue, &e);
	}
	for (i = 0; i < EVENTS; i++) {
		e = event_queue_take(&queue);
		assert_true(e.at.ms > last.at.ms ||
		    (e.at.ms == last.at.ms && (i == 0 || e.seq > last.seq)));
		last = e;
	}
	event_queue_done(&queue);
}

static void
what_is_left_is_released(void **state)
{
	struct event_queue queue = {0};
	struct event e = {0};

	(void)state;
	buf_init(&e.bytes);
	buf_add_string(&e.bytes, "left");
	event_queue_put(&queue, &e);
	event_queue_done(&queue);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_empty_queue_has_nothing_next),
	    cmocka_unit_test(events_come_by_time_and_then_in_order),
	    cmocka_unit_test(what_is_left_is_released),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
