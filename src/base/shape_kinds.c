/* Kinds of single values. */
#include <string.h>

#include "base/shape_internal.h"

static void
write_slice(struct json_out *o, const char *key, const void *from)
{
	json_out_text(o, key, *(const struct slice *)from);
}

/* --- Text ------------------------------------------------------------------ */

static enum err
parse_text(struct shape_text *t, void *to)
{
	struct slice *ret = to;

	if (text_take(t->arena, t->field->rule, (size_t)t->field->max, t->text,
		ret, &t->why)) {
		if (!t->is_kept)
			return ERR_INPUT;
		*ret = text_printable(t->arena, t->text);
	}
	if (ret->len > 0 || t->field->presence == OPTIONAL)
		return OK;
	t->why = "is empty";

	return ERR_INPUT;
}

const struct kind kind_text = {.name = "text",
    .expected = "a text",
    .schema = "string",
    .example = "x",
    .parse = parse_text,
    .write = write_slice,
    .size = sizeof(struct slice),
    .is_slice = true};

static enum err
parse_word(struct shape_text *t, void *to)
{
	struct slice rest = slice_of(t->field->words), word;

	do {
		word = slice_cut(&rest, '|');
		if (slice_equal(word, t->text)) {
			*(struct slice *)to = word;
			return OK;
		}
	} while (rest.data != NULL);

	return ERR_INPUT;
}

const struct kind kind_word = {.name = "word",
    .expected = "a word of the list",
    .schema = "string",
    .parse = parse_word,
    .write = write_slice,
    .size = sizeof(struct slice),
    .is_slice = true};

static enum err
parse_lines(struct shape_text *t, void *to)
{
	struct slice rest = t->text;

	if (t->text.len > (size_t)t->field->max || !utf8_is_valid(t->text))
		return ERR_INPUT;
	while (rest.len > 0) {
		if (!text_is_printable(slice_cut(&rest, '\n')))
			return ERR_INPUT;
	}
	*(struct slice *)to = t->text;

	return OK;
}

const struct kind kind_lines = {.name = "lines",
    .expected = "printable lines",
    .schema = "string",
    .example = "x\n",
    .parse = parse_lines,
    .write = write_slice,
    .size = sizeof(struct slice),
    .is_slice = true};

/* --- Digits ---------------------------------------------------------------- */

static bool
all_of(struct slice s, const char *set)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '\0' || strchr(set, s.data[i]) == NULL)
			return false;
	}

	return true;
}

#define ID_DIGITS 32

static enum err
parse_id(struct shape_text *t, void *to)
{
	if (t->text.len != ID_DIGITS || !all_of(t->text, "0123456789abcdef"))
		return ERR_INPUT;
	*(struct slice *)to = t->text;

	return OK;
}

const struct kind kind_id = {.name = "id",
    .expected = "32 lower-case hexadecimal digits",
    .schema = "string",
    .example = "00112233445566778899aabbccddeeff",
    .parse = parse_id,
    .write = write_slice,
    .size = sizeof(struct slice),
    .is_slice = true};

static enum err
parse_digits(struct shape_text *t, void *to)
{
	if (t->text.len != (size_t)t->field->max ||
	    !all_of(t->text, "0123456789")) {
		t->why = arena_printf(t->arena, "expected %lld decimal digits",
		    (long long)t->field->max)
			     .data;
		return ERR_INPUT;
	}
	*(struct slice *)to = t->text;

	return OK;
}

const struct kind kind_digits = {.name = "digits",
    .expected = "decimal digits",
    .schema = "string",
    .parse = parse_digits,
    .write = write_slice,
    .size = sizeof(struct slice),
    .is_slice = true};

/* --- Days and instants ----------------------------------------------------- */

static enum err
parse_date(struct shape_text *t, void *to)
{
	struct date date;

	if (date_parse(t->text, &date)) {
		t->why = "is no day of the calendar; expected a date such as "
			 "2026-11-21";
		return ERR_INPUT;
	}
	if (t->field->max != 1 && !date_is_known(date)) {
		t->why = "its month and day must be known";
		return ERR_INPUT;
	}
	*(struct date *)to = date;

	return OK;
}

static void
write_date(struct json_out *o, const char *key, const void *from)
{
	json_out_date(o, key, *(const struct date *)from);
}

const struct kind kind_date = {.name = "date",
    .expected = "a date such as 2026-11-21",
    .schema = "string",
    .example = "2026-11-21",
    .parse = parse_date,
    .write = write_date,
    .size = sizeof(struct date)};

static enum err
parse_instant(struct shape_text *t, void *to)
{
	return instant_parse(t->text, to);
}

