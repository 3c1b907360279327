#include "nation/openapi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/reply.h"
#include "host/routes.h"
#include "nation/openapi_schema.h"
#include "wire/receipt.h"

#define ROUTES_MAX 128
#define RESPONSES "#/components/responses/"

static void
put(struct json_out *o, const char *key, const char *text)
{
	json_out_text(o, key, slice_of(text));
}

/* --- Fields -------------------------------------------------------------- */

/* The route whose media types are its own. */
static bool
is_envelopes(const struct route *r)
{
	return strcmp(r->path, "/envelopes") == 0;
}

static bool
is_in_path(const struct route *r, const char *name)
{
	size_t len = strlen(name);
	const char *c;

	for (c = r->path; (c = strchr(c, '{')) != NULL; c++) {
		if (strncmp(c + 1, name, len) == 0 && c[1 + len] == '}')
			return true;
	}

	return false;
}

static bool
has_body(const struct route *r)
{
	return r->method == HTTP_POST || r->method == HTTP_PUT;
}

static bool
is_in_body(const void *context, const struct field *field)
{
	const struct route *r = context;

	return route_has_body(r) && !is_in_path(r, field->name);
}

static void
put_parameters(struct json_out *o, const struct route *r)
{
	const struct field *f;
	bool in_path;
	size_t i;

	json_out_array(o, "parameters");
	for (i = 0; r->shape != NULL && i < r->shape->n_fields; i++) {
		f = &r->shape->fields[i];
		if (is_in_body(r, f))
			continue;
		in_path = is_in_path(r, f->name);
		json_out_object(o, NULL);
		put(o, "name", f->name);
		put(o, "in", in_path ? "path" : "query");
		json_out_bool(
		    o, "required", in_path || f->presence == REQUIRED);
		openapi_field(o, "schema", f);
		json_out_end(o);
	}
	json_out_end(o);
}

/* Has the body fields of that presence? */
static bool
has_fields(const struct route *r, enum presence presence)
{
	const struct field *f;
	size_t i;

	for (i = 0; r->shape != NULL && i < r->shape->n_fields; i++) {
		f = &r->shape->fields[i];
		if (f->presence == presence && is_in_body(r, f))
			return true;
	}

	return false;
}

static void
put_content(struct json_out *o, const char *media_type)
{
	json_out_object(o, "content");
	json_out_object(o, media_type);
	json_out_end(o);
	json_out_end(o);
}

/* Can a form bring the body?  It has no nested values. */
static bool
is_flat(const struct route *r)
{
	const struct field *f;
	size_t i;

	for (i = 0; i < r->shape->n_fields; i++) {
		f = &r->shape->fields[i];
		if (is_in_body(r, f) && f->kind->parse == NULL &&
		    f->each == NULL)
			return false;
	}

	return true;
}

static void
put_media(struct json_out *o, const struct route *r, const char *media_type)
{
	json_out_object(o, media_type);
	json_out_object(o, "schema");
	put(o, "type", "object");
	openapi_object(o, r->shape, is_in_body, r);
	json_out_end(o);
	json_out_end(o);
}

/* As HTTP_MEDIA_EXPECTED says. */
static void
put_fields(struct json_out *o, const struct route *r)
{
	json_out_object(o, "content");
	put_media(o, r, "application/json");
	if (is_flat(r)) {
		put_media(o, r, "application/x-www-form-urlencoded");
		put_media(o, r, "multipart/form-data");
	}
	json_out_end(o);
}

static void
put_body(struct json_out *o, const struct route *r)
{
	size_t max = r->max_bytes != 0 ? r->max_bytes : ROUTE_BODY_BYTES;
	bool must = r->raw || has_fields(r, REQUIRED);

	if (!must && !has_fields(r, OPTIONAL))
		return;
	json_out_object(o, "requestBody");
	json_out_bool(o, "required", must);
	json_out_int(o, "x-max-bytes", (int64_t)max);
	if (r->raw)
		put_content(o, is_envelopes(r) ? ENVELOPES_MEDIA_TYPE : "*/*");
	else
		put_fields(o, r);
	json_out_end(o);
}

/* --- Messages ------------------------------------------------------------ */

static void
put_messages(struct json_out *o, const struct system *s)
{
	const struct message_handler *m;

	json_out_array(o, "x-messages");
	for (m = s->component.messages; m != NULL && m->takes != NULL; m++) {
		json_out_object(o, NULL);
		put(o, "type", m->takes->name);
		put(o, "from", m->from);
		put(o, "organisation",
		    m->scope & FROM_OWN_ORGANISATION ? "own" : "any");
		put(o, "summary", m->summary);
		json_out_end(o);
	}
	json_out_end(o);
}

/* --- Operations ---------------------------------------------------------- */

static void
put_method(struct json_out *o, enum http_method method)
{
	char name[8];
	size_t i;

	snprintf(name, sizeof(name), "%s", http_method_name(method));
	for (i = 0; name[i] != '\0'; i++)
		name[i] = (char)(name[i] | 0x20);
	json_out_object(o, name);
}

