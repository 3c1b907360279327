#include "crypto/random.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "crypto/hash.h"

#define POOL 512

/*
 * Small requests are served from a pool, because each call of OpenSSL costs
 * more than the bytes.  Served bytes are wiped; a child of fork() starts with
 * an empty pool.
 */
static _Thread_local uint8_t pool[POOL];
static _Thread_local size_t pool_left;
static _Thread_local pid_t pool_owner;

static void
must_fill(void *out, size_t len)
{
	if (len > INT32_MAX || RAND_bytes(out, (int)len) != 1)
		abort();
}

static void
system_fill(void *state, void *out, size_t len)
{
	(void)state;
	if (len > POOL / 4) {
		must_fill(out, len);
		return;
	}
	if (pool_owner != getpid() || pool_left < len) {
		must_fill(pool, POOL);
		pool_left = POOL;
		pool_owner = getpid();
	}
	memcpy(out, pool + POOL - pool_left, len);
	secret_wipe(pool + POOL - pool_left, len);
	pool_left -= len;
}

struct random
random_system(void)
{
	return (struct random){system_fill, NULL};
}

static void
seeded_fill(void *state, void *out, size_t len)
{
	struct random_seed *s = state;
	uint64_t block[2];
	struct digest d;
	uint8_t *to = out;
	size_t n;

	while (len > 0) {
		block[0] = s->seed;
		block[1] = s->counter++;
		d = digest_of(slice_bytes(block, sizeof(block)));
		n = len < sizeof(d) ? len : sizeof(d);
		memcpy(to, d.bytes, n);
		to += n;
		len -= n;
	}
}

struct random
random_seeded(struct random_seed *state, uint64_t seed)
{
	*state = (struct random_seed){seed, 0};

	return (struct random){seeded_fill, state};
}

void
random_bytes(const struct random *r, void *out, size_t len)
{
	r->fill(r->state, out, len);
}

uint64_t
random_u64(const struct random *r)
{
	uint64_t value;

	random_bytes(r, &value, sizeof(value));

	return value;
}

uint64_t
random_below(const struct random *r, uint64_t bound)
{
	/* 2^64 mod bound: values below it would be too likely. */
	uint64_t reject, value;

	if (bound == 0)
		abort();
	reject = (0 - bound) % bound;
	do
		value = random_u64(r);
	while (value < reject);

	return value % bound;
}
