#include "systems/relay/hold.h"

#include "base/bug.h"
#include "host/evidence.h"
#include "relay_rows.h"
#include "systems/relay/apart.h"
#include "systems/relay/ending.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("番号法22条1項")
#define LIST_MAX 500
#define EXPIRE_MAX 200

static enum err
load(struct turn *turn, struct slice permit, struct relay_held_find_row *ret)
{
	return relay_held_find(turn->store, turn->arena, permit, ret);
}

enum err
hold_find(struct turn *turn, struct slice permit)
{
	struct relay_held_find_row held;

	return load(turn, permit, &held);
}

static enum err
add(struct turn *turn, const struct permit *permit,
    struct internal_number internal, struct instant deadline)
{
	const struct question *q = &permit->question;
	struct slice notice, tag;

	TRY(shape_text(&permit_issued_shape, turn->arena, &permit->issued,
	    &notice, turn->problem));
	TRY(apart_seal(turn, notice, &notice));
	TRY(apart_tag(turn, apart_epoch(turn), &permit->digest, &tag));

	return relay_held_add(turn->store,
	    &(struct relay_held_add){.permit = permit->issued.permit,
		.tag = tag,
		.notice = notice,
		.internal = internal,
		.item = q->item,
		.affair = q->affair,
		.inquirer = q->asker,
		.unit = q->unit,
		.since = apart_minute(turn->now),
		.deadline = deadline});
}

enum err
hold_begin(struct turn *turn, const struct permit *permit,
    struct internal_number internal)
{
	struct instant deadline = instant_plus(turn->now, HOLD_MS);

	if (instant_is_before(permit->issued.expires, deadline))
		deadline = permit->issued.expires;
	deadline = apart_minute(deadline);
	TRY(add(turn, permit, internal, deadline));
	TRY(relay_audit(turn, "hold.begin", internal, BASIS));
	TRY(turn_evidence(turn, permit->issued.permit));
	turn_wake(turn, RELAY_WAKE_KEY);

	return turn_tell(turn, &permit->asker, relay_inquiry_held,
	    &(struct relay_inquiry_held){permit->digest, deadline});
}

/* --- Ending -------------------------------------------------------------- */

static enum err
read_notice(struct turn *turn, struct slice sealed, struct permit *ret)
{
	struct permit_issued issued;
	struct slice notice;

	TRY(apart_open(turn, sealed, &notice));
	if (shape_read_kept(&permit_issued_shape, turn->arena, notice, &issued,
		turn->problem) ||
	    permit_read(turn, &issued, ret))
		return ERR_CORRUPT;

	return OK;
}

/* Write the decision, and answer: with `ending`, or from the replica. */
static enum err
end(struct turn *turn, const struct relay_held_find_row *held,
    struct relay_held_decide decision, const struct ending *ending)
{
	struct permit *permit = arena_alloc(turn->arena, sizeof(*permit));

	TRY(read_notice(turn, held->notice, permit));
	decision.permit = permit->issued.permit;
	decision.decided = apart_minute(turn->now);
	TRY(relay_held_decide(turn->store, &decision));
	if (ending == NULL)
		TRY(ending_provide(turn, permit, held->internal));
	else
		TRY(ending_write(turn, permit, held->internal, ending));

	return relay_audit(turn, "hold.end", held->internal, BASIS);
}

enum err
hold_stop(
    struct turn *turn, struct slice permit, struct slice outcome, bool *ret)
{
	struct relay_held_find_row held;
	enum err rc = load(turn, permit, &held);

	*ret = rc == OK && slice_is_empty(held.decision);
	if (!*ret)
		return rows_end(rc);

	return end(turn, &held,
	    (struct relay_held_decide){.decision = SLICE("revoked")},
	    &(struct ending){.outcome = outcome});
}

enum err
hold_revoked(struct turn *turn, const struct system_id *system)
{
	struct slice inquirer = system_id_organisation(system);
	struct relay_held_for_row held;
	bool stopped;
	enum err rc;

	if (!slice_equal_string(system_id_name(system), "relay"))
		return OK;
	while ((rc = relay_held_for(
		    turn->store, turn->arena, inquirer, &held)) == OK)
		TRY(hold_stop(
		    turn, held.permit, slice_of(OUTCOME_REVOKED), &stopped));

	return rows_end(rc);
}

