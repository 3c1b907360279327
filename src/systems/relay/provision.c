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
	const struct system_id *to = &permit->answer_to;

	if (!slice_equal(system_id_organisation(to), permit->inquirer) ||
	    !slice_equal_string(system_id_name(to), "relay"))
		return problem_set(turn->problem, ERR_DENIED,
		    "field answer_to: is not the inquirer's relay");
	if (!turn_has_peer(turn, to))
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

/* --- Answering ----------------------------------------------------------- */

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
		return ending_write(turn, permit, internal,
		    &(struct ending){.outcome = revoked.outcome});
	TRY(mark_is(turn, internal, permit->item, MARK_HOLD, &held));
	if (held && !bug_is(BUG_HOLD_IGNORED))
		return hold_begin(turn, message->text, permit, internal);

	return ending_provide(turn, permit, internal);
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
