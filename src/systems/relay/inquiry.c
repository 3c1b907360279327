#include "systems/relay/inquiry.h"

#include <string.h>

#include "base/bug.h"
#include "crypto/hash.h"
#include "host/evidence.h"
#include "law/refusal.h"
#include "relay_statements.h"
#include "systems/network/network.h"
#include "systems/relay/linkage.h"
#include "systems/relay/relay.h"
#include "systems/relay/sealing.h"

#define RECORDS_MAX 500
#define EXPIRE_MAX 500

/* The question, as the addressee puts it. */
struct question {
	struct slice inquiry, affair, item, provider, unit;
	struct slice version; /* of the item; empty: the newest */
	struct internal_number internal;
	bool undisclosed; /* 番号法23条2項1号 */
};

/* What the record says of it; texts in the arena. */
struct held_inquiry {
	struct internal_number internal;
	struct slice affair, item, version, provider, permit, state, outcome;
	bool cancelled; /* our office needs it no longer */
};

/* How it ends. */
struct answer {
	const char *outcome;
	struct slice permit, reason, article, text;
	json_t *document; /* what was provided, borrowed; NULL: nothing */
	bool undisclosed; /* 番号法23条2項2号 */
};

/* --- The record ---------------------------------------------------------- */

static enum err
find(struct turn *turn, struct slice inquiry, struct held_inquiry *ret)
{
	struct arena *arena = turn->arena;
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_INQUIRY_FIND, &q);
	query_text(&q, "inquiry", inquiry);
	rc = query_step(&q);
	if (rc == OK) {
		ret->internal.value = column_int(&q, "internal");
		ret->affair = arena_copy(arena, column_text(&q, "affair"));
		ret->item = arena_copy(arena, column_text(&q, "item"));
		ret->version = arena_copy(arena, column_text(&q, "version"));
		ret->provider = arena_copy(arena, column_text(&q, "provider"));
		ret->permit = arena_copy(arena, column_text(&q, "permit"));
		ret->state = arena_copy(arena, column_text(&q, "state"));
		ret->outcome = arena_copy(arena, column_text(&q, "outcome"));
		ret->cancelled = !column_is_null(&q, "cancelled");
	}
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		return problem_set(
		    turn->problem, ERR_NOT_FOUND, "we never made this inquiry");

	return rc;
}

static bool
is_answered(const struct held_inquiry *held)
{
	return slice_equal_string(held->state, "answered");
}

/* Who touched it, and what was said about it, is kept. */
static enum err
audit(struct turn *turn, const char *action, struct slice inquiry,
    struct internal_number internal, struct slice affair)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];
	enum err rc;

	internal_number_format(internal, subject);
	rc = turn_audit(turn, action, slice_of(subject), affair);
	if (rc)
		return rc;

	return turn_evidence(turn, inquiry);
}

/* An end that needs no word of anybody else. */
static struct answer
given_up(const char *outcome, enum refusal refusal)
{
	const struct refusal_info *info = refusal_info(refusal);

	return (struct answer){.outcome = outcome,
	    .reason = slice_of(info->reason),
	    .article = slice_of(info->article),
	    .text = slice_of(info->text)};
}

/* Write how it ended. */
static enum err
write_end(struct turn *turn, struct slice inquiry, const struct answer *answer)
{
	struct query q;

	store_query(turn->store, RELAY_INQUIRY_ANSWER, &q);
	query_text(&q, "inquiry", inquiry);
	query_text(&q, "outcome", slice_of(answer->outcome));
	query_text(&q, "reason", answer->reason);
	query_text(&q, "article", answer->article);
	query_text(&q, "permit", answer->permit);
	query_int(&q, "answered", turn->now.ms);
	query_int(&q, "undisclosed", answer->undisclosed ? 1 : 0);

	return query_run(&q);
}

/* To an office, a permit that was taken back is a refusal. */
static const char *
told(const char *outcome)
{
	return strcmp(outcome, "revoked") == 0 ? "refused" : outcome;
}

