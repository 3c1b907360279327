/*
 * Peers that lie, in the simulated host: messages and receipts that a system
 * must not believe.
 *
 * A liar has its own keys and the batches that it received; it alters, repeats
 * and misdirects them, signs those of others, and writes in the name of others.
 * It does not answer "accepted" to a message that it drops: no other system
 * could notice that.
 */
#include <string.h>

#include "base/encode.h"
#include "virtual/simulated_internal.h"
#include "wire/receipt.h"
#include "wire/waybill.h"

enum lie { LIE_ALTERED, LIE_OLD, LIE_MISDIRECTED, LIE_FOREIGN, LIE_ANEW };
#define LIES 5

/* One of the envelopes of a batch. */
static struct slice
choose(struct simulation *sim, struct slice batch)
{
	struct slice line;

	slice_cut(&batch, '\n'); /* the waybill */
	line = slice_cut(&batch, '\n');
	while (batch.data != NULL && simulated_below(sim, 1) == 0)
		line = slice_cut(&batch, '\n');

	return line;
}

/* A batch of one envelope, in the name of `from`, signed by `signer`. */
static bool
make_batch(struct simulation *sim, size_t signer, const struct event *e,
    struct slice envelope, struct buf *ret)
{
	const struct signing_key *key = sim->members[signer].signing;
	struct digest digest = digest_of(envelope);
	struct waybill waybill = {.from = sim->members[e->from].id,
	    .to = sim->members[e->to].id,
	    .time = sim->now,
	    .envelopes = &digest,
	    .n_envelopes = 1};
	struct arena *arena = arena_new();
	bool done = waybill_sign(arena, &waybill, key, ret) == OK;

	arena_free(arena);
	if (done) {
		buf_add_char(ret, '\n');
		buf_add(ret, envelope);
	}

	return done;
}

static size_t
other_than(struct simulation *sim, size_t a, size_t b)
{
	size_t i = (size_t)simulated_below(sim, (int64_t)sim->n_members - 1);

	while (i == a || i == b)
		i = (i + 1) % sim->n_members;

	return i;
}

/* Another member with the same system as `to`, who might take its batches. */
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

/* Change one digit of the text, and keep the old signature. */
static bool
alter_text(struct simulation *sim, char *text, size_t len)
{
	size_t at, tried;

	if (len == 0)
		return false;
	at = (size_t)simulated_below(sim, (int64_t)len - 1);
	for (tried = 0; tried < len && !is_low(text[at]); tried++)
		at = (at + 1) % len;
	if (tried < len)
		text[at]++;

	return tried < len;
}

/* Change one digit of a JWS's payload. */
static bool
alter_jws(struct simulation *sim, struct slice jws, struct buf *ret)
{
	struct slice rest = jws, head = slice_cut(&rest, '.');
	struct buf payload;
	bool done = false;

	buf_init(&payload);
	if (base64url_decode(slice_cut(&rest, '.'), &payload) == OK)
		done = alter_text(sim, payload.data, payload.len);
	if (done) {
		buf_printf(ret, "%.*s.", SLICE_ARG(head));
		base64url_encode(buf_slice(&payload), ret);
		buf_printf(ret, ".%.*s", SLICE_ARG(rest));
	}
	buf_done(&payload);

	return done;
}

/* Alter the waybill or one of its envelopes. */
static bool
alter_batch(struct simulation *sim, struct slice batch, struct buf *ret)
{
	struct slice chosen = choose(sim, batch), rest = batch, waybill;
	size_t at = (size_t)(chosen.data - batch.data);

	if (simulated_below(sim, 3) > 0) {
		buf_add(ret, batch);
		return alter_text(sim, ret->data + at, chosen.len);
	}
	waybill = slice_cut(&rest, '\n');
	if (!alter_jws(sim, waybill, ret))
		return false;
	buf_add_char(ret, '\n');
	buf_add(ret, rest);

	return true;
}

/* Does the receiver recognise the message under another id? */
static bool
is_repeatable(const struct member *to, const json_t *document)
{
	const char *type = json_string_value(json_object_get(document, "type"));
	const struct message_handler *h = to->system->component.messages;

	for (; type != NULL && h != NULL && h->takes != NULL; h++) {
		if (strcmp(h->takes->name, type) == 0 &&
		    (h->scope & REPEATABLE))
			return true;
	}

	return false;
}

/* The same message under a new id, well signed by its sender. */
static bool
say_anew(struct simulation *sim, const struct event *e, struct slice envelope,
    struct buf *ret)
{
	struct problem problem = {0};
	struct buf text, id;
	json_t *document = NULL;
	bool done = false;

