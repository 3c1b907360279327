#include "systems/network/record.h"

#include "base/bug.h"
#include "components/keeper/keeper.h"
#include "crypto/hash.h"
#include "host/evidence.h"
#include "host/once.h"
#include "law/refusal.h"
#include "messages/question.h"
#include "messages/tokens.h"
#include "systems/network/acquisition.h"
#include "systems/network/hiding.h"
#include "systems/network/network.h"
#include "systems/network/organisation.h"

#define BASIS_OF_REPORT SLICE("番号法23条3項")

/* --- Writing -------------------------------------------------------------- */

enum err
record_add(struct turn *turn, struct network_record_add *record)
{
	bool is_permit = record->expires != NULL;

	record->outcome = is_permit ? SLICE("permitted") : SLICE("refused");
	TRY(network_record_add(turn->store, record));

	return turn_audit(turn, is_permit ? "inquiry.permit" : "inquiry.refuse",
	    record_code_text(turn, record->person), record->article);
}

/* --- Reports -------------------------------------------------------------- */

/* Nothing is provided before it is asked for; the provider's clock may be behind
 * ours as far as it may be ahead. */
static enum err
check_since(struct turn *turn, struct instant at, struct instant requested)
{
	char text[INSTANT_TEXT_MAX], least[INSTANT_TEXT_MAX];

	if (at.ms >= requested.ms - CLOCK_AHEAD_MS)
		return OK;
	instant_format(at, text);
	instant_format(requested, least);

	return problem_set(turn->problem, ERR_INPUT,
	    "field at: %s is before the inquiry; expected an instant since %s; "
	    "set the sender's clock",
	    text, least);
}

/* Note both sides by the report, for their keepers.  Where nobody signed the
 * question nothing was exchanged; neither has a record of it. */
static enum err
note_sides(struct turn *turn, const struct provision_report *report,
    const struct network_record_row *permit)
{
	struct keeper_exchange e = {.organisation = permit->inquirer,
	    .side = SIDE_ASKED,
	    .outcome = report->outcome,
	    .withheld = report->withheld,
	    .record = permit->record};
	struct digest question;

	/* A record of the day before questions were signed has none. */
	if (digest_from_bytes(permit->question, &question) ||
	    slice_equal_string(
		report->reason, refusal_info(REFUSED_QUESTION)->reason))
		return OK;
	e.question = &question;
	TRY(keeper_note(turn, &e));
	e.organisation = permit->provider;
	e.side = SIDE_ANSWERED;

	return keeper_note(turn, &e);
}

static enum err
write_report(struct turn *turn, const struct provision_report *report,
    struct slice content, const struct network_record_row *permit)
{
	bool was_provided =
	    slice_equal_string(report->outcome, OUTCOME_PROVIDED);
	bool is_late = instant_is_before(permit->expires, report->at) &&
	    (was_provided ||
		slice_equal_string(report->outcome, OUTCOME_NO_DATA));

	TRY(network_record_report(turn->store,
	    &(struct network_record_report){.record = report->permit,
		.outcome =
		    is_late ? slice_of(OUTCOME_EXPIRED) : report->outcome,
		.reason = report->reason,
		/* A provision after the end is shown as provided, too. */
		.provided = was_provided ? &report->at : NULL,
		.reported = turn->now,
		.report = content,
		.withheld = report->withheld}));
	TRY(note_sides(turn, report, permit));
	TRY(hiding_report(turn, report, permit));

	TRY(turn_audit(turn, is_late ? "provision.late" : "provision.report",
	    record_code_text(turn, &permit->person), BASIS_OF_REPORT));

	/* Signed by the provider: our defence, if it denies the exchange. */
	return turn_evidence(turn, permit->record);
}

enum err
record_report(struct turn *turn, const struct message *message)
{
	const struct provision_report *report =
	    MESSAGE(message, provision_report);
	struct network_record_row permit;
	struct slice content;
	enum err rc;

	rc = network_record_find(
	    turn->store, turn->arena, report->permit, &permit);
	if (rc == ERR_NOT_FOUND || (rc == OK && !permit.has_expires))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "field permit: no such permit was issued");
	TRY(rc);
	if (!slice_equal(
		system_id_organisation(&message->from), permit.provider))
		return problem_set(turn->problem, ERR_DENIED,
		    "field permit: is another organisation's");
	content = once_content(turn, message_provision_report.shape, report);
	TRY(once_check(turn, "permit", permit.report, content));
	if (permit.has_reported)
		return turn_audit(turn, "provision.repeat",
		    record_code_text(turn, &permit.person), BASIS_OF_REPORT);

	TRY(check_since(turn, report->at, permit.requested));

	return write_report(turn, report, content, &permit);
}

