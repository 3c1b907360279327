#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/encode.h"
#include "crypto/lthash.h"

static struct lthasher *hasher;

static int
set_up(void **state)
{
	(void)state;
	hasher = lthasher_new();

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	lthasher_free(hasher);

	return 0;
}

static void
add(struct lthash *sum, const char *element)
{
	struct digest d = digest_of(slice_of(element));

	lthash_add(hasher, &d, sum);
}

static void
take(struct lthash *sum, const char *element)
{
	struct digest d = digest_of(slice_of(element));

	lthash_remove(hasher, &d, sum);
}

/* The SHA-256 of the sum's bytes. */
static void
assert_sum(const struct lthash *sum, const char *expected)
{
	uint8_t bytes[LTHASH_BYTES];
	struct digest d;
	struct buf text;

	lthash_encode(sum, bytes);
	d = digest_of(slice_bytes(bytes, sizeof(bytes)));
	buf_init(&text);
	hex_encode(digest_slice(&d), &text);
	assert_string_equal(text.data, expected);
	buf_done(&text);
}

/*
 * Computed with Python's integers and the openssl command:
 *
 *	lanes = [0] * 1024
 *	for w in words:
 *	    key = hashlib.sha256(w.encode()).hexdigest()
 *	    out = subprocess.run(["openssl", "enc", "-aes-256-ctr", "-K", key,
 *	        "-iv", "0" * 32], input=bytes(2048), capture_output=True).stdout
 *	    lanes = [(x + y) & 0xffff for x, y in
 *	        zip(lanes, struct.unpack("<1024H", out))]
 *	hashlib.sha256(struct.pack("<1024H", *lanes)).hexdigest()
 */
static void
sums_are_those_of_python_and_openssl(void **state)
{
	struct lthash sum = {0};

	(void)state;
	add(&sum, "abc");
	assert_sum(&sum,
	    "03f4a1bf3967f7c1f163984de1e87ab2dfe00d2fa402c3d7748853bf8dfe5705");
	add(&sum, "def");
	assert_sum(&sum,
	    "d5bb31d03b201cace13a577ad6cfdc02221b1291134e410a3619b3872d3de4f8");
	add(&sum, "abc");
	assert_sum(&sum,
	    "cc870e3e72e7191d370da8dd218384df85b708ef21f5a9487bedeeb5e4643539");
}

static void
the_order_of_elements_does_not_count(void **state)
{
	struct lthash one = {0}, other = {0};

	(void)state;
	add(&one, "a"), add(&one, "b"), add(&one, "c");
	add(&other, "c"), add(&other, "a"), add(&other, "b");
	assert_memory_equal(&one, &other, sizeof(one));
}

static void
removing_undoes_adding(void **state)
{
	struct lthash sum = {0}, before, nothing = {0};

	(void)state;
	add(&sum, "a");
	before = sum;
	add(&sum, "b");
	assert_memory_not_equal(&sum, &before, sizeof(sum));
	take(&sum, "b");
	assert_memory_equal(&sum, &before, sizeof(sum));
	take(&sum, "b"), add(&sum, "b"), take(&sum, "a");
	assert_memory_equal(&sum, &nothing, sizeof(sum));
}

static void
a_sum_is_read_as_it_was_written(void **state)
{
	uint8_t bytes[LTHASH_BYTES];
	struct lthash sum = {0}, read = {0};

	(void)state;
	add(&sum, "a");
	lthash_encode(&sum, bytes);
	assert_int_equal(
	    lthash_decode(slice_bytes(bytes, sizeof(bytes)), &read), OK);
	assert_memory_equal(&sum, &read, sizeof(sum));
	assert_int_equal(
	    lthash_decode(slice_bytes(bytes, sizeof(bytes) - 1), &read),
	    ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sums_are_those_of_python_and_openssl),
	    cmocka_unit_test(the_order_of_elements_does_not_count),
	    cmocka_unit_test(removing_undoes_adding),
	    cmocka_unit_test(a_sum_is_read_as_it_was_written),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
