#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/encode.h"
#include "pki/x509.h"

#define DAY 86400000
static const struct instant begin = {1795248000000}; /* 2026-11-21T08:00Z */
static const struct instant end = {1795248000000 + 365ll * DAY};
static const char *const hosts[] = {"relay.example", "127.0.0.1", "::1", NULL};

static struct authority *ca;

static int
set_up(void **state)
{
	(void)state;

	return authority_new(SLICE("Nation"), begin, end, &ca) ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	authority_free(ca);

	return 0;
}

static struct certificate_request
request(void)
{
	return (struct certificate_request){SLICE("131041/relay"),
	    SLICE("\xe6\x96\xb0\xe5\xae\xbf\xe5\x8c\xba"), hosts, begin, end};
}

static void
issue(struct buf *ret_key, struct buf *ret_cert)
{
	struct certificate_request r = request();

	buf_init(ret_key);
	buf_init(ret_cert);
	assert_int_equal(authority_issue(ca, &r, ret_key, ret_cert), OK);
}

static X509 *
parsed(const struct buf *pem)
{
	BIO *bio = BIO_new_mem_buf(pem->data, (int)pem->len);
	X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);
	assert_non_null(cert);

	return cert;
}

static X509_CRL *
parsed_crl(const struct buf *pem)
{
	BIO *bio = BIO_new_mem_buf(pem->data, (int)pem->len);
	X509_CRL *crl = PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL);

	BIO_free(bio);
	assert_non_null(crl);

	return crl;
}

static void
a_certificate_says_what_was_asked(void **state)
{
	struct buf key, pem;
	const ASN1_INTEGER *serial;
	char name[128];
	X509 *cert;

	(void)state;
	issue(&key, &pem);
	cert = parsed(&pem);
	X509_NAME_oneline(X509_get_subject_name(cert), name, sizeof(name));
	assert_string_equal(name,
	    "/O=\\xE6\\x96\\xB0\\xE5\\xAE\\xBF\\xE5\\x8C\\xBA/CN=131041\\/relay");
	X509_NAME_oneline(X509_get_issuer_name(cert), name, sizeof(name));
	assert_string_equal(name, "/CN=Nation");
	assert_int_equal(X509_get_version(cert), X509_VERSION_3);
	assert_int_equal(X509_check_ca(cert), 0);
	assert_int_equal(X509_get_key_usage(cert), KU_DIGITAL_SIGNATURE);
	assert_int_equal(
	    X509_get_extended_key_usage(cert), XKU_SSL_SERVER | XKU_SSL_CLIENT);
	assert_int_equal(X509_check_host(cert, "relay.example", 0, 0, NULL), 1);
	assert_int_equal(X509_check_host(cert, "other.example", 0, 0, NULL), 0);
	assert_int_equal(X509_check_ip_asc(cert, "127.0.0.1", 0), 1);
	assert_int_equal(X509_check_ip_asc(cert, "::1", 0), 1);
	assert_int_equal(X509_check_ip_asc(cert, "127.0.0.2", 0), 0);
	serial = X509_get0_serialNumber(cert);
	assert_int_equal(ASN1_STRING_length(serial), 16);
	assert_non_null(X509_get0_subject_key_id(cert));
	assert_non_null(X509_get0_authority_key_id(cert));
	X509_free(cert);
	buf_done(&key);
	buf_done(&pem);
}

static void
it_is_valid_exactly_from_and_until_the_instants_given(void **state)
{
	struct buf key, pem;
	struct tm tm;
	X509 *cert;

	(void)state;
	issue(&key, &pem);
	cert = parsed(&pem);
	assert_int_equal(ASN1_TIME_to_tm(X509_get0_notBefore(cert), &tm), 1);
	assert_int_equal(timegm(&tm), begin.ms / 1000);
	assert_int_equal(ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm), 1);
	assert_int_equal(timegm(&tm), end.ms / 1000);
	X509_free(cert);
	buf_done(&key);
	buf_done(&pem);
}

