/* Kinds that hold other values, and how they are read: objects, rows, lists. */
#include "base/shape_internal.h"

/* --- Many ------------------------------------------------------------------ */

/* Elements of `size` bytes, each read by `take`. */
static enum err
take_many(struct shape_reader *r, const struct field *field,
    const struct place *place, size_t size,
    enum err (*take)(struct shape_reader *r, const struct field *field,
	const struct place *place, void *to),
    void *to)
{
	struct place element = {.outer = place};
	size_t n = 0, room = 0;
	char *all = NULL;
	enum err rc = OK;

	if (json_in_peek(r->in) != JSON_IN_ARRAY)
		return shape_misfit(r, place, field, NULL);
	if (!json_in_array(r->in))
		return ERR_INPUT;
	while (rc == OK && json_in_element(r->in)) {
		if (n == (size_t)field->max)
			return shape_too_many(r, place, field);
		all = arena_grow(r->arena, all, n, &room, size);
		element.index = n;
		rc = take(r, field, &element, all + n++ * size);
	}
	if (rc == OK && r->in->why != NULL)
		rc = ERR_INPUT;
	if (rc == OK && n < (size_t)field->min)
		rc = shape_misfit(r, place, field, "has too few elements");
	if (rc == OK)
		shape_set_many(field, to, all, n);

	return rc;
}

static enum err
take_one_row(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to)
{
	if (json_in_peek(r->in) != JSON_IN_ARRAY)
		return shape_refuse(r, place, "expected an array");

	return shape_take_row(r, field->of, place, to);
}

static enum err
read_rows(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to)
{
	return take_many(r, field, place, field->of->size, take_one_row, to);
}

static enum err
take_one_object(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to)
{
	if (json_in_peek(r->in) != JSON_IN_OBJECT)
		return shape_refuse(r, place, "expected an object");

	return shape_take_object(r, field->of, place, to);
}

static enum err
read_objects(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to)
{
	return take_many(r, field, place, field->of->size, take_one_object, to);
}

static enum err
take_one_value(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to)
{
	bool there;
	enum err rc = shape_take_value(r, field->each, place, to, &there);

	return rc == OK && !there ? shape_misfit(r, place, field->each, NULL)
				  : rc;
}

static enum err
read_list(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to)
{
	return take_many(
	    r, field, place, field->each->kind->size, take_one_value, to);
}

static enum err
read_object(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to)
{
	return take_one_object(r, field, place, to);
}

const struct kind kind_object = {.name = "object",
    .expected = "an object",
    .schema = "object",
    .read = read_object};

const struct kind kind_rows = {.name = "rows",
    .expected = "an array of arrays",
    .schema = "array",
    .read = read_rows,
    .is_row = true};

const struct kind kind_objects = {.name = "objects",
    .expected = "an array of objects",
    .schema = "array",
    .read = read_objects};

const struct kind kind_list = {.name = "list",
    .expected = "an array",
    .schema = "array",
    .read = read_list};
