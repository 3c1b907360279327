/*
 * bango openapi: a system's HTTP API as OpenAPI 3.1, made from its route
 * table.  What the tables do not know, it does not say: the form of an
 * answer is in docs/api.md.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "host/reply.h"
#include "main/cli.h"
#include "main/commands.h"
#include "nation/systems.h"
#include "wire/receipt.h"

static const char help[] =
    "usage: bango openapi SYSTEM\n"
    "\n"
    "Describe the HTTP API of a system, such as relay, as OpenAPI 3.1 in JSON.\n"
    "Without a system, the error names all of them.\n";

static void
put(json_t *object, const char *key, const char *text)
{
	json_put_text(object, key, slice_of(text));
}

/* --- Fields -------------------------------------------------------------- */

static void
put_pattern(json_t *schema, const char *set, int64_t n)
{
	struct buf text;

	buf_init(&text);
	buf_printf(&text, "^%s{%lld}$", set, (long long)n);
	json_put_text(schema, "pattern", buf_slice(&text));
	buf_done(&text);
}

/* The bound is one of bytes: characters are fewer. */
static void
put_text_bounds(json_t *schema, int64_t max)
{
	json_put_int(schema, "minLength", 1);
	json_put_int(schema, "maxLength", max);
	json_put_int(schema, "x-max-bytes", max);
}

