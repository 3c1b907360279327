/*
 * The reader of JSON (RFC 8259): jansson's trees, but not its reader, which
 * was a sixth of what an exchange cost.  It takes what jansson's takes that
 * refuses duplicates, and finds the same in it: fuzz/fuzz_json.c holds the one
 * against the other (docs/decisions/0021).
 */
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "base/encode.h"
#include "base/json.h"
#include "base/text.h"

#define DEPTH_MAX 32

struct parser {
	const char *at; /* after a refusal: where */
	const char *end;
	int depth;
	bool too_deep;
};

/* NULL where the text is not JSON. */
static json_t *read_value(struct parser *p);

static json_t *
made(json_t *value)
{
	if (value == NULL) /* out of memory */
		abort();

	return value;
}

/* --- Tokens -------------------------------------------------------------- */

static bool
take_char(struct parser *p, char c)
{
	if (p->at == p->end || *p->at != c)
		return false;
	p->at++;

	return true;
}

static void
skip_space(struct parser *p)
{
	while (p->at < p->end &&
	    (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' ||
		*p->at == '\r'))
		p->at++;
}

/* After white space. */
static bool
take(struct parser *p, char c)
{
	skip_space(p);

	return take_char(p, c);
}

static bool
take_word(struct parser *p, struct slice word)
{
	if (!slice_has_prefix(
		slice_bytes(p->at, (size_t)(p->end - p->at)), word))
		return false;
	p->at += word.len;

	return true;
}

/* As many as there are, but one at least. */
static bool
take_digits(struct parser *p)
{
	const char *start = p->at;

	while (p->at < p->end && *p->at >= '0' && *p->at <= '9')
		p->at++;

	return p->at > start;
}

/* --- Strings ------------------------------------------------------------- */

static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

static struct slice
take_plain(struct parser *p)
{
	const char *start = p->at;

	while (p->at < p->end && is_plain(*p->at))
		p->at++;

	return slice_bytes(start, (size_t)(p->at - start));
}

/* The four digits of \uXXXX. */
static bool
read_unit(struct parser *p, uint32_t *ret)
{
	uint8_t bytes[2];

	if (p->end - p->at < 4 ||
	    hex_decode_exact(slice_bytes(p->at, 4), bytes, sizeof(bytes)))
		return false;
	p->at += 4;
	*ret = (uint32_t)bytes[0] << 8 | bytes[1];

	return true;
}

/* A character beyond U+FFFF is two of them.  None is NUL. */
static bool
read_code_point(struct parser *p, uint32_t *ret)
{
	uint32_t first = 0, second = 0;

	if (!read_unit(p, &first) || first == 0 ||
	    (first >= 0xdc00 && first < 0xe000))
		return false;
	if (first < 0xd800 || first >= 0xe000) {
		*ret = first;
		return true;
	}
	if (!take_word(p, SLICE("\\u")) || !read_unit(p, &second) ||
	    second < 0xdc00 || second >= 0xe000)
		return false;
	*ret = 0x10000 + ((first - 0xd800) << 10 | (second - 0xdc00));

	return true;
}

/* What follows a backslash. */
static bool
read_escape(struct parser *p, struct buf *to)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *name;
	uint8_t utf8[6];
	uint32_t c = 0;

	if (take_char(p, 'u')) {
		if (!read_code_point(p, &c))
			return false;
		buf_add(to,
		    slice_bytes(
			utf8, (size_t)u8_uctomb(utf8, c, sizeof(utf8))));
		return true;
	}
	name =
	    p->at == p->end ? NULL : memchr(names, *p->at, sizeof(names) - 1);
	if (name == NULL)
		return false;
	buf_add_char(to, meant[name - names]);
	p->at++;

	return true;
}

/* From behind the first quote to behind the last.  `room` is for what has
 * escapes; all else stays where it is. */
static bool
read_string(struct parser *p, struct buf *room, struct slice *ret)
{
	*ret = take_plain(p);
	if (!take_char(p, '"')) {
		buf_add(room, *ret);
		while (take_char(p, '\\')) {
			if (!read_escape(p, room))
				return false;
			buf_add(room, take_plain(p));
		}
		if (!take_char(p, '"'))
			return false;
		*ret = buf_slice(room);
	}

	return utf8_is_valid(*ret);
}

static json_t *
read_text(struct parser *p)
{
	json_t *value = NULL;
	struct slice text;
	struct buf room;

	buf_init(&room);
	if (read_string(p, &room, &text))
		value = made(json_stringn_nocheck(text.data, text.len));
	buf_done(&room);

	return value;
}

/* --- Numbers ------------------------------------------------------------- */

