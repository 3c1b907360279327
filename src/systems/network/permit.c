#include "systems/network/permit.h"

#include <string.h>

#include "law/refusal.h"
#include "network_statements.h"
#include "systems/network/acquisition.h"
#include "systems/network/network.h"
#include "systems/network/record.h"

#define BASIS SLICE("番号法21条2項")
#define HIDDEN_MAX 500

/* What the record says of a permit; texts in the arena. */
struct permit {
	struct slice record, inquirer, inquiry, provider, outcome;
	struct record_code person;
};

/* --- The record ----------------------------------------------------------- */

static void
read_permit(struct turn *turn, struct query *q, struct permit *ret)
{
	struct arena *arena = turn->arena;
	struct slice person = column_blob(q, "person");

	ret->record = arena_copy(arena, column_text(q, "record"));
	ret->inquirer = arena_copy(arena, column_text(q, "inquirer"));
	ret->inquiry = arena_copy(arena, column_text(q, "inquiry"));
	ret->provider = arena_copy(arena, column_text(q, "provider"));
	ret->outcome = arena_copy(arena, column_text(q, "outcome"));
	if (person.len == sizeof(ret->person.bytes))
		memcpy(ret->person.bytes, person.data, person.len);
}

static enum err
find(struct turn *turn, struct slice record, struct permit *ret)
{
	struct query q;
	enum err rc;

	*ret = (struct permit){0};
	store_query(turn->store, NETWORK_PERMIT_FIND, &q);
	query_text(&q, "record", record);
	rc = query_step(&q);
	if (rc == OK)
		read_permit(turn, &q, ret);
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		return problem_set(
		    turn->problem, ERR_NOT_FOUND, "there is no such record");

	return rc;
}

static enum err
find_inquiry(struct turn *turn, const struct message *message,
    struct slice inquiry, struct permit *ret)
{
	struct query q;
	enum err rc;

	*ret = (struct permit){0};
	store_query(turn->store, NETWORK_PERMIT_OF_INQUIRY, &q);
	query_text(&q, "inquirer", system_id_organisation(&message->from));
	query_text(&q, "inquiry", inquiry);
	rc = query_step(&q);
	if (rc == OK)
		read_permit(turn, &q, ret);
	query_done(&q);
	if (rc == ERR_NOT_FOUND &&
	    turn->now.ms - message->time.ms < NETWORK_OVERTAKE_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "the inquiry has not arrived here yet");
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "field inquiry: nobody asked this");

	return rc;
}

static bool
is_open(const struct permit *permit)
{
	return slice_equal_string(permit->outcome, "permitted");
}

/* --- Taking back ---------------------------------------------------------- */

static enum err
write_outcome(
    struct turn *turn, const struct permit *permit, const char *outcome)
{
	struct query q;

	store_query(turn->store, NETWORK_PERMIT_END, &q);
	query_text(&q, "record", permit->record);
	query_text(&q, "outcome", slice_of(outcome));
	query_text(&q, "reason", slice_of(outcome));

	return query_run(&q);
}

static enum err
tell(struct turn *turn, struct slice organisation, const struct permit *permit,
    const char *outcome)
{
	const struct refusal_info *info =
	    refusal_info(refusal_of(slice_of(outcome)));
	struct system_id relay;
	json_t *body;
	enum err rc;

	rc = system_id_parse(
	    arena_printf(turn->arena, "%.*s/relay", SLICE_ARG(organisation)),
	    &relay);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "permit", permit->record);
	json_put_text(body, "inquiry", permit->inquiry);
	json_put_text(body, "inquirer", permit->inquirer);
	json_put_text(body, "outcome", slice_of(outcome));
	json_put_text(body, "article", slice_of(info->article));
	json_put_text(body, "text", slice_of(info->text));

	return turn_send(turn, &relay, "permit.revoked", body);
}

static enum err
audit(struct turn *turn, const char *action, const struct permit *permit)
{
	return turn_audit(
	    turn, action, record_code_text(turn, &permit->person), BASIS);
}

enum err
permit_cancel(struct turn *turn, const struct message *message)
{
	struct permit permit;
	struct message_id id;
	struct slice inquiry;
	enum err rc;

	if (json_get_text(message->body, "inquiry", &inquiry, turn->problem) ||
	    message_id_parse(inquiry, &id))
		return problem_set(turn->problem, ERR_INPUT,
		    "field inquiry: expected 32 hex digits");
	rc = find_inquiry(turn, message, inquiry, &permit);
	if (rc == OK)
		rc = audit(turn, "inquiry.cancel", &permit);
	if (rc || !is_open(&permit))
		return rc;
	rc = write_outcome(turn, &permit, OUTCOME_CANCELLED);
	if (rc == OK)
		rc = tell(turn, permit.provider, &permit, OUTCOME_CANCELLED);

	return rc;
}

