/* A file of a nation's folder, in a test. */
#ifndef BANGO_TESTS_SUPPORT_READ_IN_H
#define BANGO_TESTS_SUPPORT_READ_IN_H

#include "base/slice.h"

/* Append the file `name` of the folder `dir`, of at most 1 MiB.  Ends the test
 * if it cannot be read. */
void read_in(const char *dir, const char *name, struct buf *ret);

#endif
