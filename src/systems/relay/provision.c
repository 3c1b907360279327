#include "systems/relay/provision.h"

#include "base/bug.h"
#include "crypto/jose.h"
#include "host/evidence.h"
#include "relay_rows.h"
#include "systems/network/network.h"
#include "systems/relay/correction.h"
#include "systems/relay/hold.h"
#include "systems/relay/inquiry.h"
#include "systems/relay/linkage.h"
#include "systems/relay/mark.h"
#include "systems/relay/relay.h"
#include "systems/relay/replica.h"

/* --- Checks -------------------------------------------------------------- */

static bool
has_expired(const struct turn *turn, const struct permit_issued *permit)
{
	return instant_is_before(permit->expires, turn->now) &&
	    !bug_is(BUG_PERMIT_FOREVER);
}

static enum err
find_person(struct turn *turn, const struct permit_issued *permit,
    struct internal_number *ret)
{
	enum err rc = linkage_person_of(turn, &permit->code, ret);

	if (rc == ERR_NOT_FOUND && has_expired(turn, permit))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "field code: this organisation has no such code");
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_BUSY,
		    "the code has not arrived here yet");

	return rc;
}

/* The answer may go to the inquirer's relay, and nowhere else. */
static enum err
check_receiver(struct turn *turn, const struct permit_issued *permit)
{
	struct slice rest = slice_of(permit->answer_to.text), organisation;

	organisation = slice_cut(&rest, '/');
	if (!slice_equal(organisation, permit->inquirer) ||
	    !slice_equal_string(rest, "relay"))
		return problem_set(turn->problem, ERR_DENIED,
		    "field answer_to: is not the inquirer's relay");
	if (turn_has_peer(turn, &permit->answer_to))
		return problem_set(turn->problem, ERR_DENIED,
		    "field answer_to: is not in our directory of systems");

	return OK;
}

static enum err
find_used(struct turn *turn, struct slice permit)
{
	struct relay_provision_find_row row;

	return relay_provision_find(turn->store, turn->arena, permit, &row);
}

static enum err
check_unused(struct turn *turn, const struct permit_issued *permit)
{
	enum err rc = find_used(turn, permit->permit);

	if (rc == ERR_NOT_FOUND)
		rc = hold_find(turn, permit->permit);
	if (rc == OK)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field permit: was used before");

	return rows_end(rc);
}

/* --- Ending -------------------------------------------------------------- */

static enum err
send_answer(struct turn *turn, const struct permit_issued *permit,
    const struct ending *ending, bool undisclosed)
{
	return turn_tell(turn, &permit->answer_to, answer_sealed,
	    &(struct answer_sealed){.permit = permit->permit,
		.inquiry = permit->inquiry,
		.outcome = ending->outcome,
		.undisclosed = undisclosed,
		.sealed = ending->sealed,
		.reason = ending->reason,
		.article = ending->article,
		.text = ending->text});
}

static enum err
send_report(struct turn *turn, const struct permit_issued *permit,
    const struct ending *ending, bool undisclosed)
{
	bool lies = bug_is(BUG_REPORT_WRONG) &&
	    slice_equal_string(ending->outcome, OUTCOME_NO_DATA);
	struct system_id network;

	TRY(turn_single(turn, NETWORK_USUAL, &network));

	return turn_tell_at_leisure(turn, &network, provision_report,
	    &(struct provision_report){.permit = permit->permit,
		.outcome = lies ? SLICE(OUTCOME_PROVIDED) : ending->outcome,
		.reason = ending->reason,
		.at = turn->now,
		.undisclosed = undisclosed});
}

static enum err
record(struct turn *turn, const struct permit_issued *permit,
    struct internal_number internal, const struct ending *ending,
    bool undisclosed)
{
	TRY(relay_provision_add(turn->store,
	    &(struct relay_provision_add){.permit = permit->permit,
		.inquiry = permit->inquiry,
		.internal = internal,
		.affair = permit->affair,
		.item = permit->item,
		.article = permit->article,
		.inquirer = permit->inquirer,
		.unit = permit->unit,
		.requested = permit->requested,
		.outcome = ending->outcome,
		.reason = ending->reason,
		.answered = turn->now,
		.undisclosed_inquiry = permit->undisclosed,
		.undisclosed_answer = undisclosed,
		.version = ending->version,
		.put = ending->put}));

	return correction_catch_up(turn, permit->permit);
}

struct ending
ending_refused(enum refusal refusal)
{
	const struct refusal_info *info = refusal_info(refusal);

	return (struct ending){.outcome = SLICE(OUTCOME_REFUSED),
	    .reason = slice_of(info->reason),
	    .article = slice_of(info->article),
	    .text = slice_of(info->text)};
}

