#include "systems/portal/records.h"

#include <string.h>

#include "base/bug.h"
#include "base/old_out.h"
#include "portal_statements.h"
#include "systems/portal/account.h"
#include "systems/portal/portal.h"

struct slice
records_wake_key(struct turn *turn, const struct session *session)
{
	return arena_printf(
	    turn->arena, "records:%.*s", SLICE_ARG(session->enrolment));
}

/* --- Asking -------------------------------------------------------------- */

/* Only a bug would: the first resident's code is everybody's. */
static void
cache(struct linkage_code *code)
{
	static struct linkage_code kept;
	static unsigned int epoch;

	if (epoch == bug_epoch())
		memcpy(code, &kept, sizeof(*code));
	epoch = bug_epoch();
	memcpy(&kept, code, sizeof(kept));
}

static enum err
send_request(
    struct turn *turn, struct slice request, const struct session *session)
{
	struct linkage_code code;
	struct system_id network;
	char text[LINKAGE_CODE_DIGITS + 1];
	json_t *body;
	enum err rc;

	rc = portal_network(turn, &network);
	if (rc == OK)
		rc = account_code(turn, session->enrolment, &code);
	if (rc)
		return rc;
	if (bug_is(BUG_PORTAL_CACHE))
		cache(&code);
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
	struct query q;
	enum err rc;

	store_query(turn->store, PORTAL_REQUEST_ADD, &q);
	query_text(&q, "request", request);
	query_blob(&q, "token", digest_slice(&session->token));
	query_int(&q, "asked", turn->now.ms);
	rc = query_run(&q);
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
	int64_t oldest = turn->now.ms - PORTAL_FRESH_MS;
	struct query q;
	enum err rc;

	*ret = REQUEST_NONE;
	store_query(turn->store, PORTAL_REQUEST_FIND, &q);
	query_blob(&q, "token", digest_slice(&session->token));
	rc = query_step(&q);
	if (rc == OK && column_is_null(&q, "answered"))
		*ret = REQUEST_WAITING;
	else if (rc == OK)
		*ret = column_int(&q, "answered") >= oldest ? REQUEST_FRESH
							    : REQUEST_OLD;
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
forget(struct turn *turn, const struct session *session)
{
	struct query q;

	store_query(turn->store, PORTAL_REQUEST_DELETE, &q);
	query_blob(&q, "token", digest_slice(&session->token));

	return query_run(&q);
}

/* The records are kept as the text that they are handed over as. */
static struct slice
describe(struct arena *arena, struct query *q)
{
	struct instant answered = {column_int(q, "answered")};
	char as_of[INSTANT_TEXT_MAX];
	struct old_out o;
	struct slice text;

	instant_format(answered, as_of);
	old_out_init(&o);
	old_out_object(&o);
	old_out_key(&o, "as_of");
	old_out_text(&o, slice_of(as_of));
	old_out_key(&o, "records");
	old_out_raw(&o, column_text(q, "answer"));
	text = arena_copy(arena, old_out_finish(&o));
	old_out_done(&o);

	return text;
}

static enum err
read_answer(struct turn *turn, const struct session *session, struct slice *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, PORTAL_REQUEST_READ, &q);
	query_blob(&q, "token", digest_slice(&session->token));
	rc = query_step(&q);
	if (rc == OK)
		*ret = describe(turn->arena, &q);
	query_done(&q);

	return rc;
}

static enum err
hand_over(struct turn *turn, const struct session *session, struct slice *ret)
{
	enum err rc;

	rc = read_answer(turn, session, ret);
	if (rc == OK)
		rc = forget(turn, session);
	if (rc)
		return rc;

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
		rc = forget(turn, session);
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
find_owner(struct turn *turn, struct slice request, struct session *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, PORTAL_REQUEST_OWNER, &q);
	query_text(&q, "request", request);
	rc = query_step(&q);
	if (rc == OK)
		ret->enrolment =
		    arena_copy(turn->arena, column_text(&q, "enrolment"));
	query_done(&q);

	return rc;
}

static enum err
store_answer(struct turn *turn, struct slice request, const json_t *records)
{
	struct query q;
	struct buf text;
	enum err rc;

	buf_init(&text);
	json_write(records, &text);
	store_query(turn->store, PORTAL_REQUEST_ANSWER, &q);
	query_int(&q, "answered", turn->now.ms);
	query_text(&q, "answer", buf_slice(&text));
	query_text(&q, "request", request);
	rc = query_run(&q);
	buf_done(&text);

	return rc;
}

enum err
records_answered(struct turn *turn, const struct message *message)
{
	const json_t *records;
	struct session session;
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
	rc = find_owner(turn, request, &session);
	if (rc == ERR_NOT_FOUND)
		return OK; /* the resident has gone meanwhile */
	if (rc == OK)
		rc = store_answer(turn, request, records);
	if (rc == OK)
		rc = turn_audit(turn, "records.answer", session.enrolment,
		    SLICE("番号法附則6条"));
	if (rc == OK)
		turn_wake(turn, records_wake_key(turn, &session));

	return rc;
}
