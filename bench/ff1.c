/*
 * How many bodies of Individual Numbers one core permutes in a second: FF1,
 * batch path against the plain implementation, in one run.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "bench/bench.h"
#include "number/ff1.h"
#include "number/ff1_digits.h"

#define BATCHED 4000000
#define PLAIN 100000
#define RUNS 5

static const char key[FF1_DIGITS_KEY_LEN] = "bench";

/* Numbers a second, of the best run: anything else on the machine can only
 * slow a run down. */
static double
best_rate(double numbers, void (*once)(void *state), void *state)
{
	double start, took, best = 1e9;
	int i;

	for (i = 0; i < RUNS; i++) {
		start = bench_seconds();
		once(state);
		took = bench_seconds() - start;
		if (took < best)
			best = took;
	}

	return numbers / best;
}

struct batch {
	struct ff1_digits *ff1;
	uint64_t *values;
};

static void
run_batch(void *state)
{
	struct batch *b = state;

	ff1_digits_encrypt(b->ff1, b->values, BATCHED);
}

static void
run_plain(void *state)
{
	char text[] = "00000000000";
	struct slice body = {text, sizeof(text) - 1};
	int k;

	for (k = 0; k < PLAIN; k++) {
		if (ff1_encrypt(state, SLICE(""), body, text, NULL))
			abort();
	}
}

static void
put(struct bench_report *report, const char *what, double rate, double target,
    int n)
{
	struct bench_result *r = bench_row(report);

	r->what = what;
	r->value = rate / 1e6;
	r->unit = "million/s";
	r->target = target;
	snprintf(r->conditions, sizeof(r->conditions),
	    "11-digit bodies, AES-256, %d numbers, best of %d runs, one core",
	    n, RUNS);
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct slice key_slice = slice_bytes(key, sizeof(key));
	struct batch batch = {
	    .values = heap_array(BATCHED, sizeof(*batch.values))};
	struct ff1 plain;
	uint64_t i;

	(void)problem;
	for (i = 0; i < BATCHED; i++)
		batch.values[i] = i * UINT64_C(24999) % UINT64_C(100000000000);
	if (ff1_digits_new(key_slice, FF1_LENGTH_11, &batch.ff1) ||
	    ff1_init(key_slice, 10, &plain, NULL))
		abort();
	put(report, "FF1 numbering in memory, batch path",
	    best_rate(BATCHED, run_batch, &batch), 20, BATCHED);
	put(report, "FF1 in memory, plain implementation",
	    best_rate(PLAIN, run_plain, &plain), 0, PLAIN);
	ff1_done(&plain);
	ff1_digits_free(batch.ff1);
	free(batch.values);

	return OK;
}

const struct bench bench_ff1 = {"ff1", "numbering in memory", run};
