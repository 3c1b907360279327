/*
 * Peers that lie, in the simulated host: what a system must not believe.
 *
 * A liar owns its own keys and what it has heard; it alters, repeats,
 * misdirects, signs what is others' and speaks in their name.  It does not
 * say "accepted" of what it forgets: nobody could tell.
 */
#include <string.h>

#include "base/encode.h"
#include "host/simulated_internal.h"

/* What may come again under a new id without any harm, since the receiver
 * knows it by an id within. */
static const char *const repeatable[] = {
    "inquiry.request",
    "permit.issued",
    "answer.sealed",
    "replica.put",
    "provision.report",
    "numbering.request",
    NULL,
};

enum lie { LIE_ALTERED, LIE_OLD, LIE_MISDIRECTED, LIE_FOREIGN, LIE_ANEW };
#define LIES 5

static struct signing_key *
key_of(const struct member *m)
{
	const struct stored_key *k = keystore_current(m->keys, "sign");
	struct signing_key *key = NULL;

	if (k == NULL || signing_key_decode(k->secret, &key))
		return NULL;

	return key;
}

/* One of the envelopes of a batch. */
static struct slice
choose(struct simulation *sim, struct slice batch)
{
	struct slice line = slice_cut(&batch, '\n');

	while (batch.data != NULL && simulated_below(sim, 1) == 0)
		line = slice_cut(&batch, '\n');

	return line;
}

static enum err
payload_of(struct slice envelope, struct slice *ret_head, struct buf *ret,
    struct slice *ret_signature)
{
	struct slice rest = envelope;

	*ret_head = slice_cut(&rest, '.');
	if (base64url_decode(slice_cut(&rest, '.'), ret))
		return ERR_INPUT;
	*ret_signature = rest;

	return OK;
}

static size_t
other_than(struct simulation *sim, size_t a, size_t b)
{
	size_t i = (size_t)simulated_below(sim, (int64_t)sim->n_members - 1);

	while (i == a || i == b)
		i = (i + 1) % sim->n_members;

	return i;
}

/* Somebody who might take what is for `to`. */
static size_t
kin_of(struct simulation *sim, size_t from, size_t to)
{
	size_t i, at = other_than(sim, from, to);

	for (i = 0; i < sim->n_members; i++, at = (at + 1) % sim->n_members) {
		if (at != from && at != to &&
		    sim->members[at].system == sim->members[to].system)
			return at;
	}

	return at;
}

/* A digit that may become the next one. */
static bool
is_low(char c)
{
	return c >= '0' && c <= '8';
}

/* One digit of the payload is another, under the old signature. */
static bool
alter(struct simulation *sim, struct slice envelope, struct buf *ret)
{
	struct slice head, signature;
	struct buf payload;
	size_t at = 0, tried;
	bool done = false;

	buf_init(&payload);
	if (payload_of(envelope, &head, &payload, &signature) == OK &&
	    payload.len > 0) {
		at = (size_t)simulated_below(sim, (int64_t)payload.len - 1);
		for (tried = 0;
		     tried < payload.len && !is_low(payload.data[at]); tried++)
			at = (at + 1) % payload.len;
		done = tried < payload.len;
	}
	if (done) {
		payload.data[at]++;
		buf_printf(ret, "%.*s.", SLICE_ARG(head));
		base64url_encode(buf_slice(&payload), ret);
		buf_printf(ret, ".%.*s", SLICE_ARG(signature));
	}
	buf_done(&payload);

	return done;
}

/* The payload as it is, signed by somebody else. */
static bool
sign_as(const struct member *m, struct slice envelope, struct buf *ret)
{
	struct signing_key *key = key_of(m);
	struct slice head, signature;
	struct buf payload;
	bool done;

	buf_init(&payload);
	done = key != NULL &&
	    payload_of(envelope, &head, &payload, &signature) == OK &&
	    jws_sign(key, "bango-envelope", buf_slice(&payload), ret) == OK;
	buf_done(&payload);
	signing_key_free(key);

	return done;
}

static bool
is_repeatable(const json_t *document)
{
	const char *type = json_string_value(json_object_get(document, "type"));
	size_t i;

	for (i = 0; type != NULL && repeatable[i] != NULL; i++) {
		if (strcmp(type, repeatable[i]) == 0)
			return true;
	}

	return false;
}

/* The same message under a new id, well signed by its sender. */
static bool
say_anew(struct simulation *sim, const struct member *m, struct slice envelope,
    struct buf *ret)
{
	struct signing_key *key = key_of(m);
	struct slice head, signature;
	struct problem problem = {0};
	struct buf payload, id;
	json_t *document = NULL;
	bool done = false;

