/*
 * A long test is several tests for ctest, which may run side by side:
 * PROGRAM K/N does the Kth of N parts of the work, PROGRAM alone all of it.
 */
#ifndef BANGO_TESTS_SUPPORT_PART_H
#define BANGO_TESTS_SUPPORT_PART_H

#include <stdbool.h>
#include <stddef.h>

/* From main()'s arguments; ends the program if they are not as above. */
void part_read(int argc, char *const *argv);
/* Whether the `i`th piece of work, counted from 0, is in this part. */
bool part_has(size_t i);

#endif
