#include "base/json_in.h"

#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "base/encode.h"
#include "base/run.h"
#include "base/text.h"

void
json_in_init(struct json_in *in, struct arena *arena, struct slice text,
    size_t max_values)
{
	if (text.data == NULL)
		text = SLICE("");
	*in = (struct json_in){.start = text.data,
	    .at = text.data,
	    .end = text.data + text.len,
	    .arena = arena,
	    .values = max_values};
}

bool
json_in_refuse(struct json_in *in, const char *why)
{
	if (in->why == NULL)
		in->why = why;

	return false;
}

static bool
not_json(struct json_in *in)
{
	return json_in_refuse(in, "is not valid JSON");
}

/* --- Tokens --------------------------------------------------------------- */

static bool
take_char(struct json_in *in, char c)
{
	if (in->at == in->end || *in->at != c)
		return false;
	in->at++;

	return true;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void
skip_space(struct json_in *in)
{
	while (in->at < in->end && is_space(*in->at))
		in->at++;
}

/* After white space. */
static bool
take(struct json_in *in, char c)
{
	skip_space(in);

	return take_char(in, c);
}

static bool
take_word(struct json_in *in, struct slice word)
{
	if (!slice_has_prefix(
		slice_bytes(in->at, (size_t)(in->end - in->at)), word))
		return false;
	in->at += word.len;

	return true;
}

enum json_in_type
json_in_peek(struct json_in *in)
{
	skip_space(in);
	if (in->why != NULL || in->at == in->end)
		return JSON_IN_NONE;
	switch (*in->at) {
	case '{':
		return JSON_IN_OBJECT;
	case '[':
		return JSON_IN_ARRAY;
	case '"':
		return JSON_IN_TEXT;
	case 't':
	case 'f':
		return JSON_IN_BOOL;
	case 'n':
		return JSON_IN_NULL;
	default: /* a char */
		return *in->at == '-' || (*in->at >= '0' && *in->at <= '9')
		    ? JSON_IN_NUMBER
		    : JSON_IN_NONE;
	}
}

/* Each value begins here: it is counted, and it is of the type expected. */
static bool
begin(struct json_in *in, enum json_in_type type)
{
	enum json_in_type next = json_in_peek(in);

	if (in->why != NULL)
		return false;
	if (next == JSON_IN_NONE)
		return not_json(in);
	if (next != type)
		return json_in_refuse(in, "has a value of another type");
	if (in->values == 0)
		return json_in_refuse(in, "holds too many values");
	in->values--;

	return true;
}

/* --- Strings -------------------------------------------------------------- */

static struct slice
take_plain(struct json_in *in)
{
	struct slice rest = {in->at, (size_t)(in->end - in->at)};

	rest.len = run_of_unescaped(rest);
	in->at += rest.len;

	return rest;
}

/* The four digits of \uXXXX. */
static bool
take_unit(struct json_in *in, uint32_t *ret)
{
	uint8_t bytes[2];

	if (in->end - in->at < 4 ||
	    hex_decode_exact(slice_bytes(in->at, 4), bytes, sizeof(bytes)))
		return false;
	in->at += 4;
	*ret = (uint32_t)bytes[0] << 8 | bytes[1];

	return true;
}

/* A character beyond U+FFFF is two units.  NUL is refused. */
static bool
take_code_point(struct json_in *in, uint32_t *ret)
{
	uint32_t first = 0, second = 0;

	if (!take_unit(in, &first) || first == 0 ||
	    (first >= 0xdc00 && first < 0xe000))
		return false;
	if (first < 0xd800 || first >= 0xe000) {
		*ret = first;
		return true;
	}
	if (!take_word(in, SLICE("\\u")) || !take_unit(in, &second) ||
	    second < 0xdc00 || second >= 0xe000)
		return false;
	*ret = 0x10000 + ((first - 0xd800) << 10 | (second - 0xdc00));

	return true;
}

/* One escape, after its backslash; it is never shorter than what it means. */
static bool
take_escape(struct json_in *in, char **to)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *name;
	uint32_t c = 0;

	if (take_char(in, 'u')) {
		if (!take_code_point(in, &c))
			return false;
		*to += u8_uctomb((uint8_t *)*to, c, 6);
		return true;
	}
	name = in->at == in->end ? NULL
				 : memchr(names, *in->at, sizeof(names) - 1);
	if (name == NULL)
		return false;
	*(*to)++ = meant[name - names];
	in->at++;

	return true;
}