/* The contents, and which version in which form they are. */
static void
put_provided(json_t *body, const json_t *document)
{
	static const char *const keys[] = {"contents", "version", "form"};
	json_t *value;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		value = json_object_get(document, keys[i]);
		if (value != NULL)
			json_put(body, keys[i], json_incref(value));
	}
}

/* Write how it ended, and tell the office. */
static enum err
finish(struct turn *turn, struct slice inquiry, const struct answer *answer)
{
	struct system_id offices = turn_sibling(turn, "offices");
	json_t *body;
	enum err rc;

	rc = write_end(turn, inquiry, answer);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "inquiry", inquiry);
	json_put_text(body, "outcome", slice_of(told(answer->outcome)));
	if (answer->document != NULL)
		put_provided(body, answer->document);
	else {
		json_put_text(body, "reason", answer->reason);
		json_put_text(body, "article", answer->article);
		json_put_text(body, "text", answer->text);
	}

	return turn_send(turn, &offices, "inquiry.answered", body);
}

/* --- Asking -------------------------------------------------------------- */

static enum err
read_name(const json_t *body, const char *key, size_t max, struct slice *ret,
    struct problem *problem)
{
	enum err rc = json_get_text(body, key, ret, problem);

	if (rc == OK && (slice_is_empty(*ret) || ret->len > max))
		return problem_set(
		    problem, ERR_INPUT, "field %s: empty or too long", key);

	return rc;
}

static enum err
read_question(const json_t *body, struct question *ret, struct problem *problem)
{
	const struct {
		const char *key;
		size_t max;
		struct slice *to;
	} names[] = {
	    {"inquiry", 32, &ret->inquiry},
	    {"affair", RELAY_NAME_MAX, &ret->affair},
	    {"item", RELAY_NAME_MAX, &ret->item},
	    {"provider", RELAY_NAME_MAX, &ret->provider},
	    {"unit", RELAY_UNIT_MAX, &ret->unit},
	};
	struct slice internal;
	enum err rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < sizeof(names) / sizeof(names[0]); i++)
		rc = read_name(
		    body, names[i].key, names[i].max, names[i].to, problem);
	if (rc ||
	    (rc = json_get_text_or_empty(
		 body, "version", &ret->version, problem)) ||
	    (rc = json_get_text(body, "internal_number", &internal, problem)))
		return rc;
	if (ret->version.len > RELAY_NAME_MAX ||
	    internal_number_parse(internal, &ret->internal))
		return problem_set(problem, ERR_INPUT,
		    "field version or internal_number: malformed");
	ret->undisclosed = json_is_true(json_object_get(body, "undisclosed"));

	return OK;
}

/* *ret_new is false for a repetition. */
static enum err
record(struct turn *turn, const struct question *question, bool *ret_new)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_INQUIRY_ADD, &q);
	query_text(&q, "inquiry", question->inquiry);
	query_int(&q, "internal", question->internal.value);
	query_text(&q, "affair", question->affair);
	query_text(&q, "item", question->item);
	query_text(&q, "version", question->version);
	query_text(&q, "provider", question->provider);
	query_text(&q, "unit", question->unit);
	query_int(&q, "requested", turn->now.ms);
	query_int(&q, "undisclosed", question->undisclosed ? 1 : 0);
	rc = query_run(&q);
	*ret_new = rc == OK && query_changes(&q) == 1;

	return rc;
}

static enum err
send_question(struct turn *turn, const struct question *question,
    const struct linkage_code *code)
{
	char text[LINKAGE_CODE_DIGITS + 1];
	struct system_id network;
	json_t *body;
	enum err rc;

	rc = turn_single(turn, NETWORK_USUAL, &network);
	if (rc)
		return rc;
	linkage_code_format(code, text);
	body = json_object();
	json_put_text(body, "inquiry", question->inquiry);
	json_put_text(body, "code", slice_of(text));
	secret_wipe(text, sizeof(text));
	json_put_text(body, "affair", question->affair);
	json_put_text(body, "item", question->item);
	if (!slice_is_empty(question->version))
		json_put_text(body, "version", question->version);
	json_put_text(body, "provider", question->provider);
	json_put_text(body, "unit", question->unit);
	json_put_bool(body, "undisclosed", question->undisclosed);
	json_put(body, "sealing_key", sealing_public_key(turn));

	return turn_send(turn, &network, "inquiry.request", body);
}

