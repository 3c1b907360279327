#include "tests/unit/host/sample/sample.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "components/audit/audit.h"
#include "components/components.h"
#include "host/evidence.h"
#include "notes_statements.h"
#include "wire/http_form.h"

static enum err
put(struct turn *turn, int statement, struct slice id, struct slice text)
{
	struct query q;

	store_query(turn->store, statement, &q);
	query_text(&q, "id", id);
	query_text(&q, "text", text);

	return query_run(&q);
}

static enum err
tell(struct turn *turn, struct slice id, struct slice text, bool at_leisure)
{
	struct slice twin = turn_setting(turn, "twin");
	json_t *body = json_object();
	struct system_id to;

	json_put_text(body, "id", id);
	json_put_text(body, "text", text);
	if (system_id_parse(twin, &to))
		abort();

	return at_leisure ? turn_send_at_leisure(turn, &to, "note.told", body)
			  : turn_send(turn, &to, "note.told", body);
}

static enum err
post_note(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice id = input_text(in, "id"), text = input_text(in, "text");
	enum err rc;

	rc = put(turn, NOTES_NOTE_PUT, id, text);
	if (rc == OK && !input_bool(in, "unaudited"))
		rc = turn_audit(turn, "note.put", id, SLICE(""));
	if (rc == OK)
		rc = turn_evidence(turn, id);
	if (rc == OK)
		rc = tell(turn, id, text, input_bool(in, "at_leisure"));
	if (rc == OK)
		reply_json(reply, 201, json_object());

	return rc;
}

static enum err
get_heard(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice id = input_text(in, "id");
	json_t *body;
	struct query q;
	enum err rc;

	store_query(turn->store, NOTES_HEARD_FIND, &q);
	query_text(&q, "id", id);
	rc = query_step(&q);
	if (rc == OK) {
		body = json_object();
		json_put_text(body, "text", column_text(&q, "text"));
		reply_json(reply, 200, body);
	}
	query_done(&q);
	if (rc == ERR_NOT_FOUND && !input_waited(in)) {
		reply_wait(reply, id, (int)input_int(in, "wait"));
		return OK;
	}

	return rc;
}

static enum err
get_evidence(struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *body = NULL;
	enum err rc;

	rc = turn_audit(turn, "evidence.read", input_text(in, "id"), SLICE(""));
	if (rc == OK)
		rc = audit_evidence(turn, input_text(in, "id"), &body);
	if (rc == OK)
		reply_json(reply, 200, body);

	return rc;
}

static enum err
delete_evidence(struct turn *turn, const struct input *in, struct reply *reply)
{
	bool more;
	enum err rc = evidence_erase(
	    turn, (struct instant){input_int(in, "before")}, &more);

	if (rc == OK)
		reply_json(reply, 200, json_object());

	return rc;
}

static enum err
get_secret(struct turn *turn, const struct input *in, struct reply *reply)
{
	(void)turn;
	(void)in;
	reply_json(reply, 200, json_object());

	return OK;
}

/* --- Pages --------------------------------------------------------------- */

static enum err
get_page(struct turn *turn, const struct input *in, struct reply *reply)
{
	enum err rc;

	(void)turn;
	rc = reply_header(reply, "Cache-Control", SLICE("no-cache"));
	reply_bytes(reply, 200, "text/html; charset=utf-8",
	    SLICE("<!DOCTYPE html><title>a page</title>\n"));
	if (rc == OK)
		rc = reply_etag(reply, in, SLICE("v1"));

	return rc;
}

/* A line for each field: name, length, and of a file its name. */
static enum err
post_form(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct pair *pairs, *p;
	struct buf text;
	enum err rc;
	size_t n;

	rc = http_form_read(turn->arena, input_call(in)->content_type,
	    input_raw(in), &pairs, &n, turn->problem);
	if (rc)
		return rc;
	buf_init(&text);
	for (p = pairs; p < pairs + n; p++) {
		buf_printf(&text, "%.*s %zu", SLICE_ARG(p->name), p->value.len);
		if (p->filename.data != NULL)
			buf_printf(&text, " %.*s", SLICE_ARG(p->filename));
		buf_add_char(&text, '\n');
	}
	reply_bytes(reply, 200, "text/plain", buf_slice(&text));
	buf_done(&text);

	return OK;
}

static enum err
post_sign_in(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct http_cookie cookie = {
	    .name = "sample", .value = SLICE("secret")};
	enum err rc;

	(void)turn;
	(void)in;
	rc = reply_redirect(reply, 303, SLICE("/who"));
	if (rc == OK)
		rc = reply_cookie(reply, &cookie);

	return rc;
}

static enum err
get_who(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice who = http_cookie_value(input_call(in)->cookie, "sample");

	if (!slice_equal_string(who, "secret"))
		return problem_set(
		    turn->problem, ERR_UNAUTHENTICATED, "sign in first");
	reply_bytes(reply, 200, "text/plain", SLICE("you\n"));

	return OK;
}

/* The file that the setting names. */
static enum err
get_file(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct http_file file = {0};
	struct stat st;

	file.fd = open(turn_setting(turn, "file").data, O_RDONLY | O_CLOEXEC);
	if (file.fd < 0 || fstat(file.fd, &st))
		abort();
	file.length = (uint64_t)st.st_size;
	reply_file(reply, 200, "application/octet-stream", &file);
	if (input_bool(in, "fail"))
		return problem_set(turn->problem, ERR_CONFLICT, "after all");

	return OK;
}