/* The length of the string that begins here, escapes as they stand. */
static size_t
measure(const struct json_in *in)
{
	const char *p;

	for (p = in->at; p < in->end && *p != '"'; p++) {
		if (*p == '\\' && p + 1 < in->end)
			p++;
	}

	return (size_t)(p - in->at);
}

/* Character after character: between escapes there are few. */
static bool
take_escaped(struct json_in *in, struct slice *ret)
{
	char *room = arena_alloc(in->arena, measure(in) + 6), *to = room;

	while (in->at < in->end && *in->at != '"') {
		if ((unsigned char)*in->at < ' ')
			return false;
		if (!take_char(in, '\\'))
			*to++ = *in->at++;
		else if (!take_escape(in, &to))
			return false;
	}
	*ret = slice_bytes(room, (size_t)(to - room));

	return take_char(in, '"');
}

/* From behind the first quote to behind the last. */
static bool
take_string(struct json_in *in, struct slice *ret)
{
	const char *start = in->at;
	struct slice text = take_plain(in);
	bool fits = take_char(in, '"');

	if (!fits) {
		in->at = start;
		fits = take_escaped(in, &text);
	}
	if (!fits || !utf8_is_valid(text))
		return not_json(in);
	*ret = text;

	return true;
}

bool
json_in_text(struct json_in *in, struct slice *ret)
{
	if (!begin(in, JSON_IN_TEXT))
		return false;
	in->at++;

	return take_string(in, ret);
}

/* --- Numbers and words ---------------------------------------------------- */

/* As many as there are, but one at least. */
static bool
take_digits(struct json_in *in)
{
	const char *start = in->at;

	while (in->at < in->end && *in->at >= '0' && *in->at <= '9')
		in->at++;

	return in->at > start;
}

/* The whole part; its value may be beyond 64 bits. */
static bool
take_whole(struct json_in *in)
{
	const char *digits;

	(void)take_char(in, '-');
	digits = in->at;
	if (!take_digits(in) || (*digits == '0' && in->at - digits > 1))
		return not_json(in);

	return true;
}

static bool
value_of(struct json_in *in, const char *digits, int64_t *ret)
{
	bool negative = *digits == '-';
	int64_t value = 0;
	int digit;

	for (digits += negative; digits < in->at; digits++) {
		digit = *digits - '0';
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(
			value, negative ? -digit : digit, &value))
			return json_in_refuse(
			    in, "has a number beyond 64 bits");
	}
	*ret = value;

	return true;
}

/* Fraction and exponent of the number that began at `start`.  Its size is
 * checked, although no reader takes fractions yet. */
static bool
take_fraction(struct json_in *in, const char *start)
{
	char text[64];
	size_t len;
	bool fits = true;

	if (take_char(in, '.'))
		fits = take_digits(in);
	if (fits && (take_char(in, 'e') || take_char(in, 'E'))) {
		if (!take_char(in, '+'))
			(void)take_char(in, '-');
		fits = take_digits(in);
	}
	len = (size_t)(in->at - start);
	if (!fits)
		return not_json(in);
	if (len >= sizeof(text))
		return json_in_refuse(in, "has a number of too many digits");
	memcpy(text, start, len);
	text[len] = '\0';
	if (!__builtin_isfinite(strtod(text, NULL)))
		return json_in_refuse(in, "has a number beyond 64 bits");

	return true;
}

static bool
is_fraction(const struct json_in *in)
{
	return in->at < in->end &&
	    (*in->at == '.' || *in->at == 'e' || *in->at == 'E');
}

