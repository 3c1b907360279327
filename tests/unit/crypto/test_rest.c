/* Values that a thief of a database may neither read nor compare. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/rest.h"

#define NOW ((struct instant){1795280000000})

static struct keystore *keys;
static struct arena *arena;
static struct random chance;

static int
set_up(void **state)
{
	(void)state;
	chance = random_system();
	keys = keystore_new(KEYSTORE_FAST);
	arena = arena_new();
	keystore_add_symmetric(keys, REST_PURPOSE, &chance, NOW, NULL);

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	keystore_free(keys);
	arena_free(arena);

	return 0;
}

static void
a_tag_is_of_its_value_its_key_and_its_epoch(void **state)
{
	struct rest_tag a, again, other, later;

	(void)state;
	assert_int_equal(rest_tag_of(keys, 1, SLICE("value"), &a), OK);
	assert_int_equal(rest_tag_of(keys, 1, SLICE("value"), &again), OK);
	assert_int_equal(rest_tag_of(keys, 1, SLICE("other"), &other), OK);
	assert_int_equal(
	    rest_tag_of(keys, 2, SLICE("value"), &later), ERR_NOT_FOUND);
	keystore_add_symmetric(keys, REST_PURPOSE, &chance, NOW, NULL);
	assert_int_equal(rest_epoch(keys), 2);
	assert_int_equal(rest_tag_of(keys, 2, SLICE("value"), &later), OK);
	assert_memory_equal(&a, &again, sizeof(a));
	assert_memory_not_equal(&a, &other, sizeof(a));
	assert_memory_not_equal(&a, &later, sizeof(a));
}

static void
what_was_sealed_is_opened_in_later_epochs_too(void **state)
{
	struct slice sealed, again, plain;

	(void)state;
	assert_int_equal(
	    rest_seal(arena, keys, &chance, SLICE("value"), &sealed), OK);
	assert_int_equal(
	    rest_seal(arena, keys, &chance, SLICE("value"), &again), OK);
	assert_int_equal(sealed.len, 5 + 32);
	assert_false(slice_equal(sealed, again));
	keystore_add_symmetric(keys, REST_PURPOSE, &chance, NOW, NULL);
	assert_int_equal(rest_open(arena, keys, sealed, &plain), OK);
	assert_true(slice_equal_string(plain, "value"));
}

static void
no_bit_of_it_may_change(void **state)
{
	struct slice sealed, plain;
	char copy[64];
	size_t i;

	(void)state;
	assert_int_equal(
	    rest_seal(arena, keys, &chance, SLICE("value"), &sealed), OK);
	for (i = 0; i < sealed.len; i++) {
		memcpy(copy, sealed.data, sealed.len);
		copy[i] = (char)(copy[i] ^ 1);
		assert_int_not_equal(rest_open(arena, keys,
					 slice_bytes(copy, sealed.len), &plain),
		    OK);
	}
	assert_int_equal(
	    rest_open(arena, keys, slice_bytes(sealed.data, 31), &plain),
	    ERR_CRYPTO);
}

static void
without_a_key_nothing_is_sealed(void **state)
{
	struct keystore *empty = keystore_new(KEYSTORE_FAST);
	struct slice sealed;

	(void)state;
	assert_int_equal(rest_epoch(empty), 0);
	assert_int_equal(
	    rest_seal(arena, empty, &chance, SLICE("value"), &sealed),
	    ERR_NOT_FOUND);
	keystore_free(empty);
}

static void
a_key_is_renewed_each_year(void **state)
{
	struct keystore *ks = keystore_new(KEYSTORE_FAST);
	struct instant later = instant_plus(NOW, REST_YEAR_MS);
	struct slice sealed, plain;

	(void)state;
	assert_true(rest_renew(ks, &chance, NOW));
	assert_int_equal(rest_epoch(ks), 1);
	assert_int_equal(
	    rest_seal(arena, ks, &chance, SLICE("value"), &sealed), OK);
	assert_false(rest_renew(ks, &chance, instant_plus(later, -1)));
	assert_true(rest_renew(ks, &chance, later));
	assert_int_equal(rest_epoch(ks), 2);
	assert_false(rest_renew(ks, &chance, later));
	assert_int_equal(rest_open(arena, ks, sealed, &plain), OK);
	keystore_free(ks);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_tag_is_of_its_value_its_key_and_its_epoch, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		what_was_sealed_is_opened_in_later_epochs_too, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		no_bit_of_it_may_change, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_key_is_renewed_each_year, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		without_a_key_nothing_is_sealed, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
