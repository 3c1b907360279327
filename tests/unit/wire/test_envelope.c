#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "wire/envelope.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ID "000102030405060708090a0b0c0d0e0f"
#define TIME "2026-11-21T07:52:00.123Z"
#define DIGEST "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static struct arena *arena;
static struct signing_key *key;
static struct verify_key *public, *other;

static struct verify_key *
public_of(const struct signing_key *k)
{
	struct verify_key *ret = NULL;
	json_t *jwk = signing_key_jwk(k);

	assert_int_equal(verify_key_from_jwk(jwk, &ret), OK);
	json_decref(jwk);

	return ret;
}

static int
set_up(void **state)
{
	struct signing_key *stranger;

	(void)state;
	arena = arena_new();
	assert_int_equal(signing_key_generate(&key), OK);
	assert_int_equal(signing_key_generate(&stranger), OK);
	public = public_of(key);
	other = public_of(stranger);
	signing_key_free(stranger);

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	verify_key_free(public);
	verify_key_free(other);
	signing_key_free(key);
	arena_free(arena);

	return 0;
}

static struct system_id
system_named(const char *text)
{
	struct system_id id;

	assert_int_equal(system_id_parse(slice_of(text), &id), OK);

	return id;
}

static enum err
open_text(struct slice text, const struct verify_key *by, struct envelope *ret,
    struct problem *problem)
{
	struct jws jws;

	assert_int_equal(jws_parse(arena, text, "bango-envelope", &jws), OK);

	return envelope_open(&jws, by, ret, problem);
}

/* What the right key signed, whatever it says. */
static enum err
open_payload(struct slice payload, struct problem *problem)
{
	struct envelope e = {0};
	struct buf text;
	enum err rc;

	buf_init(&text);
	assert_int_equal(jws_sign(key, "bango-envelope", payload, &text), OK);
	rc = open_text(buf_slice(&text), public, &e, problem);
	if (rc == OK)
		json_decref(e.document);
	buf_done(&text);

	return rc;
}

static enum err
open_receipt(struct slice payload, struct problem *problem)
{
	struct receipt r = {0};
	struct buf text;
	enum err rc;

	buf_init(&text);
	assert_int_equal(jws_sign(key, "bango-receipt", payload, &text), OK);
	rc = receipt_open(arena, buf_slice(&text), public, &r, problem);
	buf_done(&text);

	return rc;
}

static void
system_ids_are_organisation_slash_system(void **state)
{
	static const char *const wrong[] = {"", "/", "a", "a/", "/a", "a/b/c",
	    "A/b", "a/B", "a/b1", "a_b/c", "a/b-c", " a/b", "a/b ",
	    "1234567890123456/a", "a/abcdefghijklmnop"};
	struct system_id id = {"untouched"};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++)
		assert_int_equal(
		    system_id_parse(slice_of(wrong[i]), &id), ERR_INPUT);
	assert_string_equal(id.text, "untouched");
	id = system_named("123456789012-45/abcdefghijklmno");
	assert_int_equal(strlen(id.text), SYSTEM_ID_MAX);
	assert_true(
	    slice_equal_string(system_id_organisation(&id), "123456789012-45"));
}

static void
equal_system_ids_are_equal_in_whole(void **state)
{
	struct system_id a = system_named("131041/relay");
	struct system_id b = system_named("131041/relay");
	struct system_id c = system_named("131041/rela");

	(void)state;
	assert_true(system_id_equal(&a, &b));
	assert_false(system_id_equal(&a, &c));
}

static void
a_message_id_has_one_text(void **state)
{
	static const char *const wrong[] = {"", (ID "0"), ("0" ID),
	    "000102030405060708090A0B0C0D0E0F",
	    "000102030405060708090a0b0c0d0e0g",
	    "000102030405060708090a0b0c0d0e"};
	struct message_id id;
	char text[33];
	size_t i;

	(void)state;
	assert_int_equal(message_id_parse(SLICE(ID), &id), OK);
	message_id_format(&id, text);
	assert_string_equal(text, ID);
	for (i = 0; i < COUNT(wrong); i++)
		assert_int_equal(
		    message_id_parse(slice_of(wrong[i]), &id), ERR_INPUT);
}

static struct envelope
sample(json_t *body)
{
	struct envelope e = {.type = SLICE("numbering.request"),
	    .from = system_named("131041/registry"),
	    .to = system_named("jlis/jukinet"),
	    .time = {1795247520123},
	    .body = body};

	assert_int_equal(message_id_parse(SLICE(ID), &e.id), OK);

	return e;
}

