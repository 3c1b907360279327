#include "systems/registry/kinds.h"

enum err
resident_id_parse(struct slice text, struct resident_id *ret)
{
	uint64_t value;

	if (text.len == 0 || text.len > RESIDENT_DIGITS ||
	    slice_to_u64(text, RESIDENT_MAX, &value) || value == 0)
		return ERR_INPUT;
	ret->value = (int64_t)value;

	return OK;
}

void
resident_id_format(struct resident_id id, char ret[RESIDENT_DIGITS + 1])
{
	int64_t value = id.value;
	int i;

	for (i = RESIDENT_DIGITS - 1; i >= 0; i--) {
		ret[i] = (char)('0' + value % 10);
		value /= 10;
	}
	ret[RESIDENT_DIGITS] = '\0';
}

struct slice
resident_id_text(struct arena *arena, struct resident_id id)
{
	char *text = arena_alloc(arena, RESIDENT_DIGITS + 1);

	resident_id_format(id, text);

	return slice_bytes(text, RESIDENT_DIGITS);
}

int64_t
resident_id_to_int64(struct resident_id id)
{
	return id.value;
}

struct resident_id
resident_id_of_int64(int64_t value)
{
	return (struct resident_id){value};
}

int64_t
household_id_to_int64(struct household_id id)
{
	return id.value;
}

struct household_id
household_id_of_int64(int64_t value)
{
	return (struct household_id){value};
}

/* ---- Kinds ------------------------------------------------------------- */

void
json_out_resident(struct json_out *o, const char *key, struct resident_id id)
{
	char text[RESIDENT_DIGITS + 1];

	resident_id_format(id, text);
	json_out_text(o, key, slice_bytes(text, RESIDENT_DIGITS));
}

static enum err
parse_resident(struct shape_text *t, void *to)
{
	return resident_id_parse(t->text, to);
}

static void
write_resident(struct json_out *o, const char *key, const void *from)
{
	json_out_resident(o, key, *(const struct resident_id *)from);
}

const struct kind kind_resident_id = {.name = "resident's number",
    .expected = "a resident's number: 1 to 10 digits, not zero",
    .schema = "string",
    .example = "0000000042",
    .parse = parse_resident,
    .write = write_resident,
    .size = sizeof(struct resident_id)};

static enum err
parse_household(struct shape_text *t, void *to)
{
	struct household_id *household = to;
	struct resident_id id;
	enum err rc = resident_id_parse(t->text, &id);

	if (rc == OK)
		household->value = id.value;

	return rc;
}

static void
write_household(struct json_out *o, const char *key, const void *from)
{
	const struct household_id *household = from;

	json_out_resident(o, key, (struct resident_id){household->value});
}

const struct kind kind_household_id = {.name = "household's number",
    .expected = "a household's number: 1 to 10 digits, not zero",
    .schema = "string",
    .example = "0000000042",
    .parse = parse_household,
    .write = write_household,
    .size = sizeof(struct household_id)};
