#include "systems/network/record.h"

#include <string.h>

#include "crypto/hash.h"
#include "law/refusal.h"
#include "network_statements.h"
#include "systems/network/network.h"
#include "systems/network/organisation.h"

/* --- Writing -------------------------------------------------------------- */

enum err
record_add(struct turn *turn, const struct record *record)
{
	bool is_permit = record->expires.ms != 0;
	struct slice person = {0}, subject = {0};
	struct query q;
	enum err rc;

	if (record->person != NULL) {
		subject = record_code_text(turn, record->person);
		person = record_code_slice(record->person);
	}
	store_query(turn->store, NETWORK_RECORD_ADD, &q);
	query_blob(&q, "person", person);
	query_text(&q, "record", record->id);
	query_text(&q, "inquirer", record->inquirer);
	query_text(&q, "inquiry", record->inquiry);
	query_text(&q, "affair", record->affair);
	query_text(&q, "item", record->item);
	query_text(&q, "provider", record->provider);
	query_text(&q, "unit", record->unit);
	query_text(&q, "article", record->article);
	query_text(&q, "edition", record->edition);
	query_int(&q, "requested", turn->now.ms);
	if (is_permit)
		query_int(&q, "expires", record->expires.ms);
	else
		query_null(&q, "expires");
	query_text(
	    &q, "outcome", is_permit ? SLICE("permitted") : SLICE("refused"));
	query_text(&q, "reason", record->reason);
	query_int(&q, "undisclosed", record->undisclosed ? 1 : 0);
	rc = query_run(&q);
	if (rc)
		return rc;

	return turn_audit(turn, is_permit ? "inquiry.permit" : "inquiry.refuse",
	    subject, record->article);
}

enum err
record_of_inquiry(struct turn *turn, struct slice inquirer,
    struct slice inquiry, struct record *ret)
{
	struct arena *arena = turn->arena;
	struct query q;
	enum err rc;

	*ret = (struct record){.inquirer = inquirer, .inquiry = inquiry};
	store_query(turn->store, NETWORK_RECORD_OF_INQUIRY, &q);
	query_text(&q, "inquirer", inquirer);
	query_text(&q, "inquiry", inquiry);
	rc = query_step(&q);
	if (rc == OK) {
		ret->id = arena_copy(arena, column_text(&q, "record"));
		ret->affair = arena_copy(arena, column_text(&q, "affair"));
		ret->item = arena_copy(arena, column_text(&q, "item"));
		ret->provider = arena_copy(arena, column_text(&q, "provider"));
		ret->article = arena_copy(arena, column_text(&q, "article"));
		ret->reason = arena_copy(arena, column_text(&q, "reason"));
		ret->expires.ms = column_int(&q, "expires");
	}
	query_done(&q);

	return rc;
}

/* --- Reports -------------------------------------------------------------- */

struct permit {
	struct slice provider;
	struct instant expires;
	bool is_refused;
	bool is_reported;
	struct record_code person;
};

struct report {
	struct slice permit, outcome, reason;
	struct instant at;
	bool undisclosed; /* the answer (番号法23条2項2号) */
};

static enum err
find_permit(struct turn *turn, struct slice id, struct permit *ret)
{
	struct slice person;
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_RECORD_FIND, &q);
	query_text(&q, "record", id);
	rc = query_step(&q);
	if (rc == OK) {
		ret->provider =
		    arena_copy(turn->arena, column_text(&q, "provider"));
		ret->expires.ms = column_int(&q, "expires");
		ret->is_refused =
		    slice_equal_string(column_text(&q, "outcome"), "refused");
		ret->is_reported = !column_is_null(&q, "reported");
		person = column_blob(&q, "person");
		if (person.len == sizeof(ret->person.bytes))
			memcpy(ret->person.bytes, person.data, person.len);
	}
	query_done(&q);
	if (rc == ERR_NOT_FOUND || (rc == OK && ret->is_refused))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "field permit: no such permit was issued");

	return rc;
}

