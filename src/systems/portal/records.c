#include "systems/portal/records.h"

#include "messages/records.h"
#include "portal_rows.h"
#include "systems/network/network.h"
#include "systems/portal/account.h"
#include "systems/portal/deed.h"
#include "systems/portal/portal.h"
#include "systems/portal/session.h"

#define BASIS SLICE("番号法附則6条")

/* The key that requests of a session wait for; text in the arena. */
static struct slice
wake_key(struct turn *turn, struct slice enrolment)
{
	return arena_printf(turn->arena, "records:%.*s", SLICE_ARG(enrolment));
}

/* --- Asking -------------------------------------------------------------- */

static enum err
send_request(
    struct turn *turn, struct slice request, const struct session *session)
{
	struct records_request body = {.request = request};

	TRY(account_code(turn, session->enrolment, &body.code));

	return turn_tell_usual(turn, NETWORK_USUAL, records_request, &body);
}

static enum err
ask(struct turn *turn, const struct session *session)
{
	struct slice request = turn_new_id(turn);

	TRY(portal_request_add(
	    turn->store, request, &session->token, turn->now));
	TRY(send_request(turn, request, session));

	return turn_audit(turn, "records.ask", session->enrolment, BASIS);
}

/* --- Handing over -------------------------------------------------------- */

static enum err
hand_over(struct turn *turn, const struct session *session, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct portal_request_read_row row;
	struct slice resident;

	TRY(account_resident(turn, session->enrolment, &resident));
	TRY(portal_request_read(
	    turn->store, turn->arena, &session->token, &row));
	TRY(portal_request_delete(turn->store, &session->token));
	json_out_instant(o, "as_of", row.answered);
	json_out_raw(o, "records", row.answer);
	TRY(deed_put(turn, resident, o));

	return turn_audit(turn, "records.read", session->enrolment, BASIS);
}

struct records_input {
	int64_t wait;
};

static const struct field fields[] = {
    OPTION(records_input, wait, INT(0, PORTAL_WAIT_MAX),
	"seconds to wait for the network"),
};
const struct shape records_input_shape = SHAPE(records_input, fields);

/*
 * The first run asks the network and waits; the run after the answer hands it
 * over.  The second run finds the changes of the first, so that running again
 * does no harm.
 */
enum err
records_get(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct instant oldest = instant_plus(turn->now, -PORTAL_FRESH_MS);
	int64_t wait = INPUT(in, records_input)->wait;
	struct portal_request_find_row asked;
	struct session session;
	enum err rc;

	TRY(session_of_caller(turn, &session));
	rc = portal_request_find(turn->store, &session.token, &asked);
	if (rc == OK && asked.has_answered) {
		if (!instant_is_before(asked.answered, oldest))
			return hand_over(turn, &session, reply);
		TRY(portal_request_delete(turn->store, &session.token));
		rc = ERR_NOT_FOUND;
	}
	TRY(rc == ERR_NOT_FOUND ? ask(turn, &session) : rc);
	if (wait > 0 && !input_waited(in))
		reply_wait(reply, wake_key(turn, session.enrolment), (int)wait);
	else
		json_out_text(
		    reply_object(reply, 202), "state", SLICE("asked"));

	return OK;
}

/* --- The network's answer ------------------------------------------------ */

/* Keep the records as the text that will be handed over; those that are withheld
 * are lines of their own, without names. */
static struct slice
describe(struct turn *turn, const struct records_answer *answer)
{
	struct json_out o;
	size_t i;

	json_out_init(&o, turn->arena);
	json_out_array(&o, NULL);
	for (i = 0; i < answer->n_records; i++)
		shape_write(&records_answer_record_shape, &answer->records[i],
		    &o, NULL);
	for (i = 0; i < answer->n_withheld; i++)
		shape_write(&records_answer_withheld_shape,
		    &answer->withheld[i], &o, NULL);

	return json_out_finish(&o);
}

enum err
records_answered(struct turn *turn, const struct message *message)
{
	const struct records_answer *answer = MESSAGE(message, records_answer);
	struct portal_request_owner_row owner;
	enum err rc;

	rc = portal_request_owner(
	    turn->store, turn->arena, answer->request, &owner);
	if (rc)
		return rows_end(rc); /* the resident has gone meanwhile */
	TRY(portal_request_answer(
	    turn->store, turn->now, describe(turn, answer), answer->request));
	turn_wake(turn, wake_key(turn, owner.enrolment));

	return turn_audit(turn, "records.answer", owner.enrolment, BASIS);
}
