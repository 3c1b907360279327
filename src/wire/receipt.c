#include "wire/receipt.h"

#include <string.h>

#include "wire/kinds.h"

static const char *const outcome_names[] = {
    [RECEIPT_ACCEPTED] = "accepted",
    [RECEIPT_DUPLICATE] = "duplicate",
    [RECEIPT_REFUSED] = "refused",
    [RECEIPT_LATER] = "later",
};
#define OUTCOMES (sizeof(outcome_names) / sizeof(outcome_names[0]))

const char *
receipt_outcome_name(enum receipt_outcome outcome)
{
	return outcome_names[outcome];
}

/* --- Its shape ------------------------------------------------------------ */

static enum err
parse_outcome(struct shape_text *t, void *to)
{
	enum receipt_outcome outcome;
	size_t i;

	for (i = 0; i < OUTCOMES; i++) {
		if (!slice_equal_string(t->text, outcome_names[i]))
			continue;
		outcome = (enum receipt_outcome)i;
		memcpy(to, &outcome, sizeof(outcome));
		return OK;
	}

	return ERR_INPUT;
}

static void
write_outcome(struct json_out *o, const char *key, const void *from)
{
	enum receipt_outcome outcome;

	memcpy(&outcome, from, sizeof(outcome));
	json_out_text(o, key, slice_of(receipt_outcome_name(outcome)));
}

static const struct kind kind_outcome = {.name = "outcome",
    .expected = "accepted, duplicate, refused or later",
    .schema = "string",
    .parse = parse_outcome,
    .write = write_outcome,
    .size = sizeof(enum receipt_outcome)};
#define OUTCOME enum receipt_outcome, .kind = &kind_outcome

#define REASON_MAX 384

static const struct field line_fields[] = {
    FIELD(receipt_line, id, MESSAGE_ID, "the envelope's id"),
    FIELD(receipt_line, digest, DIGEST, "the envelope's digest"),
    FIELD(receipt_line, outcome, OUTCOME, "the outcome"),
    OPTION(receipt_line, reason, TEXT(REASON_MAX), "the reason of a refusal"),
};
static const struct shape receipt_line_shape = SHAPE(receipt_line, line_fields);

static const struct field fields[] = {
    FIELD(receipt, by, SYSTEM, "the receiver of the batch"),
    FIELD(receipt, to, SYSTEM, "the sender of the batch"),
    FIELD(receipt, time, INSTANT, "the time of receipt"),
    OBJECTS(receipt, receipts, receipt_line, ENVELOPE_BATCH_MAX,
	"a receipt for each envelope"),
    MAYBE(receipt, lacks, MESSAGE_ID,
	"the waybill's `last`, if this database lacks it"),
};
static const struct shape shape = SHAPE(receipt, fields);

enum err
receipt_sign(struct arena *arena, const struct receipt *receipt,
    const struct signing_key *key, struct buf *ret)
{
	struct json_out o;

	json_out_init(&o, arena);
	shape_write(&shape, receipt, &o, NULL);

	return jws_sign(key, RECEIPT_TYPE, json_out_finish(&o), ret);
}

enum err
receipt_open(struct arena *arena, const struct jws *jws,
    const struct verify_key *key, struct receipt *ret, struct problem *problem)
{
	if (jws_verify(jws, key))
		return problem_set(problem, ERR_CRYPTO,
		    "the receipt's signature does not fit");

	return shape_read(&shape, arena, jws->payload, ret, problem);
}
