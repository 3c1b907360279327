/* The portal's tables: routes, messages, timers. */
#include "base/encode.h"
#include "components/components.h"
#include "portal_statements.h"
#include "systems/portal/account.h"
#include "systems/portal/portal.h"
#include "systems/portal/records.h"
#include "systems/portal/session.h"

#define WAIT_MAX 60 /* seconds */

struct slice
portal_new_secret(struct turn *turn)
{
	uint8_t bytes[32];
	struct slice secret;
	struct buf text;

	random_bytes(&turn->random, bytes, sizeof(bytes));
	buf_init(&text);
	base64url_encode(slice_bytes(bytes, sizeof(bytes)), &text);
	secret = arena_copy(turn->arena, buf_slice(&text));
	buf_done(&text);
	secret_wipe(bytes, sizeof(bytes));

	return secret;
}

/* --- Enrolment ----------------------------------------------------------- */

static enum err
post_enrolments(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct new_account account;
	json_t *body;
	enum err rc;

	(void)in;
	rc = account_enrol(turn, &account);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "enrolment", account.enrolment);
	json_put_text(body, "secret", account.secret);
	json_put_text(body, "acquisition", account.acquisition);
	reply_json(reply, 201, body);

	return OK;
}

/* --- Signing in ---------------------------------------------------------- */

/*
 * A wrong secret is counted, so its turn must be kept: it is answered as a
 * problem here instead of being returned as an error, which would undo it.
 */
static void
reply_wrong(struct turn *turn, struct reply *reply)
{
	json_t *body = json_object();
	struct buf text;

	json_put_int(body, "status", 401);
	json_put_text(body, "error", SLICE("unauthenticated"));
	json_put_text(body, "detail",
	    SLICE("enrolment and secret do not fit together; after five "
		  "wrong secrets an enrolment is locked for an hour"));
	json_put_text(body, "request", turn->caller.request);
	buf_init(&text);
	json_write(body, &text);
	reply_text(reply, 401, "application/problem+json", buf_slice(&text));
	buf_done(&text);
	json_decref(body);
}

static enum err
reply_session(struct turn *turn, struct slice enrolment, struct reply *reply)
{
	struct slice token;
	json_t *body;
	enum err rc;

	rc = session_begin(turn, enrolment, &token);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "token", token);
	json_put_int(body, "seconds", PORTAL_SESSION_MS / 1000);
	reply_json(reply, 201, body);

	return OK;
}

static enum err
not_confirmed(struct turn *turn, const struct input *in, struct slice enrolment,
    struct reply *reply)
{
	int64_t wait = input_int(in, "wait");

	if (wait == 0 || input_waited(in))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this enrolment is not confirmed yet; take its "
		    "acquisition number to a municipality's counter");
	reply_wait(reply, account_wake_key(turn, enrolment), (int)wait);

	return OK;
}

static enum err
sign_in(struct turn *turn, const struct input *in, enum account_state state,
    struct reply *reply)
{
	struct slice enrolment = input_text(in, "enrolment");

	switch (state) {
	case ACCOUNT_CONFIRMED:
		return reply_session(turn, enrolment, reply);
	case ACCOUNT_OPEN:
		return not_confirmed(turn, in, enrolment, reply);
	case ACCOUNT_HELD:
		return problem_set(turn->problem, ERR_CONFLICT,
		    "you joined the portal before; sign in with your first "
		    "enrolment, this second one has no use");
	}

	return ERR_INTERNAL;
}

static enum err
post_sessions(struct turn *turn, const struct input *in, struct reply *reply)
{
	enum account_state state = ACCOUNT_OPEN;
	enum sign_in result;
	enum err rc;

	rc = account_check(turn, input_text(in, "enrolment"),
	    input_text(in, "secret"), &result, &state);
	if (rc)
		return rc;
	switch (result) {
	case SIGN_IN_WRONG:
		reply_wrong(turn, reply);
		return OK;
	case SIGN_IN_LOCKED:
		return problem_set(turn->problem, ERR_DENIED,
		    "this enrolment is locked for an hour after five wrong "
		    "secrets; try again then");
	case SIGN_IN_RIGHT:
		return sign_in(turn, in, state, reply);
	}

	return ERR_INTERNAL;
}

