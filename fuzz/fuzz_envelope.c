/*
 * Envelopes and receipts from a peer whose signature is good and whose
 * content is not.  The first byte says what the rest is: 'e' the payload of
 * an envelope, 'r' that of a receipt, anything else the text of a receipt.
 *
 * Besides not crashing: what is opened and signed again comes back the same.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "wire/envelope.h"

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

static enum err
open_envelope(struct arena *arena, struct slice text, struct envelope *ret)
{
	struct problem problem = {0};
	struct jws jws;

	if (jws_parse(arena, text, "bango-envelope", &jws))
		abort();

	return envelope_open(&jws, public, ret, &problem);
}

static void
try_envelope(struct arena *arena, struct slice payload)
{
	struct envelope e = {0}, again = {0};
	struct buf text;

	buf_init(&text);
	if (jws_sign(key, "bango-envelope", payload, &text))
		abort();
	if (open_envelope(arena, buf_slice(&text), &e) == OK) {
		buf_clear(&text);
		assert(envelope_sign(&e, key, &text) == OK);
		assert(open_envelope(arena, buf_slice(&text), &again) == OK);
		assert(memcmp(&e.id, &again.id, sizeof(e.id)) == 0);
		assert(slice_equal(e.type, again.type));
		assert(system_id_equal(&e.from, &again.from));
		assert(system_id_equal(&e.to, &again.to));
		assert(e.time.ms == again.time.ms);
		assert(json_equal(e.body, again.body));
		json_decref(again.document);
		json_decref(e.document);
	}
	buf_done(&text);
}

static void
check_receipt(struct arena *arena, const struct receipt *r)
{
	struct problem problem = {0};
	struct receipt again = {0};
	struct buf text;
	size_t i;

	buf_init(&text);
	assert(receipt_sign(r, key, &text) == OK);
	assert(receipt_open(
		   arena, buf_slice(&text), public, &again, &problem) == OK);
	assert(r->n_lines == again.n_lines && r->time.ms == again.time.ms);
	for (i = 0; i < r->n_lines; i++) {
		assert(r->lines[i].outcome == again.lines[i].outcome);
		assert(slice_equal(r->lines[i].reason, again.lines[i].reason));
	}
	buf_done(&text);
}

static void
try_receipt(struct arena *arena, struct slice text)
{
	struct problem problem = {0};
	struct receipt r = {0};

	if (receipt_open(arena, text, public, &r, &problem) == OK)
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
	} else if (size > 0 && data[0] == 'r') {
		buf_init(&text);
		if (jws_sign(key, "bango-receipt", rest, &text))
			abort();
		try_receipt(arena, buf_slice(&text));
		buf_done(&text);
	} else {
		try_receipt(arena, rest);
	}
	arena_free(arena);

	return 0;
}
