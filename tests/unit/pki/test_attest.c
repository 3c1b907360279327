/* Certificates of signing keys, with openssl's library as a second reader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "crypto/sign.h"
#include "pki/attest.h"

#define DAY 86400000ll
static const struct instant begin = {1795248000000}; /* 2026-11-21T08:00Z */
static const struct instant end = {1795248000000 + 365 * DAY};

static struct authority *ca;
static struct buf anchor;
static json_t *jwk;
static struct arena *arena;

static int
set_up(void **state)
{
	struct signing_key *key = NULL;

	(void)state;
	buf_init(&anchor);
	arena = arena_new();
	if (authority_new(SLICE("Nation"), begin, end, &ca) ||
	    authority_certificate(ca, &anchor) || signing_key_generate(&key))
		return -1;
	jwk = signing_key_jwk(key);
	signing_key_free(key);

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	authority_free(ca);
	buf_done(&anchor);
	json_decref(jwk);
	arena_free(arena);

	return 0;
}

static struct certificate_request
request(void)
{
	return (struct certificate_request){
	    .common_name = SLICE("131041/relay"),
	    .organisation = SLICE("\xe6\x96\xb0\xe5\xae\xbf\xe5\x8c\xba"),
	    .not_before = begin,
	    .not_after = instant_plus(begin, 30 * DAY)};
}

static void
attest(struct buf *ret)
{
	struct certificate_request r = request();

	buf_init(ret);
	assert_int_equal(authority_attest(ca, &r, jwk, ret), OK);
}

static enum err
opened(struct slice pem, struct slice by)
{
	struct attested_key key = {0};
	enum err rc = certificate_open(arena, pem, by, &key);

	if (rc)
		assert_null(key.jwk);
	json_decref(key.jwk);

	return rc;
}

static void
a_certificate_says_whose_key_it_is(void **state)
{
	struct attested_key key = {0};
	struct buf pem;

	(void)state;
	attest(&pem);
	assert_int_equal(
	    certificate_open(arena, buf_slice(&pem), buf_slice(&anchor), &key),
	    OK);
	assert_true(slice_equal_string(key.common_name, "131041/relay"));
	assert_true(slice_equal_string(
	    key.organisation, "\xe6\x96\xb0\xe5\xae\xbf\xe5\x8c\xba"));
	assert_int_equal(key.not_before.ms, begin.ms);
	assert_int_equal(key.not_after.ms, begin.ms + 30 * DAY);
	assert_true(json_equal(key.jwk, jwk));
	json_decref(key.jwk);
	buf_done(&pem);
}

static void
it_is_not_valid_for_longer_than_the_authority(void **state)
{
	struct certificate_request r = request();
	struct attested_key key = {0};
	struct buf pem;

	(void)state;
	buf_init(&pem);
	r.not_before = instant_plus(begin, -DAY);
	r.not_after = instant_plus(end, DAY);
	assert_int_equal(authority_attest(ca, &r, jwk, &pem), OK);
	assert_int_equal(
	    certificate_open(arena, buf_slice(&pem), buf_slice(&anchor), &key),
	    OK);
	assert_int_equal(key.not_before.ms, begin.ms);
	assert_int_equal(key.not_after.ms, end.ms);
	json_decref(key.jwk);
	buf_done(&pem);
}

static void
openssl_reads_the_same_in_it(void **state)
{
	struct buf pem;
	BIO *bio;
	X509 *cert;

	(void)state;
	attest(&pem);
	bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	assert_non_null(cert);
	assert_int_equal(X509_get_key_usage(cert), KU_DIGITAL_SIGNATURE);
	assert_int_equal(X509_get_extended_key_usage(cert), UINT32_MAX);
	assert_int_equal(X509_check_ca(cert), 0);
	assert_true(X509_get_ext_by_NID(cert, NID_subject_alt_name, -1) < 0);
	X509_free(cert);
	BIO_free(bio);
	buf_done(&pem);
}

static void
no_key_has_no_certificate(void **state)
{
	struct certificate_request r = request();
	json_t *other = json_deep_copy(jwk);
	struct buf pem;

	(void)state;
	buf_init(&pem);
	/* Not on the curve. */
	json_object_set(other, "x", json_object_get(jwk, "y"));
	assert_int_equal(authority_attest(ca, &r, other, &pem), ERR_CRYPTO);
	r.common_name = SLICE("");
	assert_int_equal(authority_attest(ca, &r, jwk, &pem), ERR_INPUT);
	assert_int_equal(pem.len, 0);
	json_decref(other);
	buf_done(&pem);
}

static void
another_authoritys_certificate_is_refused(void **state)
{
	struct authority *other = NULL;
	struct buf pem, theirs;

	(void)state;
	attest(&pem);
	buf_init(&theirs);
	assert_int_equal(
	    authority_new(SLICE("Nation"), begin, end, &other), OK);
	assert_int_equal(authority_certificate(other, &theirs), OK);
	assert_int_equal(
	    opened(buf_slice(&pem), buf_slice(&theirs)), ERR_CRYPTO);
	assert_int_equal(opened(buf_slice(&pem), SLICE("none")), ERR_INPUT);
	assert_int_equal(opened(SLICE(""), buf_slice(&anchor)), ERR_INPUT);
	authority_free(other);
	buf_done(&theirs);
	buf_done(&pem);
}

static void
a_certificate_for_tls_or_of_an_authority_is_refused(void **state)
{
	static const char *const hosts[] = {"localhost", NULL};
	struct certificate_request r = request();
	struct buf key, pem;

	(void)state;
	buf_init(&key);
	buf_init(&pem);
	r.hosts = hosts;
	assert_int_equal(authority_issue(ca, &r, &key, &pem), OK);
	assert_int_equal(
	    opened(buf_slice(&pem), buf_slice(&anchor)), ERR_CRYPTO);
	assert_int_equal(
	    opened(buf_slice(&anchor), buf_slice(&anchor)), ERR_CRYPTO);
	buf_done(&key);
	buf_done(&pem);
}

static void
no_character_of_it_can_be_altered(void **state)
{
	struct buf pem;
	size_t i;

	(void)state;
	attest(&pem);
	for (i = 0; i < pem.len; i++) {
		pem.data[i] ^= 1;
		assert_int_not_equal(
		    opened(buf_slice(&pem), buf_slice(&anchor)), OK);
		pem.data[i] ^= 1;
	}
	buf_add_char(&pem, '\n');
	assert_int_equal(
	    opened(buf_slice(&pem), buf_slice(&anchor)), ERR_INPUT);
	buf_done(&pem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_certificate_says_whose_key_it_is),
	    cmocka_unit_test(it_is_not_valid_for_longer_than_the_authority),
	    cmocka_unit_test(openssl_reads_the_same_in_it),
	    cmocka_unit_test(no_key_has_no_certificate),
	    cmocka_unit_test(another_authoritys_certificate_is_refused),
	    cmocka_unit_test(
		a_certificate_for_tls_or_of_an_authority_is_refused),
	    cmocka_unit_test(no_character_of_it_can_be_altered),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
