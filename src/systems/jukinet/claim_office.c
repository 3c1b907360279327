/* Claims that wait for an officer of J-LIS: routes. */
#include "jukinet_rows.h"
#include "number/kinds.h"
#include "systems/jukinet/claim.h"
#include "systems/jukinet/jukinet.h"

#define BASIS SLICE("住民基本台帳法30条の3")
#define LIST_MAX 200

/* --- Showing ---------------------------------------------------------------- */

struct claim_list_input {
	struct slice after;
};
static const struct field list_fields[] = {
    OPTION(claim_list_input, after, ID, "`claim` of the last row of before"),
};
const struct shape claim_list_input_shape =
    SHAPE(claim_list_input, list_fields);

static void
put_row(struct json_out *o, const struct jukinet_claim_list_row *row)
{
	json_out_object(o, NULL);
	json_out_text(o, "claim", row->claim);
	json_out_text(o, "state", row->state);
	json_out_text(o, "by", row->municipality);
	json_out_text(o, "asked", row->asked);
	json_out_text(o, "reason", row->reason);
	json_out_text(o, "reply", row->reply);
	json_out_instant(o, "said", row->said);
	json_out_instant(o, "until", row->until);
	json_out_end(o);
}

enum err
claim_list(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct slice after = INPUT(in, claim_list_input)->after;
	struct json_out *o = reply_object(reply, 200);
	struct jukinet_claim_list_row row;
	struct query q;
	enum err rc;

	TRY(turn_audit(turn, "claim.list", SLICE(""), BASIS));
	json_out_array(o, "claims");
	jukinet_claim_list_rows(turn->store, after, LIST_MAX, &q);
	while ((rc = jukinet_claim_list_next(&q, &row)) == OK)
		put_row(o, &row);

	return rows_end(rc);
}

struct claim_show_input {
	struct slice claim;
};
static const struct field show_fields[] = {
    FIELD(claim_show_input, claim, ID, "the claim's id"),
};
const struct shape claim_show_input_shape =
    SHAPE(claim_show_input, show_fields);

static enum err
load(struct turn *turn, struct slice id, struct claim *ret)
{
	enum err rc = claim_load(turn, id, ret);

	return rc == ERR_NOT_FOUND ? problem_set(turn->problem, rc,
					 "field claim: no claim has this id")
				   : rc;
}

/* The person as jukinet holds it, beside the claim. */
static enum err
put_person(struct turn *turn, const struct claim *c, struct json_out *o)
{
	struct person p;

	if (c->person.value == 0)
		return OK;
	TRY(person_find(turn, c->person, &p));
	json_out_int(o, "person", p.serial.value);
	json_out_text(o, "person_state", slice_of(person_state_name(p.state)));
	json_out_date(o, "person_since", p.event_date);
	shape_write(&attributes_shape, &p.attributes, o, "held");

	return OK;
}

enum err
claim_show(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o;
	struct claim c;

	TRY(load(turn, INPUT(in, claim_show_input)->claim, &c));
	TRY(person_audit(turn, "claim.read", c.person, BASIS));
	o = reply_object(reply, 200);
	json_out_text(o, "claim", c.id);
	json_out_text(o, "state", claim_state_name(&c));
	json_out_text(o, "by", c.municipality);
	json_out_text(o, "asked", c.asked);
	json_out_text(o, "reason", c.reason);
	json_out_text(o, "evidence", c.evidence);
	json_out_text(o, "officer", c.officer);
	json_out_text(o, "reply", c.reply);
	json_out_text(o, "reply_reason", c.reply_reason);
	json_out_text(o, "reply_officer", c.reply_officer);
	json_out_bool(o, "names_code", c.names_code);
	shape_write(&attributes_shape, &c.attributes, o, "attributes");
	shape_write(&arrival_before_shape, &c.before, o, "before");

	return put_person(turn, &c, o);
}

/* --- Deciding --------------------------------------------------------------- */

struct claim_decide_input {
	struct slice claim;
	struct slice decision;
	struct slice reason;
};
static const struct field decide_fields[] = {
    FIELD(claim_decide_input, claim, ID, "the claim's id"),
    FIELD(claim_decide_input, decision, WORD("settle|refuse"),
	"the person has come back there, or has not"),
    FIELD(claim_decide_input, reason, EXPLANATION,
	"the papers, and what the municipality of before said"),
};
const struct shape claim_decide_input_shape =
    SHAPE(claim_decide_input, decide_fields);

static enum err
check(struct turn *turn, const struct claim *c, bool settles)
{
	if (c->state == CLAIM_ASKED || c->state == CLAIM_SOUGHT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the term of the claim has not ended; decide when its "
		    "state is held");
	if (c->state != CLAIM_HELD)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the claim has ended (%.*s)",
		    SLICE_ARG(claim_state_name(c)));
	if (settles && c->person.value == 0)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field decision: nobody abroad is shown by this claim; "
		    "expected `refuse`");

	return OK;
}

enum err
claim_decide(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct claim_decide_input *i = INPUT(in, claim_decide_input);
	const bool settles = slice_equal_string(i->decision, "settle");
	struct json_out *o;
	struct claim c;

	TRY(load(turn, i->claim, &c));
	TRY(check(turn, &c, settles));
	TRY(jukinet_arrival_decision_add(turn->store,
	    &(struct jukinet_arrival_decision_add){.serial = c.own,
		.decision = i->decision,
		.person = c.person.value != 0 ? &c.person : NULL,
		.evidence = i->reason,
		.officer = turn->caller.name,
		.refusal = SLICE(""),
		.at = turn->now}));
	TRY(settles ? claim_settle(turn, &c)
		    : claim_refuse(turn, &c, SLICE("no-match")));
	TRY(person_audit(turn, "claim.decide", c.person, BASIS));
	o = reply_object(reply, 200);
	json_out_text(o, "claim", c.id);
	json_out_text(o, "state", claim_state_name(&c));

	return OK;
}
