/*
 * Examples of a shape: an object that its reader takes, for tests, and for
 * simulated peers that lie in well-formed messages.
 */
#ifndef BANGO_BASE_SHAPE_EXAMPLE_H
#define BANGO_BASE_SHAPE_EXAMPLE_H

#include "base/shape.h"

struct shape_example {
	struct json_out out;
	struct arena *arena;
	bool in_row; /* the innermost that is open is a row: no keys */
	/* Called for each field, with its key, NULL in a row; and for each
	 * element of a list, as a field without key and not in a row.  True: it
	 * has written the value itself, or left it out.  May be NULL. */
	bool (*instead)(struct shape_example *e, const struct field *field,
	    const char *key);
	void *state;
};

/* The object's text, in the arena; every list has one element. */
struct slice
shape_example_write(struct shape_example *e, const struct shape *shape);

/* For `instead`: write a value that fits. */
void shape_example_value(
    struct shape_example *e, const struct field *field, const char *key);
/* One more element of a list or of rows. */
void shape_example_element(struct shape_example *e, const struct field *field);
/* A text that fits, in the arena.  The field's kind takes texts. */
struct slice
shape_example_text(struct shape_example *e, const struct field *field);
/* An object of so many levels, in the arena. */
struct slice shape_example_nested(struct shape_example *e, size_t levels);

#endif
