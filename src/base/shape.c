#include "base/shape.h"

#include <assert.h>
#include <string.h>

#include "base/shape_internal.h"

#define NAMES_BYTES 160 /* of field names in an error */

/* --- Refusals -------------------------------------------------------------- */

/* "items[3].code" */
static void
put_path(const struct place *place, struct buf *ret)
{
	if (place->outer != NULL)
		put_path(place->outer, ret);
	if (place->name == NULL)
		buf_printf(ret, "[%zu]", place->index);
	else
		buf_printf(ret, "%s%s", ret->len > 0 ? "." : "", place->name);
}

/* The value at a place does not fit: ERR_INPUT. */
struct json_in *
shape_cursor(struct shape_reader *reader)
{
	return reader->in;
}

enum err
shape_refuse(
    const struct shape_reader *r, const struct place *place, const char *why)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	put_path(place, &path);
	rc = problem_set(r->problem, ERR_INPUT, "field %s: %s", path.data, why);
	buf_done(&path);

	return rc;
}

enum err
shape_misfit(const struct shape_reader *r, const struct place *place,
    const struct field *field, const char *why)
{
	struct slice expected;

	if (why != NULL)
		return shape_refuse(r, place, why);
	if (field->words != NULL)
		expected =
		    arena_printf(r->arena, "expected one of %s", field->words);
	else
		expected = arena_printf(
		    r->arena, "expected %s", field->kind->expected);

	return shape_refuse(r, place, expected.data);
}

static enum err
missing(const struct shape_reader *r, const struct place *outer,
    const struct field *field)
{
	struct place place = {.outer = outer, .name = field->name};

	return shape_misfit(r, &place, field,
	    field->kind->expected == NULL
		? "missing"
		: arena_printf(r->arena, "missing; expected %s",
		      field->words != NULL ? field->words
					   : field->kind->expected)
		      .data);
}

/* The sender chose the name, which may be a number or a text that nobody may
 * see: an error and a log have it only if it looks like a field's. */
static bool
is_shown(struct slice name)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		if (name.data[i] != '_' &&
		    (name.data[i] < 'a' || name.data[i] > 'z'))
			return false;
	}

	return name.len > 0 && name.len <= 32;
}

/* The names of the fields, as many as an error has room for. */
static const char *
names_of(const struct shape_reader *r, const struct shape *shape)
{
	struct slice names;
	struct buf text;
	size_t i;

	buf_init(&text);
	for (i = 0; i < shape->n_fields && text.len < NAMES_BYTES; i++)
		buf_printf(
		    &text, "%s%s", i > 0 ? ", " : "", shape->fields[i].name);
	if (i < shape->n_fields)
		buf_printf(&text, " and %zu more", shape->n_fields - i);
	names = arena_copy(r->arena, buf_slice(&text));
	buf_done(&text);

	return arena_string(r->arena, names);
}

static enum err
unknown(const struct shape_reader *r, const struct place *outer,
    const struct shape *shape, struct slice name)
{
	struct slice shown =
	    is_shown(name) ? name : SLICE("(a name that is not shown)");
	struct place place = {.outer = outer};

	place.name = arena_string(r->arena, shown);

	return shape_refuse(r, &place,
	    arena_printf(r->arena, "is not known; the fields here are %s",
		names_of(r, shape))
		.data);
}

enum err
shape_too_many(const struct shape_reader *r, const struct place *place,
    const struct field *field)
{
	return shape_misfit(r, place, field,
	    arena_printf(
		r->arena, "has more than %lld elements", (long long)field->max)
		.data);
}

/* --- Reading --------------------------------------------------------------- */

const struct field *
shape_field(const struct shape *shape, struct slice name)
{
	size_t i;

	for (i = 0; i < shape->n_fields; i++) {
		if (slice_equal_string(name, shape->fields[i].name))
			return &shape->fields[i];
	}

	return NULL;
}

bool
shape_is_secret(const struct field *field)
{
	return field->kind->is_secret ||
	    (field->each != NULL && field->each->kind->is_secret);
}

/* Names mostly come in the order of the table. */
static const struct field *
find_field(const struct shape *shape, struct slice name, size_t *next)
{
	const struct field *field;

	if (*next < shape->n_fields &&
	    slice_equal_string(name, shape->fields[*next].name))
		return &shape->fields[(*next)++];
	field = shape_field(shape, name);
	if (field != NULL)
		*next = (size_t)(field - shape->fields) + 1;

	return field;
}

static void
mark_present(const struct field *field, void *object)
{
	if (field->has != 0)
		*(bool *)((char *)object + field->has - 1) = true;
}

static enum err
take_text(struct shape_reader *r, const struct field *field,
    const struct place *place, struct slice text, void *to)
{
	struct shape_text t = {.arena = r->arena,
	    .field = field,
	    .text = text,
	    .is_kept = r->is_kept};

	if (field->kind->parse == NULL || field->kind->parse(&t, to))
		return shape_misfit(r, place, field, t.why);

	return OK;
}

