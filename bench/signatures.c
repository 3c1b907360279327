/* The cost of signing and sealing alone: the limit of everything signed. */
#include "bench/bench.h"
#include "crypto/jose.h"
#include "crypto/sign.h"
#include "crypto/tally.h"

#define ROUNDS 4000
#define BYTES 1000 /* a message's order */

/* --- Signatures ------------------------------------------------------------- */

static enum err
time_signatures(const struct signing_key *key, const struct verify_key *verify,
    struct slice data, struct bench_key_costs *ret)
{
	uint8_t signature[SIGNATURE_LEN];
	double start = bench_processor();
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < ROUNDS; i++)
		rc = sign_bytes(key, data, signature);
	ret->sign_us = (bench_processor() - start) * 1e6 / ROUNDS;
	start = bench_processor();
	for (i = 0; rc == OK && i < ROUNDS; i++)
		rc = verify_bytes(verify, data, signature);
	ret->verify_us = (bench_processor() - start) * 1e6 / ROUNDS;

	return rc;
}

static enum err
measure_signatures(struct slice data, struct bench_key_costs *ret)
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
		rc = time_signatures(key, verify, data, ret);
	json_decref(jwk);
	verify_key_free(verify);
	signing_key_free(key);

	return rc;
}

/* --- Seals ------------------------------------------------------------------- */

static enum err
time_seals(const struct sealing_key *key, struct slice data,
    struct bench_key_costs *ret)
{
	struct arena *kept = arena_new(), *arena = arena_new();
	struct slice jwk = sealing_key_jwk(key, kept), sealed, plain;
	double start;
	enum err rc = jwe_seal(kept, jwk, data, &sealed);
	int i;

	start = bench_processor();
	for (i = 0; rc == OK && i < ROUNDS; i++) {
		arena_reset(arena);
		rc = jwe_seal(arena, jwk, data, &plain);
	}
	ret->seal_us = (bench_processor() - start) * 1e6 / ROUNDS;
	start = bench_processor();
	for (i = 0; rc == OK && i < ROUNDS; i++) {
		arena_reset(arena);
		rc = jwe_open(arena, key, sealed, &plain);
	}
	ret->open_us = (bench_processor() - start) * 1e6 / ROUNDS;
	arena_free(arena);
	arena_free(kept);

	return rc;
}

static enum err
measure_seals(struct slice data, struct bench_key_costs *ret)
{
	struct sealing_key *key = NULL;
	enum err rc;

	rc = sealing_key_generate(&key);
	if (rc == OK)
		rc = time_seals(key, data, ret);
	sealing_key_free(key);

	return rc;
}

/* --- The benchmark ------------------------------------------------------------ */

enum err
bench_measure_keys(struct bench_key_costs *ret)
{
	static const char data[BYTES];
	struct slice s = slice_bytes(data, sizeof(data));
	enum err rc = measure_signatures(s, ret);

	return rc ? rc : measure_seals(s, ret);
}

double
bench_key_seconds(const struct bench_key_costs *c,
    const struct crypto_tally *before, const struct crypto_tally *after)
{
	return ((double)(after->signatures - before->signatures) * c->sign_us +
		   (double)(after->verifications - before->verifications) *
		       c->verify_us +
		   (double)(after->seals - before->seals) * c->seal_us +
		   (double)(after->openings - before->openings) * c->open_us) /
	    1e6;
}

/* A limit of other figures: it is held against nothing. */
static void
put(struct bench_report *report, const char *name, double us)
{
	bench_add(report,
	    &(struct bench_figure){
		.name = name, .unit = "/s", .measured = 1e6 / us},
	    "%d of %d bytes, %.1f us each; processor time of one core", ROUNDS,
	    BYTES, us);
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct bench_key_costs costs;
	enum err rc = bench_measure_keys(&costs);

	if (rc)
		return problem_set(problem, rc, "a key failed");
	put(report, "signatures, ES256", costs.sign_us);
	put(report, "verifications, ES256", costs.verify_us);
	put(report, "seals, ECDH-ES", costs.seal_us);
	put(report, "openings of seals", costs.open_us);

	return OK;
}

const struct bench bench_signatures = {
    "signatures", "signatures and seals in memory", run};
