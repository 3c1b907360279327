/*
 * Envelopes, waybills and receipts from a peer whose signature is good and
 * whose content is not.  The first byte says what the rest is: 'e' an
 * envelope, 'w' the payload of a waybill, 'r' that of a receipt, anything else
 * the text of a receipt.
 *
 * Besides not crashing: what is read and written again comes back the same.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "wire/receipt.h"
#include "wire/waybill.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct signing_key *key;
static struct verify_key *public;

static void
make_keys(void)
{
	json_t *jwk;

	if (key != NULL)
		return;
	if (signing_key_generate(&key))
		abort();
	jwk = signing_key_jwk(key);
	if (verify_key_from_jwk(jwk, &public))
		abort();
	json_decref(jwk);
}

static void
try_envelope(struct arena *arena, struct slice line)
{
	struct problem problem = {0};
	struct envelope e = {0}, again = {0};
	struct slice text;

	if (envelope_read(arena, line, &e, &problem)) {
		assert(problem.text[0] != '\0');
		return;
	}
	assert(envelope_write(arena, &e, &text) == OK);
	assert(envelope_read(arena, text, &again, &problem) == OK);
	assert(memcmp(&e.id, &again.id, sizeof(e.id)) == 0);
	assert(slice_equal(e.type, again.type));
	assert(system_id_equal(&e.from, &again.from));
	assert(system_id_equal(&e.to, &again.to));
	assert(e.time.ms == again.time.ms);
	assert(e.edition == again.edition);
	assert(slice_equal(e.body, again.body));
}

static enum err
open_waybill(struct arena *arena, struct slice text, struct waybill *ret)
{
	struct problem problem = {0};
	struct jws jws;

	if (jws_parse(arena, text, WAYBILL_TYPE, &jws))
		abort();

	return waybill_open(arena, &jws, public, ret, &problem);
}

static void
try_waybill(struct arena *arena, struct slice payload)
{
	struct waybill w = {0}, again = {0};
	struct buf text;

	buf_init(&text);
	if (jws_sign(key, WAYBILL_TYPE, payload, &text))
		abort();
	if (open_waybill(arena, buf_slice(&text), &w) == OK) {
		buf_clear(&text);
		assert(waybill_sign(arena, &w, key, &text) == OK);
		assert(open_waybill(arena, buf_slice(&text), &again) == OK);
		assert(w.n_envelopes == again.n_envelopes);
		assert(memcmp(w.envelopes, again.envelopes,
			   w.n_envelopes * sizeof(*w.envelopes)) == 0);
		assert(system_id_equal(&w.from, &again.from));
		assert(system_id_equal(&w.to, &again.to));
	}
	buf_done(&text);
}

static enum err
open_receipt(struct arena *arena, struct slice text, struct receipt *ret,
    struct problem *problem)
{
	struct jws jws;

	if (jws_parse(arena, text, RECEIPT_TYPE, &jws))
		return problem_set(problem, ERR_INPUT, "this is no receipt");

	return receipt_open(arena, &jws, public, ret, problem);
}

static void
check_receipt(struct arena *arena, const struct receipt *r)
{
	struct problem problem = {0};
	struct receipt again = {0};
	struct buf text;
	size_t i;

	buf_init(&text);
	assert(receipt_sign(arena, r, key, &text) == OK);
	assert(open_receipt(arena, buf_slice(&text), &again, &problem) == OK);
	assert(
	    r->n_receipts == again.n_receipts && r->time.ms == again.time.ms);
	for (i = 0; i < r->n_receipts; i++) {
		assert(r->receipts[i].outcome == again.receipts[i].outcome);
		assert(slice_equal(
		    r->receipts[i].reason, again.receipts[i].reason));
	}
	buf_done(&text);
}

static void
try_receipt(struct arena *arena, struct slice text)
{
	struct problem problem = {0};
	struct receipt r = {0};

	if (open_receipt(arena, text, &r, &problem) == OK)
		check_receipt(arena, &r);
	else
		assert(problem.text[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct slice rest = {0};
	struct buf text;

	make_keys();
	if (size > 0)
		rest = slice_bytes(data + 1, size - 1);
	if (size > 0 && data[0] == 'e') {
		try_envelope(arena, rest);
	} else if (size > 0 && data[0] == 'w') {
		try_waybill(arena, rest);
	} else if (size > 0 && data[0] == 'r') {
		buf_init(&text);
		if (jws_sign(key, RECEIPT_TYPE, rest, &text))
			abort();
		try_receipt(arena, buf_slice(&text));
		buf_done(&text);
	} else {
		try_receipt(arena, rest);
	}
	arena_free(arena);

	return 0;
}
