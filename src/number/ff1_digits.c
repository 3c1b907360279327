#include "number/ff1_digits.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "crypto/block.h"

/*
 * Numbers that go through a round together: enough to make the call of AES
 * cheap, few enough that blocks and halves (24 bytes a number) stay in the
 * first-level cache.
 */
#define BATCH 1024

#define E5 UINT32_C(100000)
#define E6 UINT32_C(1000000)

/*
 * Without a tweak and with n of 10 or 11, ff1.h's b is 3 and d is 8 in either
 * case: P and Q are one block each, the latter
 *
 *   twelve zeros, the round, the other half in 3 bytes
 *
 * and y is the first half of AES(AES(P) ^ Q).  AES(P) is the same for all.
 *
 * The standard's swap of A and B is left out as in ff1.c: even rounds change
 * the left half (5 digits), odd rounds the right one (5 or 6).
 */
struct block {
	_Alignas(BLOCK_LEN) uint8_t first[8]; /* y afterwards */
	uint8_t last[8];
};

struct ff1_digits {
	struct block_cipher cipher;
	struct block start; /* AES(P) */
	enum ff1_length length;
	uint32_t left[BATCH];
	uint32_t right[BATCH];
	struct block blocks[BATCH];
};

/* Bytes as numbers, most significant first. */
static inline uint64_t
load_u64(const uint8_t *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));

	return be64toh(value);
}

static inline void
store_u64(uint8_t *bytes, uint64_t value)
{
	value = htobe64(value);
	memcpy(bytes, &value, sizeof(value));
}

/*
 * Step 6.i: the last 8 bytes of AES(P) ^ Q for a round, before the other half
 * goes into their lowest 3 bytes.
 */
static uint64_t
last_of_round(const struct ff1_digits *f, unsigned int round)
{
	return load_u64(f->start.last) ^ (uint64_t)round << 24;
}

static inline void
fill_block(struct block *block, uint64_t first, uint64_t last)
{
	memcpy(block->first, &first, sizeof(first));
	store_u64(block->last, last);
}

/* The blocks of the first round, which need a half only. */
static void
begin(struct ff1_digits *f, const uint32_t *other, unsigned int round, size_t n)
{
	uint64_t last = last_of_round(f, round), first;
	size_t i;

	memcpy(&first, f->start.first, sizeof(first));
	for (i = 0; i < n; i++)
		fill_block(&f->blocks[i], first, last ^ other[i]);
}

/*
 * One round of `n` numbers: step 6.iii for all of them; then, number by
 * number, step 6.vi, half = (half + y) mod `modulus`, and step 6.i of the
 * round `next`, for which this half is the other one.
 *
 * To be inlined with a constant modulus, so that no division is left.  The
 * blocks that the last round prepares for a next one are not used.
 */
static inline __attribute__((always_inline)) void
add_round(struct ff1_digits *f, uint32_t *half, size_t n, uint32_t modulus,
    unsigned int next)
{
	uint64_t last = last_of_round(f, next), first;
	struct block *blocks = f->blocks;
	uint32_t sum;
	size_t i;

	memcpy(&first, f->start.first, sizeof(first));
	block_encrypt(&f->cipher, blocks, blocks, n);
#pragma GCC unroll 4
	for (i = 0; i < n; i++) {
		sum = half[i] + (uint32_t)(load_u64(blocks[i].first) % modulus);
		sum = sum >= modulus ? sum - modulus : sum;
		half[i] = sum;
		fill_block(&blocks[i], first, last ^ sum);
	}
}

/* The same with half = (half - y) mod `modulus`. */
static inline __attribute__((always_inline)) void
subtract_round(struct ff1_digits *f, uint32_t *half, size_t n, uint32_t modulus,
    unsigned int next)
{
	uint64_t last = last_of_round(f, next), first;
	struct block *blocks = f->blocks;
	uint32_t rest;
	size_t i;

	memcpy(&first, f->start.first, sizeof(first));
	block_encrypt(&f->cipher, blocks, blocks, n);
#pragma GCC unroll 4
	for (i = 0; i < n; i++) {
		rest =
		    half[i] - (uint32_t)(load_u64(blocks[i].first) % modulus);
		rest += rest >> 31 ? modulus : 0;
		half[i] = rest;
		fill_block(&blocks[i], first, last ^ rest);
	}
}