static void
years_after_2049_are_written_in_full(void **state)
{
	struct certificate_request r = request();
	struct buf key, pem;
	struct tm tm;
	X509 *cert;

	(void)state;
	buf_init(&key);
	buf_init(&pem);
	r.not_after.ms = 2556144000000; /* 2051-01-01 */
	assert_int_equal(authority_issue(ca, &r, &key, &pem), OK);
	cert = parsed(&pem);
	assert_int_equal(ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm), 1);
	assert_int_equal(timegm(&tm), r.not_after.ms / 1000);
	X509_free(cert);
	buf_done(&key);
	buf_done(&pem);
}

static void
no_two_certificates_share_serial_or_key(void **state)
{
	struct buf key_a, key_b, a, b;
	struct fingerprint fa, fb;
	X509 *ca_, *cb;

	(void)state;
	issue(&key_a, &a);
	issue(&key_b, &b);
	ca_ = parsed(&a);
	cb = parsed(&b);
	assert_int_not_equal(ASN1_INTEGER_cmp(X509_get0_serialNumber(ca_),
				 X509_get0_serialNumber(cb)),
	    0);
	assert_int_equal(certificate_fingerprint(buf_slice(&a), &fa), OK);
	assert_int_equal(certificate_fingerprint(buf_slice(&b), &fb), OK);
	assert_false(digest_equal(&fa.digest, &fb.digest));
	X509_free(ca_);
	X509_free(cb);
	buf_done(&key_a);
	buf_done(&key_b);
	buf_done(&a);
	buf_done(&b);
}

/* OpenSSL's strict judgement on `day`: X509_V_OK or its reason. */
static int
verified(const struct buf *pem, const struct buf *crl_pem, int purpose,
    struct instant day)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509 *cert = parsed(pem), *root;
	struct buf root_pem;
	X509_CRL *crl = NULL;
	int result;

	buf_init(&root_pem);
	assert_int_equal(authority_certificate(ca, &root_pem), OK);
	root = parsed(&root_pem);
	assert_int_equal(X509_STORE_add_cert(store, root), 1);
	if (crl_pem != NULL) {
		crl = parsed_crl(crl_pem);
		assert_int_equal(X509_STORE_add_crl(store, crl), 1);
		X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
	}
	X509_STORE_set_flags(store, X509_V_FLAG_X509_STRICT);
	assert_int_equal(X509_STORE_CTX_init(ctx, store, cert, NULL), 1);
	X509_STORE_CTX_set_purpose(ctx, purpose);
	X509_STORE_CTX_set_time(ctx, 0, day.ms / 1000);
	X509_verify_cert(ctx);
	result = X509_STORE_CTX_get_error(ctx);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	X509_CRL_free(crl);
	X509_free(cert);
	X509_free(root);
	buf_done(&root_pem);
	ERR_clear_error();

	return result;
}

static void
a_strict_judge_accepts_it_within_its_time_alone(void **state)
{
	struct buf key, pem;

	(void)state;
	issue(&key, &pem);
	assert_int_equal(verified(&pem, NULL, X509_PURPOSE_SSL_SERVER,
			     instant_plus(begin, DAY)),
	    X509_V_OK);
	assert_int_equal(verified(&pem, NULL, X509_PURPOSE_SSL_CLIENT,
			     instant_plus(begin, DAY)),
	    X509_V_OK);
	assert_int_equal(verified(&pem, NULL, X509_PURPOSE_SSL_CLIENT,
			     instant_plus(begin, -1000)),
	    X509_V_ERR_CERT_NOT_YET_VALID);
	assert_int_equal(verified(&pem, NULL, X509_PURPOSE_SSL_CLIENT,
			     instant_plus(end, 1000)),
	    X509_V_ERR_CERT_HAS_EXPIRED);
	assert_int_not_equal(verified(&pem, NULL, X509_PURPOSE_SMIME_ENCRYPT,
				 instant_plus(begin, DAY)),
	    X509_V_OK);
	buf_done(&key);
	buf_done(&pem);
}

