/* The second holder's side of what waits (host/pending.h). */
#include "host/confirmation.h"

#include "base/bug.h"
#include "host/node_internal.h"
#include "host/pending.h"
#include "host/reply.h"
#include "host/routes.h"
#include "host_rows.h"

#define LIST_MAX 500
#define EMERGENCY_MS (30 * 24 * 3600 * 1000ll) /* how long it is shown */
#define REASON_MAX 400

/* --- Finding -------------------------------------------------------------- */

struct pending_one {
	struct slice id;
};
static const struct field one_fields[] = {
    FIELD(pending_one, id, ID, "the id of what waits"),
};
const struct shape pending_one_shape = SHAPE(pending_one, one_fields);

struct pending_emergency {
	struct slice id, reason;
};
static const struct field emergency_fields[] = {
    FIELD(pending_emergency, id, ID, "the id of what waits"),
    FIELD(pending_emergency, reason, TEXT(REASON_MAX),
	"the harm that waiting would do"),
};
const struct shape pending_emergency_shape =
    SHAPE(pending_emergency, emergency_fields);

/* Find the request that waits under that id; *ret_duty is a duty of the caller's. */
static enum err
find(struct turn *turn, struct slice id, struct host_pending_find_row *ret,
    enum right *ret_duty)
{
	enum err rc = host_pending_find(turn->store, turn->arena, id, ret);

	if (rc == OK &&
	    (ret->emergency.len > 0 || turn->now.ms >= ret->at.ms + PENDING_MS))
		rc = ERR_NOT_FOUND;
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "nothing waits for a second holder under this id: it was "
		    "done or withdrawn, or 24 hours are over; GET /pending "
		    "lists what waits");
	TRY(rc);
	if (duty_find(ret->duty, ret_duty) ||
	    (turn->caller.rights & RIGHT_BIT(*ret_duty)) == 0)
		return problem_set(turn->problem, ERR_DENIED,
		    "this certificate lacks the duty \"%.*s\", which both "
		    "holders need",
		    SLICE_ARG(ret->duty));

	return OK;
}

/* A refusal that leaves an entry in the audit, as one of a head does. */
static enum err
deny(
    struct turn *turn, struct reply *reply, struct slice route, const char *why)
{
	TRY(turn_audit(turn, "denied", route, SLICE("second")));
	reply_refusal(turn, reply, ERR_DENIED, why);

	return OK;
}

/* --- Doing it ------------------------------------------------------------- */

/* The request that waits, with the body of this call.  ERR_CONFLICT if that is
 * another one. */
static enum err
repeat(struct turn *turn, const struct input *in,
    const struct host_pending_find_row *row, struct http_call *ret)
{
	struct digest digest = pending_digest(row->route, in->call->body);
	struct slice rest = row->route;

	if (!digest_equal(&digest, &row->digest))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the body is not that of the request that waits: send the "
		    "same bytes again");
	*ret = *in->call;
	slice_cut(&rest, ' ');
	ret->path = slice_cut(&rest, '?');
	ret->query = rest.data != NULL ? rest : SLICE("");

	return OK;
}

/* "131041:山田花子" has the name behind the first colon. */
static struct slice
name_of(struct slice holder)
{
	slice_cut(&holder, ':');

	return holder;
}

enum err
confirmation_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct host_pending_find_row row;
	struct http_call call;
	enum right duty;

	TRY(find(turn, INPUT(in, pending_one)->id, &row, &duty));
	if (slice_equal(row.holder, turn->actor) &&
	    !bug_is(BUG_SECOND_IS_FIRST))
		return deny(turn, reply, row.route,
		    "the first holder does not confirm: another one with the "
		    "same duty has to");
	TRY(repeat(turn, in, &row, &call));
	turn->caller.first = name_of(row.holder);
	turn->caller.second = turn->caller.name;
	turn->caller.name = arena_printf(turn->arena, "%.*s, %.*s",
	    SLICE_ARG(turn->caller.first), SLICE_ARG(turn->caller.second));
	turn->actor = arena_printf(turn->arena, "%.*s, %.*s",
	    SLICE_ARG(row.holder), SLICE_ARG(turn->actor));
	TRY(host_pending_drop(turn->store, row.id));
	TRY(turn_audit(turn, "second.confirm", row.route, row.duty));

	return request_repeat(turn, &call, reply);
}

enum err
confirmation_alone(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct pending_emergency *asked = INPUT(in, pending_emergency);
	struct host_pending_find_row row;
	struct http_call call;
	enum right duty;

	TRY(find(turn, asked->id, &row, &duty));
	if ((RIGHT_BIT(duty) & DUTIES_OF_EMERGENCY) == 0)
		return deny(turn, reply, row.route,
		    "waiting for a second holder does no harm here: only what "
		    "stops something is done alone");
	if (!slice_equal(row.holder, turn->actor))
		return deny(turn, reply, row.route,
		    "another holder began this: confirm it");
	TRY(repeat(turn, in, &row, &call));
	TRY(host_pending_act(turn->store, asked->reason, turn->now, row.id));
	TRY(turn_audit(turn, "second.emergency", row.route, asked->reason));

	return request_repeat(turn, &call, reply);
}

enum err
confirmation_withdraw(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct host_pending_find_row row;
	enum right duty;

	TRY(find(turn, INPUT(in, pending_one)->id, &row, &duty));
	if (!slice_equal(row.holder, turn->actor))
		return deny(turn, reply, row.route,
		    "only the first holder withdraws this; it ends by itself "
		    "after 24 hours");
	TRY(host_pending_drop(turn->store, row.id));
	TRY(turn_audit(turn, "second.withdraw", row.route, row.duty));
	json_out_text(reply_object(reply, 200), "state", SLICE("withdrawn"));

	return OK;
}

/* --- Seeing it ------------------------------------------------------------ */

static void
describe(struct json_out *o, const struct host_pending_list_row *row)
{
	json_out_object(o, NULL);
	json_out_text(o, "id", row->id);
	json_out_text(o, "route", row->route);
	json_out_text(o, "duty", row->duty);
	json_out_text(o, "by", row->holder);
	json_out_instant(o, "at", row->at);
	if (row->emergency.len > 0)
		json_out_text(o, "emergency", row->emergency);
	else
		json_out_instant(o, "until", instant_plus(row->at, PENDING_MS));
	json_out_end(o);
}

enum err
confirmation_list(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct host_pending_list_row row;
	enum right duty;
	struct query q;
	enum err rc;

	(void)in;
	json_out_array(o, "pending");
	host_pending_list_rows(
	    turn->store, instant_plus(turn->now, -PENDING_MS), LIST_MAX, &q);
	while ((rc = host_pending_list_next(&q, &row)) == OK) {
		if (duty_find(row.duty, &duty) == OK &&
		    (turn->caller.rights & RIGHT_BIT(duty)) != 0)
			describe(o, &row);
	}
	json_out_end(o);

	return rows_end(rc);
}

enum err
confirmation_erase(struct turn *turn)
{
	return host_pending_erase(turn->store,
	    instant_plus(turn->now, -PENDING_MS),
	    instant_plus(turn->now, -EMERGENCY_MS));
}