/* The numbers as halves, and back. */
static inline __attribute__((always_inline)) void
split(struct ff1_digits *f, const uint64_t *values, size_t n, uint32_t modulus)
{
	size_t i;

	for (i = 0; i < n; i++) {
		assert(values[i] < (uint64_t)E5 * modulus);
		f->left[i] = (uint32_t)(values[i] / modulus);
		f->right[i] = (uint32_t)(values[i] % modulus);
	}
}

static inline __attribute__((always_inline)) void
join(const struct ff1_digits *f, uint64_t *values, size_t n, uint32_t modulus)
{
	size_t i;

	for (i = 0; i < n; i++)
		values[i] = (uint64_t)f->left[i] * modulus + f->right[i];
}

static inline __attribute__((always_inline)) void
encrypt_batch(struct ff1_digits *f, uint64_t *values, size_t n, uint32_t right)
{
	unsigned int round;

	split(f, values, n, right);
	begin(f, f->right, 0, n);
	for (round = 0; round < 10; round += 2) {
		add_round(f, f->left, n, E5, round + 1);
		add_round(f, f->right, n, right, round + 2);
	}
	join(f, values, n, right);
}

static inline __attribute__((always_inline)) void
decrypt_batch(struct ff1_digits *f, uint64_t *values, size_t n, uint32_t right)
{
	unsigned int round;

	split(f, values, n, right);
	begin(f, f->left, 9, n);
	for (round = 10; round > 0; round -= 2) {
		subtract_round(f, f->right, n, right, round - 2);
		subtract_round(f, f->left, n, E5, round - 3);
	}
	join(f, values, n, right);
}

/* Leave nothing of the numbers behind. */
static void
wipe_batch(struct ff1_digits *f, size_t n)
{
	if (n > BATCH)
		n = BATCH;
	secret_wipe(f->left, n * sizeof(f->left[0]));
	secret_wipe(f->right, n * sizeof(f->right[0]));
	secret_wipe(f->blocks, n * sizeof(f->blocks[0]));
}

enum err
ff1_digits_new(
    struct slice key, enum ff1_length length, struct ff1_digits **ret)
{
	/* P = [1][2][1][radix]3 [10] [u] [n]4 [t]4 */
	uint8_t p[BLOCK_LEN] = {
	    1, 2, 1, 0, 0, 10, 10, 5, 0, 0, 0, (uint8_t)length, 0, 0, 0, 0};
	struct ff1_digits *f;

	assert(length == FF1_LENGTH_10 || length == FF1_LENGTH_11);
	if (key.len != FF1_DIGITS_KEY_LEN)
		return ERR_INPUT;
	f = heap_alloc(sizeof(*f));
	memset(f, 0, sizeof(*f));
	if (block_cipher_init(key, &f->cipher)) {
		free(f);
		return ERR_INPUT;
	}
	f->length = length;
	block_encrypt(&f->cipher, p, &f->start, 1);
	*ret = f;

	return OK;
}

void
ff1_digits_free(struct ff1_digits *ff1)
{
	if (ff1 == NULL)
		return;
	block_cipher_done(&ff1->cipher);
	secret_wipe(ff1, sizeof(*ff1));
	free(ff1);
}

void
ff1_digits_encrypt(struct ff1_digits *ff1, uint64_t *values, size_t n)
{
	size_t at, part;

	for (at = 0; at < n; at += part) {
		part = n - at < BATCH ? n - at : BATCH;
		if (ff1->length == FF1_LENGTH_11)
			encrypt_batch(ff1, values + at, part, E6);
		else
			encrypt_batch(ff1, values + at, part, E5);
	}
	wipe_batch(ff1, n);
}

void
ff1_digits_decrypt(struct ff1_digits *ff1, uint64_t *values, size_t n)
{
	size_t at, part;

	for (at = 0; at < n; at += part) {
		part = n - at < BATCH ? n - at : BATCH;
		if (ff1->length == FF1_LENGTH_11)
			decrypt_batch(ff1, values + at, part, E6);
		else
			decrypt_batch(ff1, values + at, part, E5);
	}
	wipe_batch(ff1, n);
}
