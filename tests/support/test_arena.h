/* The arena of a test: made before it, or before its group, and freed after. */
#ifndef BANGO_TESTS_SUPPORT_TEST_ARENA_H
#define BANGO_TESTS_SUPPORT_TEST_ARENA_H

#include "base/arena.h"

extern struct arena *arena;

/* For cmocka, as set-up and tear-down. */
int arena_begin(void **state);
int arena_end(void **state);

/* `n` times `unit`, in the arena, NUL-terminated. */
struct slice repeated(const char *unit, size_t n);

#endif
