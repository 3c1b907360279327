#include "systems/portal/account.h"

#include "crypto/hash.h"
#include "messages/acquisition.h"
#include "portal_rows.h"
#include "systems/portal/portal.h"
#include "systems/portal/replaced.h"

struct slice
account_wake_key(struct turn *turn, struct slice enrolment)
{
	return arena_printf(
	    turn->arena, "enrolment:%.*s", SLICE_ARG(enrolment));
}

/* --- Enrolment ----------------------------------------------------------- */

static enum err
check_room(struct turn *turn)
{
	struct portal_account_count_open_row open;

	TRY(portal_account_count_open(turn->store, &open));
	if (open.n >= PORTAL_OPEN_MAX)
		return problem_set(turn->problem, ERR_BUSY,
		    "too many enrolments wait for a counter now; try again "
		    "later");

	return OK;
}

enum err
account_enrol(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice enrolment = turn_new_id(turn);
	struct slice secret = portal_new_secret(turn);
	struct slice acquisition = turn_new_id(turn);
	struct digest digest = digest_of(secret);
	struct json_out *o;

	(void)in;
	TRY(check_room(turn));
	TRY(portal_account_add(
	    turn->store, enrolment, &digest, acquisition, turn->now));
	o = reply_object(reply, 201);
	json_out_text(o, "enrolment", enrolment);
	json_out_text(o, "secret", secret);
	json_out_text(o, "acquisition", acquisition);

	return OK;
}

enum err
account_erase(struct turn *turn)
{
	return portal_account_erase(
	    turn->store, instant_plus(turn->now, -PORTAL_ENROLMENT_MS));
}

/* --- Codes --------------------------------------------------------------- */

static enum err
confirm(
    struct turn *turn, struct slice enrolment, const struct linkage_code *given)
{
	struct linkage_code code = *given;

	TRY(replaced_apply(turn, &code));
	TRY(portal_account_confirm(turn->store, &code, enrolment));

	return turn_audit(
	    turn, "account.confirm", enrolment, SLICE("番号法21条の2"));
}

static enum err
mark_held(struct turn *turn, struct slice enrolment)
{
	TRY(portal_account_held(turn->store, enrolment));

	return turn_audit(
	    turn, "account.held", enrolment, SLICE("令85 44条2項"));
}

/* Take one code.  If no enrolment waits for it, returns OK and leaves *ret_found
 * alone; otherwise sets it. */
static enum err
take_code(struct turn *turn, const struct acquisition_code_item *item,
    bool *ret_found)
{
	struct portal_account_by_acquisition_row account;
	enum err rc;

	rc = portal_account_by_acquisition(
	    turn->store, turn->arena, item->acquisition, &account);
	if (rc)
		return rows_end(rc);
	TRY(item->has_code ? confirm(turn, account.enrolment, &item->code)
			   : mark_held(turn, account.enrolment));
	turn_wake(turn, account_wake_key(turn, account.enrolment));
	*ret_found = true;

	return OK;
}

enum err
account_take_codes(struct turn *turn, const struct message *message)
{
	const struct acquisition_code *codes =
	    MESSAGE(message, acquisition_code);
	bool found = false;
	size_t i;

	for (i = 0; i < codes->n_items; i++)
		TRY(take_code(turn, &codes->items[i], &found));

	return found ? OK
		     : problem_set(turn->problem, ERR_NOT_FOUND,
			   "no enrolment waits for this acquisition "
			   "number; it may have ended");
}

enum err
account_code(
    struct turn *turn, struct slice enrolment, struct linkage_code *ret)
{
	struct portal_account_code_row row;

	TRY(portal_account_code(turn->store, enrolment, &row));
	*ret = row.code;

	return row.has_code ? OK : ERR_NOT_FOUND;
}

/* --- Signing in ---------------------------------------------------------- */

static enum sign_in
parse_state(struct slice text)
{
	if (slice_equal_string(text, "confirmed"))
		return SIGN_IN_CONFIRMED;

	return slice_equal_string(text, "held") ? SIGN_IN_HELD : SIGN_IN_OPEN;
}

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

enum err
account_check(struct turn *turn, struct slice enrolment, struct slice secret,
    enum sign_in *ret)
{
	struct portal_account_secret_row held = {0}; /* zero for nobody */
	struct digest digest = digest_of(secret);
	enum err rc;
	bool right;

	*ret = SIGN_IN_WRONG;
	rc = portal_account_secret(turn->store, turn->arena, enrolment, &held);
	right = digest_equal(&held.secret, &digest);
	if (rc)
		return rows_end(rc);
	if (instant_is_before(turn->now, held.locked)) {
		*ret = SIGN_IN_LOCKED;
		return OK;
	}
	if (!right)
		return count_wrong(turn, enrolment, held.tries);
	*ret = parse_state(held.state);

	return held.tries == 0 ? OK
			       : portal_account_tried(turn->store, 0,
				     (struct instant){0}, enrolment);
}
