#include "wire/envelope.h"

#include <string.h>

#include "base/arena.h"
#include "base/bug.h"
#include "base/encode.h"
#include "base/json_out.h"
#include "base/text.h"

#define ORGANISATION_MAX 15
#define NAME_MAX_LEN 15
#define ENVELOPE_TYPE "bango-envelope"
#define RECEIPT_TYPE "bango-receipt"

static bool
all_of(struct slice s, const char *also, bool digits)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		char c = s.data[i];

		if (!(c >= 'a' && c <= 'z') &&
		    !(digits && c >= '0' && c <= '9') &&
		    (c == '\0' || strchr(also, c) == NULL))
			return false;
	}

	return s.len > 0;
}

enum err
system_id_parse(struct slice s, struct system_id *ret)
{
	struct slice rest = s, organisation = slice_cut(&rest, '/');

	if (organisation.len > ORGANISATION_MAX || rest.len > NAME_MAX_LEN ||
	    !all_of(organisation, "-", true) || !all_of(rest, "", false))
		return ERR_INPUT;
	memset(ret, 0, sizeof(*ret));
	memcpy(ret->text, s.data, s.len);

	return OK;
}

bool
system_id_equal(const struct system_id *a, const struct system_id *b)
{
	return strcmp(a->text, b->text) == 0;
}

struct slice
system_id_organisation(const struct system_id *id)
{
	struct slice rest = slice_of(id->text);

	return slice_cut(&rest, '/');
}

void
message_id_format(const struct message_id *id, char ret[33])
{
	struct buf text;

	buf_init(&text);
	hex_encode(slice_bytes(id->bytes, sizeof(id->bytes)), &text);
	memcpy(ret, text.data, 33);
	buf_done(&text);
}

enum err
message_id_parse(struct slice s, struct message_id *ret)
{
	struct message_id id;
	char canonical[33];

	if (hex_decode_exact(s, id.bytes, sizeof(id.bytes)))
		return ERR_INPUT;
	/* One text for one id: no capitals. */
	message_id_format(&id, canonical);
	if (!slice_equal_string(s, canonical))
		return ERR_INPUT;
	*ret = id;

	return OK;
}

/* --- Envelopes ----------------------------------------------------------- */

static void
write_envelope(const struct envelope *e, struct json_out *o)
{
	char id[33], time[INSTANT_TEXT_MAX];

	message_id_format(&e->id, id);
	instant_format(e->time, time);
	json_out_object(o);
	json_out_key(o, "id");
	json_out_text(o, slice_of(id));
	json_out_key(o, "type");
	json_out_text(o, e->type);
	json_out_key(o, "from");
	json_out_text(o, slice_of(e->from.text));
	json_out_key(o, "to");
	json_out_text(o, slice_of(e->to.text));
	json_out_key(o, "time");
	json_out_text(o, slice_of(time));
	json_out_key(o, "body");
	if (slice_is_empty(e->body_text))
		json_out_tree(o, e->body);
	else
		json_out_raw(o, e->body_text);
}

enum err
envelope_sign(
    const struct envelope *e, const struct signing_key *key, struct buf *ret)
{
	size_t before = ret->len;
	struct json_out o;
	enum err rc;

	json_out_init(&o);
	write_envelope(e, &o);
	rc = jws_sign(key, ENVELOPE_TYPE, json_out_finish(&o), ret);
	if (rc == OK && ret->len - before > ENVELOPE_MAX) {
		ret->len = before;
		rc = ERR_TOO_LARGE;
	}
	json_out_done(&o);

	return rc;
}

static enum err
get_system(const json_t *document, const char *name, struct system_id *ret,
    struct problem *problem)
{
	struct slice text = {0};
	enum err rc = json_get_text(document, name, &text, problem);

	if (rc == OK && system_id_parse(text, ret))
		rc = problem_set(problem, ERR_INPUT,
		    "field %s of an envelope is no system's id", name);

	return rc;
}

static enum err
get_time(const json_t *document, struct instant *ret, struct problem *problem)
{
	struct slice text = {0};
	enum err rc = json_get_text(document, "time", &text, problem);

	if (rc == OK && instant_parse(text, ret))
		rc = problem_set(
		    problem, ERR_INPUT, "field time is no instant in UTC");

	return rc;
}