/* "post-imports-import-chunks". */
static void
put_operation_id(struct json_out *o, const struct route *r)
{
	struct buf id;
	const char *c;

	buf_init(&id);
	for (c = http_method_name(r->method); *c != '\0'; c++)
		buf_add_char(&id, (char)(*c | 0x20));
	for (c = r->path; *c != '\0'; c++) {
		if (*c == '/')
			buf_add_char(&id, '-');
		else if (*c != '{' && *c != '}')
			buf_add_char(&id, *c);
	}
	json_out_text(o, "operationId", buf_slice(&id));
	buf_done(&id);
}

/* The scheme by which a caller shows a right; NULL: it need not. */
static const char *
scheme(enum right right)
{
	if (right == RIGHT_PUBLIC)
		return NULL;
	if (right == RIGHT_RESIDENT)
		return "session";

	return right == RIGHT_PEER ? "peer" : "operator";
}

static void
put_security(struct json_out *o, enum right right)
{
	const struct duty_info *duty = duty_info(right);
	const char *name = scheme(right);

	json_out_array(o, "security");
	if (name != NULL) {
		json_out_object(o, NULL);
		json_out_array(o, name);
		json_out_end(o);
		json_out_end(o);
	}
	json_out_end(o);
	if (duty != NULL)
		put(o, "x-duty", duty->name);
	if ((RIGHT_BIT(right) & DUTIES_OF_TWO) != 0)
		json_out_bool(o, "x-second-holder", true);
}

/* The doors of the system at which the route stands. */
static void
put_doors(struct json_out *o, const struct system *s, const struct route *r)
{
	unsigned int doors = r->doors != 0 ? r->doors : HTTP_DOOR_PEERS, door;

	doors &= s->doors | HTTP_DOOR_PEERS;
	json_out_array(o, "x-doors");
	for (door = HTTP_DOOR_PEERS; door <= HTTP_DOOR_PUBLIC; door <<= 1) {
		if (doors & door)
			put(o, NULL, http_door_name((enum http_door)door));
	}
	json_out_end(o);
}

static void
put_reference(struct json_out *o, const char *key, const char *to)
{
	json_out_object(o, key);
	put(o, "$ref", to);
	json_out_end(o);
}

/* The refusals that a head decides, by the right that the route asks. */
static void
put_refusals_of_right(struct json_out *o, enum right right)
{
	if (right == RIGHT_RESIDENT)
		put_reference(o, "401", RESPONSES "session");
	else if (right != RIGHT_PUBLIC)
		put_reference(o, "403", RESPONSES "right");
}

static void
put_responses(struct json_out *o, const struct route *r)
{
	json_out_object(o, "responses");
	json_out_object(o, "2XX");
	put(o, "description",
	    is_envelopes(r) ? "the signed receipt" : "the answer");
	if (is_envelopes(r))
		put_content(o, RECEIPT_MEDIA_TYPE);
	json_out_end(o);
	put_refusals_of_right(o, r->right);
	put_reference(o, "405", RESPONSES "method");
	if (has_body(r)) {
		put_reference(o, "413", RESPONSES "size");
		put_reference(o, "415", RESPONSES "media");
	}
	put_reference(o, "503", RESPONSES "busy");
	put_reference(o, "default", RESPONSES "problem");
	json_out_end(o);
}

static void
put_operation(struct json_out *o, const struct system *s, const struct route *r)
{

	put_method(o, r->method);
	put_operation_id(o, r);
	put(o, "summary", r->summary);
	put_security(o, r->right);
	put_doors(o, s, r);
	put_parameters(o, r);
	put_body(o, r);
	put_responses(o, r);
	if (is_envelopes(r))
		put_messages(o, s);
	json_out_end(o);
}

/* --- Paths --------------------------------------------------------------- */

struct paths {
	const struct route *routes[ROUTES_MAX];
	size_t n;
};

static void
add_routes(struct paths *paths, const struct route *routes)
{
	for (; routes != NULL && routes->handle != NULL; routes++) {
		if (paths->n == ROUTES_MAX)
			abort(); /* ROUTES_MAX must grow */
		paths->routes[paths->n++] = routes;
	}
}

/* The first route of this path brings all others along. */
static void
put_path(struct json_out *o, const struct system *s, const struct paths *paths,
    size_t first)
{
	const char *path = paths->routes[first]->path;
	size_t i;

	for (i = 0; i < first; i++) {
		if (strcmp(paths->routes[i]->path, path) == 0)
			return;
	}
	json_out_object(o, path);
	for (i = first; i < paths->n; i++) {
		if (strcmp(paths->routes[i]->path, path) == 0)
			put_operation(o, s, paths->routes[i]);
	}
	json_out_end(o);
}

static void
put_paths(struct json_out *o, const struct system *s)
{
	const struct component *const *c;
	struct paths paths = {.n = 0};
	size_t i;

	add_routes(&paths, s->component.routes);
	for (c = s->components; *c != NULL; c++)
		add_routes(&paths, (*c)->routes);
	json_out_object(o, "paths");
	for (i = 0; i < paths.n; i++)
		put_path(o, s, &paths, i);
	json_out_end(o);
}

