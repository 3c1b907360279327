#include "base/json.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_in.h"
#include "base/secret.h"

/* Values in one tree: each takes about a hundred bytes. */
#define VALUES_MAX 1000000

/* --- Memory --------------------------------------------------------------- */

static void
wipe_and_free(void *p)
{
	if (p != NULL)
		secret_wipe(p, malloc_usable_size(p));
	free(p);
}

/* Trees hold secrets for a while; nothing of one stays behind. */
__attribute__((constructor)) static void
wipe_trees(void)
{
	json_set_alloc_funcs(malloc, wipe_and_free);
}

/* --- Trees ---------------------------------------------------------------- */

enum err
json_read(
    struct slice text, const char *what, json_t **ret, struct problem *problem)
{
	struct arena *arena = arena_new();
	struct json_in in;
	struct slice whole;
	json_t *tree;
	enum err rc;

	json_in_init(&in, arena, text, VALUES_MAX);
	if (json_in_peek(&in) != JSON_IN_OBJECT &&
	    json_in_peek(&in) != JSON_IN_ARRAY)
		(void)json_in_refuse(&in, "is not valid JSON");
	(void)json_in_skip_unique(&in, &whole);
	rc = json_in_finish(&in, what, problem);
	arena_free(arena);
	if (rc)
		return rc;
	tree = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
	if (tree == NULL)
		return problem_set(problem, ERR_INPUT,
		    "%s holds a value that this program cannot hold", what);
	*ret = tree;

	return OK;
}

static int
add_piece(const char *piece, size_t len, void *to)
{
	buf_add(to, slice_bytes(piece, len));

	return 0;
}

void
json_write(const json_t *value, struct buf *ret)
{
	if (json_dump_callback(
		value, add_piece, ret, JSON_COMPACT | JSON_ENCODE_ANY))
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