static json_t *
field_schema(const struct input_field *f)
{
	static const char *const types[] = {[FIELD_TEXT] = "string",
	    [FIELD_INT] = "integer",
	    [FIELD_BOOL] = "boolean",
	    [FIELD_DATE] = "string",
	    [FIELD_ID] = "string",
	    [FIELD_DIGITS] = "string",
	    [FIELD_OBJECT] = "object",
	    [FIELD_ARRAY] = "array"};
	json_t *schema = json_object();

	put(schema, "type", types[f->kind]);
	switch (f->kind) {
	case FIELD_TEXT:
		put_text_bounds(schema, f->max);
		break;
	case FIELD_INT:
		json_put_int(schema, "minimum", 0);
		json_put_int(schema, "maximum", f->max);
		break;
	case FIELD_DATE:
		if (f->max == 1) /* with 00 for what is not known */
			put(schema, "pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
		else
			put(schema, "format", "date");
		break;
	case FIELD_ID:
		put_pattern(schema, "[0-9a-f]", 32);
		break;
	case FIELD_DIGITS:
		put_pattern(schema, "[0-9]", f->max);
		break;
	case FIELD_ARRAY:
		json_put_int(schema, "maxItems", f->max);
		break;
	case FIELD_BOOL:
	case FIELD_OBJECT:
		break;
	}

	return schema;
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
is_in_body(const struct route *r, const char *name)
{
	return (r->method == HTTP_POST || r->method == HTTP_PUT) && !r->raw &&
	    !is_in_path(r, name);
}

static void
add_parameters(json_t *operation, const struct route *r)
{
	json_t *list = json_array(), *parameter;
	const struct input_field *f;
	bool in_path;

	for (f = r->fields; f != NULL && f->name != NULL; f++) {
		if (is_in_body(r, f->name))
			continue;
		in_path = is_in_path(r, f->name);
		parameter = json_object();
		put(parameter, "name", f->name);
		put(parameter, "in", in_path ? "path" : "query");
		put(parameter, "description", f->what);
		json_put_bool(parameter, "required", in_path || f->required);
		json_put(parameter, "schema", field_schema(f));
		json_array_append_new(list, parameter);
	}
	if (json_array_size(list) > 0)
		json_put(operation, "parameters", list);
	else
		json_decref(list);
}

/* The JSON object of a body; NULL if the route takes none. */
static json_t *
body_schema(const struct route *r)
{
	json_t *schema = json_object(), *properties = json_object();
	json_t *required = json_array(), *property;
	const struct input_field *f;

	put(schema, "type", "object");
	for (f = r->fields; f != NULL && f->name != NULL; f++) {
		if (!is_in_body(r, f->name))
			continue;
		property = field_schema(f);
		put(property, "description", f->what);
		json_put(properties, f->name, property);
		if (f->required)
			json_push_text(required, slice_of(f->name));
	}
	if (json_object_size(properties) == 0) {
		json_decref(schema);
		schema = NULL;
	} else {
		json_put(schema, "properties", json_incref(properties));
		json_put(schema, "required", json_incref(required));
		json_put_bool(schema, "additionalProperties", false);
	}
	json_decref(properties);
	json_decref(required);

	return schema;
}

/* {"MEDIA-TYPE": {"schema": SCHEMA}}; the schema is stolen. */
static json_t *
content(const char *media_type, json_t *schema)
{
	json_t *type = json_object(), *all = json_object();

	if (schema != NULL)
		json_put(type, "schema", schema);
	json_put(all, media_type, type);

	return all;
}

static void
put_body(json_t *operation, json_t *body_content)
{
	json_t *body = json_object();

	json_put(body, "content", body_content);
	json_put_bool(body, "required", true);
	json_put(operation, "requestBody", body);
}

static void
add_body(json_t *operation, const struct route *r)
{
	json_t *schema = body_schema(r);

	if (r->raw)
		put_body(operation, content("application/octet-stream", NULL));
	else if (schema != NULL)
		put_body(operation, content("application/json", schema));
}

/* --- Operations ---------------------------------------------------------- */

/* "post-imports-import-chunks". */
static void
put_operation_id(json_t *operation, const struct route *r)
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
	json_put_text(operation, "operationId", buf_slice(&id));
	buf_done(&id);
}

/* The scheme by which a role shows itself; NULL: it need not. */
static const char *
scheme(enum role role)
{
	switch (role) {
	case ROLE_PUBLIC:
		return NULL;
	case ROLE_RESIDENT:
		return "session";
	case ROLE_OPERATOR:
		return "operator";
	case ROLE_PEER:
		return "peer";
	case ROLE_HOST:
		break;
	}
	abort(); /* no route is for the host itself */
}

static void
add_security(json_t *operation, enum role role)
{
	const char *name = scheme(role);
	json_t *list = json_array(), *row = json_object();

	if (name != NULL) {
		json_put(row, name, json_array());
		json_array_append(list, row);
	}
	json_decref(row);
	json_put(operation, "security", list);
}

static json_t *
described(const char *description)
{
	json_t *object = json_object();

	put(object, "description", description);

	return object;
}

static void
add_responses(json_t *operation, json_t *success)
{
	json_t *responses = json_object(), *problem = json_object();

	put(problem, "$ref", "#/components/responses/problem");
	json_put(responses, "2XX", success);
	json_put(responses, "default", problem);
	json_put(operation, "responses", responses);
}

/* The operation becomes one of its path's methods. */
static void
add_operation(json_t *paths, const struct route *r, json_t *operation)
{
	json_t *path = json_object_get(paths, r->path);
	char method[8];
	size_t i;

	snprintf(method, sizeof(method), "%s", http_method_name(r->method));
	for (i = 0; method[i] != '\0'; i++)
		method[i] = (char)(method[i] | 0x20);
	if (path == NULL) {
		path = json_object();
		json_put(paths, r->path, path);
	}
	json_put(path, method, operation);
}

static void
add_routes(json_t *paths, const struct route *routes)
{
	const struct route *r;
	json_t *operation;

	for (r = routes; r != NULL && r->handle != NULL; r++) {
		operation = json_object();
		put_operation_id(operation, r);
		put(operation, "summary", r->summary);
		add_security(operation, r->role);
		add_parameters(operation, r);
		add_body(operation, r);
		add_responses(operation, described("the answer"));
		add_operation(paths, r, operation);
	}
}

/* --- Messages ------------------------------------------------------------ */

static json_t *
message_list(const struct system *s)
{
	const struct message_handler *m;
	json_t *list = json_array(), *row;

	for (m = s->component.messages; m != NULL && m->takes != NULL; m++) {
		row = json_object();
		put(row, "type", m->takes->name);
		put(row, "from", m->from);
		put(row, "organisation",
		    m->scope & FROM_OWN_ORGANISATION ? "own" : "any");
		put(row, "summary", m->summary);
		json_array_append_new(list, row);
	}

	return list;
}

/* The host's own: it has no row in a table of routes. */
static void
add_envelopes(json_t *paths, const struct system *s)
{
	const struct route r = {.method = HTTP_POST, .path = "/envelopes"};
	json_t *operation = json_object(), *receipt;

	put_operation_id(operation, &r);
	put(operation, "summary",
	    "Deliver a batch of envelopes and its waybill; docs/messages.md has their bodies");
	add_security(operation, ROLE_PEER);
	put_body(operation, content(ENVELOPES_MEDIA_TYPE, NULL));
	receipt = described("the signed receipt");
	json_put(receipt, "content", content(RECEIPT_MEDIA_TYPE, NULL));
	add_responses(operation, receipt);
	json_put(operation, "x-messages", message_list(s));
	add_operation(paths, &r, operation);
}

/* --- The document -------------------------------------------------------- */

static json_t *
info(const struct system *s)
{
	json_t *info = json_object(), *license = json_object();
	struct buf title;

	buf_init(&title);
	buf_printf(&title, "bango %s (%s)", s->component.name, s->title);
	json_put_text(info, "title", buf_slice(&title));
	buf_done(&title);
	put(info, "summary", s->summary);
	put(info, "description",
	    s->public_api
		? "TLS 1.3; callers may come without a certificate."
		: "TLS 1.3; every caller shows a certificate of the nation.");
	put(license, "name", "Apache License 2.0");
	put(license, "identifier", "Apache-2.0");
	json_put(info, "license", license);
	put(info, "version", BANGO_VERSION);

	return info;
}

static json_t *
servers(void)
{
	json_t *list = json_array(), *server = json_object();
	json_t *variables = json_object(), *host = json_object();
	json_t *port = json_object();

	put(server, "url", "https://{host}:{port}");
	put(host, "default", "127.0.0.1");
	put(port, "default", "7300");
	json_put(variables, "host", host);
	json_put(variables, "port", port);
	json_put(server, "variables", variables);
	json_array_append_new(list, server);

	return list;
}

static json_t *
security_scheme(const char *type, const char *description)
{
	json_t *row = described(description);

	put(row, "type", type);
	if (strcmp(type, "http") == 0)
		put(row, "scheme", "bearer");

	return row;
}

/* RFC 9457, as reply_problem() writes it. */
static json_t *
problem_schema(void)
{
	static const char *const texts[] = {"error", "detail", "request"};
	json_t *schema = json_object(), *properties = json_object();
	json_t *type = json_object();
	size_t i;

	put(schema, "type", "object");
	put(type, "type", "integer");
	json_put(properties, "status", type);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		type = json_object();
		put(type, "type", "string");
		json_put(properties, texts[i], type);
	}
	json_put(schema, "properties", properties);

	return schema;
}

