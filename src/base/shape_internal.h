/*
 * Declarations that the files of shapes share; inside base/ only.
 */
#ifndef BANGO_BASE_SHAPE_INTERNAL_H
#define BANGO_BASE_SHAPE_INTERNAL_H

#include "base/shape.h"

/* Where a value stands, from the innermost outwards, for errors alone. */
struct place {
	const struct place *outer;
	const char *name; /* NULL: an element, by its index */
	size_t index;
};

struct shape_reader {
	struct json_in *in; /* NULL for names and values */
	struct arena *arena;
	struct problem *problem;
	bool is_kept;
};

enum err shape_too_many(const struct shape_reader *r, const struct place *place,
    const struct field *field);

/* The value that comes next.  An error without a problem is the cursor's. */
enum err shape_take_object(struct shape_reader *r, const struct shape *shape,
    const struct place *place, void *to);
/* The fields of a shape in their order, as the elements of an array. */
enum err shape_take_row(struct shape_reader *r, const struct shape *shape,
    const struct place *place, void *to);
/* *ret_there becomes false for what counts as absent. */
enum err shape_take_value(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to, bool *ret_there);

/* ERR_INPUT with "field PLACE: why". */
enum err shape_refuse(
    const struct shape_reader *r, const struct place *place, const char *why);

/* The count n_MEMBER of the member at `at`. */
size_t shape_count(const struct field *field, const void *at);
/* Whether the field is left out of what is written of `object`, if it is
 * OPTIONAL. */
bool shape_is_absent(const struct field *field, const void *object);

/* Set the members MEMBER and n_MEMBER, of which `to` is the first. */
void
shape_set_many(const struct field *field, void *to, const void *all, size_t n);

#endif
