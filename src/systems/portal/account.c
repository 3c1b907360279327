#include "systems/portal/account.h"

#include <string.h>

#include "crypto/hash.h"
#include "portal_statements.h"
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
	int64_t open = 0;
	struct query q;
	enum err rc;

	store_query(turn->store, PORTAL_ACCOUNT_COUNT_OPEN, &q);
	rc = query_step(&q);
	if (rc == OK)
		open = column_int(&q, "n");
	query_done(&q);
	if (rc)
		return rc;
	if (open >= PORTAL_OPEN_MAX)
		return problem_set(turn->problem, ERR_BUSY,
		    "too many enrolments wait for a counter now; try again "
		    "later");

	return OK;
}

enum err
account_enrol(struct turn *turn, struct new_account *ret)
{
	struct digest digest;
	struct query q;
	enum err rc;

	rc = check_room(turn);
	if (rc)
		return rc;
	ret->enrolment = turn_new_id(turn);
	ret->secret = portal_new_secret(turn);
	ret->acquisition = turn_new_id(turn);
	digest = digest_of(ret->secret);
	store_query(turn->store, PORTAL_ACCOUNT_ADD, &q);
	query_text(&q, "enrolment", ret->enrolment);
	query_blob(&q, "secret", digest_slice(&digest));
	query_text(&q, "acquisition", ret->acquisition);
	query_int(&q, "made", turn->now.ms);

	return query_run(&q);
}

enum err
account_erase(struct turn *turn)
{
	struct query q;

	store_query(turn->store, PORTAL_ACCOUNT_ERASE, &q);
	query_int(&q, "before", turn->now.ms - PORTAL_ENROLMENT_MS);

	return query_run(&q);
}

/* --- Codes --------------------------------------------------------------- */

static enum err
find_enrolment(struct turn *turn, struct slice acquisition, struct slice *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, PORTAL_ACCOUNT_BY_ACQUISITION, &q);
	query_text(&q, "acquisition", acquisition);
	rc = query_step(&q);
	if (rc == OK)
		*ret = arena_copy(turn->arena, column_text(&q, "enrolment"));
	query_done(&q);

	return rc;
}

static enum err
confirm(
    struct turn *turn, struct slice enrolment, const struct linkage_code *code)
{
	struct query q;
	enum err rc;

	store_query(turn->store, PORTAL_ACCOUNT_CONFIRM, &q);
	query_blob(&q, "code", linkage_code_slice(code));
	query_text(&q, "enrolment", enrolment);
	rc = query_run(&q);
	if (rc)
		return rc;

	return turn_audit(
	    turn, "account.confirm", enrolment, SLICE("番号法21条の2"));
}

static enum err
mark_held(struct turn *turn, struct slice enrolment)
{
	struct query q;
	enum err rc;

	store_query(turn->store, PORTAL_ACCOUNT_HELD, &q);
	query_text(&q, "enrolment", enrolment);
	rc = query_run(&q);
	if (rc)
		return rc;

	return turn_audit(
	    turn, "account.held", enrolment, SLICE("令85 44条2項"));
}

/* One row [AN, LC]; ERR_NOT_FOUND if no enrolment waits for it. */
static enum err
take_code(struct turn *turn, const json_t *row)
{
	struct slice acquisition, text, enrolment;
	struct linkage_code code;
	enum err rc;

	if (json_at_text(row, 0, &acquisition) || json_at_text(row, 1, &text) ||
	    (text.len > 0 && linkage_code_parse(text, &code)))
		return problem_set(turn->problem, ERR_INPUT,
		    "items: an acquisition number and a code are needed");
	rc = find_enrolment(turn, acquisition, &enrolment);
	if (rc)
		return rc;
	if (text.len > 0)
		rc = confirm(turn, enrolment, &code);
	else
		rc = mark_held(turn, enrolment);
	if (rc == OK)
		turn_wake(turn, account_wake_key(turn, enrolment));

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
	struct slice bytes;
	struct query q;
	enum err rc;

	store_query(turn->store, PORTAL_ACCOUNT_CODE, &q);
	query_text(&q, "enrolment", enrolment);
	rc = query_step(&q);
	if (rc == OK && column_is_null(&q, "code"))
		rc = ERR_NOT_FOUND;
	if (rc == OK) {
		bytes = column_blob(&q, "code");
		if (bytes.len == sizeof(ret->bytes))
			memcpy(ret->bytes, bytes.data, bytes.len);
		else
			rc = ERR_CORRUPT;
	}
	query_done(&q);

	return rc;
}

/* --- Signing in ---------------------------------------------------------- */

struct held_account {
	uint8_t secret[32]; /* digest; zero for nobody */
	enum account_state state;
	int64_t tries;
	struct instant locked;
	bool exists;
};

static enum account_state
parse_state(struct slice text)
{
	if (slice_equal_string(text, "confirmed"))
		return ACCOUNT_CONFIRMED;

	return slice_equal_string(text, "held") ? ACCOUNT_HELD : ACCOUNT_OPEN;
}

static enum err
load(struct turn *turn, struct slice enrolment, struct held_account *ret)
{
	struct slice secret;
	struct query q;
	enum err rc;

	*ret = (struct held_account){0};
	store_query(turn->store, PORTAL_ACCOUNT_SECRET, &q);
	query_text(&q, "enrolment", enrolment);
	rc = query_step(&q);
	if (rc == OK) {
		secret = column_blob(&q, "secret");
		if (secret.len == sizeof(ret->secret))
			memcpy(ret->secret, secret.data, secret.len);
		ret->state = parse_state(column_text(&q, "state"));
		ret->tries = column_int(&q, "tries");
		ret->locked.ms = column_int(&q, "locked");
		ret->exists = true;
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
write_tries(struct turn *turn, struct slice enrolment, int64_t tries,
    struct instant locked)
{
	struct query q;

	store_query(turn->store, PORTAL_ACCOUNT_TRIED, &q);
	query_int(&q, "tries", tries);
	query_int(&q, "locked", locked.ms);
	query_text(&q, "enrolment", enrolment);

	return query_run(&q);
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
	rc = write_tries(turn, enrolment, tries, locked);
	if (rc)
		return rc;

	return turn_audit(turn, "session.wrong", enrolment, SLICE(""));
}

enum err
account_check(struct turn *turn, struct slice enrolment, struct slice secret,
    enum sign_in *ret, enum account_state *ret_state)
{
	struct digest digest = digest_of(secret);
	struct held_account held;
	bool right;
	enum err rc;

	*ret = SIGN_IN_WRONG;
	rc = load(turn, enrolment, &held);
	if (rc)
		return rc;
	right = secret_equal(held.secret, digest.bytes, sizeof(held.secret));
	if (!held.exists)
		return OK;
	if (instant_is_before(turn->now, held.locked)) {
		*ret = SIGN_IN_LOCKED;
		return OK;
	}
	if (!right)
		return count_wrong(turn, enrolment, held.tries);
	if (held.tries > 0)
		rc = write_tries(turn, enrolment, 0, (struct instant){0});
	if (rc)
		return rc;
	*ret = SIGN_IN_RIGHT;
	*ret_state = held.state;

	return OK;
}
