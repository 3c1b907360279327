#include "systems/network/permit.h"

#include <string.h>

#include "law/refusal.h"
#include "systems/network/hiding.h"
#include "systems/network/network.h"
#include "systems/network/organisation.h"
#include "systems/network/record.h"
#include "systems/network/waiting.h"

#define BASIS SLICE("番号法21条2項")
/* How often an organisation may correct a record in a day. */
#define CORRECTIONS_MAX 10
#define DAY_MS (24 * 3600ll * 1000)

/* --- The record ----------------------------------------------------------- */

static enum err
find(struct turn *turn, struct slice record, struct network_record_row *ret)
{
	enum err rc =
	    network_record_find(turn->store, turn->arena, record, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "there is no such record of an exchange");

	return rc;
}

static enum err
find_inquiry(struct turn *turn, const struct message *message,
    struct slice inquiry, struct network_record_row *ret)
{
	enum err rc = network_record_of_inquiry(turn->store, turn->arena,
	    system_id_organisation(&message->from), inquiry, ret);

	if (rc == ERR_NOT_FOUND &&
	    turn->now.ms - message->time.ms < NETWORK_OVERTAKE_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "the inquiry has not arrived here yet");
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "field inquiry: no such inquiry was made");

	return rc;
}

static bool
is_open(const struct network_record_row *permit)
{
	return slice_equal_string(permit->outcome, "permitted");
}

static enum err
audit(struct turn *turn, const char *action,
    const struct network_record_row *record, struct slice basis)
{
	return turn_audit(
	    turn, action, record_code_text(turn, &record->person), basis);
}

/* --- Taking back ---------------------------------------------------------- */

/* `end` names the permit or the inquiry: each side knows the exchange by its own
 * id. */
static enum err
tell(struct turn *turn, struct slice organisation, struct slice outcome,
    struct permit_revoked end)
{
	const struct refusal_info *info = refusal_info(refusal_of(outcome));
	struct system_id relay;

	TRY(system_id_of(organisation, "relay", &relay));
	end.outcome = outcome;
	end.article = slice_of(info->article);
	end.text = slice_of(info->text);

	return turn_tell(turn, &relay, permit_revoked, &end);
}

/* End the permit with that outcome, and tell the provider. */
static enum err
end(struct turn *turn, const struct network_record_row *permit,
    struct slice outcome)
{
	TRY(network_permit_end(turn->store, outcome, outcome, permit->record));

	return tell(turn, permit->provider, outcome,
	    (struct permit_revoked){.permit = permit->record});
}

enum err
permit_cancel(struct turn *turn, const struct message *message)
{
	const struct inquiry_cancel *cancel = MESSAGE(message, inquiry_cancel);
	struct network_record_row permit;
	enum err rc = waiting_cancel(
	    turn, system_id_organisation(&message->from), cancel->inquiry);

	if (rc != ERR_NOT_FOUND)
		return rc;
	TRY(find_inquiry(turn, message, cancel->inquiry, &permit));
	TRY(audit(turn, "inquiry.cancel", &permit, BASIS));

	return is_open(&permit)
	    ? end(turn, &permit, slice_of(OUTCOME_CANCELLED))
	    : OK;
}

enum err
permit_end_revoked(struct turn *turn, const struct system_id *system)
{
	struct slice organisation = system_id_organisation(system);
	const struct slice outcome = slice_of(OUTCOME_REVOKED);
	struct network_record_row permit;
	enum err rc;

	if (!slice_equal_string(system_id_name(system), "relay"))
		return OK;
	TRY(waiting_end_revoked(turn, organisation));
	while ((rc = network_permit_of(
		    turn->store, turn->arena, organisation, &permit)) == OK) {
		TRY(end(turn, &permit, outcome));
		TRY(tell(turn, permit.inquirer, outcome,
		    (struct permit_revoked){.inquiry = permit.inquiry}));
		TRY(audit(turn, "record.revoke", &permit, BASIS));
	}

	return rows_end(rc);
}

