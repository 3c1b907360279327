#include "wire/envelope.h"

#include <string.h>

#include "base/encode.h"
#include "wire/kinds.h"

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

bool
organisation_is_valid(struct slice s)
{
	return s.len <= ORGANISATION_MAX && all_of(s, "-", true);
}

bool
message_type_is_valid(struct slice s)
{
	return s.len <= MESSAGE_TYPE_MAX && all_of(s, "-.", false);
}

enum err
system_id_parse(struct slice s, struct system_id *ret)
{
	struct slice rest = s, organisation = slice_cut(&rest, '/');

	if (!organisation_is_valid(organisation) || rest.len > NAME_MAX_LEN ||
	    !all_of(rest, "", false))
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

static const struct field fields[] = {
    FIELD(envelope, id, MESSAGE_ID, "of this message"),
    FIELD(envelope, type, MESSAGE_TYPE, "what is said"),
    OPTION(envelope, edition, INT(1, EDITION_MAX), "of the type; 1 without"),
    FIELD(envelope, from, SYSTEM, "who says it"),
    FIELD(envelope, to, SYSTEM, "to whom"),
    FIELD(envelope, time, INSTANT, "when it was said"),
    FIELD(envelope, body, BODY, "the message itself"),
};
static const struct shape shape = SHAPE(envelope, fields);

enum err
envelope_write(
    struct arena *arena, const struct envelope *envelope, struct slice *ret)
{
	struct json_out o;

	json_out_init(&o, arena);
	shape_write(&shape, envelope, &o, NULL);
	*ret = json_out_finish(&o);

	return ret->len > ENVELOPE_MAX ? ERR_TOO_LARGE : OK;
}

enum err
envelope_read(struct arena *arena, struct slice text, struct envelope *ret,
    struct problem *problem)
{
	if (text.len > ENVELOPE_MAX)
		return problem_set(problem, ERR_INPUT,
		    "the envelope is longer than %u bytes", ENVELOPE_MAX);

	if (shape_read(&shape, arena, text, ret, problem))
		return ERR_INPUT;
	/* Envelopes had no edition before there was a second one. */
	if (ret->edition == 0)
		ret->edition = 1;

	return OK;
}

/* --- Fields of trees ------------------------------------------------------ */

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
