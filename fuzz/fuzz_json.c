/*
 * Requests with arbitrary paths, queries and bodies, as the reader of a
 * route's input meets them, and JSON documents by themselves.  The first line
 * is PATH?QUERY, the rest the body.
 *
 * Besides not crashing: an input that is accepted keeps what the table of
 * fields promises to the handler, jansson finds the same in a document as we
 * do, and a document that is written and read again is the same.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "host/routes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX 12
#define INT_MAXIMUM 1000
#define HEX_DIGITS 5
#define LIST_MAX 3

static enum err
handle(struct turn *turn, const struct input *in, struct reply *reply)
{
	(void)turn;
	(void)in;
	(void)reply;

	return OK;
}

static const struct input_field fields[] = {
    {"id", FIELD_ID, 0, true, "from the path"},
    {"text", FIELD_TEXT, TEXT_MAX, false, "text"},
    {"n", FIELD_INT, INT_MAXIMUM, false, "a number"},
    {"yes", FIELD_BOOL, 0, false, "a truth"},
    {"day", FIELD_DATE, 0, false, "a known day"},
    {"birth", FIELD_DATE, 1, false, "a day, known or not"},
    {"digits", FIELD_DIGITS, HEX_DIGITS, false, "digits"},
    {"object", FIELD_OBJECT, 0, false, "an object"},
    {"list", FIELD_ARRAY, LIST_MAX, false, "a list"},
    {0},
};

static const struct route routes[] = {
    {HTTP_GET, "/things/{id}", ROLE_PUBLIC, handle, fields, false, "query"},
    {HTTP_POST, "/things/{id}", ROLE_PUBLIC, handle, fields, false, "body"},
    {HTTP_PUT, "/things/{id}", ROLE_PUBLIC, handle, fields, true, "raw"},
    {0},
};

/* Where the input's own path is none of ours. */
static const struct slice usual_path =
    SLICE("/things/00112233445566778899aabbccddeeff");

static bool
is_of(struct slice s, const char *set)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '\0' || strchr(set, s.data[i]) == NULL)
			return false;
	}

	return true;
}

static void
check_texts(const struct input *in)
{
	struct slice text = input_text(in, "text");
	struct slice digits = input_text(in, "digits");

	assert(input_text(in, "id").len == 32);
	assert(is_of(input_text(in, "id"), "0123456789abcdef"));
	if (input_has(in, "text")) {
		assert(text.len >= 1 && text.len <= TEXT_MAX);
		assert(utf8_is_valid(text) && text_is_printable(text));
	} else
		assert(text.len == 0);
	if (input_has(in, "digits"))
		assert(digits.len == HEX_DIGITS && is_of(digits, "0123456789"));
	else
		assert(digits.len == 0);
}

static void
check_values(const struct input *in)
{
	assert(input_int(in, "n") >= 0 && input_int(in, "n") <= INT_MAXIMUM);
	if (input_has(in, "day"))
		assert(date_is_known(input_date(in, "day")));
	else
		assert(input_date(in, "day").year == 0);
	if (input_has(in, "object"))
		assert(json_is_object(input_json(in, "object")));
	else
		assert(!json_is_object(input_json(in, "object")));
	if (input_has(in, "list")) {
		assert(json_is_array(input_json(in, "list")));
		assert(json_array_size(input_json(in, "list")) <= LIST_MAX);
	}
}

static void
try_request(enum http_method method, struct slice path, struct slice query,
    struct slice body)
{
	struct http_call request = {.method = method,
	    .doors = HTTP_DOOR_PEERS,
	    .path = path,
	    .query = query,
	    .body = body};
	struct arena *arena = arena_new();
	struct problem problem = {0};
	struct input in = {0};
	enum err rc;

	if (routes_find(routes, &request, &in, &problem)) {
		assert(
		    problem.err == ERR_NOT_FOUND || problem.err == ERR_METHOD);
		request.path = usual_path;
	}
	if (routes_find(routes, &request, &in, &problem))
		assert(false && "the usual path is one");
	rc = input_read(arena, &request, &in, &problem);
	assert(rc == OK || rc == ERR_INPUT);
	if (rc == OK) {
		check_texts(&in);
		check_values(&in);
	} else {
		assert(problem.err == rc && problem.text[0] != '\0');
		assert(utf8_is_valid(slice_of(problem.text)));
	}
	input_done(&in);
	arena_free(arena);
}

/* What jansson's own reader says to it; it knows no such depth as ours, and
 * passes over a NUL behind a number or a word. */
static void
check_judgement(struct slice text, const json_t *ours, const char *problem)
{
	json_t *theirs =
	    json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL);

	if (ours != NULL)
		assert(json_equal(ours, theirs));
	else
		assert(theirs == NULL || memchr(text.data, 0, text.len) ||
		    strstr(problem, "nested deeper"));
	json_decref(theirs);
}

static void
try_document(struct slice text)
{
	struct problem problem = {0};
	json_t *value = NULL, *again = NULL;
	enum err rc = json_read(text, "the document", &value, &problem);
	struct buf written;

	if (text.data != NULL)
		check_judgement(text, value, problem.text);
	if (rc) {
		assert(value == NULL);
		assert(problem.err == ERR_INPUT && problem.text[0] != '\0');
		return;
	}
	assert(json_is_object(value) || json_is_array(value));
	buf_init(&written);
	json_write(value, &written);
	assert(utf8_is_valid(buf_slice(&written)));
	if (json_read(buf_slice(&written), "itself", &again, &problem))
		assert(false && "what we write we read");
	assert(json_equal(value, again));
	json_decref(again);
	json_decref(value);
	buf_done(&written);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice body = slice_bytes(data, size);
	struct slice query = slice_cut(&body, '\n');
	struct slice path = slice_cut(&query, '?');

	try_request(HTTP_GET, path, query, body);
	try_request(HTTP_POST, path, query, body);
	try_request(HTTP_PUT, path, query, body);
	try_document(body);

	return 0;
}
