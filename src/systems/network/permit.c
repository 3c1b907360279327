#include "systems/network/permit.h"

#include <string.h>

#include "base/text.h"
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
	bool was_issued;          /* then the provider knows of it */
	struct instant corrected; /* 0: never */
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
	ret->was_issued = !column_is_null(q, "expires");
	ret->corrected.ms = column_int(q, "corrected");
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

/* To a relay, about a permit; `body` is stolen. */
static enum err
send_about(struct turn *turn, struct slice organisation,
    const struct permit *permit, const char *type, json_t *body)
{
	struct system_id relay;

	if (system_id_parse(arena_printf(turn->arena, "%.*s/relay",
				SLICE_ARG(organisation)),
		&relay)) {
		json_decref(body);
		return ERR_CORRUPT;
	}
	json_put_text(body, "permit", permit->record);
	json_put_text(body, "inquiry", permit->inquiry);
	json_put_text(body, "inquirer", permit->inquirer);

	return turn_send(turn, &relay, type, body);
}

static enum err
tell(struct turn *turn, struct slice organisation, const struct permit *permit,
    const char *outcome)
{
	const struct refusal_info *info =
	    refusal_info(refusal_of(slice_of(outcome)));
	json_t *body = json_object();

	json_put_text(body, "outcome", slice_of(outcome));
	json_put_text(body, "article", slice_of(info->article));
	json_put_text(body, "text", slice_of(info->text));

	return send_about(turn, organisation, permit, "permit.revoked", body);
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

/* Who decides what, and why. */
struct decision {
	const char *kind, *audit;
	struct slice reason, officer, role, basis;
};

static enum err
write_decision(struct turn *turn, const struct permit *permit,
    const struct decision *decision)
{
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_DECISION_ADD, &q);
	query_text(&q, "record", permit->record);
	query_text(&q, "kind", slice_of(decision->kind));
	query_text(&q, "reason", decision->reason);
	query_text(&q, "officer", decision->officer);
	query_text(&q, "role", decision->role);
	query_int(&q, "at", turn->now.ms);
	rc = query_run(&q);
	if (rc)
		return rc;

	return turn_audit(turn, decision->audit,
	    record_code_text(turn, &permit->person), decision->basis);
}

/* By the caller, from the input. */
static enum err
note(struct turn *turn, const struct input *in, const struct permit *permit,
    const char *kind)
{
	const struct decision decision = {.kind = kind,
	    .audit = arena_string(
		turn->arena, arena_printf(turn->arena, "record.%s", kind)),
	    .reason = input_text(in, "reason"),
	    .officer = turn->caller.name,
	    .role = input_text(in, "role"),
	    .basis = strcmp(kind, "correct") == 0 ? SLICE("番号法31条")
						  : SLICE("番号法23条2項")};

	return write_decision(turn, permit, &decision);
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

/* --- Corrections ----------------------------------------------------------- */

struct correction {
	struct instant at;
	struct slice note; /* what was wrong */
};

/* *ret_new is false for what was said before, or against something newer. */
static enum err
correct(struct turn *turn, const struct permit *permit,
    const struct correction *correction, bool *ret_new)
{
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_RECORD_CORRECT, &q);
	query_text(&q, "record", permit->record);
	query_int(&q, "corrected", correction->at.ms);
	query_text(&q, "correction", correction->note);
	rc = query_run(&q);
	*ret_new = rc == OK && query_changes(&q) == 1;

	return rc;
}

/*
 * 番号法31条 reads 個人情報の保護に関する法律97条 so that the others who keep the
 * record are told.  The provider of what was not permitted keeps none.
 */
static enum err
tell_correction(struct turn *turn, struct slice organisation,
    const struct permit *permit, const struct correction *correction)
{
	char at[INSTANT_TEXT_MAX];
	json_t *body;

	if (!permit->was_issued && slice_equal(organisation, permit->provider))
		return OK;
	instant_format(correction->at, at);
	body = json_object();
	json_put_text(body, "corrected", slice_of(at));
	json_put_text(body, "note", correction->note);

	return send_about(turn, organisation, permit, "record.corrected", body);
}

