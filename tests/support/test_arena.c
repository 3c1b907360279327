#include "tests/support/test_arena.h"

struct arena *arena;

int
arena_begin(void **state)
{
	(void)state;
	arena = arena_new();

	return 0;
}

int
arena_end(void **state)
{
	(void)state;
	arena_free(arena);

	return 0;
}

struct slice
repeated(const char *unit, size_t n)
{
	struct slice ret;
	struct buf b;

	buf_init(&b);
	while (n-- > 0)
		buf_add_string(&b, unit);
	ret = arena_copy(arena, buf_slice(&b));
	buf_done(&b);

	return ret;
}