/* --- The document -------------------------------------------------------- */

static void
put_info(struct json_out *o, const struct system *s)
{
	json_out_object(o, "info");
	json_out_text(o, "title",
	    arena_printf(
		o->arena, "bango %s (%s)", s->component.name, s->title));
	put(o, "summary", s->summary);
	put(o, "description",
	    "Each operation says in x-doors at which servers it stands. "
	    "Bodies and their fields have bounds in bytes: x-max-bytes. "
	    "HEAD is taken where GET is. A body is in UTF-8 and has no "
	    "Content-Encoding.");
	json_out_object(o, "license");
	put(o, "name", "Apache License 2.0");
	put(o, "identifier", "Apache-2.0");
	json_out_end(o);
	put(o, "version", BANGO_VERSION);
	json_out_end(o);
}

static void
put_variable(struct json_out *o, const char *name, const char *usual)
{
	json_out_object(o, name);
	put(o, "default", usual);
	json_out_end(o);
}

static void
put_server(struct json_out *o, enum http_door door, const char *description,
    const char *port)
{
	json_out_object(o, NULL);
	put(o, "url",
	    door == HTTP_DOOR_PUBLIC ? "http://{host}:{port}"
				     : "https://{host}:{port}");
	put(o, "description", description);
	put(o, "x-door", http_door_name(door));
	json_out_object(o, "variables");
	put_variable(o, "host", "127.0.0.1");
	put_variable(o, "port", port);
	json_out_end(o);
	json_out_end(o);
}

static void
put_servers(struct json_out *o, const struct system *s)
{
	json_out_array(o, "servers");
	put_server(o, HTTP_DOOR_PEERS,
	    s->public_api
		? "TLS 1.3; callers may come without a certificate."
		: "TLS 1.3; every caller shows a certificate of the nation.",
	    "7300");
	if (s->doors & HTTP_DOOR_PEOPLE)
		put_server(o, HTTP_DOOR_PEOPLE,
		    "TLS 1.3, asks for no certificate; port as people_port "
		    "says",
		    "7320");
	if (s->doors & HTTP_DOOR_PUBLIC)
		put_server(o, HTTP_DOOR_PUBLIC,
		    "Plain HTTP; port as public_port says", "7340");
	json_out_end(o);
}

/* The same in all documents.  A problem is that of RFC 9457, as
 * reply_problem() writes it. */
static const char security_schemes[] =
    "{\"operator\":{\"type\":\"mutualTLS\","
    "\"description\":\"staff: the certificate of an operator\"},"
    "\"peer\":{\"type\":\"mutualTLS\","
    "\"description\":\"another system: its certificate\"},"
    "\"session\":{\"type\":\"http\",\"scheme\":\"bearer\","
    "\"description\":\"a resident: the token of a session\"}}";
static const char schemas[] =
    "{\"problem\":{\"type\":\"object\",\"properties\":{"
    "\"status\":{\"type\":\"integer\"},\"error\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":\"string\"},"
    "\"request\":{\"type\":\"string\"}}}}";
static const char problem_content[] =
    "{\"application/problem+json\":"
    "{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}";

/* The refusals that operations refer to; NULL ends their header fields. */
static const struct refusal {
	const char *name, *what, *headers[3];
} refusals[] = {
    {"problem", "a refusal or a failure; `detail` says why", {NULL}},
    {"session", "no session has this token", {"WWW-Authenticate"}},
    {"right", "no client certificate, or one without the right", {NULL}},
    {"method", "the path takes other methods: Allow names them", {"Allow"}},
    {"size", "the body is longer than x-max-bytes", {NULL}},
    {"media", "the body is of another type, charset or coding",
	{"Accept", "Accept-Encoding"}},
    {"busy", "nothing was done; send the request again", {"Retry-After"}},
    {0},
};

static void
put_refusal(struct json_out *o, const struct refusal *refusal)
{
	size_t i;

	json_out_object(o, refusal->name);
	put(o, "description", refusal->what);
	json_out_object(o, "headers");
	for (i = 0; refusal->headers[i] != NULL; i++)
		json_out_raw(o, refusal->headers[i],
		    SLICE("{\"schema\":{\"type\":\"string\"}}"));
	json_out_end(o);
	json_out_raw(o, "content", slice_of(problem_content));
	json_out_end(o);
}

static void
put_components(struct json_out *o)
{
	const struct refusal *r;

	json_out_object(o, "components");
	json_out_raw(o, "securitySchemes", slice_of(security_schemes));
	json_out_raw(o, "schemas", slice_of(schemas));
	json_out_object(o, "responses");
	for (r = refusals; r->name != NULL; r++)
		put_refusal(o, r);
	json_out_end(o);
	json_out_end(o);
}

struct slice
openapi_document(struct arena *arena, const struct system *s)
{
	struct json_out o;

	json_out_init(&o, arena);
	json_out_object(&o, NULL);
	put(&o, "openapi", "3.1.0");
	put_info(&o, s);
	put_servers(&o, s);
	put_paths(&o, s);
	put_components(&o);

	return json_out_finish(&o);
}