enum err
permit_route_correction(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct correction correction = {turn->now, input_text(in, "note")};
	struct permit permit;
	bool is_new;
	enum err rc;

	rc = find(turn, input_text(in, "record"), &permit);
	if (rc)
		return rc;
	/* Also against one that a clock ahead of ours has dated. */
	if (!instant_is_before(permit.corrected, correction.at))
		correction.at = instant_plus(permit.corrected, 1);
	rc = correct(turn, &permit, &correction, &is_new);
	if (rc == OK)
		rc = note(turn, in, &permit, "correct");
	if (rc == OK)
		rc = tell_correction(
		    turn, permit.inquirer, &permit, &correction);
	if (rc == OK)
		rc = tell_correction(
		    turn, permit.provider, &permit, &correction);
	if (rc == OK)
		reply_decision(reply, &permit, "correct");

	return rc;
}

static enum err
read_correction(struct turn *turn, const json_t *body, struct correction *ret)
{
	struct slice at;

	if (json_get_text(body, "corrected", &at, turn->problem) ||
	    instant_parse(at, &ret->at) ||
	    json_get_text(body, "note", &ret->note, turn->problem) ||
	    slice_is_empty(ret->note) || ret->note.len > NETWORK_REASON_MAX ||
	    !text_is_printable(ret->note))
		return problem_set(turn->problem, ERR_INPUT,
		    "fields corrected and note: expected an instant and a "
		    "text");

	return OK;
}

/* The record of the sender's side; *ret_other keeps one, too. */
static enum err
find_side(struct turn *turn, const struct message *message, struct permit *ret,
    struct slice *ret_other)
{
	struct slice side, record;
	enum err rc;

	if (json_get_text(message->body, "side", &side, turn->problem) ||
	    json_get_text(message->body, "record", &record, turn->problem))
		return ERR_INPUT;
	if (slice_equal_string(side, "inquirer")) {
		rc = find_inquiry(turn, message, record, ret);
		*ret_other = ret->provider;
		return rc;
	}
	rc = find(turn, record, ret);
	*ret_other = ret->inquirer;
	if (rc == OK &&
	    (!ret->was_issued ||
		!slice_equal(
		    ret->provider, system_id_organisation(&message->from))))
		return problem_set(turn->problem, ERR_DENIED,
		    "field record: another organisation's");

	return rc;
}

enum err
permit_correct(struct turn *turn, const struct message *message)
{
	struct decision decision = {.kind = "correct",
	    .audit = "record.correct",
	    .officer = slice_of(message->from.text),
	    .basis = SLICE("番号法31条")};
	struct correction correction;
	struct permit permit;
	struct slice other;
	bool is_new;
	enum err rc;

	rc = read_correction(turn, message->body, &correction);
	if (rc == OK)
		rc = find_side(turn, message, &permit, &other);
	if (rc == OK)
		rc = correct(turn, &permit, &correction, &is_new);
	if (rc)
		return rc;
	if (!is_new)
		return audit(turn, "record.repeat", &permit);
	rc = write_decision(turn, &permit, &decision);
	if (rc == OK)
		rc = tell_correction(turn, other, &permit, &correction);

	return rc;
}

/* --- Reading -------------------------------------------------------------- */

enum err
permit_route_hidden(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct old_out o;
	struct query q;
	enum err rc;

	(void)in;
	old_out_init(&o);
	old_out_object(&o);
	store_query(turn->store, NETWORK_RECORDS_HIDDEN, &q);
	query_int(&q, "limit", HIDDEN_MAX);
	rc = record_describe_all(&q, &o);
	if (rc == OK)
		rc = turn_audit(
		    turn, "records.hidden", SLICE(""), SLICE("番号法23条2項"));
	if (rc == OK)
		reply_json_text(reply, 200, old_out_finish(&o));
	old_out_done(&o);

	return rc;
}

enum err
permit_erase(struct turn *turn)
{
	struct query q;

	store_query(turn->store, NETWORK_DECISIONS_ERASE, &q);
	query_int(&q, "before", record_keep_from(turn->now).ms);

	return query_run(&q);
}
