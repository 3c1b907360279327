#include "systems/relay/mark.h"

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
mark_take(struct turn *turn, const struct message *message)
{
	const struct addressee_mark_put *m =
	    MESSAGE(message, addressee_mark_put);
	struct system_id offices = turn_sibling(turn, "offices");

	TRY(put(turn,
	    &(struct relay_mark_put){.internal = m->internal_number,
		.item = m->item,
		.kind = m->kind,
		.reason = m->reason,
		.officer = m->officer,
		.at = m->at,
		.removed = slice_equal_string(m->change, "remove")}));

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
	struct slice item, kind, reason;
};
static const struct field mark_fields[] = {
    FIELD(relay_mark_input, internal_number, INTERNAL_NUMBER,
	"internal addressee number"),
    OPTION(relay_mark_input, item, NAME_OF,
	"item of information; without it, all of the person's"),
    FIELD(relay_mark_input, kind, WORD("hold|undisclosed"), "the kind of mark"),
    FIELD(relay_mark_input, reason, TEXT(RELAY_REASON_MAX), "the reason"),
};
const struct shape relay_mark_input_shape =
    SHAPE(relay_mark_input, mark_fields);

/* Now, but later than every earlier order: an office's clock may be ahead. */
static enum err
order(struct turn *turn, const struct relay_mark_input *i, bool removed)
{
	struct relay_mark_at_row last = {0};

	TRY(rows_end(relay_mark_at(
	    turn->store, i->internal_number, i->item, i->kind, &last)));

	return put(turn,
	    &(struct relay_mark_put){.internal = i->internal_number,
		.item = i->item,
		.kind = i->kind,
		.reason = i->reason,
		.officer = turn->caller.name,
		.at = instant_is_before(last.at, turn->now)
		    ? turn->now
		    : instant_plus(last.at, 1),
		.removed = removed});
}

enum err
mark_route_post(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct relay_mark_input *i = INPUT(in, relay_mark_input);

	TRY(order(turn, i, false));

	return reply_marks(turn, i->internal_number, reply);
}

enum err
mark_route_remove(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct relay_mark_input *i = INPUT(in, relay_mark_input);

	TRY(order(turn, i, true));

	return reply_marks(turn, i->internal_number, reply);
}
