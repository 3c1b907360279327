/* The text that a monitoring system reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/metrics.h"

static void
assert_written(const char *status, const char *expected)
{
	json_t *tree = json_loads(status, 0, NULL);
	struct buf text;

	assert_non_null(tree);
	buf_init(&text);
	metrics_write(tree, &text);
	assert_string_equal(text.data, expected);
	buf_done(&text);
	json_decref(tree);
}

static void
every_figure_of_a_status_has_its_line(void **state)
{
	(void)state;
	assert_written("{\"system\":\"131041/relay\",\"version\":\"1\","
		       "\"time\":\"now\",\"requests\":7,\"parked\":2,"
		       "\"counts\":{\"linked\":5,\"replicas\":0},"
		       "\"waiting\":[{\"peer\":\"digital/network\","
		       "\"messages\":3,\"oldest_seconds\":60}]}",
	    "# TYPE bango_info gauge\n"
	    "bango_info{system=\"131041/relay\",version=\"1\"} 1\n"
	    "# TYPE bango_requests_total counter\n"
	    "bango_requests_total 7\n"
	    "# TYPE bango_parked gauge\n"
	    "bango_parked 2\n"
	    "# TYPE bango_count gauge\n"
	    "bango_count{what=\"linked\"} 5\n"
	    "bango_count{what=\"replicas\"} 0\n"
	    "# TYPE bango_outbox_messages gauge\n"
	    "bango_outbox_messages{peer=\"digital/network\"} 3\n"
	    "# TYPE bango_outbox_oldest_seconds gauge\n"
	    "bango_outbox_oldest_seconds{peer=\"digital/network\"} 60\n");
}

static void
what_is_empty_has_no_line(void **state)
{
	(void)state;
	assert_written("{\"system\":\"a/b\",\"version\":\"1\",\"counts\":{},"
		       "\"waiting\":[]}",
	    "# TYPE bango_info gauge\n"
	    "bango_info{system=\"a/b\",version=\"1\"} 1\n");
}

static void
a_labels_value_is_escaped(void **state)
{
	(void)state;
	assert_written(
	    "{\"system\":\"a\\\"b\\\\c\\nd\",\"version\":\"1\",\"counts\":{}}",
	    "# TYPE bango_info gauge\n"
	    "bango_info{system=\"a\\\"b\\\\c\\nd\",version=\"1\"} 1\n");
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
