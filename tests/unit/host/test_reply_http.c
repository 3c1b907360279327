/* Pages: what a call brings, what a reply takes, doors and bounds. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "host/routes.h"
#include "tests/support/scratch.h"
#include "tests/unit/host/sample/sample.h"

#define START ((struct instant){1790000000000})
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct simulation *sim;
static struct node *node;
static struct node_reply reply;

static int
set_up(void **state)
{
	static struct setting settings[] = {
	    {"twin", "a/sample"}, {"file", NULL}, {0}};
	const char *file = scratch_path();
	struct problem problem = {0};

	(void)state;
	settings[1].value = file;
	assert_int_equal(
	    file_replace(file, SLICE("hello"), 0600, &problem), OK);
	assert_int_equal(
	    simulation_new(1, scratch_folder(), NULL, START, &sim, &problem),
	    OK);
	assert_int_equal(
	    simulation_add(sim, &sample_system, "a/sample", settings, &problem),
	    OK);
	node = simulation_node(sim, "a/sample");
	reply = (struct node_reply){0};

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	node_reply_done(&reply);
	simulation_free(sim);

	return 0;
}

static int
ask(const struct http_call *call)
{
	struct problem problem = {0};

	assert_int_equal(node_begin(node, START), OK);
	node_request(node, call, &reply);
	assert_int_equal(node_commit(node, &problem), OK);

	return reply.status;
}

static struct http_call
call_of(enum http_method method, const char *path)
{
	return (struct http_call){.method = method,
	    .doors = HTTP_DOOR_PEOPLE,
	    .path = slice_of(path)};
}

static struct http_call
call_by(const char *name, enum http_method method, const char *path)
{
	struct http_call call = call_of(method, path);

	call.doors = HTTP_DOOR_PEERS;
	call.has_certificate = name != NULL;
	if (name != NULL)
		call.fingerprint.digest = digest_of(slice_of(name));

	return call;
}

static bool
has_line(const char *line)
{
	return reply.headers.len > 0 &&
	    strstr(reply.headers.data, line) != NULL;
}

static void
a_page_has_header_fields_and_a_tag(void **state)
{
	struct http_call call = call_of(HTTP_GET, "/page");

	(void)state;
	assert_int_equal(ask(&call), 200);
	assert_string_equal(reply.content_type, "text/html; charset=utf-8");
	assert_true(has_line("Cache-Control: no-cache\r\n"));
	assert_true(has_line("ETag: \"v1\"\r\n"));
	assert_true(reply.body.len > 0);
}

static void
who_has_the_page_gets_no_other(void **state)
{
	struct http_call call = call_of(HTTP_GET, "/page");

	(void)state;
	call.if_none_match = SLICE("W/\"v1\"");
	assert_int_equal(ask(&call), 304);
	assert_null(reply.content_type);
	assert_int_equal(reply.body.len, 0);
	assert_true(has_line("ETag: \"v1\"\r\n"));
	call.if_none_match = SLICE("\"v0\"");
	assert_int_equal(ask(&call), 200);
}

static void
signing_in_sets_a_cookie_and_sends_on(void **state)
{
	struct http_call call = call_of(HTTP_POST, "/sign-in");

	(void)state;
	assert_int_equal(ask(&call), 303);
	assert_string_equal(reply.headers.data,
	    "Location: /who\r\n"
	    "Set-Cookie: __Host-sample=secret; Path=/; Secure; HttpOnly; "
	    "SameSite=Strict\r\n");
	assert_int_equal(reply.body.len, 0);
	call = call_of(HTTP_GET, "/who");
	assert_int_equal(ask(&call), 401);
	call.cookie = SLICE("__Host-sample=secret");
	assert_int_equal(ask(&call), 200);
	assert_int_equal(reply.headers.len, 0);
}

static void
a_form_reaches_the_handler(void **state)
{
	struct http_call call = call_of(HTTP_POST, "/form");

	(void)state;
	call.content_type = SLICE("application/x-www-form-urlencoded");
	call.body = SLICE("a=1&b=%E5%B1%B1&a=");
	assert_int_equal(ask(&call), 200);
	assert_string_equal(reply.body.data, "a 1\nb 3\na 0\n");
	call.body = SLICE("a=%");
	assert_int_equal(ask(&call), 400);
	call.content_type = SLICE("application/json");
	assert_int_equal(ask(&call), 415);
}

/* The body is the same each time. */
static void
a_body_of_another_type_or_coding_is_415(void **state)
{
	static const struct {
		const char *type, *coding;
		int status;
	} table[] = {
	    {"application/json; charset=utf-8", NULL, 201},
	    {"application/json; charset=shift_jis", NULL, 415},
	    {"application/json", "gzip", 415},
	    {"application/json", "", 415},
	    {"text/plain", NULL, 415},
	    {"application/jsonx", NULL, 415},
	    {NULL, NULL, 415},
	    {"multipart/form-data; boundary=\"\"", NULL, 415},
	    {"application/x-www-form-urlencoded", NULL, 415},
	};
	struct http_call call = call_by("operator", HTTP_POST, "/notes");
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(table); i++) {
		call.body = SLICE("{\"text\":\"a note\",\"id\":"
				  "\"00112233445566778899aabbccddeeff\"}");
		call.content_type = (struct slice){0};
		call.content_encoding = (struct slice){0};
		if (table[i].type != NULL)
			call.content_type = slice_of(table[i].type);
		if (table[i].coding != NULL)
			call.content_encoding = slice_of(table[i].coding);
		assert_int_equal(ask(&call), table[i].status);
		assert_int_equal(table[i].status == 415,
		    has_line("Accept: application/json, ") &&
			has_line("Accept-Encoding: identity\r\n"));
	}
	/* Raw: the handler reads it, whatever it is. */
	call = call_by("operator", HTTP_PUT, "/file");
	call.body = SLICE("a");
	assert_int_equal(ask(&call), 200);
	call.content_type = SLICE("text/csv; charset=shift_jis");
	assert_int_equal(ask(&call), 415);
	/* No body, no type. */
	call = call_by("operator", HTTP_POST, "/notes");
	call.content_encoding = SLICE("gzip");
	assert_int_equal(ask(&call), 400);
}

