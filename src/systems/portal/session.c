#include "systems/portal/session.h"

#include "portal_rows.h"
#include "systems/portal/portal.h"

enum err
session_begin(
    struct turn *turn, struct slice enrolment, struct slice *ret_token)
{
	struct slice token = portal_new_secret(turn);
	struct digest digest = digest_of(token);
	enum err rc;

	rc = portal_session_add(turn->store, &digest, enrolment,
	    instant_plus(turn->now, PORTAL_SESSION_MS));
	if (rc == OK)
		rc = turn_audit(turn, "session.begin", enrolment, SLICE(""));
	if (rc == OK)
		*ret_token = token;

	return rc;
}

enum err
session_of_caller(struct turn *turn, struct session *ret)
{
	struct portal_session_find_row row;
	enum err rc = ERR_NOT_FOUND;

	if (turn->caller.token.len == PORTAL_SECRET_LEN) {
		ret->token = digest_of(turn->caller.token);
		rc = portal_session_find(
		    turn->store, turn->arena, &ret->token, turn->now, &row);
		if (rc == OK)
			ret->enrolment = row.enrolment;
	}
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_UNAUTHENTICATED,
		    "this session is over or never was; sign in again with "
		    "POST /sessions");

	return rc;
}

enum err
session_end(struct turn *turn, const struct session *session)
{
	enum err rc;

	rc = portal_request_delete(turn->store, &session->token);
	if (rc == OK)
		rc = portal_session_delete(turn->store, &session->token);
	if (rc)
		return rc;

	return turn_audit(turn, "session.end", session->enrolment, SLICE(""));
}

enum err
session_erase(struct turn *turn)
{
	enum err rc;

	rc = portal_request_erase(turn->store, turn->now);
	if (rc == OK)
		rc = portal_session_erase(turn->store, turn->now);

	return rc;
}
