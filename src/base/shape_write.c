#include <string.h>

#include "base/shape_internal.h"

size_t
shape_count(const struct field *field, const void *at)
{
	const char *object = (const char *)at - field->offset;
	size_t n;

	memcpy(&n, object + field->count, sizeof(n));

	return n;
}

bool
shape_is_absent(const struct field *field, const void *object)
{
	const char *at = (const char *)object + field->offset;
	size_t i;

	if (field->has != 0)
		return !*(const bool *)((const char *)object + field->has - 1);
	if (field->count != 0)
		return shape_count(field, at) == 0;
	if (field->kind->is_slice)
		return ((const struct slice *)(const void *)at)->len == 0;
	for (i = 0; i < field->kind->size; i++) {
		if (at[i] != 0)
			return false;
	}

	return true;
}

static void
write_row(const struct shape *shape, const void *from, struct json_out *o);

static void
write_one(struct json_out *o, const struct field *field, const void *from)
{
	if (field->of == NULL)
		field->each->kind->write(o, NULL, from);
	else if (field->kind->is_row)
		write_row(field->of, from, o);
	else
		shape_write(field->of, from, o, NULL);
}

static void
write_many(struct json_out *o, const char *key, const struct field *field,
    const void *at)
{
	size_t i, size, n = shape_count(field, at);
	const char *all;

	size = field->of != NULL ? field->of->size : field->each->kind->size;
	memcpy(&all, at, sizeof(all));
	json_out_array(o, key);
	for (i = 0; i < n; i++)
		write_one(o, field, all + i * size);
	json_out_end(o);
}

static void
write_field(struct json_out *o, const char *key, const struct field *field,
    const void *object)
{
	const char *at = (const char *)object + field->offset;

	if (field->count != 0)
		write_many(o, key, field, at);
	else if (field->of != NULL)
		shape_write(field->of, at, o, key);
	else
		field->kind->write(o, key, at);
}

void
shape_write_members(
    const struct shape *shape, const void *from, struct json_out *o)
{
	const struct field *field;
	size_t i;

	for (i = 0; i < shape->n_fields; i++) {
		field = &shape->fields[i];
		if (field->presence == REQUIRED ||
		    !shape_is_absent(field, from))
			write_field(o, field->name, field, from);
		else if (field->is_blank)
			json_out_text(o, field->name, SLICE(""));
	}
}

void
shape_write(const struct shape *shape, const void *from, struct json_out *o,
    const char *key)
{
	json_out_object(o, key);
	shape_write_members(shape, from, o);
	json_out_end(o);
}

/* Absent columns are left out at the end, unless they are blank, and are "" or
 * null before it. */
static void
write_row(const struct shape *shape, const void *from, struct json_out *o)
{
	const struct field *field;
	size_t i, n = shape->n_fields;

	while (n > 0 && shape->fields[n - 1].presence == OPTIONAL &&
	    !shape->fields[n - 1].is_blank &&
	    shape_is_absent(&shape->fields[n - 1], from))
		n--;
	json_out_array(o, NULL);
	for (i = 0; i < n; i++) {
		field = &shape->fields[i];
		if (field->presence == REQUIRED ||
		    !shape_is_absent(field, from))
			write_field(o, NULL, field, from);
		else if (field->kind->parse != NULL)
			json_out_text(o, NULL, SLICE(""));
		else
			json_out_null(o, NULL);
	}
	json_out_end(o);
}