static void
one_that_is_revoked_is_on_the_list_and_others_are_not(void **state)
{
	const struct instant day = instant_plus(begin, DAY);
	struct buf key_a, key_b, a, b, crl;

	(void)state;
	issue(&key_a, &a);
	issue(&key_b, &b);
	buf_init(&crl);
	assert_int_equal(authority_revoke(ca, buf_slice(&a), day), OK);
	assert_int_equal(
	    authority_crl(ca, day, instant_plus(day, DAY), &crl), OK);
	assert_int_equal(verified(&a, &crl, X509_PURPOSE_SSL_CLIENT, day),
	    X509_V_ERR_CERT_REVOKED);
	assert_int_equal(
	    verified(&b, &crl, X509_PURPOSE_SSL_CLIENT, day), X509_V_OK);
	assert_true(certificate_is_listed(buf_slice(&a), buf_slice(&crl)));
	assert_false(certificate_is_listed(buf_slice(&b), buf_slice(&crl)));
	assert_false(certificate_is_listed(buf_slice(&a), SLICE("junk")));
	assert_false(certificate_is_listed(SLICE("junk"), buf_slice(&crl)));
	assert_int_equal(verified(&b, &crl, X509_PURPOSE_SSL_CLIENT,
			     instant_plus(day, 2 * DAY)),
	    X509_V_ERR_CRL_HAS_EXPIRED);
	buf_done(&key_a);
	buf_done(&key_b);
	buf_done(&a);
	buf_done(&b);
	buf_done(&crl);
}

static int
length_of(const struct buf *pem, long *ret_number)
{
	X509_CRL *crl = parsed_crl(pem);
	ASN1_INTEGER *number =
	    X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
	int n = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl));

	assert_non_null(number);
	*ret_number = ASN1_INTEGER_get(number);
	ASN1_INTEGER_free(number);
	X509_CRL_free(crl);

	return n < 0 ? 0 : n;
}

static struct authority *
loaded(const struct buf *crl)
{
	struct authority *back = NULL;
	struct buf key, pem;

	buf_init(&key);
	buf_init(&pem);
	assert_int_equal(authority_key(ca, &key), OK);
	assert_int_equal(authority_certificate(ca, &pem), OK);
	assert_int_equal(authority_load(buf_slice(&key), buf_slice(&pem),
			     buf_slice(crl), &back, NULL),
	    OK);
	buf_done(&key);
	buf_done(&pem);

	return back;
}

static void
what_was_revoked_stays_so_after_loading(void **state)
{
	const struct instant day = instant_plus(begin, DAY);
	struct authority *back;
	struct buf key, a, b, crl, next;
	long number, later;
	int n;

	(void)state;
	issue(&key, &a);
	buf_done(&key);
	issue(&key, &b);
	buf_init(&crl);
	buf_init(&next);
	assert_int_equal(authority_revoke(ca, buf_slice(&a), day), OK);
	assert_int_equal(
	    authority_crl(ca, day, instant_plus(day, DAY), &crl), OK);
	n = length_of(&crl, &number);
	back = loaded(&crl);
	/* Again is fine and adds nothing. */
	assert_int_equal(authority_revoke(back, buf_slice(&a), day), OK);
	assert_int_equal(authority_revoke(back, buf_slice(&b), day), OK);
	assert_int_equal(
	    authority_crl(back, day, instant_plus(day, DAY), &next), OK);
	assert_int_equal(length_of(&next, &later), n + 1);
	assert_int_equal(later, number + 1);
	assert_int_equal(verified(&a, &next, X509_PURPOSE_SSL_CLIENT, day),
	    X509_V_ERR_CERT_REVOKED);
	assert_int_equal(verified(&b, &next, X509_PURPOSE_SSL_CLIENT, day),
	    X509_V_ERR_CERT_REVOKED);
	authority_free(back);
	buf_done(&key);
	buf_done(&a);
	buf_done(&b);
	buf_done(&crl);
	buf_done(&next);
}