/* Such numbers are rare here: jansson knows how. */
static json_t *
read_real(struct parser *p, const char *start)
{
	bool fits = true;

	if (take_char(p, '.'))
		fits = take_digits(p);
	if (fits && (take_char(p, 'e') || take_char(p, 'E'))) {
		if (!take_char(p, '+'))
			take_char(p, '-');
		fits = take_digits(p);
	}
	if (!fits)
		return NULL;

	return json_loadb(
	    start, (size_t)(p->at - start), JSON_DECODE_ANY, NULL);
}

static json_t *
read_number(struct parser *p)
{
	const char *start = p->at, *digits;
	bool negative = take_char(p, '-');
	json_int_t value = 0;
	int digit;

	digits = p->at;
	if (!take_digits(p) || (*digits == '0' && p->at - digits > 1))
		return NULL;
	if (p->at < p->end && (*p->at == '.' || *p->at == 'e' || *p->at == 'E'))
		return read_real(p, start);
	for (; digits < p->at; digits++) {
		digit = *digits - '0';
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(
			value, negative ? -digit : digit, &value))
			return NULL;
	}

	return made(json_integer(value));
}

/* --- Objects and arrays -------------------------------------------------- */

static bool
read_member(struct parser *p, json_t *object)
{
	size_t before = json_object_size(object);
	json_t *value = NULL;
	struct slice key;
	struct buf room;

	buf_init(&room);
	if (take(p, '"') && read_string(p, &room, &key) && take(p, ':'))
		value = read_value(p);
	if (value != NULL &&
	    json_object_setn_new_nocheck(object, key.data, key.len, value))
		abort();
	buf_done(&room);

	/* No key is there twice. */
	return value != NULL && json_object_size(object) > before;
}

static bool
read_element(struct parser *p, json_t *array)
{
	json_t *value = read_value(p);

	if (value != NULL && json_array_append_new(array, value))
		abort();

	return value != NULL;
}

/* What stands between the brackets of `whole`, which is kept or freed. */
static json_t *
read_parts(struct parser *p, json_t *whole, char closer,
    bool (*read_part)(struct parser *p, json_t *whole))
{
	bool fits = true;

	made(whole);
	if (p->depth == DEPTH_MAX) {
		p->too_deep = true;
		json_decref(whole);
		return NULL;
	}
	p->depth++;
	if (!take(p, closer)) {
		do
			fits = read_part(p, whole);
		while (fits && take(p, ','));
		fits = fits && take(p, closer);
	}
	p->depth--;
	if (fits)
		return whole;
	json_decref(whole);

	return NULL;
}

/* An object or an array, which alone are documents. */
static json_t *
read_composite(struct parser *p)
{
	if (take(p, '{'))
		return read_parts(p, json_object(), '}', read_member);
	if (take(p, '['))
		return read_parts(p, json_array(), ']', read_element);

	return NULL;
}

static json_t *
read_value(struct parser *p)
{
	skip_space(p);
	if (p->at == p->end)
		return NULL;
	switch (*p->at) {
	case '{':
	case '[':
		return read_composite(p);
	case '"':
		p->at++;
		return read_text(p);
	case 't':
		return take_word(p, SLICE("true")) ? json_true() : NULL;
	case 'f':
		return take_word(p, SLICE("false")) ? json_false() : NULL;
	case 'n':
		return take_word(p, SLICE("null")) ? json_null() : NULL;
	default: /* a char */
		return read_number(p);
	}
}

/* --- Documents ----------------------------------------------------------- */

static enum err
refuse(const struct parser *p, struct slice text, const char *what,
    struct problem *problem)
{
	struct slice line, before = text;
	int lines = 0;

	if (p->too_deep)
		return problem_set(problem, ERR_INPUT,
		    "%s is nested deeper than %d levels", what, DEPTH_MAX);
	before.len = (size_t)(p->at - text.data);
	do {
		line = slice_cut(&before, '\n');
		lines++;
	} while (before.data != NULL);

	return problem_set(problem, ERR_INPUT,
	    "%s is not valid JSON (line %d, column %zu)", what, lines,
	    utf8_length(line) + 1);
}

enum err
json_read(
    struct slice text, const char *what, json_t **ret, struct problem *problem)
{
	struct parser p;
	json_t *value;

	if (text.data == NULL)
		text = SLICE("");
	p = (struct parser){.at = text.data, .end = text.data + text.len};
	value = read_composite(&p);
	skip_space(&p);
	if (value == NULL || p.at < p.end) {
		json_decref(value);
		return refuse(&p, text, what, problem);
	}
	*ret = value;

	return OK;
}
