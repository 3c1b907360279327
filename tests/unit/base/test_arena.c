#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/support/dies.h"

static bool
is_zero(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] != 0)
			return false;
	}

	return true;
}

static void
memory_is_zeroed_aligned_and_apart(void **state)
{
	struct arena *a = arena_new();
	char *parts[400];
	size_t i, k;

	(void)state;
	for (i = 0; i < 400; i++) {
		parts[i] = arena_alloc(a, i);
		assert_non_null(parts[i]);
		assert_int_equal((uintptr_t)parts[i] % alignof(max_align_t), 0);
		assert_true(is_zero(parts[i], i));
		memset(parts[i], (int)i, i);
	}
	for (i = 0; i < 400; i++) {
		for (k = 0; k < i; k++)
			assert_int_equal((uint8_t)parts[i][k], i & 0xff);
	}
	arena_free(a);
}

static void
memory_is_zeroed_again_after_a_reset(void **state)
{
	static const size_t sizes[] = {1, 100, 16384, 20000, 3000000};
	struct arena *a = arena_new();
	size_t round, i;
	char *p;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			p = arena_alloc(a, sizes[i]);
			assert_true(is_zero(p, sizes[i]));
			memset(p, 0x55, sizes[i]);
		}
		arena_reset(a);
	}
	arena_free(a);
}

static void
the_newest_grows_where_it_stands(void **state)
{
	struct arena *a = arena_new();
	char *p = arena_alloc(a, 100), *next;

	(void)state;
	memset(p, 'p', 100);
	assert_true(arena_extend(a, p, 100, 5000));
	assert_int_equal(arena_used(a), 5000);
	assert_int_equal(p[99], 'p');
	assert_true(is_zero(p + 100, 4900));
	memset(p, 'p', 5000);
	next = arena_alloc(a, 1);
	*next = 'n';
	assert_int_equal(p[4999], 'p');
	/* It is not the newest any more; and what is has no more room. */
	assert_false(arena_extend(a, p, 5000, 6000));
	assert_false(arena_extend(a, next, 1, 20000));
	assert_false(arena_extend(a, NULL, 0, 10));
	assert_int_equal(arena_used(a), 5001);
	arena_free(a);
}

static void
the_first_chunk_is_kept_on_reset(void **state)
{
	struct arena *a = arena_new();
	void *first = arena_alloc(a, 10);

	(void)state;
	arena_alloc(a, 100000);
	arena_reset(a);
	assert_ptr_equal(arena_alloc(a, 10), first);
	arena_free(a);
}

static void
what_was_handed_out_is_counted_until_the_reset(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_int_equal(arena_used(a), 0);
	arena_alloc(a, 1);
	arena_array(a, 3, 100);
	arena_alloc(a, 50000);
	assert_int_equal(arena_used(a), 50301);
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	arena_free(a);
}

static void
copies_end_with_nul_and_live_apart_from_their_source(void **state)
{
	struct arena *a = arena_new();
	char source[] = "abc";
	struct slice copy = arena_copy(a, slice_bytes(source, 2));
	char *string = arena_string(a, slice_bytes(source, 3));

	(void)state;
	source[0] = 'x';
	assert_int_equal(copy.len, 2);
	assert_string_equal(copy.data, "ab");
	assert_string_equal(string, "abc");
	copy = arena_copy(a, (struct slice){0});
	assert_int_equal(copy.len, 0);
	assert_string_equal(copy.data, "");
	arena_free(a);
}

static void
printf_takes_any_length(void **state)
{
	struct arena *a = arena_new();
	struct slice s = arena_printf(a, "%s-%d", "x", 42);

	(void)state;
	assert_string_equal(s.data, "x-42");
	assert_int_equal(s.len, 4);
	s = arena_printf(a, "%0100000d", 7);
	assert_int_equal(s.len, 100000);
	assert_int_equal(s.data[99999], '7');
	s = arena_printf(a, "%s", "");
	assert_int_equal(s.len, 0);
	arena_free(a);
}

static void
freeing_nothing_is_fine(void **state)
{
	(void)state;
	arena_free(NULL);
}

static void
the_heap_gives_something_for_nothing(void **state)
{
	void *p[] = {heap_alloc(0), heap_array(0, 0), heap_grow(NULL, 0, 0),
	    heap_grow(heap_alloc(4), 4, 0)};
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_non_null(p[i]);
		free(p[i]);
	}
}

static void
the_heap_grows_and_copies(void **state)
{
	char *s = heap_string(slice_bytes("abcd", 3)), *array;

	(void)state;
	assert_string_equal(s, "abc");
	s = heap_grow(s, 1000, 1);
	assert_string_equal(s, "abc");
	free(s);
	array = heap_array(100, 8);
	assert_true(is_zero(array, 800));
	free(array);
}

static volatile size_t huge = SIZE_MAX;

static void
overflow_the_count(void)
{
	arena_array(arena_new(), huge / 2, 3);
}

static void
overflow_the_rounding(void)
{
	arena_alloc(arena_new(), huge);
}

static void
overflow_the_chunk(void)
{
	arena_alloc(arena_new(), huge - 40);
}

static void
exhaust_the_heap(void)
{
	free(heap_alloc(huge / 2));
}

static void
exhaust_the_heap_by_array(void)
{
	free(heap_array(huge / 2, 3));
}

static void
exhaust_the_heap_by_growing(void)
{
	free(heap_grow(NULL, huge / 2, 3));
}

static void
a_size_that_overflows_ends_the_process(void **state)
{
	(void)state;
	assert_true(dies(overflow_the_count, "out of memory"));
	assert_true(dies(overflow_the_rounding, "out of memory"));
	assert_true(dies(overflow_the_chunk, "out of memory"));
}

/* The sanitizers' allocator has its own words for it. */
static void
memory_that_is_not_there_ends_the_process(void **state)
{
	(void)state;
	assert_true(dies(exhaust_the_heap, NULL));
	assert_true(dies(exhaust_the_heap_by_array, NULL));
	assert_true(dies(exhaust_the_heap_by_growing, NULL));
}

static void
an_array_grows_with_what_is_in_it(void **state)
{
	struct arena *a = arena_new();
	size_t n, room = 0;
	int *all = NULL;

	(void)state;
	for (n = 0; n < 1000; n++) {
		all = arena_grow(a, all, n, &room, sizeof(*all));
		all[n] = (int)n;
	}
	for (n = 0; n < 1000; n++)
		assert_int_equal(all[n], n);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
	    cmocka_unit_test(an_array_grows_with_what_is_in_it),
	    cmocka_unit_test(memory_is_zeroed_again_after_a_reset),
	    cmocka_unit_test(the_newest_grows_where_it_stands),
	    cmocka_unit_test(the_first_chunk_is_kept_on_reset),
	    cmocka_unit_test(what_was_handed_out_is_counted_until_the_reset),
	    cmocka_unit_test(
		copies_end_with_nul_and_live_apart_from_their_source),
	    cmocka_unit_test(printf_takes_any_length),
	    cmocka_unit_test(freeing_nothing_is_fine),
	    cmocka_unit_test(the_heap_gives_something_for_nothing),
	    cmocka_unit_test(the_heap_grows_and_copies),
	    cmocka_unit_test(a_size_that_overflows_ends_the_process),
	    cmocka_unit_test(memory_that_is_not_there_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
