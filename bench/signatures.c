/* What signing and verifying alone cost: the limit of everything signed. */
#include <stdio.h>

#include "bench/bench.h"
#include "crypto/sign.h"

#define ROUNDS 4000

static enum err
measure(struct signing_key *key, struct verify_key *verify,
    struct bench_report *report)
{
	static const char data[1000];
	struct slice s = slice_bytes(data, sizeof(data));
	uint8_t signature[SIGNATURE_LEN];
	struct bench_result *r;
	double start;
	enum err rc = OK;
	int i;

	start = bench_seconds();
	for (i = 0; rc == OK && i < ROUNDS; i++)
		rc = sign_bytes(key, s, signature);
	r = bench_row(report);
	r->what = "signatures, ES256";
	r->value = ROUNDS / (bench_seconds() - start);
	r->unit = "/s";
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d signatures over 1000 bytes, one core", ROUNDS);
	start = bench_seconds();
	for (i = 0; rc == OK && i < ROUNDS; i++)
		rc = verify_bytes(verify, s, signature);
	r = bench_row(report);
	r->what = "verifications, ES256";
	r->value = ROUNDS / (bench_seconds() - start);
	r->unit = "/s";
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d verifications over 1000 bytes, one core", ROUNDS);

	return rc;
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct signing_key *key = NULL;
	struct verify_key *verify = NULL;
	json_t *jwk = NULL;
	enum err rc;

	rc = signing_key_generate(&key);
	if (rc == OK) {
		jwk = signing_key_jwk(key);
		rc = verify_key_from_jwk(jwk, &verify);
	}
	if (rc == OK)
		rc = measure(key, verify, report);
	json_decref(jwk);
	verify_key_free(verify);
	signing_key_free(key);

	return rc ? problem_set(problem, rc, "a signature failed") : OK;
}

const struct bench bench_signatures = {
    "signatures", "what signing and verifying alone cost", run};