static enum err
check_outcome(struct slice outcome, struct problem *problem)
{
	static const char *const all[] = {OUTCOME_PROVIDED, OUTCOME_NO_DATA,
	    OUTCOME_REFUSED, OUTCOME_EXPIRED, OUTCOME_CANCELLED,
	    OUTCOME_REVOKED};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (slice_equal_string(outcome, all[i]))
			return OK;
	}

	return problem_set(problem, ERR_INPUT,
	    "field outcome: not one of those that there are");
}

static enum err
read_report(const json_t *body, struct report *ret, struct problem *problem)
{
	struct slice at;

	if (json_get_text(body, "permit", &ret->permit, problem) ||
	    json_get_text(body, "outcome", &ret->outcome, problem) ||
	    json_get_text(body, "at", &at, problem))
		return ERR_INPUT;
	if (instant_parse(at, &ret->at))
		return problem_set(problem, ERR_INPUT, "field at: no instant");
	if (json_get_text_or_empty(body, "reason", &ret->reason, problem) ||
	    ret->reason.len > NETWORK_WORD_MAX)
		return problem_set(
		    problem, ERR_INPUT, "field reason: no word, or too long");
	ret->undisclosed = json_is_true(json_object_get(body, "undisclosed"));

	return check_outcome(ret->outcome, problem);
}

static enum err
write_report(
    struct turn *turn, const struct permit *permit, const struct report *report)
{
	bool is_late = instant_is_before(permit->expires, report->at) &&
	    (slice_equal_string(report->outcome, OUTCOME_PROVIDED) ||
		slice_equal_string(report->outcome, OUTCOME_NO_DATA));
	struct slice outcome = is_late ? SLICE("expired") : report->outcome;
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_RECORD_REPORT, &q);
	query_text(&q, "record", report->permit);
	query_text(&q, "outcome", outcome);
	query_text(&q, "reason", report->reason);
	query_int(&q, "undisclosed", report->undisclosed ? 1 : 0);
	/* Also what was provided too late was provided, and is shown. */
	if (slice_equal_string(report->outcome, "provided"))
		query_int(&q, "provided", report->at.ms);
	else
		query_null(&q, "provided");
	query_int(&q, "reported", turn->now.ms);
	rc = query_run(&q);
	if (rc)
		return rc;

	return turn_audit(turn, is_late ? "provision.late" : "provision.report",
	    record_code_text(turn, &permit->person), SLICE("番号法23条3項"));
}

enum err
record_report(struct turn *turn, const struct message *message)
{
	struct permit permit = {0};
	struct report report;
	enum err rc;

	rc = read_report(message->body, &report, turn->problem);
	if (rc == OK)
		rc = find_permit(turn, report.permit, &permit);
	if (rc)
		return rc;
	if (!slice_equal(
		system_id_organisation(&message->from), permit.provider))
		return problem_set(turn->problem, ERR_DENIED,
		    "field permit: another organisation's");
	if (permit.is_reported)
		return turn_audit(turn, "provision.repeat",
		    record_code_text(turn, &permit.person),
		    SLICE("番号法23条3項"));

	return write_report(turn, &permit, &report);
}

/* --- Showing -------------------------------------------------------------- */

static void
put_text(struct old_out *o, const char *key, struct slice text)
{
	old_out_key(o, key);
	old_out_text(o, text);
}

static void
put_instant(struct old_out *o, const char *key, struct query *q)
{
	char text[INSTANT_TEXT_MAX] = "";

	if (!column_is_null(q, key))
		instant_format((struct instant){column_int(q, key)}, text);
	put_text(o, key, slice_of(text));
}

