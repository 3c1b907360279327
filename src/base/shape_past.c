/* Instants that an object from outside says have passed (PAST). */
#include <string.h>

#include "base/shape_internal.h"

/* Values of a PAST that systems have handed on are given this many times the
 * slack: each of them compared it with a clock of its own. */
#define STEPS_MAX 4

struct bound {
	struct instant now;
	int64_t slack_ms;
};

static bool
is_ahead(const struct bound *b, const struct field *field, const void *at)
{
	struct instant t;

	if (field->kind != &kind_past)
		return false;
	memcpy(&t, at, sizeof(t));

	return t.ms >
	    b->now.ms + b->slack_ms * (field->max > 0 ? STEPS_MAX : 1);
}

static const struct field *
find(const struct bound *b, const struct shape *shape, const void *object);

static const struct field *
find_many(const struct bound *b, const struct field *field, const void *at)
{
	const struct field *found = NULL;
	size_t i, n = shape_count(field, at);
	const char *all;

	memcpy(&all, at, sizeof(all));
	for (i = 0; found == NULL && i < n; i++) {
		if (field->of != NULL)
			found = find(b, field->of, all + i * field->of->size);
		else if (is_ahead(
			     b, field->each, all + i * field->each->kind->size))
			found = field->each;
	}

	return found;
}

static const struct field *
find(const struct bound *b, const struct shape *shape, const void *object)
{
	const struct field *f = shape->fields, *found = NULL;
	const char *at;

	for (; found == NULL && f < shape->fields + shape->n_fields; f++) {
		at = (const char *)object + f->offset;
		if (f->count != 0)
			found = find_many(b, f, at);
		else if (f->of != NULL)
			found = find(b, f->of, at);
		else if (is_ahead(b, f, at))
			found = f;
	}

	return found;
}

const struct field *
shape_ahead(const struct shape *shape, const void *object, struct instant now,
    int64_t slack_ms)
{
	const struct bound bound = {now, slack_ms};

	return find(&bound, shape, object);
}