/* A form of a page elsewhere, in the browser that has the operator's
 * certificate. */
static void
a_page_of_another_site_uses_nobodys_rights(void **state)
{
	struct http_call call = call_by("operator", HTTP_POST, "/notes");

	(void)state;
	call.content_type = SLICE("application/x-www-form-urlencoded");
	call.body = SLICE("text=a&id=00112233445566778899aabbccddeeff");
	call.host = SLICE("127.0.0.1:7301");
	call.origin = SLICE("https://elsewhere.example");
	assert_int_equal(node_body_bytes(node, &call), HTTP_BODY_UNREAD);
	assert_int_equal(ask(&call), 403);
	assert_non_null(strstr(reply.body.data, "a page of another site"));
	call.origin = SLICE("https://127.0.0.1:7301");
	call.sec_fetch_site = SLICE("same-site");
	assert_int_equal(ask(&call), 403);
	call.sec_fetch_site = SLICE("same-origin");
	assert_int_equal(ask(&call), 201);
}

/* As `curl -d` sends it, without a Content-Type of its own. */
static void
json_that_is_called_a_form_is_told_its_type(void **state)
{
	static const char *const bodies[] = {
	    "{\"text\":\"a\"}", "[1]", "\r\n {}"};
	struct http_call call = call_by("operator", HTTP_POST, "/notes");
	size_t i;

	(void)state;
	call.content_type = SLICE("application/x-www-form-urlencoded");
	for (i = 0; i < COUNT(bodies); i++) {
		call.body = slice_of(bodies[i]);
		assert_int_equal(ask(&call), 415);
		assert_non_null(strstr(reply.body.data,
		    "send JSON with Content-Type: application/json"));
	}
	call.body = SLICE("{}");
	call.content_type = SLICE("application/json");
	assert_int_equal(ask(&call), 400);
	assert_null(strstr(reply.body.data, "Content-Type"));
	call.body = SLICE("  ");
	call.content_type = SLICE("application/x-www-form-urlencoded");
	assert_int_equal(ask(&call), 400);
}

static void
a_file_is_handed_over(void **state)
{
	struct http_call call = call_of(HTTP_GET, "/file");
	int fd;

	(void)state;
	assert_int_equal(ask(&call), 200);
	assert_true(reply.file.is_set);
	assert_int_equal(reply.file.length, 5);
	fd = reply.file.fd;
	node_reply_done(&reply);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
}