/* --- Decisions ------------------------------------------------------------ */

/* The field of the officer's reason. */
#define REASON(tag)                                  \
	FIELD(tag, reason, TEXT(NETWORK_REASON_MAX), \
	    "the reason; stays in the network")

static enum err
note(struct turn *turn, const struct network_record_row *record,
    const char *kind, struct slice officer, struct slice reason)
{
	TRY(network_decision_add(turn->store,
	    &(struct network_decision_add){.record = record->record,
		.kind = slice_of(kind),
		.reason = reason,
		.officer = officer,
		.at = turn->now}));

	return audit(turn, arena_printf(turn->arena, "record.%s", kind).data,
	    record,
	    strcmp(kind, "correct") == 0 ? SLICE("番号法31条")
					 : SLICE("番号法23条2項"));
}

/* Note the caller's decision, and answer. */
static enum err
conclude(struct turn *turn, const struct network_record_row *record,
    const char *kind, struct slice reason, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);

	json_out_text(o, "record", record->record);
	json_out_text(o, "decision", slice_of(kind));

	return note(turn, record, kind, turn->caller.name, reason);
}

struct permit_revocation {
	struct slice permit, reason;
};
static const struct field revocation_fields[] = {
    FIELD(permit_revocation, permit, ID, "the permit's id"),
    REASON(permit_revocation),
};
const struct shape permit_revocation_shape =
    SHAPE(permit_revocation, revocation_fields);

enum err
permit_route_revoke(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct permit_revocation *i = INPUT(in, permit_revocation);
	struct network_record_row permit;

	TRY(find(turn, i->permit, &permit));
	if (!is_open(&permit))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the permit is over: %.*s", SLICE_ARG(permit.outcome));
	TRY(end(turn, &permit, slice_of(OUTCOME_REVOKED)));
	TRY(tell(turn, permit.inquirer, slice_of(OUTCOME_REVOKED),
	    (struct permit_revoked){.inquiry = permit.inquiry}));

	return conclude(turn, &permit, "revoke", i->reason, reply);
}

struct permit_disclosure {
	struct slice record, decision, withheld, reason;
};
static const struct field disclosure_fields[] = {
    FIELD(permit_disclosure, record, ID, "the record's id"),
    FIELD(permit_disclosure, decision, WORD("hide|show"),
	"the change: hide the record from the person, or show it"),
    OPTION(permit_disclosure, withheld, WITHHOLDING,
	"of `hide`: grade, ground of the record's affair, and last day"),
    REASON(permit_disclosure),
};
const struct shape permit_disclosure_shape =
    SHAPE(permit_disclosure, disclosure_fields);

static enum err
withhold(struct turn *turn, const struct network_record_row *record,
    struct slice withheld)
{
	const struct hiding hiding = {.side = HIDING_NETWORK,
	    .organisation = turn_organisation(turn),
	    .affair = record->affair,
	    .withheld = withheld,
	    .officer = turn_first_holder(turn),
	    .second = turn->caller.second,
	    .from = date_in_japan(turn->now)};

	if (!record->has_expires)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the request was refused before a permit; such a record is "
		    "never withheld");

	return hiding_put(turn, record->record, &hiding);
}

enum err
permit_route_disclosure(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct permit_disclosure *i = INPUT(in, permit_disclosure);
	bool hide = slice_equal_string(i->decision, "hide");
	struct network_record_row record;

	TRY(find(turn, i->record, &record));
	TRY(hide ? withhold(turn, &record, i->withheld)
		 : hiding_end(turn, record.record));

	return conclude(
	    turn, &record, hide ? "hide" : "show", i->reason, reply);
}

/* --- Corrections ----------------------------------------------------------- */

/*
 * 番号法31条 adapts 個人情報の保護に関する法律97条 so that the others who keep the
 * record are told.  A provider keeps no record of a request that was refused.
 */
