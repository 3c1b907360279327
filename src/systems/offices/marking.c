#include "systems/offices/marking.h"

#include "host/once.h"
#include "messages/replicas.h"
#include "offices_rows.h"
#include "systems/offices/offices.h"

#define BASIS SLICE("番号法23条2項")

/* --- The table ------------------------------------------------------------- */

static void
describe(const struct offices_mark_show_row *row, struct json_out *o)
{
	json_out_text(o, "mark", row->mark);
	json_out_text(o, "business_number", row->business_number);
	json_out_text(o, "item", row->item);
	json_out_text(o, "kind", row->kind);
	json_out_text(o, "change", row->change);
	json_out_text(o, "officer", row->officer);
	json_out_text(o, "state", row->state);
	json_out_text(o, "refusal", row->refusal);
	json_out_instant(o, "ordered", row->ordered);
	offices_out_instant(o, "answered", row->answered);
}

/* Read an order of a mark, and write the audit entry. */
static enum err
load(struct turn *turn, struct slice mark, struct offices_mark_show_row *ret)
{
	enum err rc = offices_mark_show(turn->store, turn->arena, mark, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(
		    turn->problem, rc, "there is no such order of a mark");
	TRY(rc);

	return turn_audit(turn, "mark.read", ret->business_number, BASIS);
}

/* --- Ordering -------------------------------------------------------------- */

struct offices_mark_input {
	struct office_mark_put order;
};
static const struct field mark_fields[] = {
    FIELD_AS(
	offices_mark_input, order.mark, "mark", ID, "a new id for the order"),
    FIELD_AS(offices_mark_input, order.business_number, "business_number",
	BUSINESS_NUMBER, "the person's business number"),
    OPTION_AS(offices_mark_input, order.item, "item", NAME_OF,
	"item of information; without it, all of the person's"),
    FIELD_AS(offices_mark_input, order.kind, "kind", WORD("hold|undisclosed"),
	"the kind of mark"),
    OPTION_AS(offices_mark_input, order.change, "change", WORD("set|remove"),
	"the change; without it, set"),
    OPTION_AS(offices_mark_input, order.withheld, "withheld", WITHHOLDING,
	"of `undisclosed`, set: grade, ground and last day; existence needs a "
	"second holder"),
    FIELD_AS(offices_mark_input, order.reason, "reason", TEXT(400),
	"the reason; kept by the relay alone"),
};
const struct shape offices_mark_input_shape =
    SHAPE(offices_mark_input, mark_fields);

static enum err
add(struct turn *turn, const struct office_mark_put *order,
    struct slice content)
{
	return offices_mark_add(turn->store,
	    &(struct offices_mark_add){
		.mark = order->mark,
		.business_number = order->business_number,
		.item = order->item,
		.kind = order->kind,
		.change = order->change,
		.officer = order->officer,
		.ordered = order->at,
		.content = content,
	    });
}

enum err
marking_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct office_mark_put order = INPUT(in, offices_mark_input)->order;
	struct system_id addressee = turn_sibling(turn, "addressee");
	struct offices_mark_show_row held;
	struct slice content;
	bool is_new;

	if (slice_is_empty(order.change))
		order.change = SLICE("set");
	if (withholding_needs_two(order.withheld) && !input_is_confirmed(in))
		return reply_pending(turn, in, reply);
	TRY(mark_check(order.kind, order.change, order.withheld,
	    date_in_japan(turn->now), turn->problem));
	content = once_content(turn, message_office_mark_put.shape, &order);
	order.officer = turn_first_holder(turn);
	order.second = turn->caller.second;
	order.at = turn->now;
	TRY(add(turn, &order, content));
	is_new = store_changes(turn->store) == 1;
	if (is_new)
		TRY(turn_tell(turn, &addressee, office_mark_put, &order));
	TRY(turn_audit(turn, is_new ? "mark.order" : "mark.repeat",
	    order.business_number, BASIS));
	TRY(load(turn, order.mark, &held));
	TRY(once_check(turn, "mark", held.content, content));
	describe(&held, reply_object(reply, 201));

	return OK;
}

/* --- Answers --------------------------------------------------------------- */

/* The first answer counts. */
static enum err
answer(struct turn *turn, struct slice mark, struct slice state,
    struct slice refusal)
{
	struct offices_mark_show_row row = {0};

	TRY(offices_mark_answered(
	    turn->store, state, refusal, turn->now, mark));
	offices_wake(turn, "mark", mark);

	TRY(rows_end(offices_mark_show(turn->store, turn->arena, mark, &row)));

	return turn_audit(turn, "mark.answered", row.business_number, BASIS);
}

enum err
marking_done(struct turn *turn, const struct message *message)
{
	return answer(
	    turn, MESSAGE(message, mark_done)->mark, SLICE("done"), SLICE(""));
}

enum err
marking_refused(struct turn *turn, const struct message *message)
{
	const struct mark_refused *refused = MESSAGE(message, mark_refused);

	return answer(turn, refused->mark, SLICE("refused"), refused->reason);
}

struct offices_mark_wait_input {
	struct slice mark;
	int64_t wait;
};
static const struct field wait_fields[] = {
    FIELD(offices_mark_wait_input, mark, ID, "the order's id"),
    OFFICES_WAIT(offices_mark_wait_input),
};
const struct shape offices_mark_wait_input_shape =
    SHAPE(offices_mark_wait_input, wait_fields);

enum err
marking_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_mark_wait_input *i =
	    INPUT(in, offices_mark_wait_input);
	struct offices_mark_show_row row;

	TRY(load(turn, i->mark, &row));
	if (!slice_equal_string(row.state, "ordered") ||
	    !offices_wait(turn, in, reply, "mark", i->mark, i->wait))
		describe(&row, reply_object(reply, 200));

	return OK;
}
