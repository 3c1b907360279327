/* Nations told at random, under every fault: nothing is ever broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab/simulate/simulate.h"
#include "tests/support/part.h"

/* `make check` runs both; the sanitizers cost three times as much. */
#ifdef __SANITIZE_ADDRESS__
#define SEEDS_USUAL 60
#else
#define SEEDS_USUAL 300
#endif
#define STEPS 40

static int
seeds(void)
{
	const char *text = getenv("BANGO_SEEDS");
	uint64_t n = SEEDS_USUAL;

	if (text != NULL && slice_to_u64(slice_of(text), 1000000, &n))
		fail_msg("BANGO_SEEDS is no number");

	return (int)n;
}

static void
run(const struct simulate_options *o, struct simulate_report *ret)
{
	struct problem problem = {0};
	struct buf faults;

	if (simulate_run(o, ret, &problem))
		fail_msg("%s", problem.text);
	if (ret->invariant[0] == '\0')
		return;
	buf_init(&faults);
	simulation_faults_format(o->faults, &faults);
	fail_msg("%s: %s\nbango simulate --seed %d --steps %d "
		 "--organisations %d --insiders %d --faults %s",
	    ret->invariant, ret->finding, (int)o->seed, o->steps,
	    o->organisations, o->insiders, faults.data);
}

static void
nothing_is_broken_under_all_faults(void **state)
{
	struct simulate_options o = {
	    .steps = STEPS, .organisations = 2, .faults = FAULTS_ALL};
	struct simulate_report report;
	int i, n = seeds(), runs = 0, exchanges = 0;

	(void)state;
	for (i = 1; i <= n; i++) {
		if (!part_has((size_t)i))
			continue;
		o.seed = (uint64_t)i;
		run(&o, &report);
		runs++;
		exchanges += report.exchanges;
	}
	/* Otherwise it would have been of little worth. */
	assert_true(exchanges >= runs / 4);
}

/* And each of them happens, where it is asked for and nowhere else. */
static void
nothing_is_broken_under_each_fault_alone(void **state)
{
	struct simulate_options o = {.steps = STEPS, .organisations = 2};
	struct simulate_report report;
	unsigned int i, j;

	(void)state;
	for (i = 0; i < FAULT_COUNT; i++) {
		if (!part_has(i))
			continue;
		o.seed = 1000 + 100 * i;
		o.faults = 1u << i;
		do
			run(&o, &report);
		while (report.happened[i] == 0 && ++o.seed % 100 < 20);
		for (j = 0; j < FAULT_COUNT; j++)
			assert_true((report.happened[j] > 0) == (i == j));
	}
}

/* They are told no number, code, name or contents of others, and move nobody. */
static void
organisations_that_lie_learn_nothing(void **state)
{
	struct simulate_options o = {.steps = 2 * STEPS,
	    .organisations = 2,
	    .insiders = 2,
	    .faults = FAULTS_ALL};
	struct simulate_report report;
	int i, n = seeds() / 3;

	(void)state;
	for (i = 0; i < n; i++) {
		if (!part_has((size_t)i))
			continue;
		o.seed = 5000 + (uint64_t)i;
		run(&o, &report);
		assert_true(report.attacks > STEPS);
	}
}

static void
more_municipalities_make_no_difference(void **state)
{
	struct simulate_options o = {.seed = 6,
	    .steps = 4 * STEPS,
	    .organisations = 5,
	    .faults = FAULTS_ALL};
	struct simulate_report report;

	(void)state;
	if (!part_has(0))
		skip();
	run(&o, &report);
	/* More than the four with whom every run begins. */
	assert_true(report.residents > 4);
	assert_true(report.exchanges > 10);
}

static void
a_seed_gives_the_same_run(void **state)
{
	struct simulate_options o = {.seed = 7,
	    .steps = STEPS,
	    .organisations = 2,
	    .faults = FAULTS_ALL};
	struct simulate_report first, second, other;

	(void)state;
	if (!part_has(1))
		skip();
	run(&o, &first);
	run(&o, &second);
	assert_true(first.trace == second.trace);
	assert_true(first.events == second.events);
	o.seed = 8;
	run(&o, &other);
	assert_true(first.trace != other.trace);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_broken_under_all_faults),
	    cmocka_unit_test(nothing_is_broken_under_each_fault_alone),
	    cmocka_unit_test(organisations_that_lie_learn_nothing),
	    cmocka_unit_test(more_municipalities_make_no_difference),
	    cmocka_unit_test(a_seed_gives_the_same_run),
	};

	part_read(argc, argv);

	return cmocka_run_group_tests(tests, NULL, NULL);
}