static void
an_envelope_comes_back_as_it_was(void **state)
{
	json_t *body = json_pack("{s:s}", "name", "山田");
	struct envelope e = sample(body), back = {0};
	struct problem problem = {0};
	struct buf text;

	(void)state;
	buf_init(&text);
	assert_int_equal(envelope_sign(&e, key, &text), OK);
	assert_int_equal(
	    open_text(buf_slice(&text), public, &back, &problem), OK);
	assert_memory_equal(&back.id, &e.id, sizeof(e.id));
	assert_true(slice_equal(back.type, e.type));
	assert_true(system_id_equal(&back.from, &e.from));
	assert_true(system_id_equal(&back.to, &e.to));
	assert_int_equal(back.time.ms, e.time.ms);
	assert_true(json_equal(back.body, body));
	json_decref(back.document);
	json_decref(body);
	buf_done(&text);
}

static void
another_key_opens_nothing(void **state)
{
	json_t *body = json_object();
	struct envelope e = sample(body), back = {0};
	struct problem problem = {0};
	struct buf text;

	(void)state;
	buf_init(&text);
	assert_int_equal(envelope_sign(&e, key, &text), OK);
	assert_int_equal(
	    open_text(buf_slice(&text), other, &back, &problem), ERR_CRYPTO);
	assert_null(back.document);
	json_decref(body);
	buf_done(&text);
}

/* Any single changed character of the signed part or the signature. */
static void
an_altered_envelope_is_refused(void **state)
{
	json_t *body = json_object();
	struct envelope e = sample(body), back;
	struct jws jws;
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text);
	assert_int_equal(envelope_sign(&e, key, &text), OK);
	for (i = 0; i < text.len; i++) {
		char before = text.data[i];

		text.data[i] = before == 'A' ? 'B' : 'A';
		if (jws_parse(
			arena, buf_slice(&text), "bango-envelope", &jws) == OK)
			assert_int_not_equal(
			    envelope_open(&jws, public, &back, NULL), OK);
		text.data[i] = before;
	}
	json_decref(body);
	buf_done(&text);
}

static void
an_envelope_beyond_its_limit_is_not_signed(void **state)
{
	char *huge = malloc(ENVELOPE_MAX);
	struct buf text;
	struct envelope e;
	json_t *body;

	(void)state;
	memset(huge, 'x', ENVELOPE_MAX);
	body = json_object();
	json_put_text(body, "x", slice_bytes(huge, ENVELOPE_MAX));
	e = sample(body);
	buf_init(&text);
	assert_int_equal(envelope_sign(&e, key, &text), ERR_TOO_LARGE);
	assert_int_equal(text.len, 0);
	json_decref(body);
	buf_done(&text);
	free(huge);
}

#define ENVELOPE(id, type, from, to, time, body)                        \
	"{\"id\":" id ",\"type\":" type ",\"from\":" from ",\"to\":" to \
	",\"time\":" time ",\"body\":" body "}"
#define Q(text) "\"" text "\""