enum err
provision_end(struct turn *turn, const struct permit_issued *permit,
    struct internal_number internal, const struct ending *ending)
{
	bool undisclosed = false;

	TRY(mark_is(
	    turn, internal, permit->item, MARK_UNDISCLOSED, &undisclosed));
	undisclosed = undisclosed && !bug_is(BUG_MARK_IGNORED);
	TRY(record(turn, permit, internal, ending, undisclosed));
	TRY(relay_audit(turn, "replica.provide", internal, permit->article));
	TRY(turn_evidence(turn, permit->permit));
	TRY(send_answer(turn, permit, ending, undisclosed));

	return send_report(turn, permit, ending, undisclosed);
}

/* --- Answering ----------------------------------------------------------- */

static enum err
seal(struct turn *turn, const struct permit_issued *permit,
    const struct provided *provided, struct slice *ret)
{
	struct json_out o;

	json_out_init(&o, turn->arena);
	shape_write(&provided_shape, provided, &o, NULL);
	if (jwe_seal(
		turn->arena, permit->sealing_key, json_out_finish(&o), ret))
		return problem_set(turn->problem, ERR_INPUT,
		    "field sealing_key: is not a key that answers can be "
		    "sealed for");

	return OK;
}

/* There are replicas of other versions of the item alone, or none at all. */
static enum err
end_without(struct turn *turn, const struct permit_issued *permit,
    struct internal_number internal)
{
	struct ending ending = {.outcome = SLICE(OUTCOME_NO_DATA)};
	struct replica other;
	enum err rc = ERR_NOT_FOUND;

	if (!slice_is_empty(permit->version))
		rc = replica_find(
		    turn, internal, permit->item, SLICE(""), &other);
	if (rc == OK)
		ending = ending_refused(REFUSED_OTHER_VERSION);
	TRY(rows_end(rc));

	return provision_end(turn, permit, internal, &ending);
}

enum err
provision_provide(struct turn *turn, const struct permit_issued *permit,
    struct internal_number internal)
{
	struct ending ending = {.outcome = SLICE(OUTCOME_PROVIDED)};
	struct replica replica;
	enum err rc = replica_find(
	    turn, internal, permit->item, permit->version, &replica);

	if (rc == ERR_NOT_FOUND)
		return end_without(turn, permit, internal);
	if (rc)
		return rc;
	ending.version = replica.provided.version;
	ending.put = replica.put;
	TRY(seal(turn, permit, &replica.provided, &ending.sealed));

	return provision_end(turn, permit, internal, &ending);
}

/* A permit that expired or was revoked ends so; one for a person or an item
 * marked `hold` waits; any other is answered. */
enum err
provision_answer(struct turn *turn, const struct message *message)
{
	const struct permit_issued *permit = MESSAGE(message, permit_issued);
	struct relay_revocation_find_row revoked = {0};
	struct internal_number internal;
	bool held = false;

	TRY(check_unused(turn, permit));
	TRY(check_receiver(turn, permit));
	TRY(find_person(turn, permit, &internal));
	TRY(rows_end(relay_revocation_find(
	    turn->store, turn->arena, permit->permit, &revoked)));
	if (slice_is_empty(revoked.outcome) && has_expired(turn, permit))
		revoked.outcome = SLICE(OUTCOME_EXPIRED);
	if (!slice_is_empty(revoked.outcome))
		return provision_end(turn, permit, internal,
		    &(struct ending){.outcome = revoked.outcome});
	TRY(mark_is(turn, internal, permit->item, MARK_HOLD, &held));
	if (held && !bug_is(BUG_HOLD_IGNORED))
		return hold_begin(turn, message->text, permit, internal);

	return provision_provide(turn, permit, internal);
}

/* --- Revocation ---------------------------------------------------------- */

enum err
provision_revoke(struct turn *turn, const struct message *message)
{
	const struct permit_revoked *m = MESSAGE(message, permit_revoked);
	bool stopped = bug_is(BUG_REVOCATION_FORGOTTEN);
	enum err rc;

	if (slice_equal(m->inquirer, turn_organisation(turn)))
		return inquiry_revoked(turn, m);
	TRY(turn_audit(
	    turn, "permit.revoke", SLICE(""), SLICE("番号法21条2項")));
	TRY(turn_evidence(turn, m->permit));
	rc = find_used(turn, m->permit);
	if (rc != ERR_NOT_FOUND)
		return rc;
	if (!stopped)
		TRY(hold_stop(turn, m->permit, m->outcome, &stopped));

	return stopped ? OK
		       : relay_revocation_add(
			     turn->store, m->permit, m->outcome, turn->now);
}
