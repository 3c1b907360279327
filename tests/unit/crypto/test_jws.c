#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/encode.h"
#include "crypto/jose.h"

#define TYPE "bango-waybill"

static struct arena *arena;
static struct signing_key *key;
static struct verify_key *public;

static int
set_up(void **state)
{
	json_t *jwk;

	(void)state;
	arena = arena_new();
	if (signing_key_generate(&key))
		return -1;
	jwk = signing_key_jwk(key);
	if (verify_key_from_jwk(jwk, &public))
		return -1;
	json_decref(jwk);

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	signing_key_free(key);
	verify_key_free(public);

	return 0;
}

static enum err
parse_and_verify(struct slice text)
{
	struct jws jws;
	enum err rc = jws_parse(arena, text, TYPE, &jws);

	return rc ? rc : jws_verify(&jws, public);
}

/* A JWS with the header `json`, truly signed with our key. */
static struct buf
with_header(const char *json)
{
	uint8_t signature[SIGNATURE_LEN];
	struct buf text;

	buf_init(&text);
	base64url_encode(slice_of(json), &text);
	buf_add_string(&text, ".cGF5bG9hZA");
	assert_int_equal(sign_bytes(key, buf_slice(&text), signature), OK);
	buf_add_char(&text, '.');
	base64url_encode(slice_bytes(signature, sizeof(signature)), &text);

	return text;
}

static enum err
verdict_on_header(const char *json)
{
	struct buf text = with_header(json);
	enum err rc = parse_and_verify(buf_slice(&text));

	buf_done(&text);
	arena_reset(arena);

	return rc;
}

/* The id of our key stands between the two. */
static enum err
verdict_on_header_of_ours(const char *before, const char *after)
{
	struct key_id id = signing_key_id(key);
	struct buf json;
	enum err rc;

	buf_init(&json);
	buf_printf(&json, "%s%s%s", before, id.text, after);
	rc = verdict_on_header(json.data);
	buf_done(&json);

	return rc;
}

static void
what_we_sign_is_verified_and_read_back(void **state)
{
	static const char *const payloads[] = {
	    "", "a", "ab", "abc", "{\"name\":\"\xe7\x95\xaa\xe5\x8f\xb7\"}"};
	struct key_id id = signing_key_id(key);
	struct buf text;
	struct jws jws;
	size_t i;

	(void)state;
	buf_init(&text);
	for (i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		buf_clear(&text);
		assert_int_equal(
		    jws_sign(key, TYPE, slice_of(payloads[i]), &text), OK);
		assert_int_equal(
		    jws_parse(arena, buf_slice(&text), TYPE, &jws), OK);
		assert_true(slice_equal_string(jws.payload, payloads[i]));
		assert_string_equal(jws.key.text, id.text);
		assert_int_equal(jws_verify(&jws, public), OK);
	}
	buf_done(&text);
	arena_reset(arena);
}

static void
altering_any_character_is_refused(void **state)
{
	struct buf text;
	char was;
	size_t i;

	(void)state;
	buf_init(&text);
	assert_int_equal(jws_sign(key, TYPE, SLICE("a payload"), &text), OK);
	for (i = 0; i < text.len; i++) {
		was = text.data[i];
		text.data[i] = was == 'A' ? 'B' : 'A';
		assert_int_not_equal(parse_and_verify(buf_slice(&text)), OK);
		text.data[i] = '.';
		if (was != '.')
			assert_int_equal(
			    parse_and_verify(buf_slice(&text)), ERR_INPUT);
		text.data[i] = was;
	}
	assert_int_equal(parse_and_verify(buf_slice(&text)), OK);
	buf_done(&text);
	arena_reset(arena);
}

static void
what_is_cut_short_or_goes_on_is_refused(void **state)
{
	struct buf text;
	size_t len;

	(void)state;
	buf_init(&text);
	assert_int_equal(jws_sign(key, TYPE, SLICE("a payload"), &text), OK);
	for (len = 0; len < text.len; len++)
		assert_int_equal(
		    parse_and_verify(slice_bytes(text.data, len)), ERR_INPUT);
	buf_add_char(&text, '\n');
	assert_int_equal(parse_and_verify(buf_slice(&text)), ERR_INPUT);
	buf_done(&text);
	arena_reset(arena);
}

static void
another_order_and_white_space_are_fine(void **state)
{
	(void)state;
	assert_int_equal(
	    verdict_on_header_of_ours("{\"typ\": \"" TYPE "\", \"kid\": \"",
		"\",\r\n \"alg\": \"ES256\"}"),
	    OK);
}

/* The sender never chooses the algorithm of its judge. */
static void
every_other_algorithm_is_refused(void **state)
{
	static const char *const others[] = {"none", "None", "HS256", "RS256",
	    "PS256", "ES384", "ES256K", "EdDSA", "es256", ""};
	struct buf before;
	size_t i;

	(void)state;
	buf_init(&before);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		buf_clear(&before);
		buf_printf(&before,
		    "{\"alg\":\"%s\",\"typ\":\"" TYPE "\",\"kid\":\"",
		    others[i]);
		assert_int_equal(
		    verdict_on_header_of_ours(before.data, "\"}"), ERR_INPUT);
	}
	buf_done(&before);
}

