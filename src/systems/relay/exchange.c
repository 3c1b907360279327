#include "systems/relay/exchange.h"

#include <string.h>

#include "components/audit/audit.h"
#include "host/evidence.h"
#include "messages/question.h"
#include "relay_rows.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("番号法23条")
#define RECORDS_MAX 500 /* of a person, on each side */

/* --- The records of a person ----------------------------------------------- */

static void
describe(
    struct json_out *o, const char *side, const struct relay_record_row *row)
{
	bool asked = strcmp(side, "inquirer") == 0;

	json_out_object(o, NULL);
	json_out_text(o, "side", slice_of(side));
	json_out_text(o, asked ? "inquiry" : "permit", row->record);
	json_out_text(o, "affair", row->affair);
	json_out_text(o, "item", row->item);
	json_out_text(o, asked ? "provider" : "inquirer", row->partner);
	json_out_text(o, "unit", row->unit);
	json_out_text(o, "outcome", row->outcome);
	json_out_text(o, "reason", row->reason);
	json_out_text(o, "article", row->article);
	json_out_instant(o, "requested", row->requested);
	if (row->has_answered)
		json_out_instant(o, "answered", row->answered);
	if (row->has_outdated)
		json_out_instant(o, "outdated", row->outdated);
	json_out_text(o, "withheld_inquiry", row->withheld_inquiry);
	json_out_text(o, "withheld_answer", row->withheld_answer);
	if (row->has_corrected) {
		json_out_instant(o, "corrected", row->corrected);
		json_out_text(o, "correction", row->correction);
	}
	json_out_end(o);
}

enum err
exchange_route_records(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct internal_number internal =
	    INPUT(in, relay_person_input)->internal_number;
	struct json_out *o = reply_object(reply, 200);
	struct relay_record_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "records");
	relay_inquiry_records_rows(turn->store, internal, RECORDS_MAX, &q);
	while ((rc = relay_inquiry_records_next(&q, &row)) == OK)
		describe(o, "inquirer", &row);
	TRY(rows_end(rc));
	relay_provision_records_rows(turn->store, internal, RECORDS_MAX, &q);
	while ((rc = relay_provision_records_next(&q, &row)) == OK)
		describe(o, "provider", &row);
	TRY(rows_end(rc));

	return relay_audit(turn, "records.read", internal, BASIS);
}

/* --- The evidence of an exchange ------------------------------------------- */

struct relay_evidence_input {
	struct slice exchange;
};
static const struct field evidence_fields[] = {
    FIELD(relay_evidence_input, exchange, ID,
	"the inquiry's id at the inquirer's relay, the permit's at the "
	"provider's"),
};
const struct shape relay_evidence_input_shape =
    SHAPE(relay_evidence_input, evidence_fields);

/* As inquirer: the sheet that signed for the question, and its case.
 * ERR_NOT_FOUND. */
static enum err
find_asked(struct turn *turn, struct audit_archive *ret)
{
	struct relay_inquiry_archive_row row;
	struct inquiry_case c;

	TRY(relay_inquiry_archive(
	    turn->store, turn->arena, ret->exchange, &row));
	ret->is_old = slice_is_empty(row.sheet);
	if (ret->is_old)
		return OK;
	ret->sheet = row.sheet;
	c = (struct inquiry_case){.number = row.case_number,
	    .unit = row.case_unit,
	    .clerk = row.case_clerk,
	    .second = row.case_second,
	    .opened = row.case_opened};

	return inquiry_case_text(turn->arena, &c, &ret->of_case, turn->problem);
}

static enum err
find_archive(struct turn *turn, struct audit_archive *ret)
{
	struct relay_provision_archive_row row;
	enum err rc = find_asked(turn, ret);

	if (rc != ERR_NOT_FOUND)
		return rc;
	rc = relay_provision_archive(
	    turn->store, turn->arena, ret->exchange, &row);
	ret->is_old = rc == OK && slice_is_empty(row.question_tag);

	return rows_end(rc);
}

enum err
exchange_route_evidence(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct relay_evidence_input *i = INPUT(in, relay_evidence_input);
	struct audit_archive archive = {.exchange = i->exchange};
	enum err rc;

	TRY(turn_audit(turn, "evidence.read", i->exchange, BASIS));
	TRY(find_archive(turn, &archive));
	rc = audit_evidence(turn, &archive, reply);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "this relay keeps no evidence of such an exchange; "
		    "give the inquiry's id at the inquirer's relay, the "
		    "permit's at the provider's");

	return rc;
}

/* --- The end, after seven years (施行令30条) --------------------------------- */

enum err
exchange_erase(struct turn *turn)
{
	struct instant before = instant_plus(turn->now, -RELAY_RECORD_KEEP_MS);
	struct instant unused =
	    instant_plus(turn->now, -RELAY_REVOCATION_KEEP_MS);
	bool more = false;

	TRY(relay_inquiry_erase(turn->store, before));
	TRY(relay_provision_erase(turn->store, before));
	TRY(relay_held_erase(turn->store, before));
	TRY(relay_former_erase(turn->store, before));
	TRY(relay_replica_changes_erase(turn->store, before));
	TRY(relay_mark_erase(turn->store, before));
	TRY(relay_revocation_erase(turn->store, unused));
	TRY(relay_early_correction_erase(turn->store, unused));
	TRY(evidence_erase(turn, before, &more));
	if (more)
		turn_hurry(turn, "records");

	return OK;
}
