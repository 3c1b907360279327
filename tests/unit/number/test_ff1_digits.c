#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "crypto/random.h"
#include "number/ff1.h"
#include "number/ff1_digits.h"
#include "number/notation.h"

static uint64_t
limit_of(enum ff1_length length)
{
	return length == FF1_LENGTH_11 ? UINT64_C(100000000000)
				       : UINT64_C(10000000000);
}

/* The result of the plain implementation. */
static uint64_t
oracle(const struct ff1 *ff1, enum ff1_length length, uint64_t value)
{
	char text[FF1_LENGTH_11];

	notation_write(value, text, length);
	assert_int_equal(
	    ff1_encrypt(ff1, SLICE(""), slice_bytes(text, length), text, NULL),
	    OK);

	return notation_read(text, length);
}

/* `n` values under one key: as the oracle has them, and back again. */
static void
compare(const struct random *random, enum ff1_length length, size_t n)
{
	uint64_t *plain = heap_array(n + 1, sizeof(*plain));
	uint64_t *values = heap_array(n + 1, sizeof(*values));
	uint8_t key[FF1_DIGITS_KEY_LEN];
	struct slice key_slice = slice_bytes(key, sizeof(key));
	struct ff1_digits *batch;
	struct ff1 ff1;
	size_t i;

	random_bytes(random, key, sizeof(key));
	assert_int_equal(ff1_init(key_slice, 10, &ff1, NULL), OK);
	assert_int_equal(ff1_digits_new(key_slice, length, &batch), OK);
	for (i = 0; i < n; i++)
		plain[i] = random_below(random, limit_of(length));
	if (n > 1) {
		plain[0] = 0;
		plain[n - 1] = limit_of(length) - 1;
	}
	plain[n] = 42; /* past the end: must stay */
	memcpy(values, plain, (n + 1) * sizeof(*plain));

	ff1_digits_encrypt(batch, values, n);
	for (i = 0; i < n; i++)
		assert_true(values[i] == oracle(&ff1, length, plain[i]));
	ff1_digits_decrypt(batch, values, n);
	assert_memory_equal(values, plain, (n + 1) * sizeof(*plain));

	ff1_digits_free(batch);
	ff1_done(&ff1);
	free(values);
	free(plain);
}

static void
the_batch_is_the_plain_ff1_under_random_keys(void **state)
{
	static const size_t sizes[] = {
	    1, 2, 3, 4, 5, 7, 8, 100, 1023, 1024, 1025, 2048, 2500};
	struct random_seed seed;
	struct random random = random_seeded(&seed, 20160101);
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (k = 0; k < 2; k++) {
			compare(&random, FF1_LENGTH_11, sizes[i]);
			compare(&random, FF1_LENGTH_10, sizes[i]);
		}
}

static void
neighbours_do_not_stay_neighbours(void **state)
{
	static const uint8_t key[FF1_DIGITS_KEY_LEN] = {1};
	struct ff1_digits *batch;
	uint64_t values[1000];
	size_t i, near = 0;

	(void)state;
	assert_int_equal(ff1_digits_new(slice_bytes(key, sizeof(key)),
			     FF1_LENGTH_11, &batch),
	    OK);
	for (i = 0; i < 1000; i++)
		values[i] = i;
	ff1_digits_encrypt(batch, values, 1000);
	for (i = 1; i < 1000; i++)
		if (values[i] / 1000000 == values[i - 1] / 1000000)
			near++;
	assert_true(near < 5);
	ff1_digits_free(batch);
}

static void
nothing_of_nothing_is_done(void **state)
{
	static const uint8_t key[FF1_DIGITS_KEY_LEN];
	struct ff1_digits *batch;
	uint64_t value = 7;

	(void)state;
	assert_int_equal(ff1_digits_new(slice_bytes(key, sizeof(key)),
			     FF1_LENGTH_10, &batch),
	    OK);
	ff1_digits_encrypt(batch, &value, 0);
	ff1_digits_decrypt(batch, NULL, 0);
	assert_true(value == 7);
	ff1_digits_free(batch);
	ff1_digits_free(NULL);
}

static void
a_key_of_another_length_is_refused(void **state)
{
	static const uint8_t key[64];
	struct ff1_digits *batch = NULL;

	(void)state;
	assert_int_equal(
	    ff1_digits_new(slice_bytes(key, 16), FF1_LENGTH_11, &batch),
	    ERR_INPUT);
	assert_int_equal(
	    ff1_digits_new(slice_bytes(key, 64), FF1_LENGTH_10, &batch),
	    ERR_INPUT);
	assert_int_equal(
	    ff1_digits_new(SLICE(""), FF1_LENGTH_10, &batch), ERR_INPUT);
	assert_null(batch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_batch_is_the_plain_ff1_under_random_keys),
	    cmocka_unit_test(neighbours_do_not_stay_neighbours),
	    cmocka_unit_test(nothing_of_nothing_is_done),
	    cmocka_unit_test(a_key_of_another_length_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