enum err
inquiry_ask(struct turn *turn, const struct message *message)
{
	const struct answer not_acquired =
	    given_up("refused", REFUSED_NOT_ACQUIRED);
	struct question question;
	struct linkage_code code;
	bool fresh;
	enum err rc;

	rc = read_question(message->body, &question, turn->problem);
	if (rc == OK)
		rc = record(turn, &question, &fresh);
	if (rc == OK)
		rc = audit(turn, "inquiry.ask", question.inquiry,
		    question.internal, question.affair);
	if (rc || !fresh)
		return rc;
	rc = linkage_code_of(turn, question.internal, &code);
	if (rc == ERR_NOT_FOUND)
		return finish(turn, question.inquiry, &not_acquired);
	if (rc)
		return rc;

	return send_question(turn, &question, &code);
}

/* --- The network's answer ------------------------------------------------ */

enum err
inquiry_permitted(struct turn *turn, const struct message *message)
{
	struct problem *problem = turn->problem;
	const json_t *body = message->body;
	struct slice inquiry, permit, article, text;
	struct held_inquiry held;
	struct instant expires;
	struct query q;
	enum err rc;

	if ((rc = read_name(body, "inquiry", 32, &inquiry, problem)) ||
	    (rc = read_name(body, "permit", 32, &permit, problem)) ||
	    (rc = json_get_text_or_empty(body, "article", &article, problem)) ||
	    (rc = json_get_text(body, "expires", &text, problem)))
		return rc;
	if (instant_parse(text, &expires))
		rc = problem_set(
		    problem, ERR_INPUT, "field expires: not an instant");
	if (rc == OK)
		rc = find(turn, inquiry, &held);
	if (rc == OK)
		rc = audit(turn, "inquiry.permitted", inquiry, held.internal,
		    held.affair);
	if (rc)
		return rc;
	if (!slice_is_empty(held.permit) && !slice_equal(held.permit, permit))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this inquiry has another permit");
	store_query(turn->store, RELAY_INQUIRY_PERMIT, &q);
	query_text(&q, "permit", permit);
	query_text(&q, "article", article);
	query_int(&q, "expires", expires.ms);
	query_text(&q, "inquiry", inquiry);

	return query_run(&q);
}

/* The law's words for how it ends; empty if there are none. */
static enum err
read_words(const json_t *body, struct answer *ret, struct problem *problem)
{
	enum err rc =
	    json_get_text_or_empty(body, "article", &ret->article, problem);

	return rc == OK
	    ? json_get_text_or_empty(body, "text", &ret->text, problem)
	    : rc;
}

enum err
inquiry_refused(struct turn *turn, const struct message *message)
{
	struct answer answer = {.outcome = "refused"};
	const json_t *body = message->body;
	struct held_inquiry held;
	struct slice inquiry;
	enum err rc;

	rc = read_name(body, "inquiry", 32, &inquiry, turn->problem);
	if (rc == OK)
		rc = read_name(body, "reason", RELAY_NAME_MAX, &answer.reason,
		    turn->problem);
	if (rc == OK)
		rc = read_words(body, &answer, turn->problem);
	if (rc == OK)
		rc = find(turn, inquiry, &held);
	if (rc == OK)
		rc = audit(turn, "inquiry.refused", inquiry, held.internal,
		    held.affair);
	if (rc)
		return rc;
	/* Cancelled while the network refused it: the refusal is the record. */
	if (is_answered(&held))
		return slice_equal_string(held.outcome, "cancelled") &&
			slice_is_empty(held.permit)
		    ? write_end(turn, inquiry, &answer)
		    : OK;
	if (!slice_is_empty(held.permit))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this inquiry was permitted before");

	return finish(turn, inquiry, &answer);
}

/* --- Taking back ---------------------------------------------------------- */

