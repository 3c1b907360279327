#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/encode.h"
#include "crypto/agree.h"

/* RFC 7518 appendix C. */
static const char alice_x[] = "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0";
static const char alice_y[] = "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps";
static const char alice_d[] = "0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo";
static const char bob_x[] = "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ";
static const char bob_y[] = "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck";
static const char bob_d[] = "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw";
static const uint8_t z[EC_FIELD_LEN] = {158, 86, 217, 29, 129, 113, 53, 211,
    114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106, 72,
    246, 218, 167, 121, 140, 254, 144, 196};

/* PKCS#8 of a P-256 key that carries the private number alone. */
static EVP_PKEY *
private_key(const char *d)
{
	static const char before[] = "304102010030" /* version, algorithm */
				     "1306072a8648ce3d0201"
				     "06082a8648ce3d030107"
				     "0427302502010104"
				     "20";
	EVP_PKEY *key = NULL;
	struct buf der;

	buf_init(&der);
	assert_int_equal(hex_decode(slice_of(before), &der), OK);
	assert_int_equal(base64url_decode(slice_of(d), &der), OK);
	assert_int_equal(ec_decode(buf_slice(&der), &key), OK);
	buf_done(&der);

	return key;
}

static EVP_PKEY *
public_key(const char *x, const char *y)
{
	uint8_t point[EC_POINT_LEN] = {4};
	EVP_PKEY *key = NULL;

	assert_int_equal(
	    base64url_decode_exact(slice_of(x), point + 1, EC_FIELD_LEN), OK);
	assert_int_equal(base64url_decode_exact(slice_of(y),
			     point + 1 + EC_FIELD_LEN, EC_FIELD_LEN),
	    OK);
	assert_int_equal(ec_from_point(point, &key), OK);

	return key;
}

static void
both_sides_agree_on_the_published_secret(void **state)
{
	EVP_PKEY *ad = private_key(alice_d), *bd = private_key(bob_d);
	EVP_PKEY *ap = public_key(alice_x, alice_y);
	EVP_PKEY *bp = public_key(bob_x, bob_y);
	uint8_t secret[EC_FIELD_LEN];

	(void)state;
	assert_int_equal(agree_secret(ad, bp, secret), OK);
	assert_memory_equal(secret, z, sizeof(z));
	memset(secret, 0, sizeof(secret));
	assert_int_equal(agree_secret(bd, ap, secret), OK);
	assert_memory_equal(secret, z, sizeof(z));
	EVP_PKEY_free(ad);
	EVP_PKEY_free(bd);
	EVP_PKEY_free(ap);
	EVP_PKEY_free(bp);
}

static void
without_a_private_half_there_is_no_secret(void **state)
{
	EVP_PKEY *a = public_key(alice_x, alice_y);
	EVP_PKEY *b = public_key(bob_x, bob_y);
	uint8_t secret[EC_FIELD_LEN];

	(void)state;
	assert_int_equal(agree_secret(a, b, secret), ERR_CRYPTO);
	EVP_PKEY_free(a);
	EVP_PKEY_free(b);
}

static EVP_PKEY *
lent(const char *x, const char *y)
{
	EVP_PKEY *key = public_key(x, y), *ret = NULL;
	uint8_t point[EC_POINT_LEN];

	assert_int_equal(ec_point(key, point), OK);
	assert_int_equal(ec_lend_point(point, &ret), OK);
	EVP_PKEY_free(key);

	return ret;
}

static void
a_lent_point_is_as_good_and_another_the_next_time(void **state)
{
	EVP_PKEY *ad = private_key(alice_d), *bd = private_key(bob_d);
	uint8_t secret[EC_FIELD_LEN], nowhere[EC_POINT_LEN] = {4, 1};
	EVP_PKEY *none = NULL;

	(void)state;
	assert_int_equal(agree_secret(ad, lent(bob_x, bob_y), secret), OK);
	assert_memory_equal(secret, z, sizeof(z));
	assert_int_equal(agree_secret(bd, lent(bob_x, bob_y), secret), OK);
	assert_memory_not_equal(secret, z, sizeof(z));
	assert_int_equal(ec_lend_point(nowhere, &none), ERR_CRYPTO);
	assert_null(none);
	assert_int_equal(agree_secret(bd, lent(alice_x, alice_y), secret), OK);
	assert_memory_equal(secret, z, sizeof(z));
	EVP_PKEY_free(ad);
	EVP_PKEY_free(bd);
}

static void
the_published_key_is_derived(void **state)
{
	const struct agree_info info = {
	    SLICE("A128GCM"), SLICE("Alice"), SLICE("Bob"), 128};
	struct digest key = agree_key(z, &info);
	struct buf text;

	(void)state;
	buf_init(&text);
	base64url_encode(slice_bytes(key.bytes, 16), &text);
	assert_string_equal(text.data, "VqqN6vgjbSBcIijNcacQGg");
	buf_done(&text);
}

static void
everything_is_bound_into_the_key(void **state)
{
	const struct agree_info infos[] = {
	    {SLICE("A256GCM"), SLICE("Alice"), SLICE("Bob"), 256},
	    {SLICE("A256GCN"), SLICE("Alice"), SLICE("Bob"), 256},
	    {SLICE("A256GCM"), SLICE("AliceB"), SLICE("ob"), 256},
	    {SLICE("A256GCM"), SLICE("Alice"), SLICE(""), 256},
	    {SLICE("A256GCM"), SLICE("Alice"), SLICE("Bob"), 128},
	};
	struct digest keys[5];
	size_t i, j;

	(void)state;
	for (i = 0; i < 5; i++) {
		keys[i] = agree_key(z, &infos[i]);
		for (j = 0; j < i; j++)
			assert_false(digest_equal(&keys[i], &keys[j]));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_sides_agree_on_the_published_secret),
	    cmocka_unit_test(without_a_private_half_there_is_no_secret),
	    cmocka_unit_test(a_lent_point_is_as_good_and_another_the_next_time),
	    cmocka_unit_test(the_published_key_is_derived),
	    cmocka_unit_test(everything_is_bound_into_the_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
