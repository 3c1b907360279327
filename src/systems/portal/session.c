#include "systems/portal/session.h"

#include "base/shape.h"
#include "portal_rows.h"
#include "systems/portal/account.h"
#include "systems/portal/portal.h"

/* --- Signing in ---------------------------------------------------------- */

struct session_input {
	struct credentials given;
};

static const struct field fields[] = {
    FIELD_AS(session_input, given.enrolment, "enrolment", ID,
	"the enrolment's id, from POST /enrolments"),
    FIELD_AS(session_input, given.secret, "secret", TEXT(PORTAL_SECRET_LEN),
	"the enrolment's secret, from POST /enrolments"),
};
const struct shape session_input_shape = SHAPE(session_input, fields);

/*
 * A wrong secret is counted, so its turn must be committed: it is answered as a
 * problem here, for returning an error would roll the turn back.
 */
static void
reply_wrong(struct turn *turn, struct reply *reply)
{
	struct json_out o;

	json_out_init(&o, turn->arena);
	json_out_object(&o, NULL);
	json_out_int(&o, "status", 401);
	json_out_text(&o, "error", SLICE("unauthenticated"));
	json_out_text(&o, "detail",
	    SLICE("enrolment and secret do not fit together; after five "
		  "wrong secrets an enrolment is locked for an hour"));
	json_out_text(&o, "request", turn->caller.request);
	reply_text(reply, 401, "application/problem+json", json_out_finish(&o));
}

static enum err
begin(struct turn *turn, struct slice enrolment, struct reply *reply)
{
	struct slice token = portal_new_secret(turn);
	struct digest digest = digest_of(token);
	struct json_out *o;

	TRY(portal_session_add(turn->store, &digest, enrolment,
	    instant_plus(turn->now, PORTAL_SESSION_MS)));
	TRY(turn_audit(turn, "session.begin", enrolment, SLICE("")));
	o = reply_object(reply, 201);
	json_out_text(o, "token", token);
	json_out_int(o, "seconds", PORTAL_SESSION_MS / 1000);

	return OK;
}

static enum err
refuse_ended(struct turn *turn, const struct sign_in *s)
{
	char at[INSTANT_TEXT_MAX];

	instant_format(s->ended, at);

	return problem_set(turn->problem, ERR_DENIED,
	    "the counter of %.*s ended this enrolment at %s; a counter prints "
	    "a ticket for another",
	    SLICE_ARG(s->municipality), at);
}

enum err
session_begin(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct session_input *i = INPUT(in, session_input);
	struct sign_in s;

	TRY(account_check(turn, &i->given, &s));
	switch (s.state) {
	case SIGN_IN_WRONG:
		reply_wrong(turn, reply);
		return OK;
	case SIGN_IN_LOCKED:
		return problem_set(turn->problem, ERR_DENIED,
		    "this enrolment is locked for an hour after five wrong "
		    "secrets; try again then");
	case SIGN_IN_ENDED:
		return refuse_ended(turn, &s);
	case SIGN_IN_RIGHT:
		return begin(turn, i->given.enrolment, reply);
	}

	return ERR_INTERNAL;
}

/* --- Until the end ------------------------------------------------------- */

enum err
session_of_caller(struct turn *turn, struct session *ret)
{
	struct portal_session_find_row row;
	enum err rc = ERR_NOT_FOUND;

	if (turn->caller.token.len == PORTAL_SECRET_LEN) {
		ret->token = digest_of(turn->caller.token);
		rc = portal_session_find(
		    turn->store, turn->arena, &ret->token, turn->now, &row);
	}
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_UNAUTHENTICATED,
		    "this session is over or never was; sign in again with "
		    "POST /sessions");
	TRY(rc);
	ret->enrolment = row.enrolment;

	return OK;
}

enum err
session_end(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct session session;

	(void)in;
	TRY(session_of_caller(turn, &session));
	TRY(portal_request_delete(turn->store, &session.token));
	TRY(portal_session_delete(turn->store, &session.token));
	json_out_text(reply_object(reply, 200), "state", SLICE("signed-out"));

	return turn_audit(turn, "session.end", session.enrolment, SLICE(""));
}

enum err
session_erase(struct turn *turn)
{
	TRY(portal_request_erase(turn->store, turn->now));

	return portal_session_erase(turn->store, turn->now);
}