static void
what_a_failed_handler_said_is_forgotten(void **state)
{
	static const char *const queries[] = {
	    "what=header", "what=cookie", "what=redirect", "what=etag"};
	struct http_call call = call_of(HTTP_GET, "/file");
	size_t i;

	(void)state;
	call.query = SLICE("fail=true");
	assert_int_equal(ask(&call), 409);
	assert_false(reply.file.is_set);
	call = call_of(HTTP_GET, "/wrong");
	call.doors = HTTP_DOOR_PEERS;
	for (i = 0; i < COUNT(queries); i++) {
		call.query = slice_of(queries[i]);
		assert_int_equal(ask(&call), 500);
		assert_int_equal(reply.headers.len, 0);
		assert_string_equal(
		    reply.content_type, "application/problem+json");
	}
}

static void
another_method_is_405_with_those_allowed(void **state)
{
	struct http_call call = call_of(HTTP_DELETE, "/file");

	(void)state;
	call.doors = HTTP_DOOR_PEERS;
	assert_int_equal(ask(&call), 405);
	assert_string_equal(reply.headers.data, "Allow: GET, HEAD, PUT\r\n");
	call.method = HTTP_OTHER;
	assert_int_equal(ask(&call), 405);
	call.path = SLICE("/health");
	assert_int_equal(ask(&call), 405);
	assert_string_equal(reply.headers.data, "Allow: GET, HEAD\r\n");
	/* A method that stands at another door is not told of. */
	call.path = SLICE("/file");
	call.doors = HTTP_DOOR_PUBLIC;
	assert_int_equal(ask(&call), 405);
	assert_string_equal(reply.headers.data, "Allow: GET, HEAD\r\n");
}

static void
a_route_stands_at_its_doors_alone(void **state)
{
	static const struct {
		const char *path;
		unsigned int doors;
	} table[] = {{"/health", HTTP_DOORS_ALL}, {"/file", HTTP_DOORS_ALL},
	    {"/page", HTTP_DOOR_PEERS | HTTP_DOOR_PEOPLE},
	    {"/status", HTTP_DOOR_PEERS}, {"/mine", HTTP_DOOR_PEERS}};
	struct http_call call;
	unsigned int door;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(table); i++) {
		call = call_of(HTTP_GET, table[i].path);
		call.has_certificate = true;
		for (door = 1; door <= HTTP_DOORS_ALL; door *= 2) {
			call.doors = door;
			if ((table[i].doors & door) != 0)
				assert_int_not_equal(ask(&call), 404);
			else
				assert_int_equal(ask(&call), 404);
		}
		call.doors = 0;
		assert_int_equal(ask(&call), 404);
	}
}

static void
a_body_is_as_long_as_its_route_says(void **state)
{
	struct http_call call = call_of(HTTP_POST, "/form");

	(void)state;
	assert_int_equal(node_body_bytes(node, &call), SAMPLE_FORM_BYTES);
	call.path = SLICE("/sign-in");
	assert_int_equal(node_body_bytes(node, &call), 64u << 10);
	call = call_by("operator", HTTP_PUT, "/file");
	assert_int_equal(node_body_bytes(node, &call), SAMPLE_FORM_BYTES);
	call = call_by("operator", HTTP_POST, "/notes");
	assert_int_equal(node_body_bytes(node, &call), 64u << 10);
	call = call_by("a/sample", HTTP_POST, "/envelopes");
	assert_int_equal(node_body_bytes(node, &call), 16u << 20);
}

/* Every refusal that the head decides. */
static void
a_body_is_not_read_for_a_call_that_is_refused(void **state)
{
	static const struct {
		const char *name;
		enum http_method method;
		const char *path;
		int status;
	} table[] = {
	    {"operator", HTTP_POST, "/nowhere", 404},
	    {"operator", HTTP_DELETE, "/file", 405},
	    {NULL, HTTP_PUT, "/file", 403},
	    {"stranger", HTTP_PUT, "/file", 403},
	    {"a/sample", HTTP_PUT, "/file", 403},
	    {"operator", HTTP_GET, "/mine", 401},
	    {"stranger", HTTP_POST, "/envelopes", 403},
	    {"operator", HTTP_POST, "/envelopes", 403},
	    {"b/sample", HTTP_GET, "/envelopes", 405},
	};
	struct http_call call;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(table); i++) {
		call = call_by(table[i].name, table[i].method, table[i].path);
		assert_int_equal(
		    node_body_bytes(node, &call), HTTP_BODY_UNREAD);
		call.unread = true;
		assert_int_equal(ask(&call), table[i].status);
	}
	/* Another door. */
	call = call_by("operator", HTTP_PUT, "/file");
	call.doors = HTTP_DOOR_PEOPLE;
	assert_int_equal(node_body_bytes(node, &call), HTTP_BODY_UNREAD);
}

