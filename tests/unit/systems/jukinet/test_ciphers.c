#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "number/ff1.h"
#include "systems/jukinet/ciphers.h"

#define NOW ((struct instant){1795248000000})

static void
add_key(struct keystore *keys, const char *purpose)
{
	struct random random = random_system();

	keystore_add_symmetric(keys, purpose, &random, NOW, NULL);
}

static void
a_number_is_ff1_of_code_and_generation(void **state)
{
	struct keystore *keys = keystore_new(KEYSTORE_FAST);
	uint64_t value = UINT64_C(12345678901);
	char text[] = "12345678901", want[12] = "", got[12];
	struct ciphers *ciphers;
	struct ff1 ff1;

	(void)state;
	add_key(keys, "resident-code");
	add_key(keys, "number");
	assert_int_equal(ciphers_new(keys, &ciphers), OK);
	assert_int_equal(
	    ff1_init(keystore_current(keys, "number")->secret, 10, &ff1, NULL),
	    OK);
	assert_int_equal(
	    ff1_encrypt(&ff1, SLICE(""), slice_of(text), want, NULL), OK);
	ciphers_encrypt(ciphers, CIPHER_NUMBER, 1, &value, 1);
	snprintf(got, sizeof(got), "%011llu", (unsigned long long)value);
	assert_string_equal(got, want);
	ciphers_decrypt(ciphers, CIPHER_NUMBER, 1, &value, 1);
	assert_int_equal(value, UINT64_C(12345678901));
	ff1_done(&ff1);
	ciphers_free(ciphers);
	keystore_free(keys);
}

static void
every_epoch_is_another_permutation(void **state)
{
	struct keystore *keys = keystore_new(KEYSTORE_FAST);
	uint64_t first = 4711, second = 4711;
	struct ciphers *ciphers;

	(void)state;
	add_key(keys, "resident-code");
	add_key(keys, "resident-code");
	add_key(keys, "number");
	assert_int_equal(ciphers_new(keys, &ciphers), OK);
	assert_int_equal(ciphers_epoch(ciphers, CIPHER_CODE), 2);
	assert_int_equal(ciphers_epoch(ciphers, CIPHER_NUMBER), 1);
	ciphers_encrypt(ciphers, CIPHER_CODE, 1, &first, 1);
	ciphers_encrypt(ciphers, CIPHER_CODE, 2, &second, 1);
	assert_true(first != second);
	ciphers_decrypt(ciphers, CIPHER_CODE, 1, &first, 1);
	ciphers_decrypt(ciphers, CIPHER_CODE, 2, &second, 1);
	assert_int_equal(first, 4711);
	assert_int_equal(second, 4711);
	ciphers_free(ciphers);
	keystore_free(keys);
}

static void
without_both_keys_there_are_no_ciphers(void **state)
{
	struct keystore *keys = keystore_new(KEYSTORE_FAST);
	struct ciphers *ciphers;
	int i;

	(void)state;
	assert_int_equal(ciphers_new(keys, &ciphers), ERR_CRYPTO);
	add_key(keys, "resident-code");
	assert_int_equal(ciphers_new(keys, &ciphers), ERR_CRYPTO);
	for (i = 0; i <= CIPHERS_EPOCHS_MAX; i++)
		add_key(keys, "number");
	assert_int_equal(ciphers_new(keys, &ciphers), ERR_TOO_LARGE);
	keystore_free(keys);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_number_is_ff1_of_code_and_generation),
	    cmocka_unit_test(every_epoch_is_another_permutation),
	    cmocka_unit_test(without_both_keys_there_are_no_ciphers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
