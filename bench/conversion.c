/*
 * How many linkage codes one core converts from one organisation's to
 * another's: one decryption, the checks, one encryption.
 */
#include <stdio.h>

#include "bench/bench.h"
#include "systems/network/linkage.h"

#define CODES 1024
#define ROUNDS 2000
#define FROM 7 /* indexes of two organisations */
#define TO 8

static enum err
convert_all(const struct linkage *linkage, const struct linkage_code *codes,
    struct bench_report *report)
{
	struct code_owner to = {TO, linkage_epoch(linkage)};
	struct linkage_code code;
	struct bench_result *r;
	double start = bench_seconds();
	enum err rc = OK;
	int i, k;

	for (i = 0; i < ROUNDS; i++) {
		for (k = 0; rc == OK && k < CODES; k++)
			rc = linkage_convert(
			    linkage, &codes[k], FROM, to, &code);
	}
	r = bench_row(report);
	r->what = "conversion of linkage codes in memory";
	r->value = (double)ROUNDS * CODES / (bench_seconds() - start) / 1e6;
	r->unit = "million/s";
	r->target = 5;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d conversions of %d codes, one by one, AES-256, one core",
	    ROUNDS * CODES, CODES);

	return rc;
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct keystore *keys = keystore_new(KEYSTORE_FAST);
	struct random random = random_system();
	struct linkage_code codes[CODES];
	struct linkage *linkage = NULL;
	struct code_owner from = {.organisation = FROM};
	enum err rc;
	size_t i;

	keystore_add_symmetric(
	    keys, LINKAGE_KEY, &random, (struct instant){1}, NULL);
	rc = linkage_new(keys, &linkage);
	if (rc == OK)
		from.epoch = linkage_epoch(linkage);
	for (i = 0; rc == OK && i < CODES; i++)
		rc = linkage_make(linkage,
		    (struct id_code){random_u64(&random)}, from, &codes[i]);
	if (rc == OK)
		rc = convert_all(linkage, codes, report);
	linkage_free(linkage);
	keystore_free(keys);

	return rc ? problem_set(problem, rc, "a conversion failed") : OK;
}

const struct bench bench_conversion = {
    "conversion", "conversion of linkage codes in memory", run};
