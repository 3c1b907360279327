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
#include "wire/kinds.h"

static enum err
put(struct turn *turn, int statement, struct slice id, struct slice text)
{
	struct query q;

	store_query(turn->store, statement, &q);
	query_text(&q, "id", id);
	query_text(&q, "text", text);

	return query_run(&q);
}

/* note.told, from a sample to its twin */
struct note_told {
	struct slice id, text;
};
static const struct field note_told_fields[] = {
    FIELD(note_told, id, ID, "the note's id"),
    FIELD(note_told, text, TEXT(20), "the note"),
};
DECLARE_MESSAGE(note_told);
DEFINE_MESSAGE(note_told, "note.told", 1);

/* notes.listed, from a sample to its twin */
struct listed_note {
	struct slice id, text;
};
struct notes_listed {
	const struct listed_note *items;
	size_t n_items;
};
static const struct field listed_note_fields[] = {
    FIELD(listed_note, id, ID, "the note's id"),
    FIELD(listed_note, text, TEXT(20), "the note"),
};
static const struct shape listed_note_shape =
    SHAPE(listed_note, listed_note_fields);
static const struct field notes_listed_fields[] = {
    ROWS(notes_listed, items, listed_note, 10, "all notes"),
};
DECLARE_MESSAGE(notes_listed);
DEFINE_MESSAGE(notes_listed, "notes.listed", 1);

static enum err
tell(struct turn *turn, struct slice id, struct slice text, bool at_leisure)
{
	const struct note_told told = {.id = id, .text = text};
	struct system_id to;

	if (system_id_parse(turn_setting(turn, "twin"), &to))
		abort();

	return at_leisure ? turn_tell_at_leisure(turn, &to, note_told, &told)
			  : turn_tell(turn, &to, note_told, &told);
}

struct note_input {
	struct slice id, text;
	bool unaudited, at_leisure, untold;
};
static const struct field note_input_fields[] = {
    FIELD(note_input, id, ID, "the note's id"),
    FIELD(note_input, text, TEXT(30), "the note; 20 characters can be told"),
    OPTION(note_input, untold, BOOL, "it is kept and not told"),
    OPTION(note_input, unaudited, BOOL, "without an audit entry"),
    OPTION(note_input, at_leisure, BOOL, "nobody waits for it"),
};
static const struct shape note_input_shape =
    SHAPE(note_input, note_input_fields);

static enum err
post_note(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct note_input *note = INPUT(in, note_input);
	enum err rc;

	rc = put(turn, NOTES_NOTE_PUT, note->id, note->text);
	if (rc == OK && !note->unaudited)
		rc = turn_audit(turn, "note.put", note->id, SLICE(""));
	if (rc == OK)
		rc = turn_evidence(turn, note->id);
	if (rc == OK && !note->untold)
		rc = tell(turn, note->id, note->text, note->at_leisure);
	if (rc == OK)
		(void)reply_object(reply, 201);

	return rc;
}

struct heard_input {
	struct slice id;
	int64_t wait;
};
static const struct field heard_input_fields[] = {
    FIELD(heard_input, id, ID, "the note's id"),
    OPTION(heard_input, wait, INT(0, 60), "seconds"),
};
static const struct shape heard_input_shape =
    SHAPE(heard_input, heard_input_fields);

static enum err
get_heard(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct heard_input *heard = INPUT(in, heard_input);
	struct slice id = heard->id;
	struct query q;
	enum err rc;

	store_query(turn->store, NOTES_HEARD_FIND, &q);
	query_text(&q, "id", id);
	rc = query_step(&q);
	if (rc == OK)
		json_out_text(
		    reply_object(reply, 200), "text", column_text(&q, "text"));
	query_done(&q);
	if (rc == ERR_NOT_FOUND && !input_waited(in)) {
		reply_wait(reply, id, (int)heard->wait);
		return OK;
	}

	return rc;
}

struct id_input {
	struct slice id;
};
static const struct field id_input_fields[] = {
    FIELD(id_input, id, ID, "the note's id"),
};
static const struct shape id_input_shape = SHAPE(id_input, id_input_fields);

static enum err
get_evidence(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice id = INPUT(in, id_input)->id;

	TRY(turn_audit(turn, "evidence.read", id, SLICE("")));

	return audit_evidence(
	    turn, &(struct audit_archive){.exchange = id}, reply);
}

struct erase_input {
	int64_t before;
};
static const struct field erase_input_fields[] = {
    FIELD(erase_input, before, INT(0, INT64_MAX), "milliseconds"),
};
static const struct shape erase_input_shape =
    SHAPE(erase_input, erase_input_fields);