/* Nobody decided about the permit by its deadline. */
static enum err
expire(struct turn *turn, struct slice permit)
{
	const struct ending refusal = ending_refused(REFUSED_HOLD_DEADLINE);
	struct relay_held_find_row held;

	TRY(load(turn, permit, &held));

	return end(turn, &held,
	    (struct relay_held_decide){.decision = SLICE("deadline")},
	    bug_is(BUG_DEADLINE_RELEASES) ? NULL : &refusal);
}

enum err
hold_expire(struct turn *turn)
{
	struct relay_held_overdue_row overdue;
	enum err rc;
	int i;

	for (i = 0; i < EXPIRE_MAX; i++) {
		rc = relay_held_overdue(
		    turn->store, turn->arena, turn->now, &overdue);
		if (rc)
			return rows_end(rc);
		TRY(expire(turn, overdue.permit));
	}
	turn_hurry(turn, "holds");

	return OK;
}

/* --- Routes -------------------------------------------------------------- */

static void
describe(struct json_out *o, const struct relay_held_open_row *row)
{
	char number[INTERNAL_NUMBER_DIGITS + 1];

	internal_number_format(row->internal, number);
	json_out_object(o, NULL);
	json_out_text(o, "permit", row->permit);
	json_out_text(o, "item", row->item);
	json_out_text(o, "affair", row->affair);
	json_out_text(o, "inquirer", row->inquirer);
	json_out_text(o, "unit", row->unit);
	json_out_text(o, "internal_number", slice_of(number));
	json_out_instant(o, "since", row->since);
	json_out_instant(o, "deadline", row->deadline);
	json_out_end(o);
}

enum err
hold_route_get(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct relay_held_open_row row;
	struct query q;
	enum err rc;

	(void)in;
	json_out_array(o, "held");
	relay_held_open_rows(turn->store, LIST_MAX, &q);
	while ((rc = relay_held_open_next(&q, &row)) == OK)
		describe(o, &row);
	TRY(rows_end(rc));

	return turn_audit(turn, "hold.list", SLICE(""), BASIS);
}

struct relay_decision_input {
	struct slice permit, decision, reason;
};
static const struct field decision_fields[] = {
    FIELD(relay_decision_input, permit, ID, "the permit's id"),
    FIELD(
	relay_decision_input, decision, WORD("release|refuse"), "the decision"),
    FIELD(relay_decision_input, reason, TEXT(RELAY_REASON_MAX),
	"the reason; stays in the relay"),
};
const struct shape relay_decision_input_shape =
    SHAPE(relay_decision_input, decision_fields);

static enum err
decide(struct turn *turn, const struct relay_decision_input *i)
{
	const struct ending refusal = ending_refused(REFUSED_HOLD);
	struct relay_held_find_row held;
	enum err rc = load(turn, i->permit, &held);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no such permit is held; GET /held lists them");
	if (rc)
		return rc;
	/* A repetition: the caller did not receive our answer. */
	if (slice_equal(held.decision, i->decision))
		return relay_audit(turn, "hold.repeat", held.internal, BASIS);
	if (!slice_is_empty(held.decision))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field decision: this permit was decided before: %.*s",
		    SLICE_ARG(held.decision));
	if (instant_is_before(held.deadline, turn->now))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the deadline has passed; the inquiry is being refused");

	return end(turn, &held,
	    (struct relay_held_decide){.decision = i->decision,
		.reason = i->reason,
		.officer = turn->caller.name},
	    slice_equal_string(i->decision, "release") ? NULL : &refusal);
}

enum err
hold_route_decide(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct relay_decision_input *i = INPUT(in, relay_decision_input);
	struct json_out *o = reply_object(reply, 200);

	TRY(decide(turn, i));
	json_out_text(o, "permit", i->permit);
	json_out_text(o, "decision", i->decision);

	return OK;
}
