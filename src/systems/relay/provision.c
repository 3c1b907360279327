#include "systems/relay/provision.h"

#include "base/bug.h"
#include "crypto/jose.h"
#include "relay_statements.h"
#include "systems/relay/linkage.h"
#include "systems/relay/relay.h"
#include "systems/relay/replica.h"

#define RECORDS_MAX 500

/* permit.issued, taken apart; slices of the message. */
struct permit {
	struct slice permit, inquiry, item, affair, article, inquirer, unit;
	struct linkage_code code;
	struct instant requested, expires;
	struct system_id answer_to;
	const json_t *sealing_key;
};

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

static enum err
read_permit(const json_t *body, struct permit *ret, struct problem *problem)
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
	if (json_get_text(body, "answer_to", &text, problem) ||
	    system_id_parse(text, &ret->answer_to))
		return misfit(problem, "answer_to");

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
check_unused(struct turn *turn, const struct permit *permit)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_PROVISION_FIND, &q);
	query_text(&q, "permit", permit->permit);
	rc = query_step(&q);
	query_done(&q);
	if (rc == OK)
		return problem_set(
		    turn->problem, ERR_CONFLICT, "this permit was used before");

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* --- Answering ----------------------------------------------------------- */

/* Seal the newest replica into `ret`; *ret_outcome says what there was. */
static enum err
seal_replica(struct turn *turn, const struct permit *permit,
    struct internal_number internal, struct buf *ret, const char **ret_outcome)
{
	json_t *document;
	struct buf plain;
	enum err rc;

	if (has_expired(turn, permit)) {
		*ret_outcome = "expired";
		return OK;
	}
	rc = replica_newest(turn, internal, permit->item, &document);
	if (rc == ERR_NOT_FOUND) {
		*ret_outcome = "no-data";
		return OK;
	}
	if (rc)
		return rc;
	buf_init(&plain);
	json_write(document, &plain);
	json_decref(document);
	rc = jwe_seal(permit->sealing_key, buf_slice(&plain), ret);
	buf_done(&plain);
	if (rc)
		return problem_set(turn->problem, ERR_INPUT,
		    "field sealing_key: nothing can be sealed for it");
	*ret_outcome = "provided";

	return OK;
}

static enum err
send_answer(struct turn *turn, const struct permit *permit, const char *outcome,
    struct slice sealed)
{
	json_t *body = json_object();

	json_put_text(body, "permit", permit->permit);
	json_put_text(body, "inquiry", permit->inquiry);
	json_put_text(body, "outcome", slice_of(outcome));
	if (!slice_is_empty(sealed))
		json_put_text(body, "sealed", sealed);

	return turn_send(turn, &permit->answer_to, "answer.sealed", body);
}

static enum err
send_report(struct turn *turn, const struct permit *permit, const char *outcome)
{
	char at[INSTANT_TEXT_MAX];
	struct system_id network;
	json_t *body;
	enum err rc;

	rc = relay_network(turn, &network);
	if (rc)
		return rc;
	instant_format(turn->now, at);
	body = json_object();
	json_put_text(body, "permit", permit->permit);
	json_put_text(body, "outcome", slice_of(outcome));
	json_put_text(body, "at", slice_of(at));

	return turn_send(turn, &network, "provision.report", body);
}

static enum err
record(struct turn *turn, const struct permit *permit,
    struct internal_number internal, const char *outcome)
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
	query_text(&q, "outcome", slice_of(outcome));
	query_int(&q, "answered", turn->now.ms);
	rc = bug_is(BUG_PERMIT_KEPT) ? OK : query_run(&q);
	query_done(&q);
	if (rc)
		return rc;
	internal_number_format(internal, subject);

	return turn_audit(
	    turn, "replica.provide", slice_of(subject), permit->article);
}

enum err
provision_answer(struct turn *turn, const struct message *message)
{
	struct internal_number internal;
	struct permit permit = {0};
	const char *outcome = NULL;
	struct buf sealed;
	enum err rc;

	rc = read_permit(message->body, &permit, turn->problem);
	if (rc == OK)
		rc = check_unused(turn, &permit);
	if (rc == OK)
		rc = check_receiver(turn, &permit);
	if (rc == OK)
		rc = find_person(turn, &permit, &internal);
	if (rc)
		return rc;
	buf_init(&sealed);
	rc = seal_replica(turn, &permit, internal, &sealed, &outcome);
	if (rc == OK)
		rc = send_answer(turn, &permit, outcome, buf_slice(&sealed));
	if (rc == OK)
		rc = send_report(turn, &permit, outcome);
	if (rc == OK)
		rc = record(turn, &permit, internal, outcome);
	buf_done(&sealed);

	return rc;
}

/* --- Records ------------------------------------------------------------- */

static json_t *
describe(struct query *q)
{
	static const char *const columns[] = {"inquiry", "affair", "item",
	    "inquirer", "unit", "outcome", "article"};
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
