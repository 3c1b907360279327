#include "host/routes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "wire/http_form.h"

/* Does `path` fit `pattern`?  Captures what stands for {name}. */
static bool
match(const char *pattern, struct slice path, struct input *in)
{
	struct slice rest = slice_of(pattern), want, have;

	in->n_captures = 0;
	do {
		want = slice_cut(&rest, '/');
		have = slice_cut(&path, '/');
		if (want.len > 2 && want.data[0] == '{') {
			if (slice_is_empty(have))
				return false;
			assert(in->n_captures < PATH_PARTS_MAX);
			in->names[in->n_captures] =
			    slice_bytes(want.data + 1, want.len - 2);
			in->parts[in->n_captures++] = have;
		} else if (!slice_equal(want, have))
			return false;
	} while (rest.data != NULL && path.data != NULL);

	return rest.data == NULL && path.data == NULL;
}

static bool
stands_at(const struct route *route, unsigned int doors)
{
	unsigned int of = route->doors != 0 ? route->doors : HTTP_DOOR_PEERS;

	return (of & doors) != 0;
}

enum err
routes_find(const struct route *routes, const struct http_call *call,
    struct input *ret, struct problem *problem)
{
	const struct route *r;

	for (r = routes; r != NULL && r->handle != NULL; r++) {
		if (!stands_at(r, call->doors) ||
		    !match(r->path, call->path, ret))
			continue;
		if (r->method == call->method) {
			ret->route = r;
			return OK;
		}
		ret->allowed |= 1u << r->method;
	}
	if (ret->allowed != 0)
		return problem_set(problem, ERR_METHOD,
		    "this path does not take %s; the header Allow names the "
		    "methods that it takes",
		    http_method_name(call->method));

	return problem_set(problem, ERR_NOT_FOUND,
	    "this system has no such path at this port; GET /health is at all "
	    "of them");
}

void
routes_allow(unsigned int allowed, struct buf *ret_headers)
{
	enum http_method m;
	struct buf list;

	buf_init(&list);
	for (m = HTTP_GET; m < HTTP_OTHER; m++) {
		if ((allowed & 1u << m) != 0)
			buf_printf(&list, "%s%s", list.len > 0 ? ", " : "",
			    m == HTTP_GET ? "GET, HEAD" : http_method_name(m));
	}
	if (http_header_add(ret_headers, "Allow", buf_slice(&list)))
		abort();
	buf_done(&list);
}

size_t
route_body_bytes(const struct route *route, const struct http_call *call)
{
	size_t max =
	    route->max_bytes != 0 ? route->max_bytes : ROUTE_BODY_BYTES;
	bool is_strange = !call->has_certificate &&
	    (route->role == ROLE_OPERATOR || route->role == ROLE_PEER);

	return is_strange && max > ROUTE_BODY_BYTES ? ROUTE_BODY_BYTES : max;
}

static const char *
input_kind_text(enum field_kind kind)
{
	switch (kind) {
	case FIELD_TEXT:
		return "printable text";
	case FIELD_INT:
		return "a whole number";
	case FIELD_BOOL:
		return "true or false";
	case FIELD_DATE:
		return "a date such as 2026-11-21";
	case FIELD_ID:
		return "32 hexadecimal digits";
	case FIELD_DIGITS:
		return "decimal digits";
	case FIELD_OBJECT:
		return "an object";
	case FIELD_ARRAY:
		return "a list";
	}

	return "another kind";
}

static enum err
misfit(const struct input_field *f, const char *why, struct problem *problem)
{
	return problem_set(problem, ERR_INPUT, "field %s: %s; expected %s",
	    f->name, why, input_kind_text(f->kind));
}

static bool
all_in(struct slice s, const char *set)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '\0' || strchr(set, s.data[i]) == NULL)
			return false;
	}

	return true;
}

/* A value that came as text, whatever its kind. */
static enum err
check_text(const struct input_field *f, struct slice s, struct value *v,
    struct problem *problem)
{
	uint64_t n;

