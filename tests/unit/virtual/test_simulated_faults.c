#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "virtual/simulated.h"

static void
every_set_is_read_as_it_is_written(void **state)
{
	struct problem problem = {0};
	unsigned int set, found;
	struct buf text;

	(void)state;
	for (set = 0; set <= FAULTS_ALL; set += 7) {
		buf_init(&text);
		simulation_faults_format(set, &text);
		assert_int_equal(
		    simulation_faults_parse(buf_slice(&text), &found, &problem),
		    OK);
		assert_int_equal(found, set);
		buf_done(&text);
	}
}

static void
all_and_none_are_names(void **state)
{
	struct problem problem = {0};
	unsigned int found = 1;

	(void)state;
	assert_int_equal(
	    simulation_faults_parse(SLICE("none"), &found, &problem), OK);
	assert_int_equal(found, 0);
	assert_int_equal(
	    simulation_faults_parse(SLICE("all"), &found, &problem), OK);
	assert_int_equal(found, FAULTS_ALL);
}

static void
an_unknown_fault_is_refused(void **state)
{
	struct problem problem = {0};
	unsigned int found = 77;

	(void)state;
	assert_int_equal(
	    simulation_faults_parse(SLICE("loss,gremlins"), &found, &problem),
	    ERR_INPUT);
	assert_non_null(strstr(problem.text, "gremlins"));
	assert_int_equal(
	    simulation_faults_parse(SLICE(""), &found, &problem), ERR_INPUT);
	assert_int_equal(found, 77);
}

static void
none_leaves_only_a_short_delay(void **state)
{
	struct simulation_faults f = simulation_faults_of(0);

	(void)state;
	assert_true(f.delay_max_ms > 0);
	assert_int_equal(f.lose_request + f.lose_receipt + f.repeat +
		f.reorder + f.slow + f.lie + f.cut + f.isolate +
		f.crash_before + f.crash_after + f.tear + f.sleep,
	    0);
	f = simulation_faults_of(1u << FAULT_LYING);
	assert_true(f.lie > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_set_is_read_as_it_is_written),
	    cmocka_unit_test(all_and_none_are_names),
	    cmocka_unit_test(an_unknown_fault_is_refused),
	    cmocka_unit_test(none_leaves_only_a_short_delay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
