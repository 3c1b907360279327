/* Operations with keys are counted, those that fail too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/jose.h"
#include "crypto/sign.h"
#include "crypto/tally.h"

static void
signatures_are_counted(void **state)
{
	struct crypto_tally before = crypto_tally;
	uint8_t signature[SIGNATURE_LEN];
	struct signing_key *key = NULL;
	struct verify_key *verify = NULL;
	json_t *jwk;

	(void)state;
	assert_int_equal(signing_key_generate(&key), OK);
	jwk = signing_key_jwk(key);
	assert_int_equal(verify_key_from_jwk(jwk, &verify), OK);
	assert_int_equal(sign_bytes(key, SLICE("a"), signature), OK);
	assert_int_equal(verify_bytes(verify, SLICE("a"), signature), OK);
	assert_int_not_equal(verify_bytes(verify, SLICE("b"), signature), OK);
	assert_int_equal(crypto_tally.signatures, before.signatures + 1);
	assert_int_equal(crypto_tally.verifications, before.verifications + 2);
	json_decref(jwk);
	verify_key_free(verify);
	signing_key_free(key);
}

static void
seals_are_counted(void **state)
{
	struct crypto_tally before = crypto_tally;
	struct sealing_key *key = NULL;
	struct arena *arena = arena_new();
	struct slice sealed, plain;

	(void)state;
	assert_int_equal(sealing_key_generate(&key), OK);
	assert_int_equal(
	    jwe_seal(arena, sealing_key_jwk(key, arena), SLICE("a"), &sealed),
	    OK);
	assert_int_equal(jwe_open(arena, key, sealed, &plain), OK);
	assert_int_equal(crypto_tally.seals, before.seals + 1);
	assert_int_equal(crypto_tally.openings, before.openings + 1);
	sealing_key_free(key);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signatures_are_counted),
	    cmocka_unit_test(seals_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
