/*
 * Randomness, passed in.
 *
 * Domain code gets a struct random with its turn and uses no other source.  The
 * live host hands out the system's generator, the simulated host a generator
 * that a seed determines.  Neither reports failure: if the system's generator
 * fails, the process ends.
 */
#ifndef BANGO_CRYPTO_RANDOM_H
#define BANGO_CRYPTO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	void (*fill)(void *state, void *out, size_t len);
	void *state;
};

/* OpenSSL's generator. */
struct random random_system(void);

/* Deterministic, for tests and simulation alone: SHA-256 in counter mode. */
struct random_seed {
	uint64_t seed;
	uint64_t counter;
};
struct random random_seeded(struct random_seed *state, uint64_t seed);

void random_bytes(const struct random *r, void *out, size_t len);
uint64_t random_u64(const struct random *r);
/* Uniform in 0 .. bound-1, without bias; bound > 0. */
uint64_t random_below(const struct random *r, uint64_t bound);

#endif
