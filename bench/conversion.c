/*
 * How many linkage codes one core converts from one organisation's to
 * another's - one decryption, the checks, one encryption - against the two
 * blocks of AES alone.
 */
#include "bench/bench.h"
#include "crypto/block.h"
#include "systems/network/linkage.h"

#define MILLION 1e6
#define CODES 1024
#define TIMES 250
#define FROM 7 /* indexes of two organisations */
#define TO 8

struct subject {
	struct linkage *linkage;
	struct block_cipher cipher;
	struct linkage_code codes[CODES];
	enum err rc;
};

static void
convert(void *state)
{
	struct subject *s = state;
	struct code_owner to = {TO, linkage_epoch(s->linkage)};
	struct linkage_code code;
	int i, k;

	for (i = 0; i < TIMES; i++) {
		for (k = 0; s->rc == OK && k < CODES; k++)
			s->rc = linkage_convert(
			    s->linkage, &s->codes[k], FROM, to, &code);
	}
}

static void
encipher(void *state)
{
	struct subject *s = state;
	uint8_t block[BLOCK_LEN];
	int i, k;

	for (i = 0; i < TIMES; i++) {
		for (k = 0; k < CODES; k++) {
			block_decrypt(&s->cipher, s->codes[k].bytes, block, 1);
			block_encrypt(&s->cipher, block, block, 1);
		}
	}
}

static void
measure(struct bench_report *report, struct subject *s)
{
	const double n = (double)TIMES * CODES / MILLION;
	const struct bench_side ours = {convert, s, n};
	const struct bench_side aes = {encipher, s, n};
	struct bench_figure f = {
	    .name = "conversion of linkage codes in memory",
	    .unit = "million/s",
	    .peer_name = "limit: two blocks of AES, by OpenSSL",
	    .asked = 0.45};

	bench_compare(&ours, &aes, &f);
	bench_add(report, &f,
	    "%d codes, one by one, a call of AES-256 for each block on both "
	    "sides; processor time of one core",
	    CODES);
}

static enum err
prepare(struct subject *s, const struct keystore *keys, struct random *random)
{
	uint8_t key[32];
	struct code_owner from = {.organisation = FROM};
	enum err rc;
	size_t i;

	random_bytes(random, key, sizeof(key));
	rc = block_cipher_init(
	    slice_bytes((const char *)key, sizeof(key)), &s->cipher);
	if (rc == OK)
		rc = linkage_new(keys, &s->linkage);
	if (rc == OK)
		from.epoch = linkage_epoch(s->linkage);
	for (i = 0; rc == OK && i < CODES; i++)
		rc = linkage_make(s->linkage,
		    (struct id_code){random_u64(random)}, from, &s->codes[i]);

	return rc;
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct keystore *keys = keystore_new(KEYSTORE_FAST);
	struct random random = random_system();
	struct subject s = {.linkage = NULL};
	enum err rc;

	keystore_add_symmetric(
	    keys, LINKAGE_KEY, &random, (struct instant){1}, NULL);
	rc = prepare(&s, keys, &random);
	if (rc == OK) {
		measure(report, &s);
		rc = s.rc;
	}
	block_cipher_done(&s.cipher);
	linkage_free(s.linkage);
	keystore_free(keys);

	return rc ? problem_set(problem, rc, "a conversion failed") : OK;
}

const struct bench bench_conversion = {
    "conversion", "conversion of linkage codes in memory", run};
