/*
 * JSON written as it goes, into an arena.
 *
 *	json_out_init(&o, turn->arena);
 *	json_out_object(&o, NULL);
 *	json_out_array(&o, "codes");
 *	json_out_text(&o, NULL, SLICE("12345678901"));
 *	text = json_out_finish(&o);
 *
 * A value in an object has its key, a plain name that needs no escapes; the
 * outermost value and the elements of an array have NULL.  The writer adds
 * commas and closing brackets.  Wrong nesting is a fault of the caller's and
 * aborts.
 */
#ifndef BANGO_BASE_JSON_OUT_H
#define BANGO_BASE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/time.h"

#define JSON_OUT_DEPTH 32

struct json_out {
	struct arena *arena;
	char *text;
	size_t len, room;
	char closers[JSON_OUT_DEPTH]; /* brackets to close, outermost first */
	int depth;
	bool comma; /* before the next value */
};

void json_out_init(struct json_out *o, struct arena *arena);

void json_out_object(struct json_out *o, const char *key);
void json_out_array(struct json_out *o, const char *key);
void json_out_end(struct json_out *o); /* the innermost that is open */
/* Must be UTF-8. */
void json_out_text(struct json_out *o, const char *key, struct slice value);
void json_out_int(struct json_out *o, const char *key, int64_t value);
void json_out_bool(struct json_out *o, const char *key, bool value);
void json_out_null(struct json_out *o, const char *key);
/* As instant_format() and date_format() write them. */
void
json_out_instant(struct json_out *o, const char *key, struct instant value);
void json_out_date(struct json_out *o, const char *key, struct date value);
/* A value that is JSON already. */
void json_out_raw(struct json_out *o, const char *key, struct slice value);
/* Close everything that is open.  The text is in the arena. */
struct slice json_out_finish(struct json_out *o);

#endif