	v->text = s;
	switch (f->kind) {
	case FIELD_TEXT:
		if (s.len == 0 || s.len > (size_t)f->max)
			return misfit(f, "empty or too long", problem);
		if (!text_is_printable(s))
			return misfit(f, "characters not allowed", problem);
		return OK;
	case FIELD_INT:
		if (slice_to_u64(s, (uint64_t)f->max, &n))
			return misfit(f, "out of range", problem);
		v->number = (int64_t)n;
		return OK;
	case FIELD_BOOL:
		v->number = slice_equal_string(s, "true");
		if (v->number || slice_equal_string(s, "false"))
			return OK;
		return misfit(f, "neither", problem);
	case FIELD_DATE:
		if (date_parse(s, &v->date))
			return misfit(f, "no such day", problem);
		if (f->max != 1 && !date_is_known(v->date))
			return misfit(f, "not a known day", problem);
		return OK;
	case FIELD_ID:
		if (s.len != 32 || !all_in(s, "0123456789abcdef"))
			return misfit(f, "malformed", problem);
		return OK;
	case FIELD_DIGITS:
		if (s.len != (size_t)f->max || !all_in(s, "0123456789"))
			return misfit(f, "malformed", problem);
		return OK;
	case FIELD_OBJECT:
	case FIELD_ARRAY:
		return misfit(f, "text", problem);
	}

	return ERR_INTERNAL;
}

static enum err
check_json(const struct input_field *f, const json_t *j, struct value *v,
    struct problem *problem)
{
	v->json = j;
	if (json_is_string(j))
		return check_text(f,
		    slice_bytes(json_string_value(j), json_string_length(j)), v,
		    problem);
	if (f->kind == FIELD_INT && json_is_integer(j)) {
		v->number = json_integer_value(j);
		if (v->number < 0 || v->number > f->max)
			return misfit(f, "out of range", problem);
		return OK;
	}
	if (f->kind == FIELD_BOOL && json_is_boolean(j)) {
		v->number = json_boolean_value(j);
		return OK;
	}
	if (f->kind == FIELD_OBJECT && json_is_object(j))
		return OK;
	if (f->kind == FIELD_ARRAY && json_is_array(j)) {
		if (json_array_size(j) > (size_t)f->max)
			return misfit(f, "too many elements", problem);
		return OK;
	}

	return misfit(f, "another kind", problem);
}

static struct slice
capture(const struct input *in, const char *name)
{
	size_t i;

	for (i = 0; i < in->n_captures; i++) {
		if (slice_equal_string(in->names[i], name))
			return in->parts[i];
	}

	return (struct slice){0};
}

/* Where the value of a field comes from: path, then query or body. */
static enum err
read_field(struct arena *arena, const struct http_call *call,
    const struct input *in, const struct input_field *f, struct value *v,
    struct problem *problem)
{
	struct slice s = capture(in, f->name);
	const json_t *j = NULL;

	if (s.data == NULL && in->document != NULL)
		j = json_object_get(in->document, f->name);
	else if (s.data == NULL)
		s = http_query_value(arena, call->query, f->name);
	v->present = s.data != NULL || (j != NULL && !json_is_null(j));
	if (!v->present) {
		if (f->required)
			return misfit(f, "missing", problem);
		return OK;
	}
	if (j != NULL)
		return check_json(f, j, v, problem);

	return check_text(f, s, v, problem);
}

static bool
is_field(const struct route *route, const char *name)
{
	const struct input_field *f;

	for (f = route->fields; f != NULL && f->name != NULL; f++) {
		if (strcmp(f->name, name) == 0)
			return true;
	}

	return false;
}

#define SHOWN_MAX 40

static enum err
unknown_field(const char *name, struct problem *problem)
{
	struct slice shown = utf8_cut(slice_of(name), SHOWN_MAX);

	return problem_set(problem, ERR_INPUT,
	    "field %.*s: not known here; see the description of the API",
	    SLICE_ARG(shown));
}

static enum err
read_document(
    const struct http_call *call, struct input *in, struct problem *problem)
{
	const char *key;
	json_t *value;
	enum err rc;

	if (in->route->raw || call->method == HTTP_GET ||
	    call->method == HTTP_DELETE || call->body.len == 0)
		return OK;
	rc =
	    json_read(call->body, "the request's body", &in->document, problem);
	if (rc)
		return rc;
	if (!json_is_object(in->document))
		return problem_set(problem, ERR_INPUT,
		    "the request's body must be a JSON object");
	json_object_foreach(in->document, key, value)
	{
		if (!is_field(in->route, key))
			return unknown_field(key, problem);
	}

	return OK;
}