/* A question that is not here may still be under way. */
static enum err
find_soon(struct turn *turn, const struct message *message,
    struct slice inquiry, struct held_inquiry *ret)
{
	enum err rc = find(turn, inquiry, ret);

	if (rc == ERR_NOT_FOUND &&
	    turn->now.ms - message->time.ms < RELAY_OVERTAKE_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "the inquiry has not arrived here yet");

	return rc;
}

enum err
inquiry_revoked(struct turn *turn, const struct message *message)
{
	struct answer answer = {
	    .outcome = "revoked", .reason = SLICE("revoked")};
	const json_t *body = message->body;
	struct held_inquiry held;
	struct slice inquiry;
	enum err rc;

	rc = read_name(body, "inquiry", 32, &inquiry, turn->problem);
	if (rc == OK)
		rc = read_name(
		    body, "permit", 32, &answer.permit, turn->problem);
	if (rc == OK)
		rc = read_words(body, &answer, turn->problem);
	if (rc == OK)
		rc = find(turn, inquiry, &held);
	if (rc == OK)
		rc = audit(turn, "inquiry.revoked", inquiry, held.internal,
		    held.affair);
	if (rc || is_answered(&held))
		return rc;

	return finish(turn, inquiry, &answer);
}

static enum err
send_cancel(struct turn *turn, struct slice inquiry)
{
	struct system_id network;
	json_t *body;
	enum err rc = turn_single(turn, NETWORK_USUAL, &network);

	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "inquiry", inquiry);

	return turn_send(turn, &network, "inquiry.cancel", body);
}

enum err
inquiry_cancel(struct turn *turn, const struct message *message)
{
	struct answer answer = given_up("cancelled", REFUSED_CANCELLED);
	struct held_inquiry held;
	struct slice inquiry;
	struct query q;
	enum err rc;

	rc = read_name(message->body, "inquiry", 32, &inquiry, turn->problem);
	if (rc == OK)
		rc = find_soon(turn, message, inquiry, &held);
	if (rc == OK)
		rc = audit(turn, "inquiry.cancel", inquiry, held.internal,
		    held.affair);
	if (rc || is_answered(&held))
		return rc;
	answer.permit = held.permit;
	store_query(turn->store, RELAY_INQUIRY_CANCEL, &q);
	query_text(&q, "inquiry", inquiry);
	query_int(&q, "cancelled", turn->now.ms);
	rc = query_run(&q);
	if (rc == OK)
		rc = finish(turn, inquiry, &answer);
	if (rc == OK)
		rc = send_cancel(turn, inquiry);

	return rc;
}

/* --- Held by the provider -------------------------------------------------- */

/* Is this the one we asked? */
static enum err
check_provider(struct turn *turn, const struct message *message,
    const struct held_inquiry *held)
{
	if (!slice_equal(
		system_id_organisation(&message->from), held->provider))
		return problem_set(turn->problem, ERR_DENIED,
		    "another organisation was asked");

	return OK;
}

static enum err
tell_held(struct turn *turn, struct slice inquiry, struct slice deadline)
{
	struct system_id offices = turn_sibling(turn, "offices");
	json_t *body = json_object();

	json_put_text(body, "inquiry", inquiry);
	json_put_text(body, "deadline", deadline);

	return turn_send(turn, &offices, "inquiry.held", body);
}

enum err
inquiry_held(struct turn *turn, const struct message *message)
{
	struct slice inquiry, deadline;
	struct held_inquiry held;
	struct instant until;
	struct query q;
	enum err rc;

	rc = read_name(message->body, "inquiry", 32, &inquiry, turn->problem);
	if (rc == OK)
		rc = json_get_text(
		    message->body, "deadline", &deadline, turn->problem);
	if (rc == OK && instant_parse(deadline, &until))
		rc = problem_set(
		    turn->problem, ERR_INPUT, "field deadline: not an instant");
	if (rc == OK)
		rc = find(turn, inquiry, &held);
	if (rc == OK)
		rc = check_provider(turn, message, &held);
	if (rc == OK)
		rc = audit(
		    turn, "inquiry.held", inquiry, held.internal, held.affair);
	if (rc || is_answered(&held))
		return rc;
	store_query(turn->store, RELAY_INQUIRY_HELD, &q);
	query_text(&q, "inquiry", inquiry);
	query_int(&q, "held_until", until.ms);
	rc = query_run(&q);
	if (rc == OK)
		rc = tell_held(turn, inquiry, deadline);

	return rc;
}

