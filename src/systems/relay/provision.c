#include "systems/relay/provision.h"

#include <string.h>

#include "base/bug.h"
#include "crypto/jose.h"
#include "host/evidence.h"
#include "law/refusal.h"
#include "relay_statements.h"
#include "systems/network/network.h"
#include "systems/relay/hold.h"
#include "systems/relay/linkage.h"
#include "systems/relay/mark.h"
#include "systems/relay/relay.h"
#include "systems/relay/replica.h"

#define RECORDS_MAX 500

/* --- Reading ------------------------------------------------------------- */

static enum err
misfit(struct problem *problem, const char *field)
{
	return problem_set(
	    problem, ERR_INPUT, "field %s: missing or malformed", field);
}

static enum err
read_texts(const json_t *body, struct permit *ret, struct problem *problem)
{
	const struct {
		const char *key;
		size_t max;
		struct slice *to;
	} fields[] = {
	    {"permit", 32, &ret->permit},
	    {"inquiry", 32, &ret->inquiry},
	    {"item", RELAY_NAME_MAX, &ret->item},
	    {"affair", RELAY_NAME_MAX, &ret->affair},
	    {"article", RELAY_UNIT_MAX, &ret->article},
	    {"inquirer", RELAY_NAME_MAX, &ret->inquirer},
	    {"unit", RELAY_UNIT_MAX, &ret->unit},
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (json_get_text(body, fields[i].key, fields[i].to, problem) ||
		    slice_is_empty(*fields[i].to) ||
		    fields[i].to->len > fields[i].max)
			return misfit(problem, fields[i].key);
	}

	return OK;
}

static enum err
read_instant(const json_t *body, const char *key, struct instant *ret,
    struct problem *problem)
{
	struct slice text;

	if (json_get_text(body, key, &text, problem) ||
	    instant_parse(text, ret))
		return misfit(problem, key);

	return OK;
}

enum err
provision_read(const json_t *body, struct permit *ret, struct problem *problem)
{
	struct slice text;
	enum err rc;

	rc = read_texts(body, ret, problem);
	if (rc == OK)
		rc = read_instant(body, "requested", &ret->requested, problem);
	if (rc == OK)
		rc = read_instant(body, "expires", &ret->expires, problem);
	if (rc)
		return rc;
	if (json_get_text(body, "code", &text, problem) ||
	    linkage_code_parse(text, &ret->code))
		return misfit(problem, "code");
	if (json_get_text_or_empty(body, "version", &ret->version, problem) ||
	    ret->version.len > RELAY_NAME_MAX)
		return misfit(problem, "version");
	if (json_get_text(body, "answer_to", &text, problem) ||
	    system_id_parse(text, &ret->answer_to))
		return misfit(problem, "answer_to");
	ret->undisclosed = json_is_true(json_object_get(body, "undisclosed"));

	return json_get_object(body, "sealing_key", &ret->sealing_key, problem);
}

/* --- Checks -------------------------------------------------------------- */

static bool
has_expired(const struct turn *turn, const struct permit *permit)
{
	return instant_is_before(permit->expires, turn->now) &&
	    !bug_is(BUG_PERMIT_FOREVER);
}

static enum err
find_person(
    struct turn *turn, const struct permit *permit, struct internal_number *ret)
{
	enum err rc = linkage_person_of(turn, &permit->code, ret);

	if (rc == ERR_NOT_FOUND && has_expired(turn, permit))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "this organisation has no such code");
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_BUSY,
		    "the code has not arrived here yet");

	return rc;
}

/* The answer may go to the inquirer's relay, and nowhere else. */
static enum err
check_receiver(struct turn *turn, const struct permit *permit)
{
	struct slice rest = slice_of(permit->answer_to.text), organisation;

	organisation = slice_cut(&rest, '/');
	if (!slice_equal(organisation, permit->inquirer) ||
	    !slice_equal_string(rest, "relay"))
		return problem_set(turn->problem, ERR_DENIED,
		    "field answer_to: not the inquirer's relay");
	if (turn_has_peer(turn, &permit->answer_to))
		return problem_set(turn->problem, ERR_DENIED,
		    "field answer_to: not in our directory");

	return OK;
}

static enum err
find_used(struct turn *turn, struct slice permit)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_PROVISION_FIND, &q);
	query_text(&q, "permit", permit);
	rc = query_step(&q);
	query_done(&q);

	return rc;
}

static enum err
check_unused(struct turn *turn, const struct permit *permit)
{
	enum err rc = find_used(turn, permit->permit);

	if (rc == ERR_NOT_FOUND)
		rc = hold_find(turn, permit->permit);
	if (rc == OK)
		return problem_set(
		    turn->problem, ERR_CONFLICT, "this permit was used before");

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* *ret_outcome stays NULL for a permit that the network did not revoke. */
static enum err
find_revocation(
    struct turn *turn, struct slice permit, const char **ret_outcome)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_REVOCATION_FIND, &q);
	query_text(&q, "permit", permit);
	rc = query_step(&q);
	if (rc == OK)
		*ret_outcome =
		    slice_equal_string(column_text(&q, "outcome"), "revoked")
		    ? "revoked"
		    : "cancelled";
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* --- Ending -------------------------------------------------------------- */

