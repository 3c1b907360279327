/* Made keys are in the store, epoch by epoch, and are what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/jose.h"
#include "crypto/keymaking.h"

#define NOW ((struct instant){1790000000000})

static void
a_signing_key_is_the_one_of_its_jwk(void **state)
{
	struct keystore *ks = keystore_new(KEYSTORE_FAST);
	struct signing_key *key = NULL;
	struct verify_key *verify = NULL;
	const struct stored_key *stored;
	json_t *jwk = NULL;

	(void)state;
	assert_int_equal(keymaking_sign(ks, NOW, &jwk), OK);
	stored = keystore_current(ks, "sign");
	assert_non_null(stored);
	assert_int_equal(signing_key_decode(stored->secret, &key), OK);
	assert_int_equal(verify_key_from_jwk(jwk, &verify), OK);
	assert_string_equal(verify_key_id(verify).text, stored->id);
	assert_string_equal(signing_key_id(key).text, stored->id);
	verify_key_free(verify);
	signing_key_free(key);
	json_decref(jwk);
	keystore_free(ks);
}

static void
every_key_is_the_next_epoch(void **state)
{
	struct keystore *ks = keystore_new(KEYSTORE_FAST);
	struct sealing_key *key = NULL;

	(void)state;
	assert_int_equal(keymaking_seal(ks, NOW), OK);
	assert_int_equal(keymaking_seal(ks, NOW), OK);
	assert_int_equal(keystore_current(ks, "seal")->epoch, 2);
	assert_int_equal(
	    sealing_key_decode(keystore_epoch(ks, "seal", 1)->secret, &key),
	    OK);
	assert_string_not_equal(
	    sealing_key_id(key).text, keystore_current(ks, "seal")->id);
	sealing_key_free(key);
	keystore_free(ks);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_signing_key_is_the_one_of_its_jwk),
	    cmocka_unit_test(every_key_is_the_next_epoch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