static void
a_loaded_authority_issues_as_before(void **state)
{
	struct certificate_request r = request();
	struct authority *back = loaded(&(struct buf){0});
	struct buf key, pem;

	(void)state;
	buf_init(&key);
	buf_init(&pem);
	assert_int_equal(authority_issue(back, &r, &key, &pem), OK);
	assert_int_equal(verified(&pem, NULL, X509_PURPOSE_SSL_SERVER,
			     instant_plus(begin, DAY)),
	    X509_V_OK);
	authority_free(back);
	buf_done(&key);
	buf_done(&pem);
}

static void
what_does_not_belong_together_is_not_loaded(void **state)
{
	struct authority *other = NULL, *back = NULL;
	struct buf key, pem, other_key, crl;

	(void)state;
	buf_init(&key);
	buf_init(&pem);
	buf_init(&other_key);
	buf_init(&crl);
	assert_int_equal(
	    authority_new(SLICE("Nation"), begin, end, &other), OK);
	assert_int_equal(authority_key(ca, &key), OK);
	assert_int_equal(authority_certificate(ca, &pem), OK);
	assert_int_equal(authority_key(other, &other_key), OK);
	assert_int_equal(
	    authority_crl(other, begin, instant_plus(begin, DAY), &crl), OK);
	assert_int_equal(authority_load(buf_slice(&other_key), buf_slice(&pem),
			     SLICE(""), &back, NULL),
	    ERR_CRYPTO);
	assert_int_equal(authority_load(buf_slice(&key), buf_slice(&pem),
			     buf_slice(&crl), &back, NULL),
	    ERR_CRYPTO);
	assert_int_equal(authority_load(buf_slice(&key), buf_slice(&pem),
			     SLICE("junk"), &back, NULL),
	    ERR_CORRUPT);
	assert_int_equal(authority_load(buf_slice(&key), SLICE("junk"),
			     SLICE(""), &back, NULL),
	    ERR_CORRUPT);
	assert_int_equal(authority_load(SLICE("junk"), buf_slice(&pem),
			     SLICE(""), &back, NULL),
	    ERR_CORRUPT);
	assert_null(back);
	assert_int_equal(ERR_peek_error(), 0);
	authority_free(other);
	buf_done(&key);
	buf_done(&pem);
	buf_done(&other_key);
	buf_done(&crl);
}

static void
an_altered_list_is_not_loaded(void **state)
{
	struct authority *back = NULL;
	struct buf key, pem, crl;
	enum err rc;
	size_t i;

	(void)state;
	buf_init(&key);
	buf_init(&pem);
	buf_init(&crl);
	assert_int_equal(authority_key(ca, &key), OK);
	assert_int_equal(authority_certificate(ca, &pem), OK);
	assert_int_equal(
	    authority_crl(ca, begin, instant_plus(begin, DAY), &crl), OK);
	for (i = 30; i < crl.len - 30; i += 7) {
		char was = crl.data[i];

		if (was == '\n' || was == '=')
			continue;
		crl.data[i] = was == 'A' ? 'B' : 'A';
		rc = authority_load(buf_slice(&key), buf_slice(&pem),
		    buf_slice(&crl), &back, NULL);
		assert_true(rc == ERR_CRYPTO || rc == ERR_CORRUPT);
		crl.data[i] = was;
	}
	buf_done(&key);
	buf_done(&pem);
	buf_done(&crl);
}

static void
another_authoritys_certificate_is_not_revoked(void **state)
{
	struct certificate_request r = request();
	struct authority *other = NULL;
	struct buf key, pem;

	(void)state;
	buf_init(&key);
	buf_init(&pem);
	assert_int_equal(
	    authority_new(SLICE("Nation"), begin, end, &other), OK);
	assert_int_equal(authority_issue(other, &r, &key, &pem), OK);
	assert_int_equal(
	    authority_revoke(ca, buf_slice(&pem), begin), ERR_CRYPTO);
	assert_int_equal(authority_revoke(ca, SLICE("junk"), begin), ERR_INPUT);
	authority_free(other);
	buf_done(&key);
	buf_done(&pem);
}