bool
json_in_int(struct json_in *in, int64_t *ret)
{
	const char *start;

	if (!begin(in, JSON_IN_NUMBER))
		return false;
	start = in->at;
	if (!take_whole(in))
		return false;
	if (is_fraction(in))
		return json_in_refuse(in, "has a fraction for a whole number");

	return value_of(in, start, ret);
}

bool
json_in_bool(struct json_in *in, bool *ret)
{
	if (!begin(in, JSON_IN_BOOL))
		return false;
	*ret = take_word(in, SLICE("true"));
	if (!*ret && !take_word(in, SLICE("false")))
		return not_json(in);

	return true;
}

bool
json_in_null(struct json_in *in)
{
	if (!begin(in, JSON_IN_NULL))
		return false;

	return take_word(in, SLICE("null")) || not_json(in);
}

/* --- Objects and arrays --------------------------------------------------- */

static bool
enter(struct json_in *in, enum json_in_type type)
{
	if (!begin(in, type))
		return false;
	if (in->depth == JSON_IN_DEPTH)
		return json_in_refuse(in, "is nested deeper than 32 levels");
	in->depth++;
	in->at++;
	in->first = true;

	return true;
}

bool
json_in_object(struct json_in *in)
{
	return enter(in, JSON_IN_OBJECT);
}

bool
json_in_array(struct json_in *in)
{
	return enter(in, JSON_IN_ARRAY);
}

/* True before a further part; at the closing bracket the whole is left. */
static bool
continues(struct json_in *in, char closer)
{
	if (in->why != NULL)
		return false;
	if (take(in, closer)) {
		in->depth--;
		in->first = false;
		return false;
	}
	if (!in->first && !take(in, ','))
		return not_json(in);
	in->first = false;

	return true;
}

bool
json_in_key(struct json_in *in, struct slice *ret)
{
	if (!continues(in, '}'))
		return false;
	if (!take(in, '"') || !take_string(in, ret) || !take(in, ':'))
		return not_json(in);

	return true;
}

bool
json_in_element(struct json_in *in)
{
	return continues(in, ']');
}

/* --- Any value ------------------------------------------------------------ */

/* Demands on a value that is skipped, beyond being valid; each includes the one
 * before. */
enum strictness {
	ANY,
	UNIQUE,    /* no key twice in an object */
	PRINTABLE, /* no text, and no key, but printable ones */
};

static bool
check_text(struct json_in *in, struct slice text, enum strictness strict)
{
	if (strict == PRINTABLE && !text_is_printable(text))
		return json_in_refuse(in,
		    "has a control, format, private or unassigned character "
		    "in a text");

	return true;
}

/* Keys of one object, to be compared once all are known. */
struct keys {
	struct slice *all;
	size_t n, room;
};

static void
keys_add(struct keys *keys, struct slice key)
{
	if (keys->n == keys->room) {
		keys->room = keys->room == 0 ? 8 : 2 * keys->room;
		keys->all =
		    heap_grow(keys->all, keys->room, sizeof(*keys->all));
	}
	keys->all[keys->n++] = key;
}

static int
compare_keys(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;

	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;

	return memcmp(x->data, y->data, x->len);
}

/* Sorts them: a text of many keys must not cost their square. */
static bool
keys_are_unique(struct keys *keys)
{
	size_t i;

	if (keys->n > 1)
		qsort(keys->all, keys->n, sizeof(*keys->all), compare_keys);
	for (i = 1; i < keys->n; i++) {
		if (slice_equal(keys->all[i - 1], keys->all[i]))
			return false;
	}

	return true;
}

static bool skip(struct json_in *in, enum strictness strict);

static bool
skip_object(struct json_in *in, enum strictness strict)
{
	struct keys keys = {0};
	struct slice key;

	if (!json_in_object(in))
		return false;
	while (json_in_key(in, &key) && check_text(in, key, strict) &&
	    skip(in, strict)) {
		if (strict != ANY)
			keys_add(&keys, key);
	}
	if (in->why == NULL && !keys_are_unique(&keys))
		(void)json_in_refuse(in, "has a field twice in one object");
	free(keys.all);

	return in->why == NULL;
}

