/* Leaves: values that another program computed, and what they hide. */
#include "ledger/leaf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/encode.h"
#include "ledger/merkle.h"

static const struct leaf_entry entry = {.seq = 258,
    .at = {1795000000123},
    .actor = SLICE("131041/relay"),
    .action = SLICE("inquiry.make"),
    .subject = SLICE("123"),
    .basis = SLICE("番号法19条8号"),
    .request = SLICE("ab")};

static void
assert_hex(const void *bytes, size_t len, const char *want)
{
	struct buf b;

	buf_init(&b);
	hex_encode(slice_bytes(bytes, len), &b);
	assert_string_equal(b.data, want);
	buf_done(&b);
}

static void
count_up(uint8_t secret[LEAF_SECRET_LEN])
{
	uint8_t i;

	for (i = 0; i < LEAF_SECRET_LEN; i++)
		secret[i] = i;
}

static void
a_leaf_is_what_other_programs_make_of_the_entry(void **state)
{
	uint8_t secret[LEAF_SECRET_LEN], salt[LEAF_SALT_LEN];
	struct digest d;

	(void)state;
	count_up(secret);
	leaf_salt(secret, entry.seq, salt);
	assert_hex(salt, sizeof(salt),
	    "c82dcd3922da9561a1a45609a7e3eb3dfa39b8df909016f48d6831c45cf93b7f");
	d = leaf_data(salt, &entry);
	assert_hex(d.bytes, sizeof(d.bytes),
	    "1eadcfa76c9e7675185704760ba68b4a222a9f4672a9f128beff2c7ae0a8f381");
	d = leaf_hash(salt, &entry);
	assert_hex(d.bytes, sizeof(d.bytes),
	    "94698cf8dbe58359d569dee90bd48131329e817110f823cb3d6fc887c4a7416a");
}

/* Otherwise text could move from one field to the next unseen. */
static void
a_border_between_fields_counts(void **state)
{
	uint8_t salt[LEAF_SALT_LEN] = {0};
	struct leaf_entry a = entry, b = entry;
	struct digest x, y;

	(void)state;
	a.subject = SLICE("12");
	a.basis = SLICE("3x");
	b.subject = SLICE("123");
	b.basis = SLICE("x");
	x = leaf_hash(salt, &a);
	y = leaf_hash(salt, &b);
	assert_false(digest_equal(&x, &y));
}

static void
every_field_counts(void **state)
{
	uint8_t salt[LEAF_SALT_LEN] = {0}, other[LEAF_SALT_LEN] = {1};
	struct digest want = leaf_hash(salt, &entry), d;
	struct leaf_entry e[7];
	size_t i;

	(void)state;
	for (i = 0; i < 7; i++)
		e[i] = entry;
	e[0].seq++;
	e[1].at.ms++;
	e[2].actor = SLICE("131041/relax");
	e[3].action = SLICE("inquiry.fake");
	e[4].subject = SLICE("124");
	e[5].basis = SLICE("");
	e[6].request = SLICE("ac");
	for (i = 0; i < 7; i++) {
		d = leaf_hash(salt, &e[i]);
		assert_false(digest_equal(&d, &want));
	}
	d = leaf_hash(other, &entry);
	assert_false(digest_equal(&d, &want));
}

static void
equal_entries_have_unequal_salts(void **state)
{
	uint8_t secret[LEAF_SECRET_LEN], a[LEAF_SALT_LEN], b[LEAF_SALT_LEN];

	(void)state;
	count_up(secret);
	leaf_salt(secret, 1, a);
	leaf_salt(secret, 2, b);
	assert_memory_not_equal(a, b, sizeof(a));
	secret[31] ^= 1;
	leaf_salt(secret, 1, b);
	assert_memory_not_equal(a, b, sizeof(a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_leaf_is_what_other_programs_make_of_the_entry),
	    cmocka_unit_test(a_border_between_fields_counts),
	    cmocka_unit_test(every_field_counts),
	    cmocka_unit_test(equal_entries_have_unequal_salts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
