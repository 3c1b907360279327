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
#define OBJECT_MAX 4096

struct thing {
	struct slice id, text;
	int64_t n;
	bool has_n, yes;
	struct date day, birth;
	struct slice digits, object;
	const struct slice *list;
	size_t n_list;
};
static const struct field fields[] = {
    FIELD(thing, id, ID, "from the path"),
    OPTION(thing, text, TEXT(TEXT_MAX), "text"),
    MAYBE(thing, n, INT(0, INT_MAXIMUM), "a number"),
    OPTION(thing, yes, BOOL, "a truth"),
    OPTION(thing, day, DATE, "a known day"),
    OPTION(thing, birth, DATE_OR_PART, "a day, known or not"),
    OPTION(thing, digits, DIGITS(HEX_DIGITS), "digits"),
    OPTION(thing, object, JSON(OBJECT_MAX), "an object"),
    OPTIONAL_LIST(thing, list, TEXT(TEXT_MAX), LIST_MAX, "a list"),
};
static const struct shape thing_shape = SHAPE(thing, fields);

static enum err
handle(struct turn *turn, const struct input *in, struct reply *reply)
{
	(void)turn;
	(void)in;
	(void)reply;

	return OK;
}

static const struct route routes[] = {
    {HTTP_GET, "/things/{id}", RIGHT_PUBLIC, handle, &thing_shape, "query"},
    {HTTP_POST, "/things/{id}", RIGHT_PUBLIC, handle, &thing_shape, "body"},
    {HTTP_PUT, "/things/{id}", RIGHT_PUBLIC, handle, &thing_shape, "raw",
	.raw = true},
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
check_texts(const struct thing *t)
{
	assert(t->id.len == 32 && is_of(t->id, "0123456789abcdef"));
	assert(utf8_length(t->text) <= TEXT_MAX && text_is_printable(t->text));
	if (t->digits.len > 0)
		assert(t->digits.len == HEX_DIGITS &&
		    is_of(t->digits, "0123456789"));
}

static void
check_values(const struct thing *t)
{
	assert(t->n >= 0 && t->n <= INT_MAXIMUM);
	assert(t->has_n || t->n == 0);
	if (t->day.year != 0)
		assert(date_is_known(t->day));
	assert(t->object.len <= OBJECT_MAX && t->n_list <= LIST_MAX);
}

/* The written form of a thing reads the same. */
static void
check_again(struct arena *arena, const struct thing *t)
{
	struct thing again;
	struct json_out o;

	json_out_init(&o, arena);
	shape_write(&thing_shape, t, &o, NULL);
	assert(shape_read(&thing_shape, arena, json_out_finish(&o), &again,
		   NULL) == OK);
	assert(slice_equal(t->text, again.text) && t->n == again.n);
	assert(t->has_n == again.has_n && t->n_list == again.n_list);
	assert(slice_equal(t->object, again.object));
}

static void
try_request(enum http_method method, struct slice path, struct slice query,
    struct slice body)
{
	struct http_call request = {.method = method,
	    .doors = HTTP_DOOR_PEERS,
	    .path = path,
	    .query = query,
	    .content_type = SLICE("application/json"),
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
		check_texts(input_filled(&in, &thing_shape));
		check_values(input_filled(&in, &thing_shape));
		check_again(arena, input_filled(&in, &thing_shape));
	} else {
		assert(problem.err == rc && problem.text[0] != '\0');
		assert(utf8_is_valid(slice_of(problem.text)));
	}
	arena_free(arena);
}

/* The verdict of jansson's own reader must agree; that reader has no limit of
 * depth like ours, and passes over a NUL behind a number or a word. */
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
		assert(false && "a written value is read again");
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