static enum err
send_answer(struct turn *turn, const struct permit *permit,
    const struct ending *ending, bool undisclosed)
{
	json_t *body = json_object();

	json_put_text(body, "permit", permit->permit);
	json_put_text(body, "inquiry", permit->inquiry);
	json_put_text(body, "outcome", slice_of(ending->outcome));
	json_put_bool(body, "undisclosed", undisclosed);
	if (!slice_is_empty(ending->sealed))
		json_put_text(body, "sealed", ending->sealed);
	if (!slice_is_empty(ending->reason)) {
		json_put_text(body, "reason", ending->reason);
		json_put_text(body, "article", ending->article);
		json_put_text(body, "text", ending->text);
	}

	return turn_send(turn, &permit->answer_to, "answer.sealed", body);
}

static enum err
send_report(struct turn *turn, const struct permit *permit,
    const struct ending *ending, bool undisclosed)
{
	char at[INSTANT_TEXT_MAX];
	struct system_id network;
	json_t *body;
	enum err rc;

	rc = turn_single(turn, NETWORK_USUAL, &network);
	if (rc)
		return rc;
	instant_format(turn->now, at);
	body = json_object();
	json_put_text(body, "permit", permit->permit);
	json_put_text(body, "outcome",
	    bug_is(BUG_REPORT_WRONG) && strcmp(ending->outcome, "no-data") == 0
		? SLICE("provided")
		: slice_of(ending->outcome));
	json_put_text(body, "reason", ending->reason);
	json_put_text(body, "at", slice_of(at));
	json_put_bool(body, "undisclosed", undisclosed);

	return turn_send_at_leisure(turn, &network, "provision.report", body);
}

static enum err
record(struct turn *turn, const struct permit *permit,
    struct internal_number internal, const struct ending *ending,
    bool undisclosed)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_PROVISION_ADD, &q);
	query_text(&q, "permit", permit->permit);
	query_text(&q, "inquiry", permit->inquiry);
	query_int(&q, "internal", internal.value);
	query_text(&q, "affair", permit->affair);
	query_text(&q, "item", permit->item);
	query_text(&q, "article", permit->article);
	query_text(&q, "inquirer", permit->inquirer);
	query_text(&q, "unit", permit->unit);
	query_int(&q, "requested", permit->requested.ms);
	query_text(&q, "outcome", slice_of(ending->outcome));
	query_text(&q, "reason", ending->reason);
	query_int(&q, "answered", turn->now.ms);
	query_int(&q, "undisclosed_inquiry", permit->undisclosed ? 1 : 0);
	query_int(&q, "undisclosed_answer", undisclosed ? 1 : 0);
	query_text(&q, "version", ending->version);
	query_int(&q, "put", ending->put.ms);
	rc = query_run(&q);
	query_done(&q);
	if (rc)
		return rc;
	internal_number_format(internal, subject);

	return turn_audit(
	    turn, "replica.provide", slice_of(subject), permit->article);
}

struct ending
ending_refused(enum refusal refusal)
{
	const struct refusal_info *info = refusal_info(refusal);

	return (struct ending){.outcome = "refused",
	    .reason = slice_of(info->reason),
	    .article = slice_of(info->article),
	    .text = slice_of(info->text)};
}

enum err
provision_end(struct turn *turn, const struct permit *permit,
    struct internal_number internal, const struct ending *ending)
{
	bool undisclosed = false;
	enum err rc;

	rc = mark_is(
	    turn, internal, permit->item, MARK_UNDISCLOSED, &undisclosed);
	undisclosed = undisclosed && !bug_is(BUG_MARK_IGNORED);
	if (rc == OK)
		rc = record(turn, permit, internal, ending, undisclosed);
	if (rc == OK)
		rc = turn_evidence(turn, permit->permit);
	if (rc == OK)
		rc = send_answer(turn, permit, ending, undisclosed);
	if (rc == OK)
		rc = send_report(turn, permit, ending, undisclosed);

	return rc;
}

/* --- Answering ----------------------------------------------------------- */

/* Seal a replica for the inquirer; the reference is stolen. */
static enum err
seal(struct turn *turn, const struct permit *permit, json_t *document,
    struct slice *ret)
{
	struct buf plain, key;
	enum err rc;

	buf_init(&plain);
	buf_init(&key);
	json_write(document, &plain);
	json_write(permit->sealing_key, &key);
	json_decref(document);
	rc = jwe_seal(turn->arena, buf_slice(&key), buf_slice(&plain), ret);
	buf_done(&plain);
	buf_done(&key);
	if (rc)
		return problem_set(turn->problem, ERR_INPUT,
		    "field sealing_key: nothing can be sealed for it");

	return OK;
}

/* What there is of the item is of other versions, or there is nothing. */
static enum err
end_without(struct turn *turn, const struct permit *permit,
    struct internal_number internal)
{
	struct ending ending = {.outcome = "no-data"};
	struct replica other = {0};
	enum err rc = ERR_NOT_FOUND;