static enum err
delete_sessions(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct session session;
	json_t *body;
	enum err rc;

	(void)in;
	rc = session_of_caller(turn, &session);
	if (rc == OK)
		rc = session_end(turn, &session);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "state", SLICE("signed-out"));
	reply_json(reply, 200, body);

	return OK;
}

/* --- Records ------------------------------------------------------------- */

/*
 * The first run asks the network and waits; the run after the answer hands
 * it over.  What the first run changed is what the second finds, so being
 * run again does no harm.
 */
static enum err
get_records(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct session session;
	struct slice answer;
	json_t *body;
	enum err rc;

	rc = session_of_caller(turn, &session);
	if (rc == OK)
		rc = records_take(turn, &session, &answer);
	if (rc)
		return rc;
	if (!slice_is_empty(answer)) {
		reply_json_text(reply, 200, answer);
		return OK;
	}
	if (input_int(in, "wait") > 0 && !input_waited(in)) {
		reply_wait(reply, records_wake_key(turn, session.enrolment),
		    (int)input_int(in, "wait"));
		return OK;
	}
	body = json_object();
	json_put_text(body, "state", SLICE("asked"));
	reply_json(reply, 202, body);

	return OK;
}

/* --- Tables -------------------------------------------------------------- */

static enum err
count(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"open", PORTAL_ACCOUNT_COUNT_OPEN, 0},
	    {"confirmed", PORTAL_ACCOUNT_COUNT_CONFIRMED, 0},
	    {"sessions", PORTAL_SESSION_COUNT, 0},
	    {0},
	};

	return turn_counts(turn, figures, counts);
}

static const struct input_field session_fields[] = {
    {"enrolment", FIELD_ID, 0, true, "from POST /enrolments"},
    {"secret", FIELD_TEXT, PORTAL_SECRET_LEN, true, "from the same"},
    {"wait", FIELD_INT, WAIT_MAX, false, "seconds to wait for the counter"},
    {0},
};

static const struct input_field records_fields[] = {
    {"wait", FIELD_INT, WAIT_MAX, false, "seconds to wait for the network"},
    {0},
};

/* The peers' door is open to residents for nations that have no other. */
#define PEOPLE (HTTP_DOOR_PEERS | HTTP_DOOR_PEOPLE)

static const struct route routes[] = {
    {HTTP_POST, "/enrolments", ROLE_PUBLIC, post_enrolments, NULL, false,
	"begin to join; the counter confirms it", .doors = PEOPLE},
    {HTTP_POST, "/sessions", ROLE_PUBLIC, post_sessions, session_fields, false,
	"sign in", .doors = PEOPLE},
    {HTTP_DELETE, "/sessions", ROLE_RESIDENT, delete_sessions, NULL, false,
	"sign out", .doors = PEOPLE},
    {HTTP_GET, "/records", ROLE_RESIDENT, get_records, records_fields, false,
	"who gave what about me to whom, and why", .doors = PEOPLE},
    {0},
};

static const struct message_handler messages[] = {
    {"acquisition.code", "network", FROM_ANY_ORGANISATION, account_take_codes,
	"the portal's codes for residents"},
    {"records.answer", "network", FROM_ANY_ORGANISATION, records_answered,
	"records of provision of one resident"},
    {0},
};

static const struct timer timers[] = {
    {"sessions", 60ll * 1000, session_erase, "forget sessions that are over"},
    {"enrolments", 3600ll * 1000, account_erase,
	"forget enrolments that nobody confirmed"},
    {0},
};

const struct system portal_system = {
    .component.name = "portal",
    .component.schema = &portal_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.timers = timers,
    .component.count = count,
    .title = "マイナポータル",
    .summary = "a resident's view of the records of provision",
    .doors = HTTP_DOOR_PEOPLE,
    .public_api = true,
    .components = node_components,
    .usual = PORTAL_USUAL,
    .holds.linkage_code = HOLDS_OWN,
    .holds.contents = "the list of records, passing through",
};
