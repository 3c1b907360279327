#include "wire/id.h"

#include <string.h>

#include "base/encode.h"

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

enum err
system_id_of(struct slice organisation, const char *name, struct system_id *ret)
{
	struct buf text;
	enum err rc;

	buf_init(&text);
	buf_printf(&text, "%.*s/%s", SLICE_ARG(organisation), name);
	rc = system_id_parse(buf_slice(&text), ret);
	buf_done(&text);

	return rc;
}

struct slice
system_id_slice(const struct system_id *id)
{
	return slice_of(id->text);
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

struct slice
system_id_name(const struct system_id *id)
{
	struct slice rest = slice_of(id->text);

	slice_cut(&rest, '/');

	return rest;
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

struct slice
message_id_slice(const struct message_id *id)
{
	return slice_bytes(id->bytes, sizeof(id->bytes));
}

enum err
message_id_from_bytes(struct slice bytes, struct message_id *ret)
{
	return slice_copy_exact(bytes, ret->bytes, sizeof(ret->bytes));
}