/* JSON has a notation of its own for the value. */
static enum err
no_text(const struct shape_reader *r, const struct field *field,
    const struct place *place)
{
	return shape_misfit(r, place, field,
	    arena_printf(
		r->arena, "is a text; expected %s", field->kind->expected)
		.data);
}

/* One value.  *ret_there becomes false for what counts as absent. */
enum err
shape_take_value(struct shape_reader *r, const struct field *field,
    const struct place *place, void *to, bool *ret_there)
{
	struct slice text;

	*ret_there = false;
	switch (json_in_peek(r->in)) {
	case JSON_IN_NULL:
		return json_in_null(r->in) ? OK : ERR_INPUT;
	case JSON_IN_TEXT:
		if (!json_in_text(r->in, &text))
			return ERR_INPUT;
		if (text.len == 0 && field->presence == OPTIONAL)
			return OK;
		*ret_there = true;
		return field->kind->read != NULL
		    ? no_text(r, field, place)
		    : take_text(r, field, place, text, to);
	case JSON_IN_NONE:
		(void)json_in_refuse(r->in, "is not valid JSON");
		return ERR_INPUT;
	case JSON_IN_OBJECT:
	case JSON_IN_ARRAY:
	case JSON_IN_NUMBER:
	case JSON_IN_BOOL:
		break;
	}
	*ret_there = true;
	if (field->kind->read == NULL)
		return shape_misfit(r, place, field, NULL);

	return field->kind->read(r, field, place, to);
}

/* The next value is that of a field of `object`. */
static enum err
take_field(struct shape_reader *r, const struct field *field,
    const struct place *outer, void *object, uint64_t bit, uint64_t *seen)
{
	struct place place = {.outer = outer, .name = field->name};
	bool there;
	enum err rc;

	if (*seen & bit)
		return shape_misfit(r, &place, field,
		    "repeated; expected "
		    "once");
	rc = shape_take_value(
	    r, field, &place, (char *)object + field->offset, &there);
	*seen |= bit;
	if (rc)
		return rc;
	if (there)
		mark_present(field, object);
	else if (field->presence == REQUIRED)
		return missing(r, outer, field);

	return OK;
}

static enum err
check_present(const struct shape_reader *r, const struct shape *shape,
    const struct place *place, uint64_t seen)
{
	size_t i;

	for (i = 0; i < shape->n_fields; i++) {
		if (shape->fields[i].presence == REQUIRED && !(seen >> i & 1))
			return missing(r, place, &shape->fields[i]);
	}

	return OK;
}

/* The members of the object that comes next. */
static enum err
take_members(struct shape_reader *r, const struct shape *shape,
    const struct place *place, void *to, uint64_t *seen)
{
	const struct field *field;
	struct slice name;
	size_t next = 0;
	enum err rc = OK;

	if (!json_in_object(r->in))
		return ERR_INPUT;
	while (rc == OK && json_in_key(r->in, &name)) {
		field = find_field(shape, name, &next);
		if (field == NULL)
			return unknown(r, place, shape, name);
		rc = take_field(r, field, place, to,
		    UINT64_C(1) << (field - shape->fields), seen);
	}

	return rc == OK && r->in->why != NULL ? ERR_INPUT : rc;
}

enum err
shape_take_object(struct shape_reader *r, const struct shape *shape,
    const struct place *place, void *to)
{
	uint64_t seen = 0;
	enum err rc = take_members(r, shape, place, to, &seen);

	return rc ? rc : check_present(r, shape, place, seen);
}

/* The fields of a shape in their order, as the elements of an array. */
enum err
shape_take_row(struct shape_reader *r, const struct shape *shape,
    const struct place *place, void *to)
{
	uint64_t seen = 0;
	size_t i = 0;
	enum err rc = OK;

	if (!json_in_array(r->in))
		return ERR_INPUT;
	for (; rc == OK && json_in_element(r->in); i++) {
		if (i == shape->n_fields)
			return shape_refuse(r, place,
			    arena_printf(r->arena, "expected %zu columns",
				shape->n_fields)
				.data);
		rc = take_field(
		    r, &shape->fields[i], place, to, UINT64_C(1) << i, &seen);
	}
	if (rc)
		return rc;
	if (r->in->why != NULL)
		return ERR_INPUT;

	return check_present(r, shape, place, seen);
}

/* --- Names and values ------------------------------------------------------ */

void
shape_set_many(const struct field *field, void *to, const void *all, size_t n)
{
	char *object = (char *)to - field->offset;

	memcpy(to, &all, sizeof(all));
	memcpy(object + field->count, &n, sizeof(n));
}