/* A handler that says something forbidden: nothing of it is sent. */
static enum err
get_wrong(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice what = input_text(in, "what");
	struct http_cookie cookie = {.name = "a", .value = SLICE("b; c")};

	(void)turn;
	if (reply_header(reply, "X-Before", SLICE("x")))
		abort();
	reply_bytes(reply, 200, "text/plain", SLICE("x"));
	if (slice_equal_string(what, "header"))
		return reply_header(reply, "X-A", SLICE("a\r\nX-Forged: 1"));
	if (slice_equal_string(what, "cookie"))
		return reply_cookie(reply, &cookie);
	if (slice_equal_string(what, "redirect"))
		return reply_redirect(reply, 303, SLICE("//example"));

	return reply_etag(reply, in, SLICE("a\"b"));
}

static const struct input_field note_fields[] = {
    {"id", FIELD_ID, 0, true, "the note's id"},
    {"text", FIELD_TEXT, 20, true, "the note"},
    {"unaudited", FIELD_BOOL, 0, false, "forget the audit"},
    {"at_leisure", FIELD_BOOL, 0, false, "the twin need not know soon"},
    {0},
};
static const struct input_field heard_fields[] = {
    {"id", FIELD_ID, 0, true, "the note's id"},
    {"wait", FIELD_INT, 60, false, "seconds"},
    {0},
};

static const struct input_field id_fields[] = {
    {"id", FIELD_ID, 0, true, "the note's id"},
    {0},
};
static const struct input_field erase_fields[] = {
    {"before", FIELD_INT, INT64_MAX, true, "milliseconds"},
    {0},
};

static const struct input_field file_fields[] = {
    {"fail", FIELD_BOOL, 0, false, "after all"},
    {0},
};
static const struct input_field wrong_fields[] = {
    {"what", FIELD_TEXT, 20, true, "header, cookie, redirect, etag"},
    {0},
};

#define PEOPLE (HTTP_DOOR_PEERS | HTTP_DOOR_PEOPLE)

static const struct route routes[] = {
    {HTTP_POST, "/notes", ROLE_OPERATOR, post_note, note_fields, false,
	"put a note"},
    {HTTP_GET, "/heard/{id}", ROLE_OPERATOR, get_heard, heard_fields, false,
	"a note that was told"},
    {HTTP_GET, "/evidence/{id}", ROLE_OPERATOR, get_evidence, id_fields, false,
	"what is kept of a note"},
    {HTTP_POST, "/evidence/erase", ROLE_OPERATOR, delete_evidence, erase_fields,
	false, "forget it"},
    {HTTP_GET, "/mine", ROLE_RESIDENT, get_secret, NULL, false,
	"for the bearer of a session"},
    {HTTP_GET, "/page", ROLE_PUBLIC, get_page, NULL, false, "a page",
	.doors = PEOPLE},
    {HTTP_POST, "/form", ROLE_PUBLIC, post_form, NULL, true, "a form",
	.doors = PEOPLE, .max_bytes = SAMPLE_FORM_BYTES},
    {HTTP_POST, "/sign-in", ROLE_PUBLIC, post_sign_in, NULL, true, "sign in",
	.doors = PEOPLE},
    {HTTP_GET, "/who", ROLE_PUBLIC, get_who, NULL, false, "who am I?",
	.doors = PEOPLE},
    {HTTP_GET, "/file", ROLE_PUBLIC, get_file, file_fields, false, "a file",
	.doors = HTTP_DOORS_ALL},
    {HTTP_GET, "/wrong", ROLE_PUBLIC, get_wrong, wrong_fields, false,
	"a handler that is wrong"},
    {HTTP_PUT, "/file", ROLE_OPERATOR, get_file, file_fields, true,
	"another method", .max_bytes = SAMPLE_FORM_BYTES},
    {0},
};

static enum err
on_told(struct turn *turn, const struct message *m)
{
	struct slice id = {0}, text = {0};
	enum err rc;

	rc = json_get_text(m->body, "id", &id, turn->problem);
	if (rc == OK)
		rc = json_get_text(m->body, "text", &text, turn->problem);
	if (rc == OK && slice_equal_string(text, "refuse me"))
		return problem_set(
		    turn->problem, ERR_CONFLICT, "such notes are not taken");
	if (rc == OK)
		rc = put(turn, NOTES_HEARD_PUT, id, text);
	if (rc == OK)
		rc = turn_audit(turn, "note.told", id, SLICE(""));
	if (rc == OK)
		rc = turn_evidence(turn, id);
	if (rc == OK)
		turn_wake(turn, id);

	return rc;
}

static const struct message_handler messages[] = {
    {"note.told", "sample", FROM_ANY_ORGANISATION, on_told, "a note"},
    {0},
};

static enum err
count(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"heard", NOTES_HEARD, 0},
	    {"worded", NOTES_HEARD, NOTES_HEARD_SILENT},
	    {0},
	};

	return turn_counts(turn, figures, counts);
}

const struct system sample_system = {
    .component.name = "sample",
    .component.schema = &notes_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.count = count,
    .title = "見本",
    .summary = "keeps notes",
    .components = node_components,
    .doors = HTTP_DOOR_PEOPLE | HTTP_DOOR_PUBLIC,
};

int64_t
sample_count(struct node *node, int statement, const char *column)
{
	struct query q;
	int64_t n;

	store_query(node_store(node), statement, &q);
	if (query_step(&q))
		abort();
	n = column_int(&q, column);
	query_done(&q);

	return n;
}
