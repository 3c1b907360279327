/*
 * How many bodies of Individual Numbers one core permutes in a second: FF1 by
 * the batch, against the AES that its ten rounds need and against FF1 as the
 * standard has it, number by number and call by call.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "bench/bench.h"
#include "number/ff1.h"
#include "number/ff1_digits.h"

#define MILLION 1e6
#define BATCHED 1000000
#define PLAIN 20000
#define ROUNDS_OF_FF1 10
#define BLOCKS 1024 /* in the first-level cache */
#define CALLS 4000

static const char key[FF1_DIGITS_KEY_LEN] = "bench";

struct subject {
	struct ff1_digits *batch;
	struct ff1 plain;
	struct block_cipher cipher;
	uint64_t *values;
	uint8_t *blocks;
};

static void
permute_batch(void *state)
{
	struct subject *s = state;

	ff1_digits_encrypt(s->batch, s->values, BATCHED);
}

static void
permute_plain(void *state)
{
	struct subject *s = state;
	char text[] = "00000000000";
	struct slice body = {text, sizeof(text) - 1};
	int k;

	for (k = 0; k < PLAIN; k++) {
		if (ff1_encrypt(&s->plain, SLICE(""), body, text, NULL))
			abort();
	}
}

static void
encipher(void *state)
{
	struct subject *s = state;
	int k;

	for (k = 0; k < CALLS; k++)
		block_encrypt(&s->cipher, s->blocks, s->blocks, BLOCKS);
}

static void
measure(struct bench_report *report, struct subject *s)
{
	const struct bench_side batch = {permute_batch, s, BATCHED / MILLION};
	const struct bench_side plain = {permute_plain, s, PLAIN / MILLION};
	const struct bench_side aes = {
	    encipher, s, (double)CALLS * BLOCKS / ROUNDS_OF_FF1 / MILLION};
	struct bench_figure f = {
	    .name = "FF1 numbering in memory, by the batch",
	    .unit = "million/s",
	    .peer_name = "limit: AES of its ten rounds, by OpenSSL",
	    .asked = 0.42};

	bench_compare(&batch, &aes, &f);
	bench_add(report, &f,
	    "11-digit bodies, AES-256, %d numbers a batch; OpenSSL is given %d "
	    "blocks a call; processor time of one core",
	    BATCHED, BLOCKS);
	f = (struct bench_figure){.name = "FF1 numbering, to its plain form",
	    .unit = "million/s",
	    .peer_name = "FF1 as the standard has it",
	    .asked = 32};
	bench_compare(&batch, &plain, &f);
	bench_add(report, &f,
	    "one number and one block of AES at a time, ff1.c, which is the "
	    "oracle of the batch");
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct slice key_slice = slice_bytes(key, sizeof(key));
	struct subject s = {.values = heap_array(BATCHED, sizeof(*s.values)),
	    .blocks = heap_array(BLOCKS, BLOCK_LEN)};
	uint64_t i;

	(void)problem;
	for (i = 0; i < BATCHED; i++)
		s.values[i] = i * UINT64_C(24999) % UINT64_C(100000000000);
	if (ff1_digits_new(key_slice, FF1_LENGTH_11, &s.batch) ||
	    ff1_init(key_slice, 10, &s.plain, NULL) ||
	    block_cipher_init(key_slice, &s.cipher))
		abort();
	measure(report, &s);
	block_cipher_done(&s.cipher);
	ff1_done(&s.plain);
	ff1_digits_free(s.batch);
	free(s.blocks);
	free(s.values);

	return OK;
}

const struct bench bench_ff1 = {"ff1", "numbering in memory", run};