/* All values of that name, when the first of them comes. */
static enum err
take_pairs(struct shape_reader *r, const struct field *field,
    const struct pair *pairs, size_t n, void *to)
{
	size_t i, many = 0, size = field->each->kind->size;
	struct place place = {.name = field->name};
	struct place element = {.outer = &place};
	char *all = arena_array(r->arena, n, size);
	enum err rc = OK;

	for (i = 0; rc == OK && i < n; i++) {
		if (!slice_equal_string(pairs[i].name, field->name))
			continue;
		if (many == (size_t)field->max)
			return shape_too_many(r, &place, field);
		element.index = many;
		rc = take_text(r, field->each, &element, pairs[i].value,
		    all + many++ * size);
	}
	shape_set_many(field, to, all, many);

	return rc;
}

static enum err
take_pair(struct shape_reader *r, const struct field *field, struct slice text,
    void *object, bool again)
{
	struct place place = {.name = field->name};

	if (again)
		return shape_misfit(r, &place, field,
		    "repeated; expected "
		    "once");
	if (slice_is_empty(text) && field->presence == OPTIONAL)
		return OK;
	mark_present(field, object);

	return take_text(
	    r, field, &place, text, (char *)object + field->offset);
}

static enum err
take_all_pairs(struct shape_reader *r, const struct shape *shape,
    const struct pair *pairs, size_t n, void *to, uint64_t *seen)
{
	const struct field *field;
	size_t i, next = 0;
	uint64_t bit;
	enum err rc = OK;

	for (i = 0; rc == OK && i < n; i++) {
		field = find_field(shape, pairs[i].name, &next);
		if (field == NULL)
			return unknown(r, NULL, shape, pairs[i].name);
		bit = UINT64_C(1) << (field - shape->fields);
		if (field->each == NULL)
			rc = take_pair(
			    r, field, pairs[i].value, to, *seen & bit);
		else if (slice_is_empty(pairs[i].value) &&
		    field->presence == OPTIONAL)
			continue;
		else if (!(*seen & bit))
			rc = take_pairs(r, field, pairs + i, n - i,
			    (char *)to + field->offset);
		*seen |= bit;
	}

	return rc;
}

/* --- Documents ------------------------------------------------------------- */

/* Read the pairs, then the object that comes next, if there is a cursor.  If a
 * kind gave no reason for a refusal, the cursor gives it. */
static enum err
fill(struct shape_reader *r, const struct shape *shape,
    const struct pair *pairs, size_t n, void *to)
{
	uint64_t seen = 0;
	enum err rc;

	assert(shape->n_fields <= SHAPE_FIELDS_MAX);
	memset(to, 0, shape->size);
	rc = take_all_pairs(r, shape, pairs, n, to, &seen);
	if (rc == OK && r->in != NULL && json_in_peek(r->in) != JSON_IN_OBJECT)
		rc = json_in_refuse(r->in, "is not a JSON object") ? OK
								   : ERR_INPUT;
	else if (rc == OK && r->in != NULL)
		rc = take_members(r, shape, NULL, to, &seen);
	if (rc == OK)
		rc = check_present(r, shape, NULL, seen);
	if (rc && r->problem->text[0] == '\0')
		rc = json_in_finish(r->in, "the text", r->problem);

	return rc;
}

/* By a reader that has an arena. */
static enum err
fill_by(struct shape_reader r, const struct shape *shape,
    const struct pair *pairs, size_t n, struct slice json, void *to,
    struct problem *problem)
{
	struct problem ours = {0};
	struct json_in in;
	enum err rc;

	r.problem = &ours;
	if (json.data != NULL) {
		json_in_init(&in, r.arena, json, SHAPE_VALUES_MAX);
		r.in = &in;
	}
	rc = fill(&r, shape, pairs, n, to);
	if (rc == OK && r.in != NULL)
		rc = json_in_finish(&in, "the text", &ours);
	if (rc && problem != NULL)
		*problem = ours;

	return rc;
}

enum err
shape_fill(const struct shape *shape, struct arena *arena,
    const struct pair *pairs, size_t n, struct slice json, void *to,
    struct problem *problem)
{
	struct shape_reader r = {.arena = arena};

	return fill_by(r, shape, pairs, n, json, to, problem);
}

enum err
shape_read_kept(const struct shape *shape, struct arena *arena,
    struct slice json, void *to, struct problem *problem)
{
	struct shape_reader r = {.arena = arena, .is_kept = true};

	if (json.data == NULL)
		json = SLICE("");

	return fill_by(r, shape, NULL, 0, json, to, problem);
}

enum err
shape_read(const struct shape *shape, struct arena *arena, struct slice json,
    void *to, struct problem *problem)
{
	if (json.data == NULL)
		json = SLICE("");

	return shape_fill(shape, arena, NULL, 0, json, to, problem);
}
