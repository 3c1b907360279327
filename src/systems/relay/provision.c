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

/* --- Repetitions --------------------------------------------------------- */

/* The body of the message of that type which came about the permit.
 * ERR_NOT_FOUND if none is kept. */
static enum err
read_kept(struct turn *turn, struct slice permit,
    const struct message_type *type, void *ret)
{
	struct envelope kept;

	TRY(evidence_find(turn, permit, slice_of(type->name), &kept));
	if (shape_read_kept(
		type->shape, turn->arena, kept.body, ret, turn->problem))
		return ERR_CORRUPT;

	return OK;
}

/* A permit and its revocation are of one exchange. */
static enum err
check_pair(struct turn *turn, const struct permit_issued *issued,
    const struct permit_revoked *revoked)
{
	if (slice_equal(issued->inquiry, revoked->inquiry) &&
	    slice_equal(issued->inquirer, revoked->inquirer))
		return OK;

	return problem_set(turn->problem, ERR_CONFLICT,
	    "field permit: permit.issued and permit.revoked name different "
	    "exchanges");
}

/* *ret_is_new is false for a repetition. */
static enum err
check_issued(
    struct turn *turn, const struct permit_issued *issued, bool *ret_is_new)
{
	struct permit_revoked revoked;
	enum err rc;

	TRY(evidence_check(turn, "permit", issued->permit, ret_is_new));
	rc = read_kept(turn, issued->permit, &message_permit_revoked, &revoked);

	return rows_end(rc ? rc : check_pair(turn, issued, &revoked));
}

static enum err
check_revoked(
    struct turn *turn, const struct permit_revoked *revoked, bool *ret_is_new)
{
	struct permit_issued issued;
	enum err rc;

	TRY(evidence_check(turn, "permit", revoked->permit, ret_is_new));
	rc = read_kept(turn, revoked->permit, &message_permit_issued, &issued);

	return rows_end(rc ? rc : check_pair(turn, &issued, revoked));
}

/* --- Answering ----------------------------------------------------------- */

/* A permit that expired or was revoked ends so, and one of an inquirer whose
 * relay is revoked; one for a person or an item marked `hold` waits; any other
 * is answered. */
static enum err
answer(struct turn *turn, const struct message *message)
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
	if (slice_is_empty(revoked.outcome) &&
	    turn_is_revoked(turn, &permit->answer_to))
		revoked.outcome = SLICE(OUTCOME_REVOKED);
	if (!slice_is_empty(revoked.outcome))
		return ending_write(turn, permit, internal,
		    &(struct ending){.outcome = revoked.outcome});
	TRY(mark_is(turn, internal, permit->item, MARK_HOLD, &held));
	if (held && !bug_is(BUG_HOLD_IGNORED))
		return hold_begin(turn, message->text, permit, internal);

	return ending_provide(turn, permit, internal);
}

enum err
provision_answer(struct turn *turn, const struct message *message)
{
	const struct permit_issued *permit = MESSAGE(message, permit_issued);
	bool is_new;

	TRY(check_issued(turn, permit, &is_new));
	if (!is_new)
		return turn_audit(
		    turn, "permit.repeat", SLICE(""), permit->article);

	return answer(turn, message);
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

	if (slice_equal(m->inquirer, turn_organisation(turn)))
		return inquiry_revoked(turn, message);
	TRY(check_revoked(turn, m, &is_new));
	TRY(turn_audit(turn, is_new ? "permit.revoke" : "permit.repeat",
	    SLICE(""), SLICE("番号法21条2項")));
	if (!is_new)
		return OK;
	TRY(turn_evidence(turn, m->permit));

	return stop(turn, m);
}
