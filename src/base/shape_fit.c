/* Writing by the reader's rules: a text that shape_read() takes, or none. */
#include <string.h>

#include "base/shape_internal.h"

/* --- Values that surely fit ------------------------------------------------ */

/* A look at values without reading the whole: most values fit, and to parse each
 * of them as it stands costs half of reading the message back. */
struct look {
	struct arena *arena;
	struct json_out o; /* one value after the other */
	size_t values;
	void *back; /* BACK_MAX bytes */
};

#define BACK_MAX 256 /* no type of a kind is larger */

static bool
parses(struct look *l, const struct field *field, struct slice text)
{
	struct shape_text t = {.arena = l->arena, .field = field, .text = text};

	return text.len > 0 && field->kind->parse(&t, l->back) == OK;
}

/* The value as it is written, but for its quotes. */
static struct slice
written(struct look *l, const struct kind *kind, const void *at)
{
	struct slice text;

	l->o.len = 0;
	l->o.comma = false;
	kind->write(&l->o, NULL, at);
	text = slice_bytes(l->o.text, l->o.len);
	if (text.len >= 2 && text.data[0] == '"')
		text = slice_bytes(text.data + 1, text.len - 2);

	return text;
}

/* A value that is no text, as the reader of its kind takes it. */
static bool
is_read(struct look *l, const struct field *field, const void *at)
{
	const struct place place = {.name = field->name};
	struct shape_reader r = {.arena = l->arena};
	struct json_in in;

	json_in_init(&in, l->arena, written(l, field->kind, at),
	    SHAPE_VALUES_MAX - l->values);
	r.in = &in;
	if (field->kind->read(&r, field, &place, l->back))
		return false;
	l->values = SHAPE_VALUES_MAX - in.values;

	return json_in_finish(&in, field->name, NULL) == OK;
}

/* False if that is not sure. */
static bool
value_fits(struct look *l, const struct field *field, const void *at)
{
	const struct kind *kind = field->kind;

	if (kind->size > BACK_MAX || l->values > SHAPE_VALUES_MAX)
		return false;
	if (kind->parse == NULL)
		return kind->read != NULL && is_read(l, field, at);

	return parses(l, field,
	    kind->is_slice ? *(const struct slice *)at : written(l, kind, at));
}

static bool
looks_fit(struct look *l, const struct shape *shape, const void *object);

static bool
many_fit(struct look *l, const struct field *field, const void *at)
{
	size_t i, size, n = shape_count(field, at);
	const char *all;

	if (n < (size_t)field->min || n > (size_t)field->max)
		return false;
	size = field->of != NULL ? field->of->size : field->each->kind->size;
	memcpy(&all, at, sizeof(all));
	for (i = 0; i < n; i++) {
		if (field->of != NULL
			? !looks_fit(l, field->of, all + i * size)
			: !value_fits(l, field->each, all + i * size))
			return false;
	}

	return true;
}

static bool
looks_fit(struct look *l, const struct shape *shape, const void *object)
{
	const struct field *field = shape->fields;
	const char *at;
	bool is_fit = true;

	for (; is_fit && field < shape->fields + shape->n_fields; field++) {
		at = (const char *)object + field->offset;
		l->values++;
		if (field->presence == OPTIONAL &&
		    shape_is_absent(field, object))
			continue;
		if (field->count != 0)
			is_fit = many_fit(l, field, at);
		else if (field->of != NULL)
			is_fit = looks_fit(l, field->of, at);
		else
			is_fit = value_fits(l, field, at);
	}

	return is_fit;
}

/* Rows and objects are values, too: at most one for each of their fields. */
static bool
surely_fits(const struct shape *shape, struct arena *arena, const void *object)
{
	struct look l = {.arena = arena, .back = arena_alloc(arena, BACK_MAX)};

	json_out_init(&l.o, arena);

	return looks_fit(&l, shape, object) && l.values <= SHAPE_VALUES_MAX / 2;
}

enum err
shape_text(const struct shape *shape, struct arena *arena, const void *from,
    struct slice *ret, struct problem *problem)
{
	struct json_out o;

	json_out_init(&o, arena);
	shape_write(shape, from, &o, NULL);
	*ret = json_out_finish(&o);
	if (surely_fits(shape, arena, from))
		return OK;

	return shape_read(
	    shape, arena, *ret, arena_alloc(arena, shape->size), problem);
}

/* --- Without what does not fit --------------------------------------------- */

bool
shape_fits(const struct shape *shape, struct arena *arena, const void *from)
{
	struct slice text;

	return surely_fits(shape, arena, from) ||
	    shape_text(shape, arena, from, &text, NULL) == OK;
}

static size_t
drop_misfits(const struct shape *shape, struct arena *arena, void *object);

/* A row that does not fit may still fit without some of its own rows. */
static bool
is_kept(const struct shape *shape, struct arena *arena, void *row,
    size_t *ret_dropped)
{
	size_t inner;

	if (shape_fits(shape, arena, row))
		return true;
	inner = drop_misfits(shape, arena, row);
	if (inner == 0 || !shape_fits(shape, arena, row)) {
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
