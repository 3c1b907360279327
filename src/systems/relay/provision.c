#include "systems/relay/provision.h"

#include "base/bug.h"
#include "host/evidence.h"
#include "relay_rows.h"
#include "systems/relay/ending.h"
#include "systems/relay/hold.h"
#include "systems/relay/inquiry.h"
#include "systems/relay/linkage.h"
#include "systems/relay/mark.h"

/* --- Checks -------------------------------------------------------------- */

static bool
has_expired(const struct turn *turn, const struct permit *permit)
{
	return (instant_is_before(permit->issued.expires, turn->now) ||
		   instant_is_before(permit->question.until, turn->now)) &&
	    !bug_is(BUG_PERMIT_FOREVER);
}

static enum err
find_person(
    struct turn *turn, const struct permit *permit, struct internal_number *ret)
{
	enum err rc = linkage_person_of_permit(turn, &permit->issued.code, ret);

	if (rc == ERR_NOT_FOUND && has_expired(turn, permit))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "field code: this organisation has no such code");
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_BUSY,
		    "the code has not arrived here yet");

	return rc;
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

/* --- Repetitions --------------------------------------------------------- */

/* *ret_is_new is false for a repetition. */
static enum err
check_new(struct turn *turn, struct slice permit, bool *ret_is_new)
{
	TRY(evidence_check(turn, "permit", permit, ret_is_new));

	return *ret_is_new ? OK
			   : turn_audit(turn, "permit.repeat", SLICE(""),
				 SLICE("番号法21条2項"));
}

/* --- Answering ----------------------------------------------------------- */

/* A permit that expired or was revoked ends so, and one of an inquirer whose
 * relay is revoked; one for a person or an item marked `hold` waits; any other
 * is answered. */
static enum err
answer(struct turn *turn, const struct permit *permit)
{
	struct relay_revocation_find_row revoked = {0};
	struct internal_number internal;
	bool held = false;

	TRY(find_person(turn, permit, &internal));
	TRY(rows_end(relay_revocation_find(
	    turn->store, turn->arena, permit->issued.permit, &revoked)));
	if (slice_is_empty(revoked.outcome) && has_expired(turn, permit))
		revoked.outcome = SLICE(OUTCOME_EXPIRED);
	if (slice_is_empty(revoked.outcome) &&
	    turn_is_revoked(turn, &permit->asker))
		revoked.outcome = SLICE(OUTCOME_REVOKED);
	if (!slice_is_empty(revoked.outcome))
		return ending_write(turn, permit, internal,
		    &(struct ending){.outcome = revoked.outcome});
	TRY(mark_is(turn, internal, permit->question.item, MARK_HOLD, &held));
	if (held && !bug_is(BUG_HOLD_IGNORED))
		return hold_begin(turn, permit, internal);

	return ending_provide(turn, permit, internal);
}

/* Nobody signed the question: the network's word alone opens nothing. */
static enum err
refuse(struct turn *turn, const struct permit_issued *issued)
{
	turn_note(turn, "question-invalid", issued->permit, turn->problem);
	problem_clear(turn->problem);

	return ending_invalid(turn, issued);
}

enum err
provision_answer(struct turn *turn, const struct message *message)
{
	const struct permit_issued *issued = MESSAGE(message, permit_issued);
	struct permit permit;
	bool is_new;
	enum err rc;

	TRY(check_new(turn, issued->permit, &is_new));
	if (!is_new)
		return OK;
	TRY(check_unused(turn, issued));
	rc = permit_read(turn, issued, &permit);
	if (rc == OK)
		rc = permit_verify(turn, &permit);
	if (rc != OK && !err_is_passing(rc))
		return refuse(turn, issued);
	TRY(rc);

	return answer(turn, &permit);
}

/* --- Revocation ---------------------------------------------------------- */

/* Stop a permit that waits for a person, or one that has not come. */
static enum err
stop(struct turn *turn, const struct permit_revoked *m)
{
	bool stopped = bug_is(BUG_REVOCATION_FORGOTTEN);
	enum err rc = find_used(turn, m->permit);

	if (rc != ERR_NOT_FOUND)
		return rc;
	if (!stopped)
		TRY(hold_stop(turn, m->permit, m->outcome, &stopped));

	return stopped ? OK
		       : relay_revocation_add(
			     turn->store, m->permit, m->outcome, turn->now);
}

enum err
provision_revoke(struct turn *turn, const struct message *message)
{
	const struct permit_revoked *m = MESSAGE(message, permit_revoked);
	bool is_new;

	if (slice_is_empty(m->permit))
		return inquiry_revoked(turn, message);
	TRY(check_new(turn, m->permit, &is_new));
	if (!is_new)
		return OK;
	TRY(turn_audit(
	    turn, "permit.revoke", SLICE(""), SLICE("番号法21条2項")));
	TRY(turn_evidence(turn, m->permit));

	return stop(turn, m);
}