static json_t *
components(void)
{
	json_t *all = json_object(), *schemes = json_object();
	json_t *responses = json_object(), *problem;

	json_put(schemes, "operator",
	    security_scheme(
		"mutualTLS", "staff: the certificate of an operator"));
	json_put(schemes, "peer",
	    security_scheme("mutualTLS", "another system: its certificate"));
	json_put(schemes, "session",
	    security_scheme("http", "a resident: the token of a session"));
	json_put(all, "securitySchemes", schemes);
	problem = described("a refusal or a failure; `detail` says why");
	json_put(problem, "content",
	    content("application/problem+json", problem_schema()));
	json_put(responses, "problem", problem);
	json_put(all, "responses", responses);

	return all;
}

static json_t *
describe(const struct system *s)
{
	json_t *document = json_object(), *paths = json_object();
	const struct component *const *c;

	add_routes(paths, s->component.routes);
	for (c = s->components; *c != NULL; c++)
		add_routes(paths, (*c)->routes);
	add_envelopes(paths, s);
	put(document, "openapi", "3.1.0");
	json_put(document, "info", info(s));
	json_put(document, "servers", servers());
	json_put(document, "paths", paths);
	json_put(document, "components", components());

	return document;
}

static enum err
print(const struct system *s, struct problem *problem)
{
	json_t *document = describe(s);

	json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(document);
	if (fflush(stdout) || ferror(stdout))
		return problem_set(problem, ERR_IO,
		    "the description cannot be written: %s", strerror(errno));

	return OK;
}

/* With the names of all systems. */
static int
misuse(const char *command, const char *what)
{
	struct buf names;
	int rc;

	buf_init(&names);
	systems_list(&names);
	rc = cli_misuse(command, "%s; there are %s", what, names.data);
	buf_done(&names);

	return rc;
}

int
command_openapi(int argc, char **argv)
{
	const struct cli_option none[] = {{0}};
	struct problem problem = {0};
	const struct system *system;
	int n, rc;

	rc = cli_options(argc, argv, none, help, &n);
	if (rc >= 0)
		return rc;
	if (n != 1)
		return misuse(argv[0], "name one system");
	system = system_find(slice_of(argv[1]));
	if (system == NULL)
		return misuse(argv[0], "there is no such system");
	if (print(system, &problem))
		return cli_fail(argv[0], &problem);

	return 0;
}
