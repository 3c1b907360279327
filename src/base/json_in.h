/*
 * JSON read as it goes, without a tree (RFC 8259).
 *
 * A cursor over a text that may come from anybody.  It is strict: UTF-8, no
 * NUL, no number beyond 64 bits, at most JSON_IN_DEPTH levels, at most as many
 * values as the caller allows.  Only strings with escapes take memory, so that
 * a text costs no more than its bytes.
 *
 *	json_in_init(&in, arena, text, 1000);
 *	json_in_object(&in);
 *	while (json_in_key(&in, &key))
 *		...exactly one value each...
 *	rc = json_in_finish(&in, "the request's body", problem);
 *
 * The first error stays: each function then returns false or an empty slice,
 * loops end, and json_in_finish() says what was wrong and where.
 */
#ifndef BANGO_BASE_JSON_IN_H
#define BANGO_BASE_JSON_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

#define JSON_IN_DEPTH 32

enum json_in_type {
	JSON_IN_NONE, /* the end, or no JSON */
	JSON_IN_OBJECT,
	JSON_IN_ARRAY,
	JSON_IN_TEXT,
	JSON_IN_NUMBER,
	JSON_IN_BOOL,
	JSON_IN_NULL,
};

struct json_in {
	const char *start, *at, *end;
	struct arena *arena;
	size_t values; /* that may still come */
	int depth;
	bool first;      /* no comma before the next key or element */
	const char *why; /* NULL: no error yet */
};

void json_in_init(struct json_in *in, struct arena *arena, struct slice text,
    size_t max_values);
/* The type of the value that comes next; takes nothing. */
enum json_in_type json_in_peek(struct json_in *in);

/* Enter an object or an array; false if something else comes. */
bool json_in_object(struct json_in *in);
bool json_in_array(struct json_in *in);
/* The next key, in the text or the arena.  After the last, false, and the
 * object is left.  The caller has to refuse repeated keys. */
bool json_in_key(struct json_in *in, struct slice *ret);
/* Is there another element?  After the last, false, and the array is left. */
bool json_in_element(struct json_in *in);

/* Values; false if something else comes. */
bool json_in_text(struct json_in *in, struct slice *ret);
bool json_in_int(struct json_in *in, int64_t *ret);
bool json_in_bool(struct json_in *in, bool *ret);
bool json_in_null(struct json_in *in);

/* Any value, checked in full, as it stands in the text. */
bool json_in_skip(struct json_in *in, struct slice *ret);
/* The same; an object in it with a repeated key is refused. */
bool json_in_skip_unique(struct json_in *in, struct slice *ret);
/* The same; a text or a key in it that text_is_printable() refuses, too. */
bool json_in_skip_printable(struct json_in *in, struct slice *ret);

/* How many levels the brackets of the value that comes next have, itself
 * included; not beyond `max` + 1.  Takes and checks nothing. */
int json_in_levels(const struct json_in *in, int max);

/* A value that was checked, without white space between its tokens: in the
 * arena, or the same where there is none. */
struct slice json_compact(struct arena *arena, struct slice value);

/* Refuse the text at this place, unless it was refused before; `why` is
 * static and reads after the name of the text.  Always returns false. */
bool json_in_refuse(struct json_in *in, const char *why);
/* OK if the text was read to its end without an error; otherwise ERR_INPUT,
 * and the problem names `what`, the line and the column. */
MUST_USE enum err
json_in_finish(struct json_in *in, const char *what, struct problem *problem);

#endif
