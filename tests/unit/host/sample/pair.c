#include "tests/unit/host/sample/pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/scratch.h"

struct simulation *
pair_new(uint64_t seed, const struct simulation_faults *faults,
    const struct setting *of_a)
{
	static const struct setting to_b[] = {{"twin", "b/sample"}, {0}};
	static const struct setting to_a[] = {{"twin", "a/sample"}, {0}};
	struct problem problem = {0};
	struct simulation *sim = NULL;

	assert_int_equal(simulation_new(seed, scratch_folder(), faults, START,
			     &sim, &problem),
	    OK);
	assert_int_equal(simulation_add(sim, &sample_system, "a/sample",
			     of_a != NULL ? of_a : to_b, &problem),
	    OK);
	assert_int_equal(
	    simulation_add(sim, &sample_system, "b/sample", to_a, &problem),
	    OK);

	return sim;
}
