/* The simulator finds each of the mistakes in base/bug.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "main/simulate.h"

#define SEEDS 80
#define STEPS 70

/* Under fewer faults some are easier to see. */
static unsigned int
faults_for(enum bug bug)
{
	if (bug == BUG_PERMIT_FOREVER)
		return 1u << FAULT_SLEEP | 1u << FAULT_SLOW | 1u << FAULT_DELAY;
	if (bug == BUG_LATER_IS_DONE)
		return 1u << FAULT_TORN | 1u << FAULT_DELAY;
	if (bug == BUG_REPLICA_OLDEST)
		return 1u << FAULT_LYING;

	return FAULTS_ALL;
}

/* True if a seed finds it; says which. */
static bool
is_found(enum bug bug)
{
	struct simulate_options o = {.steps = STEPS,
	    .organisations = 2,
	    .faults = faults_for(bug),
	    .bug = bug};
	struct problem problem = {0};
	struct simulate_report report;

	for (o.seed = 1; o.seed <= SEEDS; o.seed++) {
		if (simulate_run(&o, &report, &problem))
			fail_msg("%s", problem.text);
		if (report.invariant[0] == '\0')
			continue;
		print_message("%-20s seed %2d: %s: %s\n", bug_name(bug),
		    (int)o.seed, report.invariant, report.finding);
		return true;
	}

	return false;
}

static void
each_bug_is_found(void **state)
{
	unsigned int bug, missed = 0;

	(void)state;
	if (!bug_is_possible())
		skip();
	for (bug = BUG_NONE + 1; bug < BUG_COUNT; bug++) {
		if (!is_found((enum bug)bug)) {
			print_message(
			    "%s: not found\n", bug_name((enum bug)bug));
			missed++;
		}
	}
	assert_int_equal(missed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_bug_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