static bool
skip_array(struct json_in *in, enum strictness strict)
{
	if (!json_in_array(in))
		return false;
	while (json_in_element(in) && skip(in, strict))
		;

	return in->why == NULL;
}

static bool
skip_number(struct json_in *in)
{
	const char *start;
	int64_t ignored;

	if (!begin(in, JSON_IN_NUMBER))
		return false;
	start = in->at;
	if (!take_whole(in))
		return false;

	return is_fraction(in) ? take_fraction(in, start)
			       : value_of(in, start, &ignored);
}

static bool
skip(struct json_in *in, enum strictness strict)
{
	struct slice text;
	bool truth;

	switch (json_in_peek(in)) {
	case JSON_IN_OBJECT:
		return skip_object(in, strict);
	case JSON_IN_ARRAY:
		return skip_array(in, strict);
	case JSON_IN_TEXT:
		return json_in_text(in, &text) && check_text(in, text, strict);
	case JSON_IN_NUMBER:
		return skip_number(in);
	case JSON_IN_BOOL:
		return json_in_bool(in, &truth);
	case JSON_IN_NULL:
		return json_in_null(in);
	case JSON_IN_NONE:
		break;
	}

	return not_json(in);
}

static bool
skip_as_text(struct json_in *in, enum strictness strict, struct slice *ret)
{
	const char *start;

	skip_space(in);
	start = in->at;
	if (!skip(in, strict))
		return false;
	*ret = slice_bytes(start, (size_t)(in->at - start));

	return true;
}

bool
json_in_skip(struct json_in *in, struct slice *ret)
{
	return skip_as_text(in, ANY, ret);
}

bool
json_in_skip_unique(struct json_in *in, struct slice *ret)
{
	return skip_as_text(in, UNIQUE, ret);
}

bool
json_in_skip_printable(struct json_in *in, struct slice *ret)
{
	return skip_as_text(in, PRINTABLE, ret);
}

int
json_in_levels(const struct json_in *in, int max)
{
	bool in_text = false, escaped = false;
	int level = 0, deepest = 0;
	const char *p;

	for (p = in->at; p < in->end && deepest <= max; p++) {
		if (*p == '"' && !escaped)
			in_text = !in_text;
		escaped = *p == '\\' && !escaped;
		if (in_text)
			continue;
		if (*p == '{' || *p == '[')
			level++;
		else if ((*p == '}' || *p == ']') && --level <= 0)
			break;
		if (level > deepest)
			deepest = level;
	}

	return deepest;
}

/* Copies what is no white space between tokens, unless `to` is NULL; returns
 * its length. */
static size_t
squeeze(struct slice value, char *to)
{
	bool in_text = false, escaped = false;
	size_t i, n = 0;

	for (i = 0; i < value.len; i++) {
		char c = value.data[i];

		if (!in_text && is_space(c))
			continue;
		if (c == '"' && !escaped)
			in_text = !in_text;
		escaped = c == '\\' && !escaped;
		if (to != NULL)
			to[n] = c;
		n++;
	}

	return n;
}

struct slice
json_compact(struct arena *arena, struct slice value)
{
	size_t len = squeeze(value, NULL);
	char *copy;

	if (len == value.len)
		return value;
	copy = arena_alloc(arena, len);

	return slice_bytes(copy, squeeze(value, copy));
}

/* --- The end -------------------------------------------------------------- */

enum err
json_in_finish(struct json_in *in, const char *what, struct problem *problem)
{
	struct slice line, before;
	int lines = 0;

	skip_space(in);
	if (in->why == NULL && in->at == in->end && in->depth == 0)
		return OK;
	if (in->why == NULL)
		(void)not_json(in);
	before = slice_bytes(in->start, (size_t)(in->at - in->start));
	do {
		line = slice_cut(&before, '\n');
		lines++;
	} while (before.data != NULL);

	return problem_set(problem, ERR_INPUT, "%s %s (line %d, column %zu)",
	    what, in->why, lines, utf8_length(line) + 1);
}
