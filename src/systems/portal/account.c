#include "systems/portal/account.h"

#include "base/bug.h"
#include "portal_rows.h"
#include "systems/portal/deed.h"
#include "systems/portal/portal.h"

/* --- Beginning and end ---------------------------------------------------- */

enum err
account_exists(struct turn *turn, struct slice resident, bool *ret)
{
	struct portal_account_of_resident_row row;
	enum err rc = portal_account_of_resident(
	    turn->store, turn->arena, resident, &row);

	*ret = rc == OK;

	return rows_end(rc);
}

enum err
account_begin(struct turn *turn, struct slice resident, struct credentials *ret)
{
	struct digest digest;

	ret->enrolment = turn_new_id(turn);
	ret->secret = portal_new_secret(turn);
	digest = digest_of(ret->secret);

	return portal_account_add(
	    turn->store, ret->enrolment, resident, &digest, turn->now);
}

static enum err
cut_sessions(struct turn *turn, struct slice enrolment)
{
	if (bug_is(BUG_SESSION_OUTLIVES))
		return OK;
	TRY(portal_requests_cut(turn->store, enrolment));

	return portal_sessions_cut(turn->store, enrolment);
}

enum err
account_end(struct turn *turn, struct slice resident, struct slice municipality)
{
	struct portal_account_of_resident_row row;

	TRY(portal_account_of_resident(
	    turn->store, turn->arena, resident, &row));
	TRY(cut_sessions(turn, row.enrolment));
	TRY(portal_account_end(
	    turn->store, turn->now, municipality, row.enrolment));

	return deed_add(turn, resident, "ended", municipality);
}

enum err
account_erase(struct turn *turn)
{
	return portal_accounts_erase(
	    turn->store, instant_plus(turn->now, -PORTAL_ENDED_MS));
}

/* --- Signing in ----------------------------------------------------------- */

/* Count a wrong secret; the fifth one locks the account for an hour. */
static enum err
count_wrong(struct turn *turn, struct slice enrolment, int64_t tries)
{
	struct instant locked = {0};

	if (++tries >= PORTAL_TRIES_MAX) {
		tries = 0;
		locked = instant_plus(turn->now, PORTAL_LOCK_MS);
	}
	TRY(portal_account_tried(turn->store, tries, locked, enrolment));

	return turn_audit(turn, "session.wrong", enrolment, SLICE(""));
}

static enum err
forgive(struct turn *turn, struct slice enrolment, int64_t tries)
{
	return tries == 0 ? OK
			  : portal_account_tried(
				turn->store, 0, (struct instant){0}, enrolment);
}

enum err
account_check(
    struct turn *turn, const struct credentials *given, struct sign_in *ret)
{
	struct portal_account_secret_row held = {0}; /* zero for nobody */
	struct digest digest = digest_of(given->secret);
	enum err rc;
	bool right;

	*ret = (struct sign_in){.state = SIGN_IN_WRONG};
	rc = portal_account_secret(
	    turn->store, turn->arena, given->enrolment, &held);
	right = digest_equal(&held.secret, &digest);
	if (rc)
		return rows_end(rc);
	if (instant_is_before(turn->now, held.locked)) {
		ret->state = SIGN_IN_LOCKED;
		return OK;
	}
	if (!right)
		return count_wrong(turn, given->enrolment, held.tries);
	ret->state = held.has_ended && !bug_is(BUG_ENDED_SIGNS_IN)
	    ? SIGN_IN_ENDED
	    : SIGN_IN_RIGHT;
	ret->ended = held.ended;
	ret->municipality = held.municipality;

	return forgive(turn, given->enrolment, held.tries);
}

/* --- The resident --------------------------------------------------------- */

enum err
account_resident(struct turn *turn, struct slice enrolment, struct slice *ret)
{
	struct portal_account_resident_row row;

	TRY(portal_account_resident(turn->store, turn->arena, enrolment, &row));
	*ret = row.resident;

	return OK;
}

enum err
account_code(
    struct turn *turn, struct slice enrolment, struct linkage_code *ret)
{
	struct portal_account_code_row row;

	TRY(portal_account_code(turn->store, enrolment, &row));
	*ret = row.code;

	return OK;
}
