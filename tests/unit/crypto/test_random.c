#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/encode.h"
#include "crypto/random.h"

static void
one_seed_gives_one_sequence(void **state)
{
	struct random_seed a, b, c;
	struct random ra = random_seeded(&a, 42), rb = random_seeded(&b, 42);
	struct random rc = random_seeded(&c, 43);
	uint8_t x[100], y[100], z[100];

	(void)state;
	random_bytes(&ra, x, sizeof(x));
	random_bytes(&rb, y, sizeof(y));
	random_bytes(&rc, z, sizeof(z));
	assert_memory_equal(x, y, sizeof(x));
	assert_memory_not_equal(x, z, sizeof(x));
	random_bytes(&ra, x, sizeof(x));
	assert_memory_not_equal(x, y, sizeof(x));
}

/* The numbers of a seed must not change: recorded runs rely on them. */
static void
seed_7_begins_as_it_always_did(void **state)
{
	/* SHA-256 of the seed and the counter, 8 bytes each, little-endian:
	 * printf '\7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' | sha256sum */
	static const char expected[] =
	    "76108f84396dc2d72ce275fdb0e0ef37b229b2898bf5a31d576fea11a766a42b";
	struct random_seed seed;
	struct random r = random_seeded(&seed, 7);
	uint8_t bytes[32];
	struct buf text;

	(void)state;
	random_bytes(&r, bytes, sizeof(bytes));
	buf_init(&text);
	hex_encode(slice_bytes(bytes, sizeof(bytes)), &text);
	assert_string_equal(text.data, expected);
	buf_done(&text);
}

static void
the_system_does_not_repeat_itself(void **state)
{
	struct random r = random_system();
	uint64_t seen[2000];
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		seen[i] = random_u64(&r);
		for (j = 0; j < i; j++)
			assert_true(seen[i] != seen[j]);
	}
}

static void
every_byte_of_every_length_is_filled(void **state)
{
	struct random r = random_system();
	uint8_t bytes[1024], ever[1024];
	size_t len, i;
	int round;

	(void)state;
	for (len = 1; len < sizeof(bytes); len = len * 2 + 1) {
		memset(ever, 0, sizeof(ever));
		for (round = 0; round < 16; round++) {
			memset(bytes, 0, sizeof(bytes));
			random_bytes(&r, bytes, len);
			for (i = 0; i < sizeof(bytes); i++)
				ever[i] |= bytes[i];
		}
		for (i = 0; i < sizeof(ever); i++)
			assert_true((ever[i] != 0) == (i < len));
	}
}

static void
a_child_does_not_repeat_its_parent(void **state)
{
	struct random r = random_system();
	uint64_t ours, theirs;
	int ends[2], status;
	pid_t child;

	(void)state;
	random_u64(&r); /* fills what is kept in reserve */
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		theirs = random_u64(&r);
		_exit(
		    write(ends[1], &theirs, sizeof(theirs)) != sizeof(theirs));
	}
	ours = random_u64(&r);
	assert_int_equal(
	    read(ends[0], &theirs, sizeof(theirs)), sizeof(theirs));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(ours != theirs);
	close(ends[0]);
	close(ends[1]);
}

static void
numbers_below_a_bound_are_even(void **state)
{
	struct random_seed seed;
	struct random r = random_seeded(&seed, 1);
	int counts[7] = {0}, i;

	(void)state;
	for (i = 0; i < 70000; i++)
		counts[random_below(&r, 7)]++;
	for (i = 0; i < 7; i++) /* 10,000 each; five deviations are 463 */
		assert_in_range(counts[i], 9537, 10463);
	assert_int_equal(random_below(&r, 1), 0);
}

/* Two thirds of 2^64: without rejection the lower half would come twice as
 * often as the upper. */
static void
a_large_bound_is_not_biased(void **state)
{
	const uint64_t bound = 12297829382473034411u;
	struct random_seed seed;
	struct random r = random_seeded(&seed, 2);
	int low = 0, i;

	(void)state;
	for (i = 0; i < 10000; i++)
		low += random_below(&r, bound) < bound / 2;
	assert_in_range(low, 4750, 5250);
}

static void
abort_by_bound_zero(void)
{
	struct random r = random_system();

	(void)random_below(&r, 0);
}

static void
a_bound_of_zero_ends_the_process(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		close(2);
		abort_by_bound_zero();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_not_equal(status, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_seed_gives_one_sequence),
	    cmocka_unit_test(seed_7_begins_as_it_always_did),
	    cmocka_unit_test(the_system_does_not_repeat_itself),
	    cmocka_unit_test(every_byte_of_every_length_is_filled),
	    cmocka_unit_test(a_child_does_not_repeat_its_parent),
	    cmocka_unit_test(numbers_below_a_bound_are_even),
	    cmocka_unit_test(a_large_bound_is_not_biased),
	    cmocka_unit_test(a_bound_of_zero_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