	if (!slice_is_empty(permit->version))
		rc = replica_newest(turn, internal, permit->item, &other);
	json_decref(other.document);
	if (rc == OK)
		ending = ending_refused(REFUSED_OTHER_VERSION);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;

	return provision_end(turn, permit, internal, &ending);
}

enum err
provision_provide(struct turn *turn, const struct permit *permit,
    struct internal_number internal)
{
	struct ending ending = {.outcome = "provided"};
	struct replica replica = {0};
	enum err rc;

	if (slice_is_empty(permit->version))
		rc = replica_newest(turn, internal, permit->item, &replica);
	else
		rc = replica_find(
		    turn, internal, permit->item, permit->version, &replica);
	if (rc == ERR_NOT_FOUND)
		return end_without(turn, permit, internal);
	ending.version = replica.version;
	ending.put = replica.put;
	if (rc == OK)
		rc = seal(turn, permit, replica.document, &ending.sealed);
	if (rc == OK)
		rc = provision_end(turn, permit, internal, &ending);

	return rc;
}

/* What is over is over; what is marked waits; all else is provided. */
static enum err
act(struct turn *turn, const struct message *message,
    const struct permit *permit, struct internal_number internal)
{
	struct ending over = {0};
	bool held = false;
	enum err rc;

	rc = find_revocation(turn, permit->permit, &over.outcome);
	if (rc)
		return rc;
	if (over.outcome == NULL && has_expired(turn, permit))
		over.outcome = "expired";
	if (over.outcome != NULL)
		return provision_end(turn, permit, internal, &over);
	rc = mark_is(turn, internal, permit->item, MARK_HOLD, &held);
	if (rc)
		return rc;
	if (held && !bug_is(BUG_HOLD_IGNORED))
		return hold_begin(turn, message->body, permit, internal);

	return provision_provide(turn, permit, internal);
}

enum err
provision_answer(struct turn *turn, const struct message *message)
{
	struct internal_number internal;
	struct permit permit = {0};
	enum err rc;

	rc = provision_read(message->body, &permit, turn->problem);
	if (rc == OK)
		rc = check_unused(turn, &permit);
	if (rc == OK)
		rc = check_receiver(turn, &permit);
	if (rc == OK)
		rc = find_person(turn, &permit, &internal);
	if (rc)
		return rc;

	return act(turn, message, &permit, internal);
}

/* --- Revocation ---------------------------------------------------------- */

static enum err
remember_revocation(struct turn *turn, struct slice permit, const char *outcome)
{
	struct query q;

	store_query(turn->store, RELAY_REVOCATION_ADD, &q);
	query_text(&q, "permit", permit);
	query_text(&q, "outcome", slice_of(outcome));
	query_int(&q, "at", turn->now.ms);

	return query_run(&q);
}

enum err
provision_revoke(struct turn *turn, const struct message *message)
{
	struct slice permit, text;
	const char *outcome;
	enum err rc;

	if (json_get_text(message->body, "permit", &permit, turn->problem) ||
	    slice_is_empty(permit) || permit.len > 32)
		return misfit(turn->problem, "permit");
	if (json_get_text(message->body, "outcome", &text, turn->problem))
		return misfit(turn->problem, "outcome");
	if (slice_equal_string(text, "revoked"))
		outcome = "revoked";
	else if (slice_equal_string(text, "cancelled"))
		outcome = "cancelled";
	else
		return misfit(turn->problem, "outcome");
	rc = turn_audit(
	    turn, "permit.revoke", SLICE(""), SLICE("番号法21条2項"));
	if (rc == OK)
		rc = turn_evidence(turn, permit);
	if (rc == OK)
		rc = find_used(turn, permit);
	if (rc != ERR_NOT_FOUND)
		return rc;
	rc = bug_is(BUG_REVOCATION_FORGOTTEN)
	    ? OK
	    : hold_stop(turn, permit, outcome);
	if (rc != ERR_NOT_FOUND)
		return rc;

	return remember_revocation(turn, permit, outcome);
}

/* --- Records ------------------------------------------------------------- */

static json_t *
describe(struct query *q)
{
	static const char *const columns[] = {"inquiry", "permit", "affair",
	    "item", "inquirer", "unit", "outcome", "reason", "article"};
	char at[INSTANT_TEXT_MAX];
	json_t *row = json_object();
	size_t i;

	json_put_text(row, "side", SLICE("provider"));
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		json_put_text(row, columns[i], column_text(q, columns[i]));
	instant_format((struct instant){column_int(q, "requested")}, at);
	json_put_text(row, "requested", slice_of(at));
	instant_format((struct instant){column_int(q, "answered")}, at);
	json_put_text(row, "answered", slice_of(at));
	relay_put_flags(row, q);

	return row;
}

enum err
provision_records(
    struct turn *turn, struct internal_number internal, json_t *rows)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_PROVISION_RECORDS, &q);
	query_int(&q, "internal", internal.value);
	query_int(&q, "limit", RECORDS_MAX);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(rows, describe(&q));
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}