/* --- The provider's answer ----------------------------------------------- */

/* Is this the one we asked, under the permit we know of? */
static enum err
check_answer(struct turn *turn, const struct message *message,
    const struct held_inquiry *held, struct slice permit)
{
	enum err rc = check_provider(turn, message, held);

	if (rc)
		return rc;
	if (!slice_is_empty(held->permit) && !slice_equal(held->permit, permit))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this inquiry has another permit");
	if (is_answered(held) && slice_is_empty(held->permit) &&
	    !held->cancelled)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this inquiry was not permitted");

	return OK;
}

/* The item, and the version if one was asked for. */
static bool
is_asked_for(const json_t *document, const struct held_inquiry *held)
{
	struct slice item, version;

	return json_get_text(document, "item", &item, NULL) == OK &&
	    slice_equal(item, held->item) &&
	    (slice_is_empty(held->version) ||
		(json_get_text(document, "version", &version, NULL) == OK &&
		    slice_equal(version, held->version))) &&
	    json_is_object(json_object_get(document, "contents"));
}

/* Open what was provided; *ret is a new reference. */
static enum err
open_provided(struct turn *turn, const json_t *body,
    const struct held_inquiry *held, json_t **ret)
{
	struct slice sealed;
	enum err rc = json_get_text(body, "sealed", &sealed, turn->problem);

	if (rc == OK)
		rc = sealing_open(turn, sealed, ret);
	if (rc || is_asked_for(*ret, held))
		return rc;
	json_decref(*ret);
	*ret = NULL;

	return problem_set(
	    turn->problem, ERR_INPUT, "field sealed: not what was asked for");
}

/* The ways a provider answers, as constants. */
static const char *
provider_outcome(struct slice outcome)
{
	static const char *const all[] = {"provided", "no-data", "refused",
	    "expired", "cancelled", "revoked"};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (slice_equal_string(outcome, all[i]))
			return all[i];
	}

	return NULL;
}

/* Why the provider did not answer, in its words. */
static enum err
read_reason(const json_t *body, struct answer *ret, struct problem *problem)
{
	enum err rc;

	rc = json_get_text_or_empty(body, "reason", &ret->reason, problem);
	if (rc == OK)
		rc = read_words(body, ret, problem);
	if (rc == OK && slice_is_empty(ret->reason))
		ret->reason = slice_of(ret->outcome);

	return rc;
}

/* May an answer change how the question ended?  What we gave up, yes. */
static bool
is_open(const struct held_inquiry *held, const struct answer *answer)
{
	static const char *const given_up[] = {
	    "expired", "cancelled", "revoked"};
	size_t i;

	if (!is_answered(held))
		return true;
	if (slice_equal_string(held->outcome, answer->outcome))
		return false;
	for (i = 0; i < sizeof(given_up) / sizeof(given_up[0]); i++) {
		if (slice_equal_string(held->outcome, given_up[i]))
			return true;
	}

	return false;
}

/* What was taken back is recorded, and nobody is told the contents. */
static bool
is_taken_back(const struct held_inquiry *held)
{
	return !bug_is(BUG_CANCELLED_DELIVERED) &&
	    (held->cancelled || slice_equal_string(held->outcome, "revoked"));
}

