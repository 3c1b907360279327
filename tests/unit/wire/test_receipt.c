#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/signer.h"
#include "wire/receipt.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ID "000102030405060708090a0b0c0d0e0f"
#define TIME "2026-11-21T07:52:00.123Z"
#define DIGEST "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define Q(text) "\"" text "\""

static struct system_id
system_named(const char *text)
{
	struct system_id id;

	assert_int_equal(system_id_parse(slice_of(text), &id), OK);

	return id;
}

static enum err
open_text(struct slice text, const struct signer *by, struct receipt *ret,
    struct problem *problem)
{
	struct jws jws;

	assert_int_equal(jws_parse(arena, text, RECEIPT_TYPE, &jws), OK);

	return receipt_open(arena, &jws, by->public, ret, problem);
}

/* Open any payload as a receipt that the right key has signed. */
static enum err
open_receipt(struct slice payload, struct problem *problem)
{
	struct receipt r = {0};
	struct buf text;
	enum err rc;

	buf_init(&text);
	assert_int_equal(
	    jws_sign(signer.key, RECEIPT_TYPE, payload, &text), OK);
	rc = open_text(buf_slice(&text), &signer, &r, problem);
	buf_done(&text);

	return rc;
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
	    .receipts = lines,
	    .n_receipts = COUNT(lines)};
	struct problem problem = {0};
	struct receipt back;
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text);
	for (i = 0; i < COUNT(lines); i++)
		lines[i].digest = digest_of(slice_bytes(&i, sizeof(i)));
	assert_int_equal(receipt_sign(arena, &r, signer.key, &text), OK);
	assert_int_equal(
	    open_text(buf_slice(&text), &signer, &back, &problem), OK);
	buf_done(&text);
	assert_true(system_id_equal(&back.by, &r.by));
	assert_true(system_id_equal(&back.to, &r.to));
	assert_int_equal(back.time.ms, r.time.ms);
	assert_int_equal(back.n_receipts, COUNT(lines));
	for (i = 0; i < COUNT(lines); i++) {
		assert_true(
		    digest_equal(&back.receipts[i].digest, &lines[i].digest));
		assert_int_equal(back.receipts[i].outcome, lines[i].outcome);
		assert_true(
		    slice_equal(back.receipts[i].reason, lines[i].reason));
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
	assert_int_equal(receipt_sign(arena, &r, signer.key, &text), OK);
	assert_int_equal(
	    open_text(buf_slice(&text), &stranger, &back, NULL), ERR_CRYPTO);
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
		.receipts = lines,
		.n_receipts = ENVELOPE_BATCH_MAX + 1};
	struct buf text;

	(void)state;
	buf_init(&text);
	assert_int_equal(receipt_sign(arena, &r, signer.key, &text), OK);
	assert_int_equal(
	    open_text(buf_slice(&text), &signer, &back, NULL), ERR_INPUT);
	buf_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_receipt_comes_back_as_it_was),
	    cmocka_unit_test(a_receipt_of_another_key_is_refused),
	    cmocka_unit_test(a_signed_receipt_must_be_well_formed_too),
	    cmocka_unit_test(a_receipt_has_no_more_lines_than_a_batch),
	};

	return cmocka_run_group_tests(tests, signers_set_up, signers_tear_down);
}