/* --- Decisions ------------------------------------------------------------ */

/* Who decides what, and why: from the input. */
static enum err
note(struct turn *turn, const struct input *in, const struct permit *permit,
    const char *kind)
{
	char action[32] = "record.";
	struct query q;
	enum err rc;
	size_t n = strlen(action);

	store_query(turn->store, NETWORK_DECISION_ADD, &q);
	query_text(&q, "record", permit->record);
	query_text(&q, "kind", slice_of(kind));
	query_text(&q, "reason", input_text(in, "reason"));
	query_text(&q, "officer", turn->caller.name);
	query_text(&q, "role", input_text(in, "role"));
	query_int(&q, "at", turn->now.ms);
	rc = query_run(&q);
	if (rc)
		return rc;
	memcpy(action + n, kind, strlen(kind) + 1);

	return turn_audit(turn, action, record_code_text(turn, &permit->person),
	    SLICE("番号法23条2項"));
}

static void
reply_decision(
    struct reply *reply, const struct permit *permit, const char *kind)
{
	json_t *body = json_object();

	json_put_text(body, "record", permit->record);
	json_put_text(body, "decision", slice_of(kind));
	reply_json(reply, 200, body);
}

enum err
permit_route_revoke(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct permit permit;
	enum err rc;

	rc = find(turn, input_text(in, "permit"), &permit);
	if (rc)
		return rc;
	if (!is_open(&permit))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this permit is over: %.*s", SLICE_ARG(permit.outcome));
	rc = write_outcome(turn, &permit, OUTCOME_REVOKED);
	if (rc == OK)
		rc = tell(turn, permit.provider, &permit, OUTCOME_REVOKED);
	if (rc == OK)
		rc = tell(turn, permit.inquirer, &permit, OUTCOME_REVOKED);
	if (rc == OK)
		rc = note(turn, in, &permit, "revoke");
	if (rc == OK)
		reply_decision(reply, &permit, "revoke");

	return rc;
}

enum err
permit_route_disclosure(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	bool hide = slice_equal_string(input_text(in, "decision"), "hide");
	struct permit permit;
	struct query q;
	enum err rc;

	if (!hide && !slice_equal_string(input_text(in, "decision"), "show"))
		return problem_set(turn->problem, ERR_INPUT,
		    "field decision: either hide or show");
	rc = find(turn, input_text(in, "record"), &permit);
	if (rc)
		return rc;
	store_query(turn->store, NETWORK_RECORD_HIDE, &q);
	query_text(&q, "record", permit.record);
	query_int(&q, "hidden", hide ? 1 : 0);
	rc = query_run(&q);
	if (rc == OK)
		rc = note(turn, in, &permit, hide ? "hide" : "show");
	if (rc == OK)
		reply_decision(reply, &permit, hide ? "hide" : "show");

	return rc;
}

enum err
permit_route_correction(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct permit permit;
	struct query q;
	enum err rc;

	rc = find(turn, input_text(in, "record"), &permit);
	if (rc)
		return rc;
	store_query(turn->store, NETWORK_RECORD_CORRECT, &q);
	query_text(&q, "record", permit.record);
	query_int(&q, "corrected", turn->now.ms);
	query_text(&q, "correction", input_text(in, "note"));
	rc = query_run(&q);
	if (rc == OK)
		rc = note(turn, in, &permit, "correct");
	if (rc == OK)
		reply_decision(reply, &permit, "correct");

	return rc;
}

/* --- Reading -------------------------------------------------------------- */

enum err
permit_route_hidden(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *rows = json_array(), *body;
	struct query q;
	enum err rc;

	(void)in;
	store_query(turn->store, NETWORK_RECORDS_HIDDEN, &q);
	query_int(&q, "limit", HIDDEN_MAX);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(rows, record_describe(&q));
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		rc = turn_audit(
		    turn, "records.hidden", SLICE(""), SLICE("番号法23条2項"));
	if (rc) {
		json_decref(rows);
		return rc;
	}
	body = json_object();
	json_put(body, "records", rows);
	reply_json(reply, 200, body);

	return OK;
}

enum err
permit_erase(struct turn *turn)
{
	struct query q;

	store_query(turn->store, NETWORK_DECISIONS_ERASE, &q);
	query_int(&q, "before", record_keep_from(turn->now).ms);

	return query_run(&q);
}
