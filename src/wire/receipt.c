#include "wire/receipt.h"

#include "base/encode.h"
#include "base/json_out.h"
#include "base/text.h"

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

static void
write_line(const struct receipt_line *line, struct json_out *o)
{
	struct buf text;
	char id[33];

	buf_init(&text);
	message_id_format(&line->id, id);
	base64url_encode(digest_slice(&line->digest), &text);
	json_out_object(o);
	json_out_key(o, "id");
	json_out_text(o, slice_of(id));
	json_out_key(o, "digest");
	json_out_text(o, buf_slice(&text));
	json_out_key(o, "outcome");
	json_out_text(o, slice_of(receipt_outcome_name(line->outcome)));
	json_out_key(o, "reason");
	json_out_text(o, line->reason);
	json_out_end(o);
	buf_done(&text);
}

enum err
receipt_sign(const struct receipt *receipt, const struct signing_key *key,
    struct buf *ret)
{
	char time[INSTANT_TEXT_MAX];
	struct json_out o;
	enum err rc;
	size_t i;

	instant_format(receipt->time, time);
	json_out_init(&o);
	json_out_object(&o);
	json_out_key(&o, "by");
	json_out_text(&o, slice_of(receipt->by.text));
	json_out_key(&o, "to");
	json_out_text(&o, slice_of(receipt->to.text));
	json_out_key(&o, "time");
	json_out_text(&o, slice_of(time));
	json_out_key(&o, "receipts");
	json_out_array(&o);
	for (i = 0; i < receipt->n_lines; i++)
		write_line(&receipt->lines[i], &o);
	rc = jws_sign(key, RECEIPT_TYPE, json_out_finish(&o), ret);
	json_out_done(&o);

	return rc;
}

static enum err
read_outcome(struct slice name, enum receipt_outcome *ret)
{
	size_t i;

	for (i = 0; i < OUTCOMES; i++) {
		if (slice_equal_string(name, outcome_names[i])) {
			*ret = (enum receipt_outcome)i;
			return OK;
		}
	}

	return ERR_INPUT;
}

static enum err
read_line(struct arena *arena, const json_t *row, struct receipt_line *ret,
    struct problem *problem)
{
	struct slice id = {0}, digest = {0}, outcome = {0}, reason = {0};
	enum err rc;

	if (json_object_size(row) != 4)
		return problem_set(problem, ERR_INPUT,
		    "a line of a receipt has the fields id, digest, outcome, "
		    "reason and no others");
	rc = json_get_text(row, "id", &id, problem);
	if (rc == OK)
		rc = json_get_text(row, "digest", &digest, problem);
	if (rc == OK)
		rc = json_get_text(row, "outcome", &outcome, problem);
	if (rc == OK)
		rc = json_get_text(row, "reason", &reason, problem);
	if (rc)
		return rc;
	if (message_id_parse(id, &ret->id) ||
	    digest_parse(digest, &ret->digest) ||
	    read_outcome(outcome, &ret->outcome) || !text_is_printable(reason))
		return problem_set(
		    problem, ERR_INPUT, "a line of a receipt is malformed");
	ret->reason = arena_copy(arena, reason);

	return OK;
}

static enum err
read_receipt(struct arena *arena, const json_t *document, struct receipt *ret,
    struct problem *problem)
{
	const json_t *list = NULL;
	struct receipt_line *lines;
	enum err rc;
	size_t i;

	if (json_object_size(document) != 4)
		return problem_set(problem, ERR_INPUT,
		    "a receipt has the fields by, to, time, receipts and no "
		    "others");
	rc = json_get_system(document, "by", &ret->by, problem);
	if (rc == OK)
		rc = json_get_system(document, "to", &ret->to, problem);
	if (rc == OK)
		rc = json_get_time(document, &ret->time, problem);
	if (rc == OK)
		rc = json_get_array(document, "receipts", &list, problem);
	if (rc)
		return rc;
	ret->n_lines = json_array_size(list);
	if (ret->n_lines > ENVELOPE_BATCH_MAX)
		return problem_set(problem, ERR_TOO_LARGE,
		    "a receipt has more lines than a batch may have envelopes");
	lines = arena_array(arena, ret->n_lines, sizeof(*lines));
	for (i = 0; rc == OK && i < ret->n_lines; i++)
		rc = read_line(
		    arena, json_array_get(list, i), &lines[i], problem);
	ret->lines = lines;

	return rc;
}

enum err
receipt_open(struct arena *arena, const struct jws *jws,
    const struct verify_key *key, struct receipt *ret, struct problem *problem)
{
	struct receipt receipt = {0};
	json_t *document = NULL;
	enum err rc;

	if (jws_verify(jws, key))
		return problem_set(problem, ERR_CRYPTO,
		    "the receipt's signature does not fit");
	rc = json_read(jws->payload, "the receipt", &document, problem);
	if (rc == OK)
		rc = read_receipt(arena, document, &receipt, problem);
	json_decref(document);
	if (rc == OK)
		*ret = receipt;

	return rc;
}
