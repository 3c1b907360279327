#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/encode.h"
#include "crypto/hash.h"

/* FIPS 180-4 examples of NIST, and the empty message. */
static const struct {
	const char *message;
	const char *digest;
} samples[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void
assert_digest(const struct digest *d, const char *expected)
{
	struct buf text;

	buf_init(&text);
	hex_encode(digest_slice(d), &text);
	assert_string_equal(text.data, expected);
	buf_done(&text);
}

static void
published_samples_are_reproduced(void **state)
{
	struct digest d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		d = digest_of(slice_of(samples[i].message));
		assert_digest(&d, samples[i].digest);
	}
	d = digest_of((struct slice){0});
	assert_digest(&d, samples[0].digest);
}

static void
a_million_letters_may_come_in_parts(void **state)
{
	struct hasher *h = hasher_new();
	struct digest d;
	char part[1000];
	int i;

	(void)state;
	memset(part, 'a', sizeof(part));
	hasher_add(h, (struct slice){0});
	for (i = 0; i < 1000; i++)
		hasher_add(h, slice_bytes(part, sizeof(part)));
	d = hasher_finish(h);
	assert_digest(&d,
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void
digests_that_differ_in_one_bit_are_not_equal(void **state)
{
	struct digest a = digest_of(SLICE("a")), b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(a.bytes); i++) {
		b = a;
		assert_true(digest_equal(&a, &b));
		b.bytes[i] ^= 1;
		assert_false(digest_equal(&a, &b));
	}
}

static void
secrets_are_equal_only_over_the_length_asked_for(void **state)
{
	(void)state;
	assert_true(secret_equal("secret-a", "secret-b", 7));
	assert_false(secret_equal("secret-a", "secret-b", 8));
	assert_true(secret_equal("x", "y", 0));
}

static void
only_32_bytes_are_a_stored_digest(void **state)
{
	struct digest d = digest_of(SLICE("abc")), back = {{1}};

	(void)state;
	assert_int_equal(digest_from_bytes(SLICE("abc"), &back), ERR_INPUT);
	assert_int_equal(back.bytes[0], 1);
	assert_int_equal(digest_from_bytes(digest_slice(&d), &back), OK);
	assert_true(digest_equal(&d, &back));
}

/* RFC 4231 §4.2 and 4.7. */
static void
hmac_of_the_standard_is_reproduced(void **state)
{
	static const struct {
		int byte;
		size_t len;
		const char *text, *code;
	} cases[] = {
	    {0x0b, 20, "Hi There",
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff"
		"7"},
	    {0xaa, 131,
		"Test Using Larger Than Block-Size Key - Hash Key First",
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f5"
		"4"},
	};
	char bytes[131];
	struct digest d;
	struct buf hex;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(bytes, cases[i].byte, sizeof(bytes));
		d = digest_keyed(
		    slice_bytes(bytes, cases[i].len), slice_of(cases[i].text));
		buf_init(&hex);
		hex_encode(digest_slice(&d), &hex);
		assert_string_equal(hex.data, cases[i].code);
		buf_done(&hex);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(published_samples_are_reproduced),
	    cmocka_unit_test(a_million_letters_may_come_in_parts),
	    cmocka_unit_test(hmac_of_the_standard_is_reproduced),
	    cmocka_unit_test(digests_that_differ_in_one_bit_are_not_equal),
	    cmocka_unit_test(secrets_are_equal_only_over_the_length_asked_for),
	    cmocka_unit_test(only_32_bytes_are_a_stored_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
