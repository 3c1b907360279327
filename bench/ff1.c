/*
 * How many bodies of Individual Numbers one core permutes in a second: FF1,
 * batch path, in memory, against the plain implementation.
 *
 * Prints one line each; --json for programs.  The best of five runs counts,
 * as anything else on the machine can only slow a run down.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "number/ff1.h"
#include "number/ff1_digits.h"

#define BATCHED 4000000
#define PLAIN 100000
#define RUNS 5

static const char key[FF1_DIGITS_KEY_LEN] = "bench";

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);

	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Numbers a second, of the best run. */
static double
bench_batch(uint64_t *values)
{
	struct ff1_digits *ff1;
	double start, took, best = 1e9;
	int i;

	if (ff1_digits_new(slice_bytes(key, sizeof(key)), FF1_LENGTH_11, &ff1))
		abort();
	for (i = 0; i < RUNS; i++) {
		start = seconds();
		ff1_digits_encrypt(ff1, values, BATCHED);
		took = seconds() - start;
		if (took < best)
			best = took;
	}
	ff1_digits_free(ff1);

	return BATCHED / best;
}

static double
bench_plain(void)
{
	struct ff1 ff1;
	char text[] = "00000000000";
	struct slice body = {text, sizeof(text) - 1};
	double start, took, best = 1e9;
	int i, k;

	if (ff1_init(slice_bytes(key, sizeof(key)), 10, &ff1, NULL))
		abort();
	for (i = 0; i < RUNS; i++) {
		start = seconds();
		for (k = 0; k < PLAIN; k++)
			if (ff1_encrypt(&ff1, SLICE(""), body, text, NULL))
				abort();
		took = seconds() - start;
		if (took < best)
			best = took;
	}
	ff1_done(&ff1);

	return PLAIN / best;
}

static void
print(const char *name, double rate, bool json)
{
	if (json)
		printf("{\"bench\": \"%s\", \"unit\": \"numbers/s\", "
		       "\"value\": %.0f}\n",
		    name, rate);
	else
		printf("%-12s %6.2f million numbers/s, one core\n", name,
		    rate / 1e6);
}

int
main(int argc, char **argv)
{
	bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
	uint64_t *values = heap_array(BATCHED, sizeof(*values));
	size_t i;

	for (i = 0; i < BATCHED; i++)
		values[i] = i * UINT64_C(24999) % UINT64_C(100000000000);
	print("ff1-batch", bench_batch(values), json);
	print("ff1-plain", bench_plain(), json);
	free(values);

	return 0;
}