static enum err
tell_correction(struct turn *turn, const struct network_record_row *record,
    struct slice side, struct instant at, struct slice note)
{
	bool asked = slice_equal_string(side, "inquirer");
	struct system_id relay;

	if (!record->has_expires && !asked)
		return OK;
	TRY(system_id_of(
	    asked ? record->inquirer : record->provider, "relay", &relay));

	return turn_tell(turn, &relay, network_record_corrected,
	    &(struct network_record_corrected){.side = side,
		.record = asked ? record->inquiry : record->record,
		.corrected = at,
		.note = note});
}

struct permit_correction {
	struct slice record, note, reason;
};
static const struct field correction_fields[] = {
    FIELD(permit_correction, record, ID, "the record's id"),
    FIELD(permit_correction, note, TEXT(NETWORK_REASON_MAX),
	"the error in the record; shown to the person"),
    REASON(permit_correction),
};
const struct shape permit_correction_shape =
    SHAPE(permit_correction, correction_fields);

enum err
permit_route_correction(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct permit_correction *i = INPUT(in, permit_correction);
	struct instant at = turn->now;
	struct network_record_row record;

	TRY(find(turn, i->record, &record));
	/* It counts even if a clock ahead of ours dated an earlier one. */
	if (!instant_is_before(record.corrected, at))
		at = instant_plus(record.corrected, 1);
	TRY(network_record_correct(turn->store, at, i->note, record.record));
	TRY(tell_correction(turn, &record, SLICE("inquirer"), at, i->note));
	TRY(tell_correction(turn, &record, SLICE("provider"), at, i->note));

	return conclude(turn, &record, "correct", i->reason, reply);
}

enum err
permit_of_sender(struct turn *turn, const struct message *message,
    struct slice side, struct slice record, struct network_record_row *ret)
{
	if (slice_equal_string(side, "inquirer"))
		return find_inquiry(turn, message, record, ret);
	TRY(find(turn, record, ret));
	if (!ret->has_expires ||
	    !slice_equal(ret->provider, system_id_organisation(&message->from)))
		return problem_set(turn->problem, ERR_DENIED,
		    "field record: is another organisation's");

	return OK;
}

/* ERR_BUSY if the sender has corrected the record often today: its message waits
 * in its own outbox. */
static enum err
check_often(struct turn *turn, const struct network_record_row *record,
    struct slice sender)
{
	struct network_corrections_since_row done;

	TRY(network_corrections_since(turn->store, record->record, sender,
	    instant_plus(turn->now, -DAY_MS), &done));
	if (done.n >= CORRECTIONS_MAX)
		return problem_set(turn->problem, ERR_BUSY,
		    "%.*s has corrected this record %d times in a day; its "
		    "next correction is taken when a day has passed",
		    SLICE_ARG(sender), CORRECTIONS_MAX);

	return OK;
}

enum err
permit_correct(struct turn *turn, const struct message *message)
{
	const struct relay_record_corrected *said =
	    MESSAGE(message, relay_record_corrected);
	struct slice sender = slice_of(message->from.text), other;
	struct network_record_row record;

	TRY(permit_of_sender(turn, message, said->side, said->record, &record));
	other = slice_equal_string(said->side, "inquirer") ? SLICE("provider")
							   : SLICE("inquirer");
	TRY(network_record_correct(
	    turn->store, said->corrected, said->note, record.record));
	/* The correction is a repetition, or older than the one we have. */
	if (store_changes(turn->store) == 0)
		return audit(turn, "record.repeat", &record, BASIS);
	TRY(check_often(turn, &record, sender));
	TRY(note(turn, &record, "correct", sender, SLICE("")));

	return tell_correction(
	    turn, &record, other, said->corrected, said->note);
}

/* --- Time ----------------------------------------------------------------- */

enum err
permit_erase(struct turn *turn)
{
	return network_decisions_erase(
	    turn->store, record_keep_from(turn->now));
}
