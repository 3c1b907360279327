#include "tests/unit/host/sample/sample.h"

#include <stdlib.h>

#include "components/audit/audit.h"
#include "components/components.h"
#include "host/evidence.h"
#include "notes_statements.h"

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
