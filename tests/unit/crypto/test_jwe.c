#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/err.h>
#include <string.h>

#include "base/encode.h"
#include "crypto/jose.h"

static struct sealing_key *key;
static struct arena *arena;
static struct slice jwk;

static int
set_up(void **state)
{
	(void)state;
	if (sealing_key_generate(&key))
		return -1;
	arena = arena_new();
	jwk = sealing_key_jwk(key, arena);

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	sealing_key_free(key);
	arena_free(arena);

	return 0;
}

static struct buf
sealed(const char *plain)
{
	struct slice sealed;
	struct buf text;

	buf_init(&text);
	assert_int_equal(jwe_seal(arena, jwk, slice_of(plain), &sealed), OK);
	buf_add(&text, sealed);

	return text;
}

static enum err
verdict_on(struct slice text)
{
	struct slice plain = {0};
	enum err rc = jwe_open(arena, key, text, &plain);

	if (rc)
		assert_null(plain.data);

	return rc;
}

static void
what_is_sealed_is_opened(void **state)
{
	static const char *const plains[] = {"", "a", "two", "a longer text"};
	struct slice plain;
	struct buf text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(plains) / sizeof(plains[0]); i++) {
		text = sealed(plains[i]);
		assert_int_equal(
		    jwe_open(arena, key, buf_slice(&text), &plain), OK);
		assert_true(slice_equal_string(plain, plains[i]));
		buf_done(&text);
	}
}

static void
sealing_twice_gives_nothing_in_common(void **state)
{
	struct buf a = sealed("the same"), b = sealed("the same");
	struct slice ra = buf_slice(&a), rb = buf_slice(&b), sa, sb;
	int part;

	(void)state;
	for (part = 0; part < 5; part++) {
		sa = slice_cut(&ra, '.');
		sb = slice_cut(&rb, '.');
		assert_true((part == 1) == slice_equal(sa, sb));
	}
	buf_done(&a);
	buf_done(&b);
}

static void
altering_any_character_is_refused(void **state)
{
	struct buf text = sealed("personal data");
	char was;
	size_t i;

	(void)state;
	for (i = 0; i < text.len; i++) {
		was = text.data[i];
		text.data[i] = was == 'A' ? 'B' : 'A';
		assert_int_not_equal(verdict_on(buf_slice(&text)), OK);
		text.data[i] = '.';
		if (was != '.')
			assert_int_not_equal(verdict_on(buf_slice(&text)), OK);
		text.data[i] = was;
	}
	assert_int_equal(verdict_on(buf_slice(&text)), OK);
	assert_int_equal(ERR_peek_error(), 0);
	buf_done(&text);
}

static void
what_is_cut_short_or_goes_on_is_refused(void **state)
{
	struct buf text = sealed("personal data");
	size_t len;

	(void)state;
	for (len = 0; len < text.len; len++)
		assert_int_equal(
		    verdict_on(slice_bytes(text.data, len)), ERR_INPUT);
	buf_add_string(&text, ".");
	assert_int_equal(verdict_on(buf_slice(&text)), ERR_INPUT);
	buf_done(&text);
}

static void
another_holder_cannot_open(void **state)
{
	struct buf text = sealed("personal data");
	struct slice plain = {0};
	struct sealing_key *other = NULL;

	(void)state;
	assert_int_equal(sealing_key_generate(&other), OK);
	assert_int_equal(
	    jwe_open(arena, other, buf_slice(&text), &plain), ERR_CRYPTO);
	assert_null(plain.data);
	sealing_key_free(other);
	buf_done(&text);
}

/* The same JWE under another header: nobody may answer but ERR_INPUT or
 * ERR_CRYPTO, and before the tag is looked at. */
static enum err
verdict_on_header(const char *before, const char *member)
{
	struct buf text = sealed("x"), changed, json;
	struct slice rest = buf_slice(&text);
	struct key_id id = sealing_key_id(key);
	enum err rc;

	slice_cut(&rest, '.');
	buf_init(&changed);
	buf_init(&json);
	buf_printf(&json, "{%s,\"kid\":\"%s\"%s}", before, id.text, member);
	base64url_encode(buf_slice(&json), &changed);
	buf_add_char(&changed, '.');
	buf_add(&changed, rest);
	rc = verdict_on(buf_slice(&changed));
	buf_done(&text);
	buf_done(&changed);
	buf_done(&json);

	return rc;
}

/* RFC 7518 appendix C, the public key of Alice. */
#define X "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0"
#define Y "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"
#define MEMBERS                                             \
	"\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\"," \
	"\"y\":\"" Y "\""
#define EPK "\"epk\":{" MEMBERS "}"
#define ALG "\"alg\":\"ECDH-ES\",\"enc\":\"A256GCM\""