static enum err
accept_answer(struct turn *turn, const json_t *body, struct slice inquiry,
    const struct held_inquiry *held, struct slice permit)
{
	struct answer answer = {.permit = permit};
	struct slice outcome;
	enum err rc;

	rc = json_get_text(body, "outcome", &outcome, turn->problem);
	if (rc)
		return rc;
	answer.outcome = provider_outcome(outcome);
	if (answer.outcome == NULL)
		return problem_set(turn->problem, ERR_INPUT,
		    "field outcome: not one of those that there are");
	if (!is_open(held, &answer))
		return OK;
	answer.undisclosed = json_is_true(json_object_get(body, "undisclosed"));
	if (!slice_equal_string(outcome, "provided") &&
	    !slice_equal_string(outcome, "no-data"))
		rc = read_reason(body, &answer, turn->problem);
	else if (slice_equal_string(outcome, "provided") &&
	    !is_taken_back(held))
		rc = open_provided(turn, body, held, &answer.document);
	if (rc == OK && is_taken_back(held))
		rc = write_end(turn, inquiry, &answer);
	else if (rc == OK)
		rc = finish(turn, inquiry, &answer);
	json_decref(answer.document);

	return rc;
}

enum err
inquiry_take_answer(struct turn *turn, const struct message *message)
{
	struct held_inquiry held;
	struct slice inquiry, permit;
	enum err rc;

	rc = read_name(message->body, "inquiry", 32, &inquiry, turn->problem);
	if (rc == OK)
		rc = read_name(
		    message->body, "permit", 32, &permit, turn->problem);
	if (rc == OK)
		rc = find(turn, inquiry, &held);
	if (rc == OK)
		rc = check_answer(turn, message, &held, permit);
	if (rc == OK)
		rc = accept_answer(turn, message->body, inquiry, &held, permit);
	if (rc == OK)
		rc = audit(turn, "inquiry.answer", inquiry, held.internal,
		    held.affair);

	return rc;
}

/* --- Time ---------------------------------------------------------------- */

/* The expired ones, as [[inquiry, permit], ...]; new reference. */
static enum err
list_expired(struct turn *turn, json_t **ret)
{
	json_t *rows = json_array(), *row;
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_INQUIRY_EXPIRED, &q);
	query_int(&q, "before", turn->now.ms - RELAY_EXPIRY_GRACE_MS);
	query_int(&q, "limit", EXPIRE_MAX);
	while ((rc = query_step(&q)) == OK) {
		row = json_array();
		json_push_text(row, column_text(&q, "inquiry"));
		json_push_text(row, column_text(&q, "permit"));
		json_array_append_new(rows, row);
	}
	query_done(&q);
	*ret = rows;

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
inquiry_expire(struct turn *turn)
{
	struct answer answer = given_up("expired", REFUSED_EXPIRED);
	const json_t *row;
	struct slice inquiry;
	json_t *rows;
	size_t i;
	enum err rc;

	rc = list_expired(turn, &rows);
	for (i = 0; rc == OK && i < json_array_size(rows); i++) {
		row = json_array_get(rows, i);
		rc = json_at_text(row, 0, &inquiry);
		if (rc == OK)
			rc = json_at_text(row, 1, &answer.permit);
		if (rc == OK)
			rc = finish(turn, inquiry, &answer);
	}
	json_decref(rows);

	return rc;
}

static json_t *
describe(struct query *q)
{
	static const char *const columns[] = {"inquiry", "permit", "affair",
	    "item", "provider", "unit", "outcome", "reason", "article"};
	char at[INSTANT_TEXT_MAX];
	json_t *row = json_object();
	size_t i;

	json_put_text(row, "side", SLICE("inquirer"));
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		json_put_text(row, columns[i], column_text(q, columns[i]));
	instant_format((struct instant){column_int(q, "requested")}, at);
	json_put_text(row, "requested", slice_of(at));
	if (!column_is_null(q, "answered")) {
		instant_format((struct instant){column_int(q, "answered")}, at);
		json_put_text(row, "answered", slice_of(at));
	}
	if (!column_is_null(q, "outdated")) {
		instant_format((struct instant){column_int(q, "outdated")}, at);
		json_put_text(row, "outdated", slice_of(at));
	}
	relay_put_flags(row, q);

	return row;
}

enum err
inquiry_records(
    struct turn *turn, struct internal_number internal, json_t *rows)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_INQUIRY_RECORDS, &q);
	query_int(&q, "internal", internal.value);
	query_int(&q, "limit", RECORDS_MAX);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(rows, describe(&q));
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}
