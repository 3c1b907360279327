#include "nation/openapi_schema.h"

static void
put(struct json_out *o, const char *key, const char *text)
{
	json_out_text(o, key, slice_of(text));
}

/* --- Bounds ---------------------------------------------------------------- */

static void
put_words(struct json_out *o, const struct field *f)
{
	struct slice rest = slice_of(f->words);

	json_out_array(o, "enum");
	while (rest.data != NULL)
		json_out_text(o, NULL, slice_cut(&rest, '|'));
	if (f->presence == OPTIONAL)
		json_out_null(o, NULL);
	json_out_end(o);
}

/* text_take() has a bound of characters and one of bytes. */
static void
put_text(struct json_out *o, const struct field *f)
{
	if (f->presence == REQUIRED)
		json_out_int(o, "minLength", 1);
	json_out_int(o, "maxLength", f->max);
	json_out_int(o, "x-max-bytes", 4 * f->max);
}

static void
put_date(struct json_out *o, const struct field *f)
{
	if (f->max == 1) /* with 00 for what is not known */
		put(o, "pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
	else
		put(o, "format", "date");
}

static void
put_digits(struct json_out *o, const struct field *f)
{
	put(o, "pattern", "^[0-9]+$");
	json_out_int(o, "minLength", f->max);
	json_out_int(o, "maxLength", f->max);
}

static void
put_numbers(struct json_out *o, const struct field *f)
{
	json_out_int(o, "minimum", f->min);
	json_out_int(o, "maximum", f->max);
}

/* A kind of its own: how such a value is written. */
static void
put_kind(struct json_out *o, const struct field *f)
{
	put(o, "title", f->kind->expected);
	if (f->kind->example == NULL)
		return;
	json_out_array(o, "examples");
	put(o, NULL, f->kind->example);
	json_out_end(o);
}

static void
put_bounds(struct json_out *o, const struct field *f)
{
	if (f->words != NULL)
		put_words(o, f);
	else if (f->kind == &kind_text)
		put_text(o, f);
	else if (f->kind == &kind_int)
		put_numbers(o, f);
	else if (f->kind == &kind_date)
		put_date(o, f);
	else if (f->kind == &kind_instant || f->kind == &kind_past)
		put(o, "format", "date-time");
	else if (f->kind == &kind_digits)
		put_digits(o, f);
	else if (f->kind == &kind_id)
		put(o, "pattern", "^[0-9a-f]{32}$");
	else if (f->kind == &kind_lines || f->kind == &kind_json)
		json_out_int(o, "x-max-bytes", f->max);
	else if (f->kind != &kind_bool)
		put_kind(o, f);
}

/* --- Shapes of nested values ---------------------------------------------- */

static bool
is_any(const void *context, const struct field *field)
{
	(void)context;
	(void)field;

	return true;
}

/* A field within JSON: of what may be absent, null is absent too. */
static void
put_field(struct json_out *o, const char *key, const struct field *f);

/* A row is an array: a schema for each place. */
static void
put_row(struct json_out *o, const struct shape *shape)
{
	size_t i, least = 0;

	json_out_array(o, "prefixItems");
	for (i = 0; i < shape->n_fields; i++) {
		put_field(o, NULL, &shape->fields[i]);
		if (shape->fields[i].presence == REQUIRED)
			least = i + 1;
	}
	json_out_end(o);
	json_out_int(o, "minItems", (int64_t)least);
	json_out_int(o, "maxItems", (int64_t)shape->n_fields);
}

static void
put_many(struct json_out *o, const struct field *f)
{
	json_out_int(o, "minItems", f->min);
	json_out_int(o, "maxItems", f->max);
	if (f->each != NULL) {
		openapi_field(o, "items", f->each);
	} else if (f->of != NULL) {
		json_out_object(o, "items");
		put(o, "type", f->kind->is_row ? "array" : "object");
		if (f->kind->is_row)
			put_row(o, f->of);
		else
			openapi_object(o, f->of, is_any, NULL);
		json_out_end(o);
	}
}

/* All but the type. */
static void
put_contents(struct json_out *o, const struct field *f)
{
	if (f->what != NULL)
		put(o, "description", f->what);
	if (f->count != 0)
		put_many(o, f);
	else if (f->of != NULL)
		openapi_object(o, f->of, is_any, NULL);
	else
		put_bounds(o, f);
}

static void
put_field(struct json_out *o, const char *key, const struct field *f)
{
	json_out_object(o, key);
	if (f->presence == OPTIONAL) {
		json_out_array(o, "type");
		put(o, NULL, f->kind->schema);
		put(o, NULL, "null");
		json_out_end(o);
	} else {
		put(o, "type", f->kind->schema);
	}
	put_contents(o, f);
	json_out_end(o);
}

void
openapi_field(struct json_out *o, const char *key, const struct field *field)
{
	json_out_object(o, key);
	put(o, "type", field->kind->schema);
	put_contents(o, field);
	json_out_end(o);
}

void
openapi_object(struct json_out *o, const struct shape *shape,
    bool (*is_in)(const void *context, const struct field *field),
    const void *context)
{
	const struct field *f, *end = shape->fields + shape->n_fields;

	json_out_object(o, "properties");
	for (f = shape->fields; f < end; f++) {
		if (is_in(context, f))
			put_field(o, f->name, f);
	}
	json_out_end(o);
	json_out_array(o, "required");
	for (f = shape->fields; f < end; f++) {
		if (is_in(context, f) && f->presence == REQUIRED)
			put(o, NULL, f->name);
	}
	json_out_end(o);
	json_out_bool(o, "additionalProperties", false);
}