static void
a_misshapen_request_is_refused(void **state)
{
	static const char *const bad_hosts[] = {
	    "", "*.example", "a b", "a,IP:1.2.3.4", "\xe6\x96\xb0", NULL};
	static const char long_name[] = "0123456789012345678901234567890123"
					"4567890123456789012345678901234";
	const char *one[] = {NULL, NULL};
	struct certificate_request r;
	struct authority *none = NULL;
	struct buf key, pem;
	size_t i;

	(void)state;
	buf_init(&key);
	buf_init(&pem);
	for (i = 0; bad_hosts[i] != NULL; i++) {
		r = request();
		one[0] = bad_hosts[i];
		r.hosts = one;
		assert_int_equal(
		    authority_issue(ca, &r, &key, &pem), ERR_INPUT);
	}
	r = request();
	r.common_name = SLICE("");
	assert_int_equal(authority_issue(ca, &r, &key, &pem), ERR_INPUT);
	r.common_name = slice_of(long_name);
	assert_int_equal(authority_issue(ca, &r, &key, &pem), ERR_INPUT);
	r.common_name = SLICE("\xff");
	assert_int_equal(authority_issue(ca, &r, &key, &pem), ERR_INPUT);
	r = request();
	r.not_after = r.not_before;
	assert_int_equal(authority_issue(ca, &r, &key, &pem), ERR_INPUT);
	assert_int_equal(key.len + pem.len, 0);
	assert_int_equal(
	    authority_new(SLICE(""), begin, end, &none), ERR_INPUT);
	assert_int_equal(
	    authority_new(SLICE("x"), end, begin, &none), ERR_INPUT);
	assert_int_equal(authority_crl(ca, end, begin, &pem), ERR_INPUT);
	assert_null(none);
	buf_done(&key);
	buf_done(&pem);
}

static void
keys_travel_as_pem_and_back(void **state)
{
	struct buf key, cert, pem, back;

	(void)state;
	issue(&key, &cert);
	buf_init(&pem);
	buf_init(&back);
	assert_int_equal(private_key_pem(buf_slice(&key), &pem), OK);
	assert_true(slice_has_prefix(
	    buf_slice(&pem), SLICE("-----BEGIN PRIVATE KEY-----\n")));
	assert_int_equal(private_key_der(buf_slice(&pem), &back), OK);
	assert_true(slice_equal(buf_slice(&key), buf_slice(&back)));
	buf_done(&key);
	buf_done(&cert);
	buf_done(&pem);
	buf_done(&back);
}

static void
what_is_no_key_or_certificate_is_refused(void **state)
{
	/* One that would ask a terminal for its passphrase. */
	static const char locked[] =
	    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg=\n"
	    "-----END ENCRYPTED PRIVATE KEY-----\n";
	static const char *const wrong[] = {"", "junk", locked,
	    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"};
	struct fingerprint fp;
	struct buf out;
	size_t i;

	(void)state;
	buf_init(&out);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct slice s = slice_of(wrong[i]);

		assert_int_equal(certificate_fingerprint(s, &fp), ERR_INPUT);
		assert_int_equal(private_key_pem(s, &out), ERR_INPUT);
		assert_int_equal(private_key_der(s, &out), ERR_INPUT);
	}
	assert_int_equal(out.len, 0);
	assert_int_equal(ERR_peek_error(), 0);
	buf_done(&out);
}

