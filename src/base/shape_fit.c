/* Writing by the reader's rules: a text that shape_read() takes, or none. */
#include <string.h>

#include "base/shape_internal.h"

enum err
shape_text(const struct shape *shape, struct arena *arena, const void *from,
    struct slice *ret, struct problem *problem)
{
	void *back = arena_alloc(arena, shape->size);
	struct json_out o;

	json_out_init(&o, arena);
	shape_write(shape, from, &o, NULL);
	*ret = json_out_finish(&o);

	return shape_read(shape, arena, *ret, back, problem);
}

static bool
fits(const struct shape *shape, struct arena *arena, const void *from)
{
	struct slice text;

	return shape_text(shape, arena, from, &text, NULL) == OK;
}

static size_t
drop_misfits(const struct shape *shape, struct arena *arena, void *object);

/* A row that does not fit may still fit without some of its own rows. */
static bool
is_kept(const struct shape *shape, struct arena *arena, void *row,
    size_t *ret_dropped)
{
	size_t inner;

	if (fits(shape, arena, row))
		return true;
	inner = drop_misfits(shape, arena, row);
	if (inner == 0 || !fits(shape, arena, row)) {
		++*ret_dropped;
		return false;
	}
	*ret_dropped += inner;

	return true;
}

/* Make the rows of a field those that fit; returns how many do not. */
static size_t
drop_rows(const struct field *field, struct arena *arena, void *object)
{
	size_t i, all, kept = 0, dropped = 0, size = field->of->size;
	char *at = (char *)object + field->offset, *rows;
	const char *from;

	memcpy(&from, at, sizeof(from));
	memcpy(&all, (char *)object + field->count, sizeof(all));
	rows = arena_array(arena, all, size);
	for (i = 0; i < all; i++) {
		memcpy(rows + kept * size, from + i * size, size);
		kept += is_kept(field->of, arena, rows + kept * size, &dropped);
	}
	shape_set_many(field, at, rows, kept);

	return dropped;
}

static size_t
drop_misfits(const struct shape *shape, struct arena *arena, void *object)
{
	const struct field *field = shape->fields;
	size_t dropped = 0;

	for (; field < shape->fields + shape->n_fields; field++) {
		if (field->kind == &kind_rows)
			dropped += drop_rows(field, arena, object);
	}

	return dropped;
}

size_t
shape_fitting(const struct shape *shape, struct arena *arena, const void *from,
    const void **ret)
{
	void *copy = arena_alloc(arena, shape->size);

	memcpy(copy, from, shape->size);
	*ret = copy;

	return drop_misfits(shape, arena, copy);
}
