/* The text that a monitoring system reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/status.h"

static void
assert_written(const struct status *status, const char *expected)
{
	struct buf text;

	buf_init(&text);
	status_write_metrics(status, &text);
	assert_string_equal(text.data, expected);
	buf_done(&text);
}

static void
every_figure_of_a_status_has_its_line(void **state)
{
	struct status_waiting waiting = {
	    .peer = {"digital/network"}, .messages = 3, .oldest_seconds = 60};
	struct status s = {.system = SLICE("131041/relay"),
	    .version = SLICE("1"),
	    .waiting = &waiting,
	    .n_waiting = 1,
	    .ends = {{"certificate", {60000}, "good"},
		{"authority", {-5000}, "over"}},
	    .n_ends = 2,
	    .refused = 4,
	    .halted = SLICE("why"),
	    .last_write = ERR_FULL};

	(void)state;
	counting_add(&s.figures, "requests", 7);
	counting_add(&s.figures, "parked", 2);
	counting_add(&s.counts, "linked", 5);
	counting_add(&s.counts, "replicas", 0);
	assert_written(&s,
	    "# TYPE bango_info gauge\n"
	    "bango_info{system=\"131041/relay\",version=\"1\"} 1\n"
	    "# TYPE bango_requests_total counter\n"
	    "bango_requests_total 7\n"
	    "# TYPE bango_parked gauge\n"
	    "bango_parked 2\n"
	    "# TYPE bango_refused gauge\n"
	    "bango_refused 4\n"
	    "# TYPE bango_write_failed gauge\n"
	    "bango_write_failed 1\n"
	    "# TYPE bango_halted gauge\n"
	    "bango_halted 1\n"
	    "# TYPE bango_count gauge\n"
	    "bango_count{what=\"linked\"} 5\n"
	    "bango_count{what=\"replicas\"} 0\n"
	    "# TYPE bango_outbox_messages gauge\n"
	    "bango_outbox_messages{peer=\"digital/network\"} 3\n"
	    "# TYPE bango_outbox_oldest_seconds gauge\n"
	    "bango_outbox_oldest_seconds{peer=\"digital/network\"} 60\n"
	    "# TYPE bango_ends_in_seconds gauge\n"
	    "bango_ends_in_seconds{what=\"certificate\"} 60\n"
	    "bango_ends_in_seconds{what=\"authority\"} -5\n");
}

static void
what_is_empty_has_no_line(void **state)
{
	const struct status s = {.system = SLICE("a/b"), .version = SLICE("1")};

	(void)state;
	assert_written(&s,
	    "# TYPE bango_info gauge\n"
	    "bango_info{system=\"a/b\",version=\"1\"} 1\n"
	    "# TYPE bango_refused gauge\n"
	    "bango_refused 0\n"
	    "# TYPE bango_write_failed gauge\n"
	    "bango_write_failed 0\n"
	    "# TYPE bango_halted gauge\n"
	    "bango_halted 0\n");
}

static void
a_labels_value_is_escaped(void **state)
{
	const struct status s = {
	    .system = SLICE("a\"b\\c\nd"), .version = SLICE("1")};

	(void)state;
	assert_written(&s,
	    "# TYPE bango_info gauge\n"
	    "bango_info{system=\"a\\\"b\\\\c\\nd\",version=\"1\"} 1\n"
	    "# TYPE bango_refused gauge\n"
	    "bango_refused 0\n"
	    "# TYPE bango_write_failed gauge\n"
	    "bango_write_failed 0\n"
	    "# TYPE bango_halted gauge\n"
	    "bango_halted 0\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_figure_of_a_status_has_its_line),
	    cmocka_unit_test(what_is_empty_has_no_line),
	    cmocka_unit_test(a_labels_value_is_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
