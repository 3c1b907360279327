#include "base/json.h"

#include <stdlib.h>

#define DEPTH_MAX 32

static bool
is_deeper(const json_t *value, int depth)
{
	const json_t *child;
	const char *key;
	size_t i;

	if (!json_is_object(value) && !json_is_array(value))
		return false;
	if (depth == 0)
		return true;
	if (json_is_array(value)) {
		json_array_foreach(value, i, child)
		{
			if (is_deeper(child, depth - 1))
				return true;
		}
		return false;
	}
	json_object_foreach((json_t *)(uintptr_t)value, key, child)
	{
		if (is_deeper(child, depth - 1))
			return true;
	}

	return false;
}

enum err
json_read(
    struct slice text, const char *what, json_t **ret, struct problem *problem)
{
	json_error_t error;
	json_t *value;

	value = json_loadb(text.data == NULL ? "" : text.data, text.len,
	    JSON_REJECT_DUPLICATES, &error);
	if (value == NULL &&
	    json_error_code(&error) == json_error_out_of_memory)
		abort();
	if (value == NULL)
		return problem_set(problem, ERR_INPUT,
		    "%s is not valid JSON (line %d, column %d)", what,
		    error.line, error.column);
	if (is_deeper(value, DEPTH_MAX)) {
		json_decref(value);
		return problem_set(problem, ERR_INPUT,
		    "%s is nested deeper than %d levels", what, DEPTH_MAX);
	}
	*ret = value;

	return OK;
}

static int
append(const char *data, size_t len, void *state)
{
	buf_add(state, slice_bytes(data, len));

	return 0;
}

void
json_write(const json_t *value, struct buf *ret)
{
	if (json_dump_callback(
		value, append, ret, JSON_COMPACT | JSON_ENCODE_ANY))
		abort(); /* not JSON: a loop in it, or no value at all */
}

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
