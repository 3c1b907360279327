#include "host/routes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "wire/http_form.h"

/* Does `path` fit `pattern`?  Captures the part that {name} stands for. */
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
		    "this path does not take the method of the request; the "
		    "header Allow names those that it takes");

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

void
routes_accept(struct buf *ret_headers)
{
	if (http_header_add(
		ret_headers, "Accept", SLICE(HTTP_MEDIA_EXPECTED)) ||
	    http_header_add(ret_headers, "Accept-Encoding", SLICE("identity")))
		abort();
}

bool
route_has_body(const struct route *route)
{
	return !route->raw &&
	    (route->method == HTTP_POST || route->method == HTTP_PUT);
}

/* All names and values of a call, in the order in which they were given. */
struct gathered {
	struct pair *pairs;
	size_t n;
	struct slice json; /* the body, unless it is a form */
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

/* A body that is not to be read as it stands: ERR_MEDIA.  A raw one may be of
 * any type. */
static enum err
check_body(
    const struct input *in, enum http_media *ret, struct problem *problem)
{
	const struct http_call *call = in->call;

	*ret = HTTP_MEDIA_OTHER;
	if (call->body.len == 0)
		return OK;
	if (call->content_encoding.data != NULL)
		return problem_set(problem, ERR_MEDIA,
		    "the body has a Content-Encoding; send it as it is");
	if (in->route->raw && call->content_type.data == NULL)
		return OK;

	return http_media_read(call->content_type, ret, problem);
}

/* A client such as curl calls every body a form, unless it is told the type. */
static bool
is_json_called_a_form(enum http_media media, struct slice body)
{
	struct slice text = slice_trim(body);

	return media == HTTP_MEDIA_URLENCODED &&
	    (slice_has_prefix(text, SLICE("{")) ||
		slice_has_prefix(text, SLICE("[")));
}

static enum err
gather_body(struct arena *arena, const struct http_call *call,
    enum http_media media, struct gathered *to, struct problem *problem)
{
	const struct pair *pairs;
	size_t n;

	if (call->body.len == 0)
		return OK;
	if (media == HTTP_MEDIA_OTHER)
		return problem_set(problem, ERR_MEDIA,
		    "no body of this Content-Type is taken here; expected one "
		    "of " HTTP_MEDIA_EXPECTED);
	if (is_json_called_a_form(media, call->body))
		return problem_set(problem, ERR_MEDIA,
		    "the body looks like JSON, but its Content-Type is that of "
		    "a form, application/x-www-form-urlencoded; send JSON with "
		    "Content-Type: application/json");
	if (media == HTTP_MEDIA_JSON) {
		to->json = call->body;
		return OK;
	}
	TRY(http_form_read(
	    arena, call->content_type, call->body, &pairs, &n, problem));
	add_pairs(arena, pairs, n, to);

	return OK;
}

/* Logs and histories keep a URL: no secret stands in a query, and nothing at all
 * that a body can bring. */
static enum err
check_query(const struct route *route, const struct pair *pairs, size_t n,
    struct problem *problem)
{
	const struct field *f;
	size_t i;

	for (i = 0; i < n; i++) {
		f = shape_field(route->shape, pairs[i].name);
		if (f != NULL && (route_has_body(route) || shape_is_secret(f)))
			return problem_set(problem, ERR_INPUT,
			    "field %s: must not stand in the query, which logs "
			    "keep; send it in the body",
			    f->name);
	}

	return OK;
}

/* Gather path, query and body; the shape refuses a field that is given
 * twice. */
static enum err
gather(struct arena *arena, const struct input *in, enum http_media media,
    struct gathered *ret, struct problem *problem)
{
	struct pair captures[PATH_PARTS_MAX] = {0};
	const struct pair *pairs;
	size_t i, n;

	for (i = 0; i < in->n_captures; i++) {
		captures[i].name = in->names[i];
		captures[i].value = in->parts[i];
	}
	add_pairs(arena, captures, in->n_captures, ret);
	TRY(http_query_read(arena, in->call->query, &pairs, &n, problem));
	TRY(check_query(in->route, pairs, n, problem));
	add_pairs(arena, pairs, n, ret);

	return in->route->raw
	    ? OK
	    : gather_body(arena, in->call, media, ret, problem);
}

static enum err
fill(struct arena *arena, struct input *in, enum http_media media,
    struct problem *problem)
{
	const struct shape *shape = in->route->shape;
	struct gathered all = {0};
	enum err rc = gather(arena, in, media, &all, problem);

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
	enum http_media media;

	in->call = call;
	TRY(check_body(in, &media, problem));

	return in->route->shape == NULL ? OK : fill(arena, in, media, problem);
}

const void *
input_filled(const struct input *in, const struct shape *shape)
{
	assert(in->route->shape == shape);

	return in->filled;
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

bool
input_resumed(const struct input *in)
{
	return in->call->resumed;
}

const struct http_call *
input_call(const struct input *in)
{
	return in->call;
}
