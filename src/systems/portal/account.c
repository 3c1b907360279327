#include "systems/portal/account.h"

#include "crypto/hash.h"
#include "portal_rows.h"
#include "systems/portal/portal.h"

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
	enum err rc;

	rc = portal_account_count_open(turn->store, &open);
	if (rc)
		return rc;
	if (open.n >= PORTAL_OPEN_MAX)
		return problem_set(turn->problem, ERR_BUSY,
		    "too many enrolments wait for a counter now; try again "
		    "later");

	return OK;
}

enum err
account_enrol(struct turn *turn, struct new_account *ret)
{
	struct digest digest;
	enum err rc;

	rc = check_room(turn);
	if (rc)
		return rc;
	ret->enrolment = turn_new_id(turn);
	ret->secret = portal_new_secret(turn);
	ret->acquisition = turn_new_id(turn);
	digest = digest_of(ret->secret);

	return portal_account_add(
	    turn->store, ret->enrolment, &digest, ret->acquisition, turn->now);
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
    struct turn *turn, struct slice enrolment, const struct linkage_code *code)
{
	enum err rc = portal_account_confirm(turn->store, code, enrolment);

	if (rc)
		return rc;

	return turn_audit(
	    turn, "account.confirm", enrolment, SLICE("番号法21条の2"));
}

static enum err
mark_held(struct turn *turn, struct slice enrolment)
{
	enum err rc = portal_account_held(turn->store, enrolment);

	if (rc)
		return rc;

	return turn_audit(
	    turn, "account.held", enrolment, SLICE("令85 44条2項"));
}

/* One row [AN, LC]; ERR_NOT_FOUND if no enrolment waits for it. */
static enum err
take_code(struct turn *turn, const json_t *row)
{
	struct portal_account_by_acquisition_row account;
	struct slice acquisition, text;
	struct linkage_code code;
	enum err rc;

	if (json_at_text(row, 0, &acquisition) || json_at_text(row, 1, &text) ||
	    (text.len > 0 && linkage_code_parse(text, &code)))
		return problem_set(turn->problem, ERR_INPUT,
		    "items: an acquisition number and a code are needed");
	rc = portal_account_by_acquisition(
	    turn->store, turn->arena, acquisition, &account);
	if (rc)
		return rc;
	if (text.len > 0)
		rc = confirm(turn, account.enrolment, &code);
	else
		rc = mark_held(turn, account.enrolment);
	if (rc == OK)
		turn_wake(turn, account_wake_key(turn, account.enrolment));

	return rc;
}

enum err
account_take_codes(struct turn *turn, const struct message *message)
{
	const json_t *items;
	bool found = false;
	size_t i;
	enum err rc;

	rc = json_get_array(message->body, "items", &items, turn->problem);
	for (i = 0; rc == OK && i < json_array_size(items); i++) {
		rc = take_code(turn, json_array_get(items, i));
		if (rc == OK)
			found = true;
		else if (rc == ERR_NOT_FOUND)
			rc = OK;
	}
	if (rc == OK && !found)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no enrolment waits for this; it may have ended");

	return rc;
}

enum err
account_code(
    struct turn *turn, struct slice enrolment, struct linkage_code *ret)
{
	struct portal_account_code_row row;
	enum err rc;

	rc = portal_account_code(turn->store, enrolment, &row);
	if (rc == OK && !row.has_code)
		rc = ERR_NOT_FOUND;
	if (rc == OK)
		*ret = row.code;

	return rc;
}

/* --- Signing in ---------------------------------------------------------- */

static enum account_state
parse_state(struct slice text)
{
	if (slice_equal_string(text, "confirmed"))
		return ACCOUNT_CONFIRMED;

	return slice_equal_string(text, "held") ? ACCOUNT_HELD : ACCOUNT_OPEN;
}

/* The fifth wrong one locks the account for an hour. */
static enum err
count_wrong(struct turn *turn, struct slice enrolment, int64_t tries)
{
	struct instant locked = {0};
	enum err rc;

	tries++;
	if (tries >= PORTAL_TRIES_MAX) {
		tries = 0;
		locked = instant_plus(turn->now, PORTAL_LOCK_MS);
	}
	rc = portal_account_tried(turn->store, tries, locked, enrolment);
	if (rc)
		return rc;

	return turn_audit(turn, "session.wrong", enrolment, SLICE(""));
}

enum err
account_check(struct turn *turn, struct slice enrolment, struct slice secret,
    enum sign_in *ret, enum account_state *ret_state)
{
	struct portal_account_secret_row held = {0}; /* zero for nobody */
	struct digest digest = digest_of(secret);
	bool exists, right;
	enum err rc;

	*ret = SIGN_IN_WRONG;
	rc = portal_account_secret(turn->store, turn->arena, enrolment, &held);
	exists = rc == OK;
	if (rc != OK && rc != ERR_NOT_FOUND)
		return rc;
	right = digest_equal(&held.secret, &digest);
	if (!exists)
		return OK;
	if (instant_is_before(turn->now, held.locked)) {
		*ret = SIGN_IN_LOCKED;
		return OK;
	}
	if (!right)
		return count_wrong(turn, enrolment, held.tries);
	if (held.tries > 0)
		rc = portal_account_tried(
		    turn->store, 0, (struct instant){0}, enrolment);
	if (rc)
		return rc;
	*ret = SIGN_IN_RIGHT;
	*ret_state = parse_state(held.state);

	return OK;
}
