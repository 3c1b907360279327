#include "base/json.h"

#include <stdlib.h>
#include <string.h>

/* --- Writing -------------------------------------------------------------- */

/* Quotes, backslashes and controls; all else stays (RFC 8259, section 7). */
static bool
needs_escape(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

static void
add_escape(struct buf *to, char c)
{
	static const char letters[] = {['"'] = '"',
	    ['\\'] = '\\',
	    ['\b'] = 'b',
	    ['\f'] = 'f',
	    ['\n'] = 'n',
	    ['\r'] = 'r',
	    ['\t'] = 't'};
	char letter = letters[(unsigned char)c];

	if (letter != '\0')
		buf_add(to, slice_bytes((char[]){'\\', letter}, 2));
	else
		buf_printf(to, "\\u%04X", (unsigned int)c);
}

void
json_write_text(struct slice text, struct buf *ret)
{
	char *room = buf_extend(ret, text.len + 2);
	size_t plain = 0, i;

	while (plain < text.len && !needs_escape(text.data[plain]))
		plain++;
	*room++ = '"';
	if (plain > 0)
		memcpy(room, text.data, plain);
	if (plain == text.len) {
		room[plain] = '"';
		return;
	}
	ret->len -= text.len - plain + 1;
	for (i = plain; i < text.len; i++) {
		if (needs_escape(text.data[i]))
			add_escape(ret, text.data[i]);
		else
			buf_add_char(ret, text.data[i]);
	}
	buf_add_char(ret, '"');
}

static void
write_object(const json_t *object, struct buf *ret)
{
	char before = '{';
	const json_t *value;
	const char *key;

	if (json_object_size(object) == 0)
		buf_add_char(ret, before);
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		buf_add_char(ret, before);
		json_write_text(slice_of(key), ret);
		buf_add_char(ret, ':');
		json_write(value, ret);
		before = ',';
	}
	buf_add_char(ret, '}');
}

static void
write_array(const json_t *array, struct buf *ret)
{
	const json_t *value;
	size_t i;

	buf_add_char(ret, '[');
	json_array_foreach(array, i, value)
	{
		if (i > 0)
			buf_add_char(ret, ',');
		json_write(value, ret);
	}
	buf_add_char(ret, ']');
}

static void
write_real(const json_t *value, struct buf *ret)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY);

	if (text == NULL)
		abort();
	buf_add_string(ret, text);
	free(text);
}

void
json_write(const json_t *value, struct buf *ret)
{
	if (value == NULL)
		abort();
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		write_object(value, ret);
		return;
	case JSON_ARRAY:
		write_array(value, ret);
		return;
	case JSON_STRING:
		json_write_text(slice_bytes(json_string_value(value),
				    json_string_length(value)),
		    ret);
		return;
	case JSON_INTEGER:
		buf_printf(
		    ret, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return;
	case JSON_REAL:
		write_real(value, ret);
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		buf_add_string(ret, json_is_true(value) ? "true" : "false");
		return;
	case JSON_NULL:
		buf_add_string(ret, "null");
		return;
	}
	abort();
}

/* --- Fields ---------------------------------------------------------------- */

static enum err
misfit(struct problem *problem, const char *key, const char *expected)
{
	return problem_set(
	    problem, ERR_INPUT, "field %s: missing or not %s", key, expected);
}

enum err
json_get_text(const json_t *object, const char *key, struct slice *ret,
    struct problem *problem)
{
	const json_t *j = json_object_get(object, key);

	if (!json_is_string(j))
		return misfit(problem, key, "text");
	*ret = slice_bytes(json_string_value(j), json_string_length(j));

	return OK;
}

enum err
json_get_text_or_empty(const json_t *object, const char *key, struct slice *ret,
    struct problem *problem)
{
	const json_t *j = json_object_get(object, key);

	if (j == NULL || json_is_null(j)) {
		*ret = SLICE("");
		return OK;
	}

	return json_get_text(object, key, ret, problem);
}

enum err
json_get_int(const json_t *object, const char *key, int64_t min, int64_t max,
    int64_t *ret, struct problem *problem)
{
	const json_t *j = json_object_get(object, key);

	if (!json_is_integer(j))
		return misfit(problem, key, "a whole number");
	if (json_integer_value(j) < min || json_integer_value(j) > max)
		return problem_set(
		    problem, ERR_INPUT, "field %s: out of range", key);
	*ret = json_integer_value(j);

	return OK;
}

enum err
json_get_bool(
    const json_t *object, const char *key, bool *ret, struct problem *problem)
{
	const json_t *j = json_object_get(object, key);

	if (!json_is_boolean(j))
		return misfit(problem, key, "true or false");
	*ret = json_is_true(j);

	return OK;
}

enum err
json_get_array(const json_t *object, const char *key, const json_t **ret,
    struct problem *problem)
{
	const json_t *j = json_object_get(object, key);

	if (!json_is_array(j))
		return misfit(problem, key, "a list");
	*ret = j;

	return OK;
}

enum err
json_get_object(const json_t *object, const char *key, const json_t **ret,
    struct problem *problem)
{
	const json_t *j = json_object_get(object, key);

	if (!json_is_object(j))
		return misfit(problem, key, "an object");
	*ret = j;

	return OK;
}

void
json_put(json_t *object, const char *key, json_t *value)
{
	if (value == NULL || json_object_set_new(object, key, value))
		abort();
}

void
json_put_text(json_t *object, const char *key, struct slice value)
{
	json_put(object, key,
	    json_stringn(value.data == NULL ? "" : value.data, value.len));
}

void
json_put_int(json_t *object, const char *key, int64_t value)
{
	json_put(object, key, json_integer(value));
}

void
json_put_bool(json_t *object, const char *key, bool value)
{
	json_put(object, key, json_boolean(value));
}

void
json_push_text(json_t *array, struct slice value)
{
	json_t *j =
	    json_stringn(value.data == NULL ? "" : value.data, value.len);

	if (j == NULL || json_array_append_new(array, j))
		abort();
}

enum err
json_at_text(const json_t *array, size_t index, struct slice *ret)
{
	const json_t *j = json_array_get(array, index);

	if (!json_is_string(j))
		return ERR_INPUT;
	*ret = slice_bytes(json_string_value(j), json_string_length(j));

	return OK;
}
