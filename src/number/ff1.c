#include "number/ff1.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"

#define ROUNDS 10

enum direction { ENCRYPT, DECRYPT };

/*
 * The results of steps 1 to 5 of algorithms 7 and 8, and room for the rounds.
 *
 * The standard swaps A and B after each round.  We leave the halves where
 * they are and let even rounds change the left one, odd rounds the right one:
 * after an even number of rounds the result is the same.
 */
struct work {
	const struct ff1 *ff1;
	size_t u; /* numerals of the left half */
	size_t v; /* of the right half; u <= v <= u + 1 */
	size_t b; /* bytes of a half as a number */
	size_t d; /* bytes of y */
	uint8_t p[BLOCK_LEN];
	uint8_t *q; /* T, zeros, round, number */
	size_t q_len;
	uint8_t *s;        /* d bytes, rounded up to blocks */
	uint8_t *numerals; /* the text, left and right half */
	uint8_t *y;        /* numerals of y modulo radix^m */
	uint8_t *memory;   /* all of the above, to be wiped */
	size_t memory_len;
};

static int
numeral_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;

	return FF1_RADIX_MAX;
}

static char
character_of(unsigned int numeral)
{
	return "0123456789abcdefghijklmnopqrstuvwxyz"[numeral];
}

/* Algorithm 1, NUM_radix, as `len` bytes, most significant first. */
static void
number_of_numerals(unsigned int radix, const uint8_t *numerals, size_t n,
    uint8_t *ret, size_t len)
{
	unsigned int carry;
	size_t i, k;

	memset(ret, 0, len);
	for (i = 0; i < n; i++) {
		carry = numerals[i];
		for (k = len; k > 0; k--) {
			carry += ret[k - 1] * radix;
			ret[k - 1] = (uint8_t)carry;
			carry >>= 8;
		}
		assert(carry == 0);
	}
}

/*
 * Algorithm 3, STR_m_radix, of the number modulo radix^m: its `m` lowest
 * numerals.  The number is consumed.
 */
static void
numerals_of_number(
    unsigned int radix, uint8_t *number, size_t len, uint8_t *ret, size_t m)
{
	unsigned int rest;
	size_t k;

	while (m > 0) {
		rest = 0;
		for (k = 0; k < len; k++) {
			rest = rest << 8 | number[k];
			number[k] = (uint8_t)(rest / radix);
			rest %= radix;
		}
		ret[--m] = (uint8_t)rest;
	}
}

/* a = (a + y) mod radix^m, on numerals. */
static void
add_numerals(unsigned int radix, uint8_t *a, const uint8_t *y, size_t m)
{
	unsigned int sum, carry = 0;

	while (m-- > 0) {
		sum = a[m] + y[m] + carry;
		carry = sum >= radix;
		a[m] = (uint8_t)(sum - (carry ? radix : 0));
	}
}

/* a = (a - y) mod radix^m, on numerals. */
static void
subtract_numerals(unsigned int radix, uint8_t *a, const uint8_t *y, size_t m)
{
	unsigned int taken, borrow = 0;

	while (m-- > 0) {
		taken = y[m] + borrow;
		borrow = a[m] < taken;
		a[m] = (uint8_t)(a[m] + (borrow ? radix : 0) - taken);
	}
}

/*
 * Step 3: b = ceil(ceil(v * log2(radix)) / 8), which is the length in bytes
 * of radix^v - 1; computed exactly, without logarithms.
 */
static size_t
bytes_of_half(unsigned int radix, size_t v)
{
	size_t len = v * 6 / 8 + 1; /* 36 < 2^6 */
	uint8_t *numerals = heap_alloc(v);
	uint8_t *number = heap_alloc(len);
	size_t zeros = 0;

	memset(numerals, (int)radix - 1, v);
	number_of_numerals(radix, numerals, v, number, len);
	while (number[zeros] == 0)
		zeros++;
	free(numerals);
	free(number);

	return len - zeros;
}