static void
describe(struct old_out *o, struct query *q)
{
	static const char *const texts[] = {"record", "inquirer", "provider",
	    "item", "affair", "article", "edition", "unit", "outcome"};
	size_t i;

	old_out_object(o);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		put_text(o, texts[i], column_text(q, texts[i]));
	put_instant(o, "requested", q);
	put_instant(o, "provided", q);
	if (!column_is_null(q, "corrected")) {
		put_instant(o, "corrected", q);
		put_text(o, "correction", column_text(q, "correction"));
	}
	old_out_end(o);
}

enum err
record_describe_all(struct query *q, struct old_out *o)
{
	enum err rc;

	old_out_key(o, "records");
	old_out_array(o);
	while ((rc = query_step(q)) == OK)
		describe(o, q);
	query_done(q);
	old_out_end(o);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
list(struct turn *turn, const struct record_code *person, struct old_out *o)
{
	struct query q;

	store_query(turn->store, NETWORK_RECORDS_OF_PERSON, &q);
	query_blob(&q, "person", record_code_slice(person));
	query_int(&q, "limit", NETWORK_RECORDS_MAX);

	return record_describe_all(&q, o);
}

/* The person behind a code of the sender's. */
static enum err
find_person(
    struct turn *turn, const struct message *message, struct record_code *ret)
{
	const struct network *network = network_of(turn);
	const struct organisation *portal =
	    organisation_find(network, system_id_organisation(&message->from));
	struct linkage_code code;
	struct id_code id;
	struct slice text;
	enum err rc = ERR_CRYPTO;

	if (json_get_text(message->body, "code", &text, turn->problem) ||
	    linkage_code_parse(text, &code))
		return problem_set(
		    turn->problem, ERR_INPUT, "field code: not a linkage code");
	if (portal != NULL)
		rc = linkage_open(network->linkage, &code, portal->number, &id);
	linkage_code_wipe(&code);
	if (rc == OK)
		rc = acquisition_record_code(turn, id, ret);
	if (rc == ERR_CRYPTO || rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_DENIED,
		    "field code: not one of the sender's");

	return rc;
}

enum err
record_show(struct turn *turn, const struct message *message)
{
	struct record_code person;
	struct message_id id;
	struct slice request;
	struct old_out o;
	enum err rc;

	if (json_get_text(message->body, "request", &request, turn->problem) ||
	    message_id_parse(request, &id))
		return problem_set(turn->problem, ERR_INPUT,
		    "field request: expected 32 hex digits");
	rc = find_person(turn, message, &person);
	if (rc)
		return rc;
	old_out_init(&o);
	old_out_object(&o);
	put_text(&o, "request", request);
	rc = list(turn, &person, &o);
	if (rc == OK)
		rc = turn_audit(turn, "records.show",
		    record_code_text(turn, &person), SLICE("番号法附則6条"));
	secret_wipe(&person, sizeof(person));
	if (rc == OK)
		rc = turn_send_text(turn, &message->from, "records.answer",
		    old_out_finish(&o));
	old_out_done(&o);

	return rc;
}

/* --- Time ----------------------------------------------------------------- */

enum err
record_expire(struct turn *turn)
{
	struct query q;

	store_query(turn->store, NETWORK_RECORDS_EXPIRE, &q);
	query_int(&q, "now", turn->now.ms);

	return query_run(&q);
}

/*
 * A period of years begins on the day after and ends on the day before its
 * anniversary (民法140条, 143条): what was asked for on a day of 2026 may be
 * erased from the day after the same day of 2033.
 */
struct instant
record_keep_from(struct instant now)
{
	struct date day = date_in_japan(now);

	day.year = (int16_t)(day.year - NETWORK_RECORD_YEARS);
	/* There is no such day seven years before 29 February. */
	if (day.month == 2 && day.day == 29)
		day = (struct date){day.year, 3, 1};

	return date_begin(day);
}

enum err
record_erase(struct turn *turn)
{
	struct query q;

	store_query(turn->store, NETWORK_RECORDS_ERASE, &q);
	query_int(&q, "before", record_keep_from(turn->now).ms);

	return query_run(&q);
}