static void
an_unsigned_jws_is_refused(void **state)
{
	(void)state;
	/* {"alg":"none"} */
	assert_int_equal(
	    parse_and_verify(SLICE("eyJhbGciOiJub25lIn0.cGF5bG9hZA.")),
	    ERR_INPUT);
}

/* Nor the key; and nothing that we do not understand is passed over. */
static void
every_further_header_member_is_refused(void **state)
{
	static const char *const members[] = {"\"crit\":[\"exp\"],\"exp\":1",
	    "\"crit\":[]", "\"jwk\":{}", "\"jku\":\"https://example.org\"",
	    "\"x5u\":\"https://example.org\"", "\"x5c\":[]", "\"zip\":\"DEF\"",
	    "\"b64\":false", "\"cty\":\"json\"",
	    "\"alg\":\"ES256\"" /* twice */};
	struct buf after;
	size_t i;

	(void)state;
	buf_init(&after);
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		buf_clear(&after);
		buf_printf(&after, "\",%s}", members[i]);
		assert_int_equal(
		    verdict_on_header_of_ours(
			"{\"alg\":\"ES256\",\"typ\":\"" TYPE "\",\"kid\":\"",
			after.data),
		    ERR_INPUT);
	}
	buf_done(&after);
}

static void
a_missing_or_misshapen_member_is_refused(void **state)
{
	(void)state;
	assert_int_equal(verdict_on_header("{}"), ERR_INPUT);
	assert_int_equal(verdict_on_header("[]"), ERR_INPUT);
	assert_int_equal(verdict_on_header(""), ERR_INPUT);
	assert_int_equal(verdict_on_header("{\"alg\":\"ES256\",\"typ\":\"" TYPE
					   "\",\"kid\":\"short\"}"),
	    ERR_INPUT);
	assert_int_equal(verdict_on_header("{\"alg\":\"ES256\",\"typ\":\"" TYPE
					   "\",\"kid\":1}"),
	    ERR_INPUT);
	assert_int_equal(
	    verdict_on_header("{\"alg\":\"ES256\",\"typ\":\"" TYPE
			      "\",\"kid\":\"!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!"
			      "!!!!!!!!!!\"}"),
	    ERR_INPUT);
	assert_int_equal(
	    verdict_on_header_of_ours("{\"alg\":\"ES256\",\"kid\":\"", "\"}"),
	    ERR_INPUT);
}

static void
another_type_is_refused(void **state)
{
	struct buf text;
	struct jws jws;

	(void)state;
	buf_init(&text);
	assert_int_equal(
	    jws_sign(key, "bango-receipt", SLICE("{}"), &text), OK);
	assert_int_equal(parse_and_verify(buf_slice(&text)), ERR_INPUT);
	assert_int_equal(
	    jws_parse(arena, buf_slice(&text), "bango-receip", &jws),
	    ERR_INPUT);
	buf_done(&text);
	arena_reset(arena);
}

/* It names another key than the one that it is verified with. */
static void
a_foreign_key_id_is_refused(void **state)
{
	struct signing_key *stranger = NULL;
	struct key_id id;
	struct buf text;

	(void)state;
	assert_int_equal(signing_key_generate(&stranger), OK);
	id = signing_key_id(stranger);
	buf_init(&text);
	buf_printf(&text,
	    "{\"alg\":\"ES256\",\"typ\":\"" TYPE "\",\"kid\":\"%s\"}", id.text);
	assert_int_equal(verdict_on_header(text.data), ERR_CRYPTO);
	buf_clear(&text);
	assert_int_equal(jws_sign(stranger, TYPE, SLICE("x"), &text), OK);
	assert_int_equal(parse_and_verify(buf_slice(&text)), ERR_CRYPTO);
	buf_done(&text);
	signing_key_free(stranger);
	arena_reset(arena);
}

static void
a_refusal_leaves_the_result_alone(void **state)
{
	struct jws jws, before;

	(void)state;
	memset(&jws, 0x5a, sizeof(jws));
	memcpy(&before, &jws, sizeof(before));
	assert_int_equal(
	    jws_parse(arena, SLICE("a.b.c"), TYPE, &jws), ERR_INPUT);
	assert_memory_equal(&jws, &before, sizeof(jws));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_we_sign_is_verified_and_read_back),
	    cmocka_unit_test(altering_any_character_is_refused),
	    cmocka_unit_test(what_is_cut_short_or_goes_on_is_refused),
	    cmocka_unit_test(another_order_and_white_space_are_fine),
	    cmocka_unit_test(every_other_algorithm_is_refused),
	    cmocka_unit_test(an_unsigned_jws_is_refused),
	    cmocka_unit_test(every_further_header_member_is_refused),
	    cmocka_unit_test(a_missing_or_misshapen_member_is_refused),
	    cmocka_unit_test(another_type_is_refused),
	    cmocka_unit_test(a_foreign_key_id_is_refused),
	    cmocka_unit_test(a_refusal_leaves_the_result_alone),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
