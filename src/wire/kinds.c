#include "wire/kinds.h"

#include <string.h>

#include "base/encode.h"

static void
write_slice(struct json_out *o, const char *key, const void *from)
{
	json_out_text(o, key, *(const struct slice *)from);
}

/* --- Systems and organisations -------------------------------------------- */

static enum err
parse_system(struct shape_text *t, void *to)
{
	return system_id_parse(t->text, to);
}

static void
write_system(struct json_out *o, const char *key, const void *from)
{
	const struct system_id *id = from;

	json_out_text(o, key, slice_of(id->text));
}

const struct kind kind_system = {.name = "system",
    .expected = "a system's id such as 131041/relay",
    .schema = "string",
    .example = "131041/relay",
    .parse = parse_system,
    .write = write_system,
    .size = sizeof(struct system_id)};

static enum err
parse_organisation(struct shape_text *t, void *to)
{
	if (!organisation_is_valid(t->text))
		return ERR_INPUT;
	*(struct slice *)to = t->text;

	return OK;
}

const struct kind kind_organisation = {.name = "organisation",
    .expected = "an organisation such as 131041",
    .schema = "string",
    .example = "131041",
    .parse = parse_organisation,
    .write = write_slice,
    .size = sizeof(struct slice),
    .is_slice = true};

/* --- Messages ------------------------------------------------------------- */

static enum err
parse_message_id(struct shape_text *t, void *to)
{
	return message_id_parse(t->text, to);
}

static void
write_message_id(struct json_out *o, const char *key, const void *from)
{
	char text[33];

	message_id_format(from, text);
	json_out_text(o, key, slice_of(text));
}

const struct kind kind_message_id = {.name = "message id",
    .expected = "32 lower-case hexadecimal digits",
    .schema = "string",
    .example = "00112233445566778899aabbccddeeff",
    .parse = parse_message_id,
    .write = write_message_id,
    .size = sizeof(struct message_id)};

static enum err
parse_message_type(struct shape_text *t, void *to)
{
	if (!message_type_is_valid(t->text))
		return ERR_INPUT;
	*(struct slice *)to = t->text;

	return OK;
}

const struct kind kind_message_type = {.name = "message type",
    .expected = "a type of message such as permit.issued",
    .schema = "string",
    .example = "permit.issued",
    .parse = parse_message_type,
    .write = write_slice,
    .size = sizeof(struct slice),
    .is_slice = true};

static enum err
parse_digest(struct shape_text *t, void *to)
{
	struct digest *digest = to;

	return base64url_decode_exact(
	    t->text, digest->bytes, sizeof(digest->bytes));
}

static void
write_digest(struct json_out *o, const char *key, const void *from)
{
	struct buf text;

	buf_init(&text);
	base64url_encode(digest_slice(from), &text);
	json_out_text(o, key, buf_slice(&text));
	buf_done(&text);
}

const struct kind kind_digest = {.name = "digest",
    .expected = "a SHA-256 digest in base64url",
    .schema = "string",
    .example = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
    .parse = parse_digest,
    .write = write_digest,
    .size = sizeof(struct digest)};

static enum err
read_body(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to)
{
	if (json_in_peek(shape_cursor(r)) != JSON_IN_OBJECT)
		return shape_misfit(r, place, field, NULL);

	return json_in_skip(shape_cursor(r), to) ? OK : ERR_INPUT;
}

static void
write_body(struct json_out *o, const char *key, const void *from)
{
	json_out_raw(o, key, *(const struct slice *)from);
}

const struct kind kind_body = {.name = "body",
    .expected = "an object",
    .schema = "object",
    .read = read_body,
    .write = write_body,
    .size = sizeof(struct slice),
    .is_slice = true};