/* --- Showing -------------------------------------------------------------- */

static struct records_answer_record
keep(struct arena *arena, const struct network_shown_row *row)
{
	bool was_withheld =
	    row->contents_until.ms > 0 || row->existence_until.ms > 0;
	struct instant end =
	    instant_is_before(row->contents_until, row->existence_until)
	    ? row->existence_until
	    : row->contents_until;

	return (struct records_answer_record){
	    .record = arena_copy(arena, row->record),
	    .inquirer = arena_copy(arena, row->inquirer),
	    .provider = arena_copy(arena, row->provider),
	    .item = arena_copy(arena, row->item),
	    .affair = arena_copy(arena, row->affair),
	    .article = arena_copy(arena, row->article),
	    .edition = arena_copy(arena, row->edition),
	    .unit = text_printable(arena, arena_copy(arena, row->unit)),
	    .outcome = arena_copy(arena, row->outcome),
	    .requested = row->requested,
	    .provided = row->provided,
	    .corrected = row->corrected,
	    .correction = arena_copy(arena, row->correction),
	    .withheld_until =
		was_withheld ? withholding_last_day(end) : (struct date){0}};
}

/* Complete those that were withheld once. */
static enum err
complete(struct turn *turn, struct records_answer_record *all, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (all[i].withheld_until.year != 0)
			TRY(hiding_was(turn, &all[i]));
	}

	return OK;
}

/* The records that the person may see now, newest first. */
static enum err
list(struct turn *turn, const struct record_code *person, struct instant now,
    struct records_answer *ret)
{
	struct records_answer_record *all = NULL;
	struct network_shown_row row;
	size_t n = 0, room = 0;
	struct query q;
	enum err rc;

	network_records_of_person_rows(
	    turn->store, person, now, RECORDS_MAX, &q);
	while ((rc = network_records_of_person_next(&q, &row)) == OK) {
		all = arena_grow(turn->arena, all, n, &room, sizeof(*all));
		all[n++] = keep(turn->arena, &row);
	}
	ret->records = all;
	ret->n_records = n;
	TRY(rows_end(rc));

	return complete(turn, all, n);
}

enum err
record_show(struct turn *turn, const struct message *message)
{
	const struct records_request *request =
	    MESSAGE(message, records_request);
	struct records_answer answer = {.request = request->request};
	/* With the bug the clock stands still for what is withheld. */
	struct instant now = {bug_is(BUG_WITHHELD_FOREVER) ? 1 : turn->now.ms};
	struct network_person_row person;
	enum err rc;

	rc = acquisition_person(turn,
	    organisation_find(
		network_of(turn), system_id_organisation(&message->from)),
	    &request->code, &person);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_DENIED,
		    "field code: is not a code of the sender");
	TRY(rc);
	TRY(list(turn, &person.record_code, now, &answer));
	TRY(hiding_show(turn, &person.record_code, now, &answer));
	TRY(turn_audit(turn, "records.show",
	    record_code_text(turn, &person.record_code),
	    SLICE("番号法附則6条")));

	return turn_tell(turn, &message->from, records_answer, &answer);
}

/* --- Time ----------------------------------------------------------------- */

enum err
record_expire(struct turn *turn)
{
	return network_records_expire(turn->store, turn->now);
}

/*
 * A period of years begins on the day after and ends on the day before its
 * anniversary (民法140条, 143条): the record of a request made on a day of 2026
 * may be erased from the day after the same day of 2033.
 */
struct instant
record_keep_from(struct instant now)
{
	struct date day = date_in_japan(now);

	day.year = (int16_t)(day.year - NETWORK_RECORD_YEARS);
	/* Seven years before 29 February there is no such day. */
	if (day.month == 2 && day.day == 29)
		day = (struct date){day.year, 3, 1};

	return date_begin(day);
}

enum err
record_erase(struct turn *turn)
{
	static const struct record_code nobody;
	struct instant before = record_keep_from(turn->now);
	struct instant weeks_ago = instant_plus(turn->now, -NETWORK_NOBODY_MS);

	TRY(network_withholdings_erase(turn->store, before));
	if (!bug_is(BUG_NOBODY_KEPT))
		TRY(network_records_of_nobody_erase(
		    turn->store, &nobody, weeks_ago));

	return network_records_erase(turn->store, before);
}