/* A directory that is read between the head and the batch. */
static void
a_right_that_came_after_the_head_is_of_no_use(void **state)
{
	struct http_call call = call_by("operator", HTTP_PUT, "/file");

	(void)state;
	call.unread = true;
	assert_int_equal(ask(&call), 503);
	call.unread = false;
	assert_int_equal(ask(&call), 200);
}

/* A number in the path of a request must not come into the log. */
static void
the_log_gets_the_pattern_of_a_path(void **state)
{
	struct http_call call =
	    call_by("operator", HTTP_GET, "/heard/123456789018");

	(void)state;
	assert_int_equal(ask(&call), 400);
	assert_string_equal(reply.route, "/heard/{id}");
	assert_null(strstr(reply.problem.text, "1234"));
	assert_null(strstr(reply.problem.detail, "1234"));
	call = call_by("stranger", HTTP_GET, "/heard/123456789018");
	assert_int_equal(ask(&call), 403);
	assert_string_equal(reply.route, "/heard/{id}");
	call = call_by("operator", HTTP_GET, "/123456789018");
	assert_int_equal(ask(&call), 404);
	assert_null(reply.route);
	assert_null(strstr(reply.problem.text, "1234"));
}

struct url_input {
	struct slice open, hidden;
	const struct slice *list;
	size_t n_list;
};

static struct kind secret;
#define SECRET struct slice, .kind = &secret

static enum err
read_url(enum http_method method, const char *query, struct problem *ret)
{
	const struct field fields[] = {
	    OPTION(url_input, open, TEXT(9), "for everybody"),
	    OPTION(url_input, hidden, SECRET, "secret"),
	    OPTIONAL_LIST(url_input, list, SECRET, 2, "secrets"),
	};
	const struct shape shape = SHAPE(url_input, fields);
	const struct route route = {
	    .method = method, .path = "/x", .shape = &shape};
	struct http_call call = {.method = method, .query = slice_of(query)};
	struct input in = {.route = &route};
	struct arena *arena = arena_new();
	enum err rc;

	secret = kind_digits;
	secret.is_secret = true;
	*ret = (struct problem){0};
	rc = input_read(arena, &call, &in, ret);
	arena_free(arena);

	return rc;
}

static void
no_secret_stands_in_a_query_and_nothing_that_a_body_brings(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(read_url(HTTP_GET, "open=1", &problem), OK);
	assert_int_equal(read_url(HTTP_GET, "hidden=1", &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "field hidden: must not stand"));
	assert_int_equal(
	    read_url(HTTP_GET, "open=1&list=2", &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "field list: must not stand"));
	assert_int_equal(read_url(HTTP_DELETE, "open=1", &problem), OK);
	assert_int_equal(read_url(HTTP_POST, "open=1", &problem), ERR_INPUT);
	assert_int_equal(read_url(HTTP_PUT, "open=1", &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "field open: must not stand"));
	assert_int_equal(read_url(HTTP_POST, "", &problem), OK);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_page_has_header_fields_and_a_tag),
	    TEST(who_has_the_page_gets_no_other),
	    TEST(signing_in_sets_a_cookie_and_sends_on),
	    TEST(the_log_gets_the_pattern_of_a_path),
	    TEST(no_secret_stands_in_a_query_and_nothing_that_a_body_brings),
	    TEST(a_form_reaches_the_handler),
	    TEST(a_body_of_another_type_or_coding_is_415),
	    TEST(a_file_is_handed_over),
	    TEST(a_page_of_another_site_uses_nobodys_rights),
	    TEST(json_that_is_called_a_form_is_told_its_type),
	    TEST(what_a_failed_handler_said_is_forgotten),
	    TEST(another_method_is_405_with_those_allowed),
	    TEST(a_route_stands_at_its_doors_alone),
	    TEST(a_body_is_as_long_as_its_route_says),
	    TEST(a_body_is_not_read_for_a_call_that_is_refused),
	    TEST(a_right_that_came_after_the_head_is_of_no_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
