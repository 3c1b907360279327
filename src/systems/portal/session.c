#include "systems/portal/session.h"

#include "portal_statements.h"
#include "systems/portal/portal.h"

enum err
session_begin(
    struct turn *turn, struct slice enrolment, struct slice *ret_token)
{
	struct slice token = portal_new_secret(turn);
	struct digest digest = digest_of(token);
	struct query q;
	enum err rc;

	store_query(turn->store, PORTAL_SESSION_ADD, &q);
	query_blob(&q, "token", digest_slice(&digest));
	query_text(&q, "enrolment", enrolment);
	query_int(&q, "expires", turn->now.ms + PORTAL_SESSION_MS);
	rc = query_run(&q);
	if (rc == OK)
		rc = turn_audit(turn, "session.begin", enrolment, SLICE(""));
	if (rc == OK)
		*ret_token = token;

	return rc;
}

enum err
session_of_caller(struct turn *turn, struct session *ret)
{
	struct query q;
	enum err rc = ERR_NOT_FOUND;

	if (turn->caller.token.len == PORTAL_SECRET_LEN) {
		ret->token = digest_of(turn->caller.token);
		store_query(turn->store, PORTAL_SESSION_FIND, &q);
		query_blob(&q, "token", digest_slice(&ret->token));
		query_int(&q, "now", turn->now.ms);
		rc = query_step(&q);
		if (rc == OK)
			ret->enrolment = arena_copy(
			    turn->arena, column_text(&q, "enrolment"));
		query_done(&q);
	}
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_UNAUTHENTICATED,
		    "this session is over or never was; sign in again with "
		    "POST /sessions");

	return rc;
}

static enum err
run(struct turn *turn, int statement, const struct digest *token)
{
	struct query q;

	store_query(turn->store, statement, &q);
	query_blob(&q, "token", digest_slice(token));

	return query_run(&q);
}

enum err
session_end(struct turn *turn, const struct session *session)
{
	enum err rc;

	rc = run(turn, PORTAL_REQUEST_DELETE, &session->token);
	if (rc == OK)
		rc = run(turn, PORTAL_SESSION_DELETE, &session->token);
	if (rc)
		return rc;

	return turn_audit(turn, "session.end", session->enrolment, SLICE(""));
}

static enum err
erase(struct turn *turn, int statement)
{
	struct query q;

	store_query(turn->store, statement, &q);
	query_int(&q, "now", turn->now.ms);

	return query_run(&q);
}

enum err
session_erase(struct turn *turn)
{
	enum err rc;

	rc = erase(turn, PORTAL_REQUEST_ERASE);
	if (rc == OK)
		rc = erase(turn, PORTAL_SESSION_ERASE);

	return rc;
}
