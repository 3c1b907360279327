#include "base/json_out.h"

#include <stdlib.h>
#include <string.h>

#include "base/run.h"

#define ROOM_MIN 256

void
json_out_init(struct json_out *o, struct arena *arena)
{
	*o = (struct json_out){.arena = arena};
}

/* `n` more bytes to be filled in. */
static char *
extend(struct json_out *o, size_t n)
{
	size_t room = o->room;
	char *text;

	if (o->room - o->len < n) {
		while (room - o->len < n)
			room = room == 0 ? ROOM_MIN : 2 * room;
		if (!arena_extend(o->arena, o->text, o->room, room)) {
			text = arena_alloc(o->arena, room);
			if (o->len > 0)
				memcpy(text, o->text, o->len);
			o->text = text;
		}
		o->room = room;
	}
	o->len += n;

	return o->text + o->len - n;
}

static void
add(struct json_out *o, const char *bytes, size_t n)
{
	if (n > 0)
		memcpy(extend(o, n), bytes, n);
}

static void
add_char(struct json_out *o, char c)
{
	*extend(o, 1) = c;
}

/* --- Strings -------------------------------------------------------------- */

#define ESCAPE_MAX 6 /* \u001B */

/* The escape of one character; returns its length. */
static size_t
escape(char c, char ret[ESCAPE_MAX])
{
	static const char digits[] = "0123456789ABCDEF";
	static const char letters[] = {['"'] = '"',
	    ['\\'] = '\\',
	    ['\b'] = 'b',
	    ['\f'] = 'f',
	    ['\n'] = 'n',
	    ['\r'] = 'r',
	    ['\t'] = 't'};
	char letter = letters[(unsigned char)c];

	if (letter != '\0') {
		memcpy(ret, (char[]){'\\', letter}, 2);
		return 2;
	}
	memcpy(ret,
	    (char[]){
		'\\', 'u', '0', '0', digits[c >> 4 & 0xf], digits[c & 0xf]},
	    ESCAPE_MAX);

	return ESCAPE_MAX;
}

static void
add_string(struct json_out *o, struct slice s)
{
	char escaped[ESCAPE_MAX];
	size_t n;

	add_char(o, '"');
	while ((n = run_of_unescaped(s)) < s.len) {
		add(o, s.data, n);
		add(o, escaped, escape(s.data[n], escaped));
		s = slice_bytes(s.data + n + 1, s.len - n - 1);
	}
	add(o, s.data, n);
	add_char(o, '"');
}

/* --- Objects and arrays --------------------------------------------------- */

/* The text before a value: a comma, and in an object its key. */
static void
begin_value(struct json_out *o, const char *key)
{
	bool in_object = o->depth > 0 && o->closers[o->depth - 1] == '}';

	if (in_object != (key != NULL) || (o->depth == 0 && o->len > 0))
		abort();
	if (o->comma)
		add_char(o, ',');
	o->comma = true;
	if (key == NULL)
		return;
	add_char(o, '"');
	add(o, key, strlen(key));
	add(o, "\":", 2);
}

static void
begin(struct json_out *o, const char *key, char opener, char closer)
{
	begin_value(o, key);
	if (o->depth == JSON_OUT_DEPTH)
		abort();
	o->closers[o->depth++] = closer;
	o->comma = false;
	add_char(o, opener);
}

void
json_out_object(struct json_out *o, const char *key)
{
	begin(o, key, '{', '}');
}

void
json_out_array(struct json_out *o, const char *key)
{
	begin(o, key, '[', ']');
}

void
json_out_end(struct json_out *o)
{
	if (o->depth == 0)
		abort();
	add_char(o, o->closers[--o->depth]);
	o->comma = true;
}

struct slice
json_out_finish(struct json_out *o)
{
	while (o->depth > 0)
		json_out_end(o);

	return slice_bytes(o->text, o->len);
}

/* --- Values --------------------------------------------------------------- */

void
json_out_text(struct json_out *o, const char *key, struct slice value)
{
	begin_value(o, key);
	add_string(o, value);
}

#define INT_DIGITS_MAX 20 /* of -2^63 */

void
json_out_int(struct json_out *o, const char *key, int64_t value)
{
	char digits[INT_DIGITS_MAX], *at = digits + sizeof(digits);
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	begin_value(o, key);
	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (value < 0)
		add_char(o, '-');
	add(o, at, (size_t)(digits + sizeof(digits) - at));
}

void
json_out_raw(struct json_out *o, const char *key, struct slice value)
{
	begin_value(o, key);
	add(o, value.data, value.len);
}

void
json_out_bool(struct json_out *o, const char *key, bool value)
{
	json_out_raw(o, key, value ? SLICE("true") : SLICE("false"));
}

void
json_out_null(struct json_out *o, const char *key)
{
	json_out_raw(o, key, SLICE("null"));
}

void
json_out_instant(struct json_out *o, const char *key, struct instant value)
{
	char text[INSTANT_TEXT_MAX];

	instant_format(value, text);
	json_out_text(o, key, slice_of(text));
}

void
json_out_date(struct json_out *o, const char *key, struct date value)
{
	char text[DATE_TEXT_MAX];

	date_format(value, text);
	json_out_text(o, key, slice_of(text));
}
