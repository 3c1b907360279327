#include "systems/relay/mark.h"

#include <string.h>

#include "base/bug.h"
#include "messages/replicas.h"
#include "relay_rows.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("番号法23条2項")

/* --- Marks --------------------------------------------------------------- */

/* `reason` stays out of the audit: it may reveal the facts that the mark
 * protects. */
static enum err
put(struct turn *turn, const struct relay_mark_put *mark)
{
	TRY(relay_mark_put(turn->store, mark));

	return relay_audit(turn, mark->removed ? "mark.remove" : "mark.set",
	    mark->internal, BASIS);
}

enum err
mark_is(struct turn *turn, struct internal_number internal, struct slice item,
    const char *kind, bool *ret)
{
	struct relay_mark_find_row row;

	TRY(relay_mark_find(turn->store, internal, slice_of(kind), item, &row));
	*ret = row.marks > 0;

	return OK;
}

enum err
mark_withholds(struct turn *turn, struct internal_number internal,
    struct slice item, struct mark_withheld *ret)
{
	struct relay_mark_withholds_row row;
	enum err rc = relay_mark_withholds(
	    turn->store, turn->arena, internal, item, turn->now, &row);

	*ret = (struct mark_withheld){0};
	if (rc || bug_is(BUG_MARK_IGNORED))
		return rows_end(rc);
	*ret = (struct mark_withheld){
	    withholding_text(turn->arena,
		&(struct withholding){
		    row.grade, row.ground, withholding_last_day(row.ends)}),
	    row.officer, row.second};

	return OK;
}

/* Complete a row by what it withholds. */
static void
withhold(struct slice withheld, struct relay_mark_put *mark)
{
	struct withholding w;

	mark->grade = mark->ground = SLICE("");
	if (withholding_parse(withheld, &w))
		return;
	mark->grade = w.grade;
	mark->ground = w.ground;
	mark->ends = withholding_end(&w);
}

enum err
mark_take(struct turn *turn, const struct message *message)
{
	const struct addressee_mark_put *m =
	    MESSAGE(message, addressee_mark_put);
	struct system_id offices = turn_sibling(turn, "offices");
	struct relay_mark_put mark = {.internal = m->internal_number,
	    .item = m->item,
	    .kind = m->kind,
	    .reason = m->reason,
	    .officer = m->officer,
	    .second = m->second,
	    .at = m->at,
	    .removed = slice_equal_string(m->change, "remove")};

	TRY(mark_check(m->kind, m->change, m->withheld, date_in_japan(m->at),
	    turn->problem));
	withhold(m->withheld, &mark);
	TRY(put(turn, &mark));

	return turn_tell(
	    turn, &offices, mark_done, &(struct mark_done){m->mark});
}

/* --- Routes -------------------------------------------------------------- */

static void
describe(struct json_out *o, const struct relay_marks_row *row)
{
	json_out_object(o, NULL);
	json_out_text(o, "item", row->item);
	json_out_text(o, "kind", row->kind);
	json_out_text(o, "reason", row->reason);
	json_out_text(o, "officer", row->officer);
	json_out_instant(o, "at", row->at);
	if (!slice_is_empty(row->ground)) {
		json_out_text(o, "grade", row->grade);
		json_out_text(o, "ground", row->ground);
		json_out_date(o, "until", withholding_last_day(row->ends));
		json_out_text(o, "second", row->second);
	}
	json_out_end(o);
}

static enum err
reply_marks(
    struct turn *turn, struct internal_number internal, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct relay_marks_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "marks");
	relay_marks_rows(turn->store, internal, &q);
	while ((rc = relay_marks_next(&q, &row)) == OK)
		describe(o, &row);
	TRY(rows_end(rc));

	return relay_audit(turn, "mark.list", internal, BASIS);
}

enum err
mark_route_get(struct turn *turn, const struct input *in, struct reply *reply)
{
	return reply_marks(
	    turn, INPUT(in, relay_person_input)->internal_number, reply);
}

struct relay_mark_input {
	struct internal_number internal_number;
	struct slice item, kind, reason, withheld;
};
static const struct field mark_fields[] = {
    FIELD(relay_mark_input, internal_number, INTERNAL_NUMBER,
	"internal addressee number"),
    OPTION(relay_mark_input, item, NAME_OF,
	"item of information; without it, all of the person's"),
    FIELD(relay_mark_input, kind, WORD("hold|undisclosed"), "the kind of mark"),
    FIELD(relay_mark_input, reason, TEXT(RELAY_REASON_MAX), "the reason"),
    OPTION(relay_mark_input, withheld, WITHHOLDING,
	"of `undisclosed`, set: grade, ground and last day; existence needs a "
	"second holder"),
};
const struct shape relay_mark_input_shape =
    SHAPE(relay_mark_input, mark_fields);

/* Now, but later than every earlier order: an office's clock may be ahead. */
static enum err
order(struct turn *turn, const struct relay_mark_input *i, const char *change)
{
	struct relay_mark_at_row last = {0};
	struct relay_mark_put mark = {.internal = i->internal_number,
	    .item = i->item,
	    .kind = i->kind,
	    .reason = i->reason,
	    .officer = turn_first_holder(turn),
	    .second = turn->caller.second,
	    .at = turn->now,
	    .removed = strcmp(change, "remove") == 0};

	TRY(mark_check(i->kind, slice_of(change), i->withheld,
	    date_in_japan(turn->now), turn->problem));
	TRY(rows_end(relay_mark_at(
	    turn->store, i->internal_number, i->item, i->kind, &last)));
	if (!instant_is_before(last.at, turn->now))
		mark.at = instant_plus(last.at, 1);
	withhold(i->withheld, &mark);

	return put(turn, &mark);
}

enum err
mark_route_post(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct relay_mark_input *i = INPUT(in, relay_mark_input);

	if (withholding_needs_two(i->withheld) && !input_is_confirmed(in))
		return reply_pending(turn, in, reply);
	TRY(order(turn, i, "set"));

	return reply_marks(turn, i->internal_number, reply);
}

enum err
mark_route_remove(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct relay_mark_input *i = INPUT(in, relay_mark_input);

	TRY(order(turn, i, "remove"));

	return reply_marks(turn, i->internal_number, reply);
}
