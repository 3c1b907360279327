#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "systems/network/linkage.h"

#define NOW ((struct instant){1795248000000})

struct fixture {
	struct random_seed seed;
	struct random random;
	struct keystore *keys;
	struct linkage *linkage;
};

static int
set_up(void **state)
{
	static struct fixture f;

	f.random = random_seeded(&f.seed, 1);
	f.keys = keystore_new(KEYSTORE_FAST);
	keystore_add_symmetric(f.keys, LINKAGE_KEY, &f.random, NOW, NULL);
	assert_int_equal(linkage_new(f.keys, &f.linkage), OK);
	*state = &f;

	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	linkage_free(f->linkage);
	keystore_free(f->keys);

	return 0;
}

static struct linkage_code
make(
    const struct fixture *f, uint64_t id, uint32_t organisation, uint16_t epoch)
{
	struct linkage_code code;

	assert_int_equal(linkage_make(f->linkage, (struct id_code){id},
			     (struct code_owner){organisation, epoch}, &code),
	    OK);

	return code;
}

static void
a_code_opens_for_its_owner_alone(void **state)
{
	const struct fixture *f = *state;
	struct linkage_code code = make(f, 4711, 3, 1);
	struct id_code id = {99};
	uint16_t epoch = 77;

	assert_int_equal(
	    linkage_open(f->linkage, &code, 4, &id, &epoch), ERR_CRYPTO);
	assert_int_equal(id.value, 99);
	assert_int_equal(epoch, 77);
	assert_int_equal(linkage_open(f->linkage, &code, 3, &id, &epoch), OK);
	assert_int_equal(id.value, 4711);
}

static void
every_changed_bit_makes_it_nobodys(void **state)
{
	const struct fixture *f = *state;
	struct linkage_code code = make(f, 4711, 3, 1);
	struct id_code id;
	uint16_t epoch;
	size_t bit;

	for (bit = 0; bit < 8 * LINKAGE_CODE_LEN; bit++) {
		code.bytes[bit / 8] ^= (uint8_t)(1 << (bit % 8));
		assert_int_equal(
		    linkage_open(f->linkage, &code, 3, &id, &epoch),
		    ERR_CRYPTO);
		code.bytes[bit / 8] ^= (uint8_t)(1 << (bit % 8));
	}
}

static void
codes_of_persons_and_of_organisations_differ(void **state)
{
	const struct fixture *f = *state;
	struct linkage_code one = make(f, 1, 3, 1), two = make(f, 2, 3, 1),
			    other = make(f, 1, 4, 1);

	assert_false(linkage_code_equal(&one, &two));
	assert_false(linkage_code_equal(&one, &other));
	assert_false(linkage_code_equal(&two, &other));
}

static void
a_conversion_gives_the_other_organisations_code(void **state)
{
	const struct fixture *f = *state;
	struct linkage_code from = make(f, INT64_MAX, 3, 1),
			    want = make(f, INT64_MAX, UINT32_MAX - 1, 1), got;

	assert_int_equal(linkage_convert(f->linkage, &from, 3,
			     (struct code_owner){UINT32_MAX - 1, 1}, &got),
	    OK);
	assert_true(linkage_code_equal(&got, &want));
	assert_int_equal(linkage_convert(f->linkage, &from, 5,
			     (struct code_owner){4, 1}, &got),
	    ERR_CRYPTO);
	assert_int_equal(linkage_convert(f->linkage, &from, 3,
			     (struct code_owner){4, 2}, &got),
	    ERR_NOT_FOUND);
}

static void
rotation_breaks_no_old_code(void **state)
{
	struct fixture *f = *state;
	struct linkage_code old = make(f, 4711, 3, 1), converted;
	struct linkage *rotated;
	struct id_code id;
	uint16_t epoch;

	keystore_add_symmetric(f->keys, LINKAGE_KEY, &f->random, NOW, NULL);
	assert_int_equal(linkage_new(f->keys, &rotated), OK);
	assert_int_equal(linkage_epoch(f->linkage), 1);
	assert_int_equal(linkage_epoch(rotated), 2);
	assert_int_equal(linkage_open(rotated, &old, 3, &id, &epoch), OK);
	assert_int_equal(id.value, 4711);
	assert_int_equal(epoch, 1);
	/* Also between an old code and a new one. */
	assert_int_equal(linkage_convert(rotated, &old, 3,
			     (struct code_owner){4, 2}, &converted),
	    OK);
	assert_int_equal(
	    linkage_open(f->linkage, &converted, 4, &id, &epoch), ERR_CRYPTO);
	assert_int_equal(linkage_open(rotated, &converted, 4, &id, &epoch), OK);
	assert_int_equal(id.value, 4711);
	linkage_free(rotated);
}

static void
without_a_key_there_are_no_codes(void **state)
{
	struct keystore *empty = keystore_new(KEYSTORE_FAST);
	struct fixture *f = *state;
	struct linkage *linkage;
	struct linkage_code code;
	uint32_t epoch;

	assert_int_equal(linkage_new(empty, &linkage), ERR_CRYPTO);
	for (epoch = 0; epoch <= LINKAGE_EPOCHS_MAX; epoch++)
		keystore_add_symmetric(
		    empty, LINKAGE_KEY, &f->random, NOW, NULL);
	assert_int_equal(linkage_new(empty, &linkage), ERR_TOO_LARGE);
	keystore_free(empty);
	assert_int_equal(linkage_make(f->linkage, (struct id_code){1},
			     (struct code_owner){3, 0}, &code),
	    ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_code_opens_for_its_owner_alone, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		every_changed_bit_makes_it_nobodys, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		codes_of_persons_and_of_organisations_differ, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		a_conversion_gives_the_other_organisations_code, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		rotation_breaks_no_old_code, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		without_a_key_there_are_no_codes, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
