#include "wire/envelope.h"

#include <string.h>

#include "base/encode.h"
#include "base/json_out.h"

#define ORGANISATION_MAX 15
#define NAME_MAX_LEN 15

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
envelope_write(const struct envelope *e, struct buf *ret)
{
	struct json_out o;
	struct slice text;
	enum err rc = OK;

	json_out_init(&o);
	write_envelope(e, &o);
	text = json_out_finish(&o);
	if (text.len > ENVELOPE_MAX)
		rc = ERR_TOO_LARGE;
	else
		buf_add(ret, text);
	json_out_done(&o);

	return rc;
}

enum err
json_get_system(const json_t *object, const char *key, struct system_id *ret,
    struct problem *problem)
{
	struct slice text = {0};
	enum err rc = json_get_text(object, key, &text, problem);

	if (rc == OK && system_id_parse(text, ret))
		rc = problem_set(
		    problem, ERR_INPUT, "field %s is no system's id", key);

	return rc;
}

enum err
json_get_time(
    const json_t *object, struct instant *ret, struct problem *problem)
{
	struct slice text = {0};
	enum err rc = json_get_text(object, "time", &text, problem);

	if (rc == OK && instant_parse(text, ret))
		rc = problem_set(
		    problem, ERR_INPUT, "field time is no instant in UTC");

	return rc;
}

enum err
digest_parse(struct slice text, struct digest *ret)
{
	return base64url_decode_exact(text, ret->bytes, sizeof(ret->bytes));
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
		rc = json_get_system(document, "from", &ret->from, problem);
	if (rc == OK)
		rc = json_get_system(document, "to", &ret->to, problem);
	if (rc == OK)
		rc = json_get_time(document, &ret->time, problem);
	if (rc == OK)
		rc = json_get_object(document, "body", &ret->body, problem);

	return rc;
}

enum err
envelope_read(struct slice text, struct envelope *ret, struct problem *problem)
{
	struct envelope e = {0};
	enum err rc;

	if (text.len > ENVELOPE_MAX)
		return problem_set(problem, ERR_INPUT,
		    "an envelope is at most %u bytes long", ENVELOPE_MAX);
	rc = json_read(text, "the envelope", &e.document, problem);
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
