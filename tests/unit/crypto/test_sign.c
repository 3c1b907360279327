#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/err.h>
#include <string.h>

#include "base/encode.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

/* RFC 7515 appendix A.3. */
static const char a3_jwk[] =
    "{\"kty\":\"EC\",\"crv\":\"P-256\","
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
static const char a3_signed[] =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogIm"
    "h0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
static const char a3_signature[] =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfK"
    "TUJqPP3-Kg6NU1Q";
/* Told by another implementation (jose jwk thp). */
static const char a3_thumbprint[] =
    "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U";

static json_t *
jwk_of(const char *text)
{
	json_t *jwk = NULL;

	assert_int_equal(json_read(slice_of(text), "jwk", &jwk, NULL), OK);

	return jwk;
}

static struct verify_key *
public_of(const struct signing_key *key)
{
	json_t *jwk = signing_key_jwk(key);
	struct verify_key *public = NULL;

	assert_int_equal(verify_key_from_jwk(jwk, &public), OK);
	json_decref(jwk);

	return public;
}

static void
the_published_signature_is_verified(void **state)
{
	json_t *jwk = jwk_of(a3_jwk);
	uint8_t signature[SIGNATURE_LEN];
	struct verify_key *key = NULL;

	(void)state;
	assert_int_equal(verify_key_from_jwk(jwk, &key), OK);
	assert_int_equal(base64url_decode_exact(slice_of(a3_signature),
			     signature, sizeof(signature)),
	    OK);
	assert_int_equal(verify_bytes(key, slice_of(a3_signed), signature), OK);
	verify_key_free(key);
	json_decref(jwk);
}

/* RFC 7638 §3.2: the members that are required, in lexicographic order. */
static void
the_id_is_the_thumbprint_of_the_public_key(void **state)
{
	json_t *jwk = jwk_of(a3_jwk);
	struct verify_key *key = NULL;
	struct key_id id;

	(void)state;
	json_put_text(jwk, "alg", SLICE("ES256")); /* is no part of it */
	assert_int_equal(verify_key_from_jwk(jwk, &key), OK);
	id = verify_key_id(key);
	assert_string_equal(id.text, a3_thumbprint);
	assert_int_equal(strlen(id.text), KEY_ID_LEN);
	verify_key_free(key);
	json_decref(jwk);
}

static void
altering_any_byte_makes_a_signature_unfit(void **state)
{
	struct signing_key *key = NULL;
	struct verify_key *public;
	uint8_t signature[SIGNATURE_LEN];
	char data[] = "the signed text";
	size_t i;

	(void)state;
	assert_int_equal(signing_key_generate(&key), OK);
	public = public_of(key);
	assert_int_equal(sign_bytes(key, slice_of(data), signature), OK);
	for (i = 0; i < SIGNATURE_LEN; i++) {
		signature[i] ^= 1;
		assert_int_equal(
		    verify_bytes(public, slice_of(data), signature),
		    ERR_CRYPTO);
		signature[i] ^= 1;
	}
	for (i = 0; i < strlen(data); i++) {
		data[i] ^= 1;
		assert_int_equal(
		    verify_bytes(public, slice_of(data), signature),
		    ERR_CRYPTO);
		data[i] ^= 1;
	}
	assert_int_equal(verify_bytes(public, slice_of(data), signature), OK);
	verify_key_free(public);
	signing_key_free(key);
}

/* A number that begins with a zero byte is shorter in DER, not in ES256. */
static void
numbers_with_leading_zeros_keep_their_place(void **state)
{
	uint8_t signature[SIGNATURE_LEN];
	struct signing_key *key = NULL;
	struct verify_key *public;
	int short_r = 0, short_s = 0, i;

	(void)state;
	assert_int_equal(signing_key_generate(&key), OK);
	public = public_of(key);
	/* One in 256 each: 20,000 without one will not be seen. */
	for (i = 0; i < 20000 && (short_r == 0 || short_s == 0); i++) {
		assert_int_equal(sign_bytes(key, SLICE("x"), signature), OK);
		if (signature[0] != 0 && signature[32] != 0)
			continue;
		short_r += signature[0] == 0;
		short_s += signature[32] == 0;
		assert_int_equal(
		    verify_bytes(public, SLICE("x"), signature), OK);
	}
	assert_true(short_r > 0 && short_s > 0);
	verify_key_free(public);
	signing_key_free(key);
}

