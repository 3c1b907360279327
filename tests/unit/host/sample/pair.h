/* Two samples that tell each other their notes: a/sample and b/sample. */
#ifndef TESTS_UNIT_HOST_PAIR_H
#define TESTS_UNIT_HOST_PAIR_H

#include "tests/unit/host/sample/sample.h"

#define START ((struct instant){1790000000000})

/*
 * The pair, in a folder of the test.  `faults` may be NULL; `of_a` is the
 * settings of a/sample, NULL for its twin alone.
 */
struct simulation *pair_new(uint64_t seed,
    const struct simulation_faults *faults, const struct setting *of_a);

#endif