static void
write_instant(struct json_out *o, const char *key, const void *from)
{
	json_out_instant(o, key, *(const struct instant *)from);
}

const struct kind kind_instant = {.name = "instant",
    .expected = "an instant in UTC such as 2026-11-21T07:52:00.000Z",
    .schema = "string",
    .example = "2026-11-21T07:52:00.000Z",
    .parse = parse_instant,
    .write = write_instant,
    .size = sizeof(struct instant)};

const struct kind kind_past = {.name = "past instant",
    .expected = "an instant in UTC such as 2026-11-21T07:52:00.000Z, which has "
		"passed",
    .schema = "string",
    .example = "2026-11-21T07:52:00.000Z",
    .parse = parse_instant,
    .write = write_instant,
    .size = sizeof(struct instant)};

/* --- Numbers and booleans, which JSON has as such -------------------------- */

static enum err
out_of_range(const struct shape_reader *r, const struct field *field,
    const struct place *place)
{
	return shape_misfit(r, place, field,
	    arena_printf(r->arena, "expected a whole number from %lld to %lld",
		(long long)field->min, (long long)field->max)
		.data);
}

static bool
fits(const struct field *field, int64_t value)
{
	return value >= field->min && value <= field->max;
}

static enum err
read_int(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to)
{
	int64_t value;

	if (json_in_peek(r->in) != JSON_IN_NUMBER ||
	    !json_in_int(r->in, &value) || !fits(field, value))
		return out_of_range(r, field, place);
	memcpy(to, &value, sizeof(value));

	return OK;
}

static enum err
parse_int(struct shape_text *t, void *to)
{
	int64_t value;
	uint64_t n;

	if (slice_to_u64(t->text, INT64_MAX, &n) ||
	    !fits(t->field, (int64_t)n)) {
		t->why = arena_printf(t->arena,
		    "expected a whole number from %lld to %lld",
		    (long long)t->field->min, (long long)t->field->max)
			     .data;
		return ERR_INPUT;
	}
	value = (int64_t)n;
	memcpy(to, &value, sizeof(value));

	return OK;
}

static void
write_int(struct json_out *o, const char *key, const void *from)
{
	int64_t value;

	memcpy(&value, from, sizeof(value));
	json_out_int(o, key, value);
}

const struct kind kind_int = {.name = "number",
    .expected = "a whole number",
    .schema = "integer",
    .parse = parse_int,
    .read = read_int,
    .write = write_int,
    .size = sizeof(int64_t)};

static enum err
read_bool(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to)
{
	if (json_in_peek(r->in) != JSON_IN_BOOL)
		return shape_misfit(r, place, field, NULL);

	return json_in_bool(r->in, to) ? OK : ERR_INPUT;
}

static enum err
parse_bool(struct shape_text *t, void *to)
{
	bool *value = to;

	*value = slice_equal_string(t->text, "true");

	return *value || slice_equal_string(t->text, "false") ? OK : ERR_INPUT;
}

static void
write_bool(struct json_out *o, const char *key, const void *from)
{
	json_out_bool(o, key, *(const bool *)from);
}

const struct kind kind_bool = {.name = "boolean",
    .expected = "true or false",
    .schema = "boolean",
    .example = "true",
    .parse = parse_bool,
    .read = read_bool,
    .write = write_bool,
    .size = sizeof(bool)};

/* --- Objects handed on unread --------------------------------------------- */

static enum err
read_json(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to)
{
	struct slice value;

	if (json_in_peek(r->in) != JSON_IN_OBJECT)
		return shape_misfit(r, place, field, NULL);
	if (json_in_levels(r->in, SHAPE_JSON_LEVELS) > SHAPE_JSON_LEVELS)
		return shape_misfit(r, place, field,
		    arena_printf(r->arena, "is nested deeper than %d levels",
			SHAPE_JSON_LEVELS)
			.data);
	if (!json_in_skip_printable(r->in, &value))
		return ERR_INPUT;
	if (value.len > (size_t)field->max)
		return shape_misfit(r, place, field,
		    arena_printf(r->arena, "is longer than %lld bytes",
			(long long)field->max)
			.data);
	value = json_compact(r->arena, value);
	memcpy(to, &value, sizeof(value));

	return OK;
}

static void
write_json(struct json_out *o, const char *key, const void *from)
{
	json_out_raw(o, key, *(const struct slice *)from);
}

const struct kind kind_json = {.name = "JSON",
    .expected = "an object",
    .schema = "object",
    .read = read_json,
    .write = write_json,
    .size = sizeof(struct slice),
    .is_slice = true};