static void
numbers_out_of_range_are_refused(void **state)
{
	/* The order of P-256: one more than the largest r or s. */
	static const char order[] = "ffffffff00000000ffffffffffffffff"
				    "bce6faada7179e84f3b9cac2fc632551";
	json_t *jwk = jwk_of(a3_jwk);
	uint8_t good[SIGNATURE_LEN], bad[SIGNATURE_LEN];
	struct verify_key *key = NULL;
	size_t half;

	(void)state;
	assert_int_equal(verify_key_from_jwk(jwk, &key), OK);
	assert_int_equal(
	    base64url_decode_exact(slice_of(a3_signature), good, sizeof(good)),
	    OK);
	for (half = 0; half < 64; half += 32) {
		memcpy(bad, good, sizeof(bad));
		memset(bad + half, 0, 32);
		assert_int_equal(
		    verify_bytes(key, slice_of(a3_signed), bad), ERR_CRYPTO);
		assert_int_equal(
		    hex_decode_exact(slice_of(order), bad + half, 32), OK);
		assert_int_equal(
		    verify_bytes(key, slice_of(a3_signed), bad), ERR_CRYPTO);
	}
	memset(bad, 0, sizeof(bad));
	assert_int_equal(
	    verify_bytes(key, slice_of(a3_signed), bad), ERR_CRYPTO);
	verify_key_free(key);
	json_decref(jwk);
}

static void
a_key_survives_being_stored(void **state)
{
	struct signing_key *key = NULL, *back = NULL;
	uint8_t signature[SIGNATURE_LEN];
	struct verify_key *public;
	struct key_id a, b;
	struct buf der;

	(void)state;
	buf_init(&der);
	assert_int_equal(signing_key_generate(&key), OK);
	assert_int_equal(signing_key_encode(key, &der), OK);
	assert_int_equal(signing_key_decode(buf_slice(&der), &back), OK);
	a = signing_key_id(key);
	b = signing_key_id(back);
	assert_string_equal(a.text, b.text);
	public = public_of(key);
	assert_int_equal(sign_bytes(back, SLICE("x"), signature), OK);
	assert_int_equal(verify_bytes(public, SLICE("x"), signature), OK);
	verify_key_free(public);
	signing_key_free(key);
	signing_key_free(back);
	buf_done(&der);
}

static void
what_is_not_a_whole_private_key_is_refused(void **state)
{
	struct signing_key *key = NULL, *none = NULL;
	struct buf der;
	size_t len;

	(void)state;
	buf_init(&der);
	assert_int_equal(signing_key_generate(&key), OK);
	assert_int_equal(signing_key_encode(key, &der), OK);
	for (len = 0; len < der.len; len++)
		assert_int_equal(
		    signing_key_decode(slice_bytes(der.data, len), &none),
		    ERR_CRYPTO);
	buf_add_char(&der, '\0'); /* and nothing may follow */
	assert_int_equal(
	    signing_key_decode(buf_slice(&der), &none), ERR_CRYPTO);
	der.data[der.len - 2] ^= 1; /* the public half */
	der.len--;
	assert_int_equal(
	    signing_key_decode(buf_slice(&der), &none), ERR_CRYPTO);
	assert_null(none);
	signing_key_free(key);
	buf_done(&der);
}

static void
what_is_not_a_point_of_p256_is_refused(void **state)
{
	static const char *const fields[][2] = {{"kty", "RSA"}, {"kty", "oct"},
	    {"crv", "P-384"}, {"crv", "secp256k1"},
	    {"x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
	    {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE"},
	    {"x", "__________________________________________8"},
	    {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4"}, {"y", ""}};
	struct verify_key *key = NULL;
	json_t *jwk;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		jwk = jwk_of(a3_jwk);
		json_put_text(jwk, fields[i][0], slice_of(fields[i][1]));
		assert_int_equal(verify_key_from_jwk(jwk, &key), ERR_CRYPTO);
		json_object_del(jwk, fields[i][0]);
		assert_int_equal(verify_key_from_jwk(jwk, &key), ERR_CRYPTO);
		json_decref(jwk);
	}
	assert_int_equal(verify_key_from_jwk(NULL, &key), ERR_CRYPTO);
	assert_null(key);
}

/* TLS takes what it finds in OpenSSL's queue for its own. */
static void
a_refusal_leaves_no_error_behind(void **state)
{
	uint8_t signature[SIGNATURE_LEN] = {1};
	json_t *jwk = jwk_of(a3_jwk);
	struct signing_key *none = NULL;
	struct verify_key *key = NULL;

	(void)state;
	assert_int_equal(verify_key_from_jwk(jwk, &key), OK);
	assert_int_equal(verify_bytes(key, SLICE("x"), signature), ERR_CRYPTO);
	assert_int_equal(signing_key_decode(SLICE("x"), &none), ERR_CRYPTO);
	assert_int_equal(ERR_peek_error(), 0);
	verify_key_free(key);
	json_decref(jwk);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_published_signature_is_verified),
	    cmocka_unit_test(the_id_is_the_thumbprint_of_the_public_key),
	    cmocka_unit_test(altering_any_byte_makes_a_signature_unfit),
	    cmocka_unit_test(numbers_with_leading_zeros_keep_their_place),
	    cmocka_unit_test(numbers_out_of_range_are_refused),
	    cmocka_unit_test(a_key_survives_being_stored),
	    cmocka_unit_test(what_is_not_a_whole_private_key_is_refused),
	    cmocka_unit_test(what_is_not_a_point_of_p256_is_refused),
	    cmocka_unit_test(a_refusal_leaves_no_error_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