static void
a_holders_certificate_is_renewed_with_its_key(void **state)
{
	struct certificate_request r = {.common_name = SLICE("x:y"),
	    .not_before = {INT64_C(1795219200000)},
	    .not_after = {INT64_C(1995219200000)}};
	struct authority *other;
	struct fingerprint a, b, of_key;
	struct instant from, to;
	struct buf key, old, new;

	(void)state;
	buf_init(&new);
	issue(&key, &old);
	assert_int_equal(authority_reissue(ca, &r, buf_slice(&old), &new), OK);
	assert_int_equal(certificate_fingerprint(buf_slice(&old), &a), OK);
	assert_int_equal(certificate_fingerprint(buf_slice(&new), &b), OK);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_equal(private_key_fingerprint(buf_slice(&key), &of_key), OK);
	assert_memory_equal(&a, &of_key, sizeof(a));
	assert_int_equal(certificate_validity(buf_slice(&new), &from, &to), OK);
	assert_int_equal(from.ms, r.not_before.ms);
	assert_int_equal(to.ms, r.not_after.ms);
	assert_int_equal(
	    authority_new(SLICE("other"), r.not_before, r.not_after, &other),
	    OK);
	assert_int_equal(
	    authority_reissue(other, &r, buf_slice(&old), &new), ERR_CRYPTO);
	assert_int_equal(
	    authority_reissue(ca, &r, SLICE("nothing"), &new), ERR_INPUT);
	assert_int_equal(
	    private_key_fingerprint(SLICE("nothing"), &of_key), ERR_INPUT);
	assert_int_equal(
	    certificate_validity(SLICE("nothing"), &from, &to), ERR_INPUT);
	authority_free(other);
	buf_done(&key);
	buf_done(&old);
	buf_done(&new);
}

static void
certificates_are_read_one_after_another(void **state)
{
	struct buf key_a, key_b, text, second;
	struct fingerprint a, b, read;
	struct slice rest;

	(void)state;
	issue(&key_a, &text);
	issue(&key_b, &second);
	assert_int_equal(private_key_fingerprint(buf_slice(&key_a), &a), OK);
	assert_int_equal(private_key_fingerprint(buf_slice(&key_b), &b), OK);
	buf_add(&text, buf_slice(&second));
	rest = buf_slice(&text);
	assert_int_equal(
	    certificate_fingerprint(pem_next(&rest, "CERTIFICATE"), &read), OK);
	assert_memory_equal(&read, &a, sizeof(a));
	assert_int_equal(
	    certificate_fingerprint(pem_next(&rest, "CERTIFICATE"), &read), OK);
	assert_memory_equal(&read, &b, sizeof(b));
	assert_int_equal(pem_next(&rest, "CERTIFICATE").len, 0);
	assert_int_equal(pem_next(&rest, "CERTIFICATE").len, 0);
	buf_done(&key_a);
	buf_done(&key_b);
	buf_done(&text);
	buf_done(&second);
}

static void
a_list_says_when_the_next_one_is_due(void **state)
{
	const struct instant due = {INT64_C(1895219200000)};
	struct instant until;
	struct buf crl;

	(void)state;
	buf_init(&crl);
	assert_int_equal(authority_crl(ca, begin, due, &crl), OK);
	assert_int_equal(crl_until(buf_slice(&crl), &until), OK);
	assert_int_equal(until.ms, due.ms);
	assert_int_equal(crl_until(SLICE("nothing"), &until), ERR_INPUT);
	buf_done(&crl);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_certificate_says_what_was_asked),
	    cmocka_unit_test(
		it_is_valid_exactly_from_and_until_the_instants_given),
	    cmocka_unit_test(years_after_2049_are_written_in_full),
	    cmocka_unit_test(no_two_certificates_share_serial_or_key),
	    cmocka_unit_test(a_strict_judge_accepts_it_within_its_time_alone),
	    cmocka_unit_test(
		one_that_is_revoked_is_on_the_list_and_others_are_not),
	    cmocka_unit_test(what_was_revoked_stays_so_after_loading),
	    cmocka_unit_test(a_loaded_authority_issues_as_before),
	    cmocka_unit_test(what_does_not_belong_together_is_not_loaded),
	    cmocka_unit_test(an_altered_list_is_not_loaded),
	    cmocka_unit_test(another_authoritys_certificate_is_not_revoked),
	    cmocka_unit_test(a_misshapen_request_is_refused),
	    cmocka_unit_test(keys_travel_as_pem_and_back),
	    cmocka_unit_test(what_is_no_key_or_certificate_is_refused),
	    cmocka_unit_test(a_holders_certificate_is_renewed_with_its_key),
	    cmocka_unit_test(certificates_are_read_one_after_another),
	    cmocka_unit_test(a_list_says_when_the_next_one_is_due),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