static void
every_other_algorithm_is_refused(void **state)
{
	static const char *const others[] = {
	    "\"alg\":\"dir\",\"enc\":\"A256GCM\"",
	    "\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\"",
	    "\"alg\":\"RSA1_5\",\"enc\":\"A256GCM\"",
	    "\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\"",
	    "\"alg\":\"ECDH-ES\",\"enc\":\"A256CBC-HS512\"",
	    "\"alg\":\"none\",\"enc\":\"none\""};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(
		    verdict_on_header(others[i], "," EPK), ERR_INPUT);
	/* Only this one comes as far as the tag. */
	assert_int_equal(verdict_on_header(ALG, "," EPK), ERR_CRYPTO);
}

static void
every_further_header_member_is_refused(void **state)
{
	static const char *const members[] = {",\"zip\":\"DEF\"",
	    ",\"crit\":[\"exp\"],\"exp\":1", ",\"apu\":\"QWxpY2U\"",
	    ",\"apv\":\"Qm9i\"", ",\"jwk\":{}", ",\"typ\":\"x\"",
	    ",\"enc\":\"A256GCM\"" /* twice */};
	struct buf member;
	size_t i;

	(void)state;
	buf_init(&member);
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		buf_clear(&member);
		buf_printf(&member, ",%s%s", EPK, members[i]);
		assert_int_equal(
		    verdict_on_header(ALG, member.data), ERR_INPUT);
	}
	assert_int_equal(verdict_on_header(ALG, ""), ERR_INPUT);
	assert_int_equal(verdict_on_header(ALG, ",\"epk\":[]"), ERR_INPUT);
	buf_done(&member);
}

/* The attack on ECDH with a point of another, weaker curve. */
static void
a_one_time_key_off_the_curve_is_refused(void **state)
{
	(void)state;
	assert_int_equal(
	    verdict_on_header(ALG,
		",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\","
		"\"x\":\"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0\","
		"\"y\":\"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFppw\"}"),
	    ERR_CRYPTO);
	assert_int_equal(
	    verdict_on_header(ALG,
		",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\","
		"\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
		"\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"),
	    ERR_CRYPTO);
}

static void
an_unfit_recipient_is_refused(void **state)
{
	/* Appendix C again: another curve, off the curve, not all of it, a
	 * member twice, of another type, more than one value, none. */
	static const char *const bad[] = {
	    "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" X "\","
	    "\"y\":\"" Y "\"}",
	    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\","
	    "\"y\":\"" X "\"}",
	    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\"}",
	    "{" MEMBERS ",\"y\":\"" Y "\"}",
	    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":1,\"y\":\"" Y "\"}",
	    "{" MEMBERS "}{}", "[]", "x", ""};
	struct slice text = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    jwe_check_recipient(arena, slice_of(bad[i])), ERR_CRYPTO);
		assert_int_equal(
		    jwe_seal(arena, slice_of(bad[i]), SLICE("x"), &text),
		    ERR_CRYPTO);
	}
	assert_int_equal(
	    jwe_check_recipient(arena, (struct slice){0}), ERR_CRYPTO);
	assert_null(text.data);
}

static void
members_that_mean_nothing_to_us_do_no_harm(void **state)
{
	(void)state;
	assert_int_equal(jwe_check_recipient(arena, jwk), OK);
	assert_int_equal(jwe_check_recipient(arena,
			     SLICE("{\"use\":\"enc\",\"x5c\":[{}]," MEMBERS
				   ",\"kid\":\"1\"}")),
	    OK);
}

static void
a_key_survives_being_stored(void **state)
{
	struct buf der, text = sealed("x");
	struct slice plain;
	struct sealing_key *back = NULL;
	struct key_id a, b;

	(void)state;
	buf_init(&der);
	assert_int_equal(sealing_key_encode(key, &der), OK);
	assert_int_equal(sealing_key_decode(buf_slice(&der), &back), OK);
	a = sealing_key_id(key);
	b = sealing_key_id(back);
	assert_string_equal(a.text, b.text);
	assert_int_equal(jwe_open(arena, back, buf_slice(&text), &plain), OK);
	sealing_key_free(back);
	back = NULL;
	assert_int_equal(
	    sealing_key_decode(slice_bytes(der.data, der.len - 1), &back),
	    ERR_CRYPTO);
	assert_null(back);
	buf_done(&der);
	buf_done(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_sealed_is_opened),
	    cmocka_unit_test(sealing_twice_gives_nothing_in_common),
	    cmocka_unit_test(altering_any_character_is_refused),
	    cmocka_unit_test(what_is_cut_short_or_goes_on_is_refused),
	    cmocka_unit_test(another_holder_cannot_open),
	    cmocka_unit_test(every_other_algorithm_is_refused),
	    cmocka_unit_test(every_further_header_member_is_refused),
	    cmocka_unit_test(a_one_time_key_off_the_curve_is_refused),
	    cmocka_unit_test(an_unfit_recipient_is_refused),
	    cmocka_unit_test(members_that_mean_nothing_to_us_do_no_harm),
	    cmocka_unit_test(a_key_survives_being_stored),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