static enum err
delete_evidence(struct turn *turn, const struct input *in, struct reply *reply)
{
	bool more;
	enum err rc = evidence_erase(
	    turn, (struct instant){INPUT(in, erase_input)->before}, &more);

	if (rc == OK)
		(void)reply_object(reply, 200);

	return rc;
}

static enum err
get_secret(struct turn *turn, const struct input *in, struct reply *reply)
{
	(void)turn;
	(void)in;
	(void)reply_object(reply, 200);

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

struct file_input {
	bool fail;
};
static const struct field file_input_fields[] = {
    OPTION(file_input, fail, BOOL, "after all"),
};
static const struct shape file_input_shape =
    SHAPE(file_input, file_input_fields);

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
	if (INPUT(in, file_input)->fail)
		return problem_set(turn->problem, ERR_CONFLICT, "after all");

	return OK;
}

struct wrong_input {
	struct slice what;
};
static const struct field wrong_input_fields[] = {
    FIELD(wrong_input, what, WORD("header|cookie|redirect|etag"), "what"),
};
static const struct shape wrong_input_shape =
    SHAPE(wrong_input, wrong_input_fields);

/* A handler that says something forbidden: nothing of it is sent. */
static enum err
get_wrong(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice what = INPUT(in, wrong_input)->what;
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

/* --- Acts of two holders -------------------------------------------------- */

struct act_input {
	struct slice id;
};
static const struct field act_fields[] = {
    FIELD(act_input, id, ID, "of the act"),
};
static const struct shape act_input_shape = SHAPE(act_input, act_fields);

static enum err
act(struct turn *turn, struct slice id, struct reply *reply)
{
	json_out_text(reply_object(reply, 200), "officer", turn->caller.name);
	TRY(put(turn, NOTES_HEARD_PUT, id, turn->caller.name));

	return turn_audit(turn, "act", id, SLICE(""));
}

static enum err
post_act(struct turn *turn, const struct input *in, struct reply *reply)
{
	return act(turn, INPUT(in, act_input)->id, reply);
}

static enum err
get_acts(struct turn *turn, const struct input *in, struct reply *reply)
{
	(void)in;
	json_out_int(reply_object(reply, 200), "done",
	    sample_count(turn->node, NOTES_HEARD, "n"));

	return OK;
}

struct grant_input {
	int64_t amount;
};
static const struct field grant_fields[] = {
    FIELD(grant_input, amount, INT(1, 100), "more than ten needs two holders"),
};
static const struct shape grant_input_shape = SHAPE(grant_input, grant_fields);

static enum err
post_grant(struct turn *turn, const struct input *in, struct reply *reply)
{
	if (INPUT(in, grant_input)->amount > 10 && !input_is_confirmed(in))
		return reply_pending(turn, in, reply);

	return act(turn, SLICE("grant"), reply);
}

#define PEOPLE (HTTP_DOOR_PEERS | HTTP_DOOR_PEOPLE)

static const struct route routes[] = {
    {HTTP_POST, "/notes", DUTY_RECORD, post_note, &note_input_shape,
	"put a note"},
    {HTTP_GET, "/heard/{id}", DUTY_LOOK, get_heard, &heard_input_shape,
	"a note that was told"},
    {HTTP_GET, "/evidence/{id}", DUTY_EVIDENCE, get_evidence, &id_input_shape,
	"the evidence of a note"},
    {HTTP_POST, "/evidence/erase", DUTY_EVIDENCE, delete_evidence,
	&erase_input_shape, "forget it"},
    {HTTP_GET, "/mine", RIGHT_RESIDENT, get_secret, NULL,
	"for the bearer of a session"},
    {HTTP_GET, "/page", RIGHT_PUBLIC, get_page, NULL, "a page",
	.doors = PEOPLE},
    {HTTP_POST, "/form", RIGHT_PUBLIC, post_form, NULL, "a form", .raw = true,
	.doors = PEOPLE, .max_bytes = SAMPLE_FORM_BYTES},
    {HTTP_POST, "/sign-in", RIGHT_PUBLIC, post_sign_in, NULL, "sign in",
	.raw = true, .doors = PEOPLE},
    {HTTP_GET, "/who", RIGHT_PUBLIC, get_who, NULL, "the caller's name",
	.doors = PEOPLE},
    {HTTP_GET, "/file", RIGHT_PUBLIC, get_file, &file_input_shape, "a file",
	.doors = HTTP_DOORS_ALL},
    {HTTP_GET, "/wrong", RIGHT_PUBLIC, get_wrong, &wrong_input_shape,
	"a handler that is wrong"},
    {HTTP_PUT, "/file", DUTY_LOOK, get_file, &file_input_shape,
	"another method", .raw = true, .max_bytes = SAMPLE_FORM_BYTES},
    {HTTP_GET, "/two", DUTY_HIDE, get_acts, NULL, "how many acts there were"},
    {HTTP_POST, "/two", DUTY_HIDE, post_act, &act_input_shape,
	"an act that opens something"},
    {HTTP_POST, "/stop", DUTY_REVOKE, post_act, &act_input_shape,
	"an act that stops something"},
    {HTTP_POST, "/grants", DUTY_BUDGET, post_grant, &grant_input_shape,
	"an act that needs two holders at times", .raw = true},
    {0},
};

#define LISTED_MAX 10

/* All notes of our own, those that are too long to be told as well. */
static enum err
list_notes(struct turn *turn, const struct system_id *to)
{
	struct listed_note items[LISTED_MAX];
	struct notes_listed listed = {.items = items};
	struct query q;
	enum err rc = OK;

	store_query(turn->store, NOTES_NOTE_ALL, &q);
	while (listed.n_items < LISTED_MAX && (rc = query_step(&q)) == OK)
		items[listed.n_items++] = (struct listed_note){
		    arena_copy(turn->arena, column_text(&q, "id")),
		    arena_copy(turn->arena, column_text(&q, "text"))};
	query_done(&q);
	TRY(rows_end(rc));

	TRY(turn_audit(turn, "notes.list", SLICE(""), SLICE("")));

	return turn_tell(turn, to, notes_listed, &listed);
}
struct instant sample_heard;
int sample_revoked;

/* Leave the revoked system a message, as a component might. */
static enum err
on_revoked(struct turn *turn, const struct system_id *system)
{
	sample_revoked++;

	return turn_send_text(turn, system, "note.told", SLICE("{}"));
}

static enum err
on_told(struct turn *turn, const struct message *m)
{
	const struct note_told *told = MESSAGE(m, note_told);
	struct slice id = told->id;
	enum err rc;

	sample_heard = m->time;
	if (slice_has_prefix(told->text, SLICE("refuse me")))
		return problem_set(
		    turn->problem, ERR_CONFLICT, "such notes are not taken");
	if (slice_equal_string(told->text, "list them"))
		return list_notes(turn, &m->from);
	rc = put(turn, NOTES_HEARD_PUT, id, told->text);
	if (rc == OK)
		rc = turn_audit(turn, "note.told", id, SLICE(""));
	if (rc == OK)
		rc = turn_evidence(turn, id);
	if (rc == OK)
		turn_wake(turn, id);

	return rc;
}

static enum err
on_listed(struct turn *turn, const struct message *m)
{
	const struct notes_listed *listed = MESSAGE(m, notes_listed);
	size_t i;

	for (i = 0; i < listed->n_items; i++)
		TRY(put(turn, NOTES_HEARD_PUT, listed->items[i].id,
		    listed->items[i].text));

	return turn_audit(turn, "notes.listed", SLICE(""), SLICE(""));
}

static const struct message_handler messages[] = {
    {&message_note_told, "sample", FROM_ANY_ORGANISATION, on_told, "a note"},
    {&message_notes_listed, "sample", FROM_ANY_ORGANISATION, on_listed,
	"all notes"},
    {0},
};

/* Our note was refused: that is heard instead of an answer. */
static enum err
on_refused(struct turn *turn, const struct message *m)
{
	const struct note_told *told = MESSAGE(m, note_told);

	TRY(put(turn, NOTES_HEARD_PUT, told->id, m->refusal));
	turn_wake(turn, told->id);
	if (slice_equal_string(told->text, "refuse me in vain"))
		return problem_set(turn->problem, ERR_CONFLICT, "in vain");

	return turn_audit(turn, "note.refused", told->id, SLICE(""));
}

static const struct refusal_handler refused[] = {
    {&message_note_told, "sample", on_refused, "a note"},
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
    .component.refused = refused,
    .component.count = count,
    .component.revoked = on_revoked,
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

static void
copy(struct query *q, const char *column, char *ret, size_t size)
{
	struct slice text = column_text(q, column);

	snprintf(ret, size, "%.*s", SLICE_ARG(text));
}

void
sample_newest_entry(struct node *node, struct sample_entry *ret)
{
	struct query q;

	store_query(node_store(node), NOTES_NEWEST_ENTRY, &q);
	if (query_step(&q))
		abort();
	copy(&q, "actor", ret->actor, sizeof(ret->actor));
	copy(&q, "action", ret->action, sizeof(ret->action));
	copy(&q, "subject", ret->subject, sizeof(ret->subject));
	copy(&q, "basis", ret->basis, sizeof(ret->basis));
	query_done(&q);
}