static void
put_u32(uint8_t *ret, size_t value)
{
	ret[0] = (uint8_t)(value >> 24);
	ret[1] = (uint8_t)(value >> 16);
	ret[2] = (uint8_t)(value >> 8);
	ret[3] = (uint8_t)value;
}

static size_t
whole_blocks(size_t len)
{
	return (len + BLOCK_LEN - 1) / BLOCK_LEN * BLOCK_LEN;
}

/* Step 5: P = [1][2][1][radix]3 [10] [u mod 256] [n]4 [t]4. */
static void
fill_p(struct work *w, size_t t)
{
	put_u32(w->p + 2, w->ff1->radix);
	w->p[0] = 1;
	w->p[1] = 2;
	w->p[2] = 1;
	w->p[6] = ROUNDS;
	w->p[7] = (uint8_t)w->u;
	put_u32(w->p + 8, w->u + w->v);
	put_u32(w->p + 12, t);
}

/* Steps 1 to 5. */
static void
work_init(struct work *w, const struct ff1 *ff1, struct slice tweak, size_t n)
{
	size_t s_len;

	w->ff1 = ff1;
	w->u = n / 2;
	w->v = n - w->u;
	w->b = bytes_of_half(ff1->radix, w->v);
	w->d = 4 * ((w->b + 3) / 4) + 4;
	fill_p(w, tweak.len);

	/* Step 6.i: the zeros make Q end with a block. */
	w->q_len = whole_blocks(tweak.len + 1 + w->b);
	s_len = whole_blocks(w->d);
	w->memory_len = w->q_len + s_len + n + w->v;
	w->memory = heap_alloc(w->memory_len);
	w->q = w->memory;
	w->s = w->q + w->q_len;
	w->numerals = w->s + s_len;
	w->y = w->numerals + n;
	memset(w->q, 0, w->q_len);
	if (tweak.len > 0)
		memcpy(w->q, tweak.data, tweak.len);
}

static void
work_done(struct work *w)
{
	secret_wipe(w->memory, w->memory_len);
	free(w->memory);
}

/* y = (y ^ x), enciphered. */
static void
chain(const struct work *w, uint8_t y[BLOCK_LEN], const uint8_t *x)
{
	size_t i;

	for (i = 0; i < BLOCK_LEN; i++)
		y[i] ^= x[i];
	block_encrypt(&w->ff1->cipher, y, y, 1);
}

/* Algorithm 6: PRF(P || Q). */
static void
prf(const struct work *w, uint8_t ret[BLOCK_LEN])
{
	size_t at;

	memset(ret, 0, BLOCK_LEN);
	chain(w, ret, w->p);
	for (at = 0; at < w->q_len; at += BLOCK_LEN)
		chain(w, ret, w->q + at);
}

/* Steps 6.i to 6.iv and the modulus of 6.vi: w->y from the half that stays,
 * for the `m` numerals of the half that changes. */
static void
round_numerals(struct work *w, unsigned int round, const uint8_t *half,
    size_t half_len, size_t m)
{
	uint8_t r[BLOCK_LEN], counter[BLOCK_LEN] = {0};
	unsigned int radix = w->ff1->radix;
	size_t at;

	w->q[w->q_len - w->b - 1] = (uint8_t)round;
	number_of_numerals(radix, half, half_len, w->q + w->q_len - w->b, w->b);
	prf(w, r);
	memcpy(w->s, r, BLOCK_LEN);
	for (at = BLOCK_LEN; at < w->d; at += BLOCK_LEN) {
		memcpy(w->s + at, r, BLOCK_LEN);
		put_u32(counter + 12, at / BLOCK_LEN);
		chain(w, w->s + at, counter);
	}
	numerals_of_number(radix, w->s, w->d, w->y, m);
	secret_wipe(r, sizeof(r));
}