static enum err
read_envelope(
    const json_t *document, struct envelope *ret, struct problem *problem)
{
	struct slice id = {0};
	enum err rc;

	if (json_object_size(document) != 6)
		return problem_set(problem, ERR_INPUT,
		    "an envelope has the fields id, type, from, to, time, body "
		    "and no others");
	rc = json_get_text(document, "id", &id, problem);
	if (rc == OK && message_id_parse(id, &ret->id))
		rc = problem_set(problem, ERR_INPUT,
		    "field id of an envelope is not 32 hexadecimal digits");
	if (rc == OK)
		rc = json_get_text(document, "type", &ret->type, problem);
	if (rc == OK &&
	    (ret->type.len > MESSAGE_TYPE_MAX ||
		!all_of(ret->type, "-.", false)))
		rc = problem_set(problem, ERR_INPUT,
		    "field type of an envelope is malformed");
	if (rc == OK)
		rc = get_system(document, "from", &ret->from, problem);
	if (rc == OK)
		rc = get_system(document, "to", &ret->to, problem);
	if (rc == OK)
		rc = get_time(document, &ret->time, problem);
	if (rc == OK)
		rc = json_get_object(document, "body", &ret->body, problem);

	return rc;
}

enum err
envelope_open(const struct jws *jws, const struct verify_key *key,
    struct envelope *ret, struct problem *problem)
{
	struct envelope e = {0};
	enum err rc;

	if (jws_verify(jws, key) && !bug_is(BUG_ENVELOPE_UNCHECKED))
		return problem_set(problem, ERR_CRYPTO,
		    "the envelope's signature does not fit");
	if (jws->payload.len > ENVELOPE_MAX)
		return problem_set(problem, ERR_INPUT,
		    "an envelope is at most %u bytes long", ENVELOPE_MAX);
	rc = json_read(jws->payload, "the envelope", &e.document, problem);
	if (rc)
		return rc;
	rc = read_envelope(e.document, &e, problem);
	if (rc) {
		json_decref(e.document);
		return rc;
	}
	*ret = e;

	return OK;
}

/* --- Receipts ------------------------------------------------------------ */

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

static json_t *
line_json(const struct receipt_line *line)
{
	json_t *row = json_object();
	struct buf text;
	char id[33];

	buf_init(&text);
	message_id_format(&line->id, id);
	base64url_encode(digest_slice(&line->digest), &text);
	json_put_text(row, "id", slice_of(id));
	json_put_text(row, "digest", buf_slice(&text));
	json_put_text(
	    row, "outcome", slice_of(receipt_outcome_name(line->outcome)));
	json_put_text(row, "reason", line->reason);
	buf_done(&text);

	return row;
}

enum err
receipt_sign(const struct receipt *receipt, const struct signing_key *key,
    struct buf *ret)
{
	json_t *document = json_object(), *lines = json_array();
	char time[INSTANT_TEXT_MAX];
	struct buf text;
	enum err rc;
	size_t i;

	buf_init(&text);
	instant_format(receipt->time, time);
	json_put_text(document, "by", slice_of(receipt->by.text));
	json_put_text(document, "to", slice_of(receipt->to.text));
	json_put_text(document, "time", slice_of(time));
	json_put(document, "receipts", lines);
	for (i = 0; i < receipt->n_lines; i++)
		json_array_append_new(lines, line_json(&receipt->lines[i]));
	json_write(document, &text);
	rc = jws_sign(key, RECEIPT_TYPE, buf_slice(&text), ret);
	json_decref(document);
	buf_done(&text);

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
	    base64url_decode_exact(
		digest, ret->digest.bytes, sizeof(ret->digest.bytes)) ||
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
	rc = get_system(document, "by", &ret->by, problem);
	if (rc == OK)
		rc = get_system(document, "to", &ret->to, problem);
	if (rc == OK)
		rc = get_time(document, &ret->time, problem);
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
receipt_open(struct arena *arena, struct slice text,
    const struct verify_key *key, struct receipt *ret, struct problem *problem)
{
	struct receipt receipt = {0};
	json_t *document = NULL;
	struct jws jws;
	enum err rc;

	rc = jws_parse(arena, text, RECEIPT_TYPE, &jws);
	if (rc)
		return problem_set(problem, rc, "this is no receipt");
	if (jws_verify(&jws, key))
		return problem_set(problem, ERR_CRYPTO,
		    "the receipt's signature does not fit");
	rc = json_read(jws.payload, "the receipt", &document, problem);
	if (rc == OK)
		rc = read_receipt(arena, document, &receipt, problem);
	json_decref(document);
	if (rc == OK)
		*ret = receipt;

	return rc;
}