	buf_init(&text);
	buf_init(&id);
	if (json_read(envelope, "envelope", &document, &problem) == OK &&
	    is_repeatable(&sim->members[e->to], document)) {
		buf_printf(&id, LIE_PREFIX "%016llx",
		    (unsigned long long)random_u64(&sim->random));
		json_put_text(document, "id", buf_slice(&id));
		json_write(document, &text);
		done = make_batch(sim, e->from, e, buf_slice(&text), ret);
	}
	json_decref(document);
	buf_done(&text);
	buf_done(&id);

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

/* Repeat a message of this batch or of the old one; this batch may become the
 * next old one. */
static bool
repeat_anew(struct simulation *sim, const struct event *e, struct event *ret)
{
	struct slice batch = buf_slice(&e->bytes);

	if (sim->old.len > 0 && simulated_below(sim, 1) == 0) {
		ret->from = sim->old_from;
		ret->to = sim->old_to;
		batch = buf_slice(&sim->old);
	}
	if (!say_anew(sim, ret, choose(sim, batch), &ret->bytes))
		return false;
	if (batch.data == e->bytes.data)
		keep_old(sim, e);

	return true;
}

static bool
lie(struct simulation *sim, enum lie kind, const struct event *e,
    struct event *ret)
{
	struct slice batch = buf_slice(&e->bytes);
	struct slice envelope = choose(sim, batch);
	size_t other = other_than(sim, e->from, e->to);

	switch (kind) {
	case LIE_ALTERED:
		return alter_batch(sim, batch, &ret->bytes);
	case LIE_OLD:
		return tell_old(sim, e, ret);
	case LIE_MISDIRECTED:
		ret->to = kin_of(sim, e->from, e->to);
		if (simulated_below(sim, 1) == 0)
			return make_batch(
			    sim, e->from, ret, envelope, &ret->bytes);
		buf_add(&ret->bytes, batch);
		return true;
	case LIE_FOREIGN:
		/* Signed by the sender in the other's name, or the reverse. */
		if (simulated_below(sim, 1) == 0)
			ret->from = other;
		return make_batch(sim, other, ret, envelope, &ret->bytes);
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

/* --- Well-formed, and well signed ----------------------------------------- */

void
simulation_say(struct simulation *sim, const struct system_id *from,
    const struct system_id *to, const struct message_type *type,
    struct slice body)
{
	struct event e = {.kind = EVENT_BATCH,
	    .from = simulated_member(sim, from),
	    .to = simulated_member(sim, to),
	    .at = instant_plus(sim->now, 1)};
	struct envelope envelope = {.type = slice_of(type->name),
	    .edition = type->edition,
	    .from = *from,
	    .to = *to,
	    .time = sim->now,
	    .body = body};
	struct arena *arena = arena_new();
	struct slice line;

	random_bytes(
	    &sim->random, envelope.id.bytes, sizeof(envelope.id.bytes));
	buf_init(&e.bytes);
	if (hex_decode_exact(SLICE(LIE_PREFIX), envelope.id.bytes,
		sizeof(LIE_PREFIX) / 2) == OK &&
	    envelope_write(arena, &envelope, &line) == OK &&
	    make_batch(sim, e.from, &e, line, &e.bytes))
		event_queue_put(&sim->events, &e);
	else
		buf_done(&e.bytes);
	arena_free(arena);
}

/* --- Receipts ------------------------------------------------------------ */

/* "Accepted", in the receiver's name and with another's signature. */
static void
forge_receipt(struct simulation *sim, const struct event *e, struct buf *ret)
{
	static struct receipt_line lines[ENVELOPE_BATCH_MAX];
	size_t other = other_than(sim, e->from, e->to), n = 0;
	const struct signing_key *key = sim->members[other].signing;
	struct slice rest = buf_slice(&e->bytes), envelope;
	struct arena *arena = arena_new();
	struct receipt receipt = {.by = sim->members[e->to].id,
	    .to = sim->members[e->from].id,
	    .time = sim->now,
	    .receipts = lines};

	slice_cut(&rest, '\n'); /* the waybill */
	do {
		envelope = slice_cut(&rest, '\n');
		lines[n++] =
		    (struct receipt_line){.digest = digest_of(envelope),
			.outcome = RECEIPT_ACCEPTED,
			.reason = SLICE("")};
	} while (rest.data != NULL && n < ENVELOPE_BATCH_MAX);
	receipt.n_receipts = n;
	if (receipt_sign(arena, &receipt, key, ret))
		buf_clear(ret);
	arena_free(arena);
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
		if (alter_jws(sim, buf_slice(&m->last_receipt), ret))
			return;
		buf_add_string(ret, "no receipt");
		return;
	default: /* an int */
		forge_receipt(sim, e, ret);
		return;
	}
}