/* All names and values of a call, in the order in which they were said. */
struct gathered {
	struct pair *pairs;
	size_t n;
	struct slice json; /* the body, if it is none of a form */
};

static void
add_pairs(struct arena *arena, const struct pair *pairs, size_t n,
    struct gathered *to)
{
	struct pair *all = arena_array(arena, to->n + n, sizeof(*all));

	if (to->n > 0)
		memcpy(all, to->pairs, to->n * sizeof(*all));
	if (n > 0)
		memcpy(all + to->n, pairs, n * sizeof(*all));
	to->pairs = all;
	to->n += n;
}

static enum err
gather_body(struct arena *arena, const struct http_call *call,
    struct gathered *to, struct problem *problem)
{
	const struct pair *pairs;
	size_t n;
	enum err rc;

	if (call->body.len == 0)
		return OK;
	if (!http_is_form(call->content_type)) {
		to->json = call->body;
		return OK;
	}
	rc = http_form_read(
	    arena, call->content_type, call->body, &pairs, &n, problem);
	if (rc == OK)
		add_pairs(arena, pairs, n, to);

	return rc;
}

/* Path, query, body: what names a field twice is refused by the shape. */
static enum err
gather(struct arena *arena, const struct input *in, struct gathered *ret,
    struct problem *problem)
{
	struct pair captures[PATH_PARTS_MAX] = {0};
	const struct pair *pairs;
	size_t i, n;
	enum err rc;

	for (i = 0; i < in->n_captures; i++) {
		captures[i].name = in->names[i];
		captures[i].value = in->parts[i];
	}
	add_pairs(arena, captures, in->n_captures, ret);
	rc = http_query_read(arena, in->call->query, &pairs, &n, problem);
	if (rc)
		return rc;
	add_pairs(arena, pairs, n, ret);

	return in->route->raw ? OK : gather_body(arena, in->call, ret, problem);
}

static enum err
fill(struct arena *arena, struct input *in, struct problem *problem)
{
	const struct shape *shape = in->route->shape;
	struct gathered all = {0};
	enum err rc = gather(arena, in, &all, problem);

	if (rc)
		return rc;
	in->filled = arena_alloc(arena, shape->size);

	return shape_fill(
	    shape, arena, all.pairs, all.n, all.json, in->filled, problem);
}

enum err
input_read(struct arena *arena, const struct http_call *call, struct input *in,
    struct problem *problem)
{
	const struct input_field *f;
	size_t i = 0;
	enum err rc;

	in->call = call;
	if (in->route->shape != NULL)
		return fill(arena, in, problem);
	rc = read_document(call, in, problem);
	for (f = in->route->fields; rc == OK && f != NULL && f->name != NULL;
	     f++) {
		assert(i < INPUT_FIELDS_MAX);
		rc = read_field(arena, call, in, f, &in->values[i++], problem);
	}

	return rc;
}

void
input_done(struct input *in)
{
	json_decref(in->document);
	in->document = NULL;
}

/* A name that the route's table lacks is a programmer's error. */
static const struct value *
value_of(const struct input *in, const char *name)
{
	const struct input_field *f;
	size_t i = 0;

	for (f = in->route->fields; f != NULL && f->name != NULL; f++, i++) {
		if (strcmp(f->name, name) == 0)
			return &in->values[i];
	}
	abort();
}

struct slice
input_text(const struct input *in, const char *name)
{
	return value_of(in, name)->text;
}

int64_t
input_int(const struct input *in, const char *name)
{
	return value_of(in, name)->number;
}

bool
input_bool(const struct input *in, const char *name)
{
	return value_of(in, name)->number != 0;
}

struct date
input_date(const struct input *in, const char *name)
{
	return value_of(in, name)->date;
}

const json_t *
input_json(const struct input *in, const char *name)
{
	return value_of(in, name)->json;
}

const void *
input_filled(const struct input *in, const struct shape *shape)
{
	assert(in->route->shape == shape);

	return in->filled;
}

bool
input_has(const struct input *in, const char *name)
{
	return value_of(in, name)->present;
}

struct slice
input_raw(const struct input *in)
{
	return in->call->body;
}

bool
input_waited(const struct input *in)
{
	return in->call->waited;
}

const struct http_call *
input_call(const struct input *in)
{
	return in->call;
}
