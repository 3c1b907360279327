#include "systems/portal/records.h"

#include "base/old_out.h"
#include "portal_rows.h"
#include "systems/network/network.h"
#include "systems/portal/account.h"
#include "systems/portal/portal.h"

struct slice
records_wake_key(struct turn *turn, struct slice enrolment)
{
	return arena_printf(turn->arena, "records:%.*s", SLICE_ARG(enrolment));
}

/* --- Asking -------------------------------------------------------------- */

static enum err
send_request(
    struct turn *turn, struct slice request, const struct session *session)
{
	struct linkage_code code;
	struct system_id network;
	char text[LINKAGE_CODE_DIGITS + 1];
	json_t *body;
	enum err rc;

	rc = turn_single(turn, NETWORK_USUAL, &network);
	if (rc == OK)
		rc = account_code(turn, session->enrolment, &code);
	if (rc)
		return rc;
	linkage_code_format(&code, text);
	body = json_object();
	json_put_text(body, "request", request);
	json_put_text(body, "code", slice_of(text));
	secret_wipe(text, sizeof(text));

	return turn_send(turn, &network, "records.request", body);
}

static enum err
ask(struct turn *turn, const struct session *session)
{
	struct slice request = turn_new_id(turn);
	enum err rc;

	rc = portal_request_add(
	    turn->store, request, &session->token, turn->now);
	if (rc == OK)
		rc = send_request(turn, request, session);
	if (rc)
		return rc;

	return turn_audit(
	    turn, "records.ask", session->enrolment, SLICE("番号法附則6条"));
}

/* --- Handing over -------------------------------------------------------- */

enum request_state {
	REQUEST_NONE,
	REQUEST_WAITING,
	REQUEST_FRESH,
	REQUEST_OLD
};

static enum err
find(struct turn *turn, const struct session *session, enum request_state *ret)
{
	struct instant oldest = instant_plus(turn->now, -PORTAL_FRESH_MS);
	struct portal_request_find_row row;
	enum err rc;

	*ret = REQUEST_NONE;
	rc = portal_request_find(turn->store, &session->token, &row);
	if (rc == OK && !row.has_answered)
		*ret = REQUEST_WAITING;
	else if (rc == OK)
		*ret = instant_is_before(row.answered, oldest) ? REQUEST_OLD
							       : REQUEST_FRESH;

	return rows_end(rc);
}

/* The records are kept as the text that they are handed over as. */
static struct slice
describe(struct arena *arena, const struct portal_request_read_row *row)
{
	char as_of[INSTANT_TEXT_MAX];
	struct old_out o;
	struct slice text;

	instant_format(row->answered, as_of);
	old_out_init(&o);
	old_out_object(&o);
	old_out_key(&o, "as_of");
	old_out_text(&o, slice_of(as_of));
	old_out_key(&o, "records");
	old_out_raw(&o, row->answer);
	text = arena_copy(arena, old_out_finish(&o));
	old_out_done(&o);

	return text;
}

static enum err
hand_over(struct turn *turn, const struct session *session, struct slice *ret)
{
	struct portal_request_read_row row;
	enum err rc;

	rc = portal_request_read(
	    turn->store, turn->arena, &session->token, &row);
	if (rc == OK)
		rc = portal_request_delete(turn->store, &session->token);
	if (rc)
		return rc;
	*ret = describe(turn->arena, &row);

	return turn_audit(
	    turn, "records.read", session->enrolment, SLICE("番号法附則6条"));
}

enum err
records_take(
    struct turn *turn, const struct session *session, struct slice *ret)
{
	enum request_state state;
	enum err rc;

	*ret = (struct slice){0};
	rc = find(turn, session, &state);
	if (rc)
		return rc;
	switch (state) {
	case REQUEST_WAITING:
		return OK;
	case REQUEST_FRESH:
		return hand_over(turn, session, ret);
	case REQUEST_OLD:
		rc = portal_request_delete(turn->store, &session->token);
		if (rc)
			return rc;
		return ask(turn, session);
	case REQUEST_NONE:
		return ask(turn, session);
	}

	return ERR_INTERNAL;
}

/* --- The network's answer ------------------------------------------------ */

static enum err
store_answer(struct turn *turn, struct slice request, const json_t *records)
{
	struct buf text;
	enum err rc;

	buf_init(&text);
	json_write(records, &text);
	rc = portal_request_answer(
	    turn->store, turn->now, buf_slice(&text), request);
	buf_done(&text);

	return rc;
}

enum err
records_answered(struct turn *turn, const struct message *message)
{
	struct portal_request_owner_row owner;
	const json_t *records;
	struct slice request;
	enum err rc;

	rc = json_get_text(message->body, "request", &request, turn->problem);
	if (rc == OK)
		rc = json_get_array(
		    message->body, "records", &records, turn->problem);
	if (rc)
		return rc;
	if (json_array_size(records) > PORTAL_RECORDS_MAX)
		return problem_set(turn->problem, ERR_TOO_LARGE,
		    "field records: at most %d", PORTAL_RECORDS_MAX);
	rc = portal_request_owner(turn->store, turn->arena, request, &owner);
	if (rc == ERR_NOT_FOUND)
		return OK; /* the resident has gone meanwhile */
	if (rc == OK)
		rc = store_answer(turn, request, records);
	if (rc == OK)
		rc = turn_audit(turn, "records.answer", owner.enrolment,
		    SLICE("番号法附則6条"));
	if (rc == OK)
		turn_wake(turn, records_wake_key(turn, owner.enrolment));

	return rc;
}