static void
a_signed_envelope_must_be_well_formed_too(void **state)
{
	static const char *const wrong[] = {"", "{}", "[]", "null",
	    ENVELOPE("1", Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q("0001"), Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q(""), Q("a/b"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q("A"), Q("a/b"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q("a b"), Q("a/b"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID),
		Q("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), Q("a/b"),
		Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q("a"), Q("ab"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q("a"), Q("a/b"), "null", Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q("today"), "{}"),
	    ENVELOPE(Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "[]"),
	    ENVELOPE(
		Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "{},\"more\":1"),
	    ENVELOPE(
		Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "{},\"id\":" Q(ID)),
	    ENVELOPE(Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "{}") "x",
	    ENVELOPE(Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME),
		"{\"a\":\"\xff\"}")};
	struct problem problem = {0};
	size_t i;

	(void)state;
	assert_int_equal(open_payload(SLICE(ENVELOPE(Q(ID), Q("a-b.c"),
					  Q("a/b"), Q("a/b"), Q(TIME), "{}")),
			     &problem),
	    OK);
	for (i = 0; i < COUNT(wrong); i++) {
		if (open_payload(slice_of(wrong[i]), &problem) != ERR_INPUT)
			fail_msg("row %zu was not refused", i);
		assert_true(problem.text[0] != '\0');
	}
}

static void
a_receipt_comes_back_as_it_was(void **state)
{
	struct receipt_line lines[] = {
	    {.outcome = RECEIPT_ACCEPTED, .reason = SLICE("")},
	    {.outcome = RECEIPT_DUPLICATE, .reason = SLICE("")},
	    {.outcome = RECEIPT_REFUSED, .reason = SLICE("転出済")},
	    {.outcome = RECEIPT_LATER, .reason = SLICE("")}};
	struct receipt r = {.by = system_named("jlis/jukinet"),
	    .to = system_named("131041/registry"),
	    .time = {1795247520123},
	    .lines = lines,
	    .n_lines = COUNT(lines)};
	struct problem problem = {0};
	struct receipt back;
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text);
	for (i = 0; i < COUNT(lines); i++)
		lines[i].digest = digest_of(slice_bytes(&i, sizeof(i)));
	assert_int_equal(receipt_sign(&r, key, &text), OK);
	assert_int_equal(
	    receipt_open(arena, buf_slice(&text), public, &back, &problem), OK);
	buf_done(&text);
	assert_true(system_id_equal(&back.by, &r.by));
	assert_true(system_id_equal(&back.to, &r.to));
	assert_int_equal(back.time.ms, r.time.ms);
	assert_int_equal(back.n_lines, COUNT(lines));
	for (i = 0; i < COUNT(lines); i++) {
		assert_true(
		    digest_equal(&back.lines[i].digest, &lines[i].digest));
		assert_int_equal(back.lines[i].outcome, lines[i].outcome);
		assert_true(slice_equal(back.lines[i].reason, lines[i].reason));
	}
	assert_string_equal(receipt_outcome_name(RECEIPT_LATER), "later");
}

static void
a_receipt_of_another_key_is_refused(void **state)
{
	struct receipt r = {
	    .by = system_named("a/b"), .to = system_named("a/c")};
	struct receipt back;
	struct buf text;

	(void)state;
	buf_init(&text);
	assert_int_equal(receipt_sign(&r, key, &text), OK);
	assert_int_equal(
	    receipt_open(arena, buf_slice(&text), other, &back, NULL),
	    ERR_CRYPTO);
	assert_int_equal(
	    receipt_open(arena, SLICE("a.b.c"), public, &back, NULL),
	    ERR_INPUT);
	buf_done(&text);
}

#define RECEIPT(lines)                                \
	"{\"by\":\"a/b\",\"to\":\"a/c\",\"time\":" Q( \
	    TIME) ",\"receipts\":" lines "}"
#define LINE(id, digest, outcome, reason)                            \
	"[{\"id\":" id ",\"digest\":" digest ",\"outcome\":" outcome \
	",\"reason\":" reason "}]"

static void
a_signed_receipt_must_be_well_formed_too(void **state)
{
	static const char *const wrong[] = {"{}", "[]", RECEIPT("{}"),
	    RECEIPT("[1]"), RECEIPT("[{}]"), RECEIPT("[],\"more\":1"),
	    RECEIPT(LINE("1", Q(DIGEST), Q("later"), Q(""))),
	    RECEIPT(LINE(Q(ID), Q("AA"), Q("later"), Q(""))),
	    RECEIPT(LINE(Q(ID), Q(DIGEST), Q("perhaps"), Q(""))),
	    RECEIPT(LINE(Q(ID), Q(DIGEST), Q("later"), Q("\\u0007"))),
	    RECEIPT(LINE(Q(ID), Q(DIGEST), Q("later"), Q("\",\"x\":\"")))};
	struct problem problem = {0};
	size_t i;

	(void)state;
	assert_int_equal(
	    open_receipt(
		SLICE(RECEIPT(LINE(Q(ID), Q(DIGEST), Q("later"), Q("")))),
		&problem),
	    OK);
	for (i = 0; i < COUNT(wrong); i++) {
		if (open_receipt(slice_of(wrong[i]), &problem) != ERR_INPUT)
			fail_msg("row %zu was not refused", i);
	}
}

static void
a_receipt_has_no_more_lines_than_a_batch(void **state)
{
	struct receipt_line lines[ENVELOPE_BATCH_MAX + 1] = {0};
	struct receipt back,
	    r = {.by = system_named("a/b"),
		.to = system_named("a/c"),
		.lines = lines,
		.n_lines = ENVELOPE_BATCH_MAX + 1};
	struct buf text;

	(void)state;
	buf_init(&text);
	assert_int_equal(receipt_sign(&r, key, &text), OK);
	assert_int_equal(
	    receipt_open(arena, buf_slice(&text), public, &back, NULL),
	    ERR_TOO_LARGE);
	buf_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(system_ids_are_organisation_slash_system),
	    cmocka_unit_test(equal_system_ids_are_equal_in_whole),
	    cmocka_unit_test(a_message_id_has_one_text),
	    cmocka_unit_test(an_envelope_comes_back_as_it_was),
	    cmocka_unit_test(another_key_opens_nothing),
	    cmocka_unit_test(an_altered_envelope_is_refused),
	    cmocka_unit_test(an_envelope_beyond_its_limit_is_not_signed),
	    cmocka_unit_test(a_signed_envelope_must_be_well_formed_too),
	    cmocka_unit_test(a_receipt_comes_back_as_it_was),
	    cmocka_unit_test(a_receipt_of_another_key_is_refused),
	    cmocka_unit_test(a_signed_receipt_must_be_well_formed_too),
	    cmocka_unit_test(a_receipt_has_no_more_lines_than_a_batch),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