	buf_init(&payload);
	buf_init(&id);
	if (payload_of(envelope, &head, &payload, &signature) == OK &&
	    json_read(buf_slice(&payload), "envelope", &document, &problem) ==
		OK &&
	    is_repeatable(document)) {
		buf_printf(&id, LIE_PREFIX "%016llx",
		    (unsigned long long)random_u64(&sim->random));
		json_put_text(document, "id", buf_slice(&id));
		buf_clear(&payload);
		json_write(document, &payload);
		done = jws_sign(key, "bango-envelope", buf_slice(&payload),
			   ret) == OK;
	}
	json_decref(document);
	buf_done(&payload);
	buf_done(&id);
	signing_key_free(key);

	return done;
}

static void
keep_old(struct simulation *sim, const struct event *e)
{
	buf_clear(&sim->old);
	buf_add(&sim->old, buf_slice(&e->bytes));
	sim->old_from = e->from;
	sim->old_to = e->to;
}

static bool
tell_old(struct simulation *sim, const struct event *e, struct event *ret)
{
	bool have = sim->old.len > 0;

	if (have) {
		ret->from = sim->old_from;
		ret->to = sim->old_to;
		buf_add(&ret->bytes, buf_slice(&sim->old));
	}
	if (!have || simulated_below(sim, 1) == 0)
		keep_old(sim, e);

	return have;
}

/* Of this batch or of the old one; this one may be the next old one. */
static bool
repeat_anew(struct simulation *sim, const struct event *e, struct event *ret)
{
	struct slice batch = buf_slice(&e->bytes);

	if (sim->old.len > 0 && simulated_below(sim, 1) == 0) {
		ret->from = sim->old_from;
		ret->to = sim->old_to;
		batch = buf_slice(&sim->old);
	}
	if (!say_anew(
		sim, &sim->members[ret->from], choose(sim, batch), &ret->bytes))
		return false;
	if (batch.data == e->bytes.data)
		keep_old(sim, e);

	return true;
}

static bool
lie(struct simulation *sim, enum lie kind, const struct event *e,
    struct event *ret)
{
	struct slice envelope = choose(sim, buf_slice(&e->bytes));
	size_t other = other_than(sim, e->from, e->to);

	switch (kind) {
	case LIE_ALTERED:
		return alter(sim, envelope, &ret->bytes);
	case LIE_OLD:
		return tell_old(sim, e, ret);
	case LIE_MISDIRECTED:
		ret->to = kin_of(sim, e->from, e->to);
		buf_add(&ret->bytes, envelope);
		return true;
	case LIE_FOREIGN:
		/* By the sender in the other's name, or the other way. */
		if (simulated_below(sim, 1) == 0)
			ret->from = other;
		return sign_as(&sim->members[other], envelope, &ret->bytes);
	case LIE_ANEW:
		return repeat_anew(sim, e, ret);
	}

	return false;
}

bool
liar_batch(struct simulation *sim, const struct event *e, struct event *ret)
{
	enum lie kind = (enum lie)simulated_below(sim, LIES - 1);

	/* Flight 0: nobody waits for its receipt. */
	*ret =
	    (struct event){.kind = EVENT_BATCH, .from = e->from, .to = e->to};
	buf_init(&ret->bytes);
	if (lie(sim, kind, e, ret))
		return true;
	buf_done(&ret->bytes);

	return false;
}

/* --- Receipts ------------------------------------------------------------ */

/* "Accepted", in the receiver's name and with another's signature. */
static void
forge_receipt(struct simulation *sim, const struct event *e, struct buf *ret)
{
	static struct receipt_line lines[ENVELOPE_BATCH_MAX];
	size_t other = other_than(sim, e->from, e->to), n = 0;
	struct signing_key *key = key_of(&sim->members[other]);
	struct slice rest = buf_slice(&e->bytes), envelope;
	struct receipt receipt = {.by = sim->members[e->to].id,
	    .to = sim->members[e->from].id,
	    .time = sim->now,
	    .lines = lines};

	do {
		envelope = slice_cut(&rest, '\n');
		lines[n++] =
		    (struct receipt_line){.digest = digest_of(envelope),
			.outcome = RECEIPT_ACCEPTED,
			.reason = SLICE("")};
	} while (rest.data != NULL && n < ENVELOPE_BATCH_MAX);
	receipt.n_lines = n;
	if (key == NULL || receipt_sign(&receipt, key, ret))
		buf_clear(ret);
	signing_key_free(key);
}

void
liar_receipt(struct simulation *sim, const struct event *e, struct buf *ret)
{
	const struct member *m = &sim->members[e->to];

	switch (simulated_below(sim, 3)) {
	case 0:
		buf_add(ret, buf_slice(&m->last_receipt));
		return;
	case 1:
		if (alter(sim, buf_slice(&m->last_receipt), ret))
			return;
		buf_add_string(ret, "no receipt");
		return;
	default: /* an int */
		forge_receipt(sim, e, ret);
		return;
	}
}
