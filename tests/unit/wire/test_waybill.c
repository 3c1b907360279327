#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/signer.h"
#include "wire/waybill.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define TIME "2026-11-21T07:52:00.123Z"
#define DIGEST "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define Q(text) "\"" text "\""

static enum err
open_text(struct slice text, const struct signer *by, struct waybill *ret,
    struct problem *problem)
{
	struct jws jws;

	if (jws_parse(arena, text, WAYBILL_TYPE, &jws))
		return ERR_INPUT;

	return waybill_open(arena, &jws, by->public, ret, problem);
}

/* Open any payload as a waybill that the right key has signed. */
static enum err
open_payload(struct slice payload, struct problem *problem)
{
	struct waybill w;
	struct buf text;
	enum err rc;

	buf_init(&text);
	assert_int_equal(
	    jws_sign(signer.key, WAYBILL_TYPE, payload, &text), OK);
	rc = open_text(buf_slice(&text), &signer, &w, problem);
	buf_done(&text);

	return rc;
}

static struct waybill
sample(const struct digest *digests, size_t n)
{
	struct waybill w = {
	    .time = {1795247520123}, .envelopes = digests, .n_envelopes = n};

	assert_int_equal(system_id_parse(SLICE("131041/relay"), &w.from), OK);
	assert_int_equal(system_id_parse(SLICE("012041/relay"), &w.to), OK);

	return w;
}

static void
a_waybill_comes_back_as_it_was(void **state)
{
	struct digest digests[ENVELOPE_BATCH_MAX] = {0};
	struct waybill w = sample(digests, COUNT(digests)), back;
	struct digest other = digest_of(SLICE("other"));
	struct problem problem = {0};
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text);
	for (i = 0; i < COUNT(digests); i++)
		digests[i] = digest_of(slice_bytes(&i, sizeof(i)));
	assert_int_equal(waybill_sign(arena, &w, signer.key, &text), OK);
	assert_int_equal(
	    open_text(buf_slice(&text), &signer, &back, &problem), OK);
	assert_true(system_id_equal(&back.from, &w.from));
	assert_true(system_id_equal(&back.to, &w.to));
	assert_int_equal(back.time.ms, w.time.ms);
	assert_int_equal(back.n_envelopes, COUNT(digests));
	assert_memory_equal(back.envelopes, digests, sizeof(digests));
	assert_true(waybill_has(&back, &digests[COUNT(digests) - 1]));
	assert_false(waybill_has(&back, &other));
	buf_done(&text);
}

static void
a_waybill_of_another_key_is_refused(void **state)
{
	struct digest digest = digest_of(SLICE("x"));
	struct waybill w = sample(&digest, 1), back;
	struct buf text;

	(void)state;
	buf_init(&text);
	assert_int_equal(waybill_sign(arena, &w, signer.key, &text), OK);
	assert_int_equal(
	    open_text(buf_slice(&text), &stranger, &back, NULL), ERR_CRYPTO);
	buf_done(&text);
}

/* Any single changed character. */
static void
an_altered_waybill_is_refused(void **state)
{
	struct digest digest = digest_of(SLICE("x"));
	struct waybill w = sample(&digest, 1), back;
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text);
	assert_int_equal(waybill_sign(arena, &w, signer.key, &text), OK);
	for (i = 0; i < text.len; i++) {
		char before = text.data[i];

		text.data[i] = before == 'A' ? 'B' : 'A';
		assert_int_not_equal(
		    open_text(buf_slice(&text), &signer, &back, NULL), OK);
		text.data[i] = before;
	}
	buf_done(&text);
}

#define WAYBILL(from, to, time, envelopes)                \
	"{\"from\":" from ",\"to\":" to ",\"time\":" time \
	",\"envelopes\":" envelopes "}"

static void
a_signed_waybill_must_be_well_formed_too(void **state)
{
	static const char *const wrong[] = {"", "{}", "[]", "null",
	    WAYBILL("1", Q("a/b"), Q(TIME), "[" Q(DIGEST) "]"),
	    WAYBILL(Q("a/b"), Q("b"), Q(TIME), "[" Q(DIGEST) "]"),
	    WAYBILL(Q("a/b"), Q("a/c"), Q("now"), "[" Q(DIGEST) "]"),
	    WAYBILL(Q("a/b"), Q("a/c"), Q(TIME), Q(DIGEST)),
	    WAYBILL(Q("a/b"), Q("a/c"), Q(TIME), "[]"),
	    WAYBILL(Q("a/b"), Q("a/c"), Q(TIME), "[1]"),
	    WAYBILL(Q("a/b"), Q("a/c"), Q(TIME), "[" Q("AAAA") "]"),
	    WAYBILL(Q("a/b"), Q("a/c"), Q(TIME), "[" Q(DIGEST) "],\"x\":1")};
	struct problem problem = {0};
	size_t i;

	(void)state;
	assert_int_equal(open_payload(SLICE(WAYBILL(Q("a/b"), Q("a/c"), Q(TIME),
					  "[" Q(DIGEST) "]")),
			     &problem),
	    OK);
	for (i = 0; i < COUNT(wrong); i++) {
		if (open_payload(slice_of(wrong[i]), &problem) != ERR_INPUT)
			fail_msg("row %zu was not refused", i);
		assert_true(problem.text[0] != '\0');
	}
}

static void
a_waybill_names_no_more_than_a_batch_may_hold(void **state)
{
	static struct digest digests[ENVELOPE_BATCH_MAX + 1];
	struct waybill w = sample(digests, COUNT(digests)), back;
	struct buf text;

	(void)state;
	buf_init(&text);
	assert_int_equal(waybill_sign(arena, &w, signer.key, &text), OK);
	assert_int_equal(
	    open_text(buf_slice(&text), &signer, &back, NULL), ERR_INPUT);
	buf_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_waybill_comes_back_as_it_was),
	    cmocka_unit_test(a_waybill_of_another_key_is_refused),
	    cmocka_unit_test(an_altered_waybill_is_refused),
	    cmocka_unit_test(a_signed_waybill_must_be_well_formed_too),
	    cmocka_unit_test(a_waybill_names_no_more_than_a_batch_may_hold),
	};

	return cmocka_run_group_tests(tests, signers_set_up, signers_tear_down);
}