/* Step 6: the ten rounds, in this order to encrypt, backwards to decrypt. */
static void
rounds(struct work *w, enum direction direction)
{
	uint8_t *left = w->numerals, *right = w->numerals + w->u;
	unsigned int i, round;
	uint8_t *half;
	size_t m;

	for (i = 0; i < ROUNDS; i++) {
		round = direction == ENCRYPT ? i : ROUNDS - 1 - i;
		if (round % 2 == 0) {
			half = left;
			m = w->u;
			round_numerals(w, round, right, w->v, m);
		} else {
			half = right;
			m = w->v;
			round_numerals(w, round, left, w->u, m);
		}
		if (direction == ENCRYPT)
			add_numerals(w->ff1->radix, half, w->y, m);
		else
			subtract_numerals(w->ff1->radix, half, w->y, m);
	}
}

enum err
ff1_init(struct slice key, unsigned int radix, struct ff1 *ret,
    struct problem *problem)
{
	struct ff1 ff1 = {.radix = radix};

	if (radix < FF1_RADIX_MIN || radix > FF1_RADIX_MAX)
		return problem_set(problem, ERR_INPUT,
		    "the radix must be %d to %d", FF1_RADIX_MIN, FF1_RADIX_MAX);
	if (block_cipher_init(key, &ff1.cipher))
		return problem_set(
		    problem, ERR_INPUT, "the key must have 16, 24 or 32 bytes");
	*ret = ff1;

	return OK;
}

void
ff1_done(struct ff1 *ff1)
{
	block_cipher_done(&ff1->cipher);
}

size_t
ff1_text_min(const struct ff1 *ff1)
{
	unsigned int domain = ff1->radix;
	size_t n = 1;

	while (domain < FF1_DOMAIN_MIN || n < FF1_TEXT_MIN) {
		domain *= ff1->radix;
		n++;
	}

	return n;
}

/* Section 5.1: the inputs that FF1 takes. */
static enum err
check_input(const struct ff1 *ff1, struct slice tweak, struct slice text,
    struct problem *problem)
{
	size_t i;

	if (text.len < ff1_text_min(ff1))
		return problem_set(problem, ERR_INPUT,
		    "shorter than %zu characters: in radix %u it has fewer "
		    "than %d possible values",
		    ff1_text_min(ff1), ff1->radix, FF1_DOMAIN_MIN);
	if (text.len > FF1_TEXT_MAX)
		return problem_set(problem, ERR_INPUT,
		    "longer than %d characters", FF1_TEXT_MAX);
	if (tweak.len > FF1_TWEAK_MAX)
		return problem_set(problem, ERR_INPUT,
		    "the tweak is longer than %d bytes", FF1_TWEAK_MAX);
	for (i = 0; i < text.len; i++)
		if (numeral_of(text.data[i]) >= (int)ff1->radix)
			return problem_set(problem, ERR_INPUT,
			    "character %zu is not one of radix %u (0 to %c)",
			    i + 1, ff1->radix, character_of(ff1->radix - 1));

	return OK;
}

static enum err
convert(const struct ff1 *ff1, enum direction direction, struct slice tweak,
    struct slice text, char *ret, struct problem *problem)
{
	struct work w;
	size_t i;
	enum err rc;

	rc = check_input(ff1, tweak, text, problem);
	if (rc)
		return rc;
	work_init(&w, ff1, tweak, text.len);
	for (i = 0; i < text.len; i++)
		w.numerals[i] = (uint8_t)numeral_of(text.data[i]);
	rounds(&w, direction);
	for (i = 0; i < text.len; i++)
		ret[i] = character_of(w.numerals[i]);
	work_done(&w);

	return OK;
}

/* Algorithm 7. */
enum err
ff1_encrypt(const struct ff1 *ff1, struct slice tweak, struct slice text,
    char *ret, struct problem *problem)
{
	return convert(ff1, ENCRYPT, tweak, text, ret, problem);
}

/* Algorithm 8. */
enum err
ff1_decrypt(const struct ff1 *ff1, struct slice tweak, struct slice text,
    char *ret, struct problem *problem)
{
	return convert(ff1, DECRYPT, tweak, text, ret, problem);
}
