#include "systems/registry/abroad.h"

#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"

#define BASIS SLICE("住民基本台帳法30条の3")
#define LIST_MAX 200

/* ---- Rows --------------------------------------------------------------- */

static const char *const states[] = {
    [ABROAD_ASKED] = "asked",
    [ABROAD_HELD] = "held",
    [ABROAD_SAME] = "same",
    [ABROAD_DIFFERENT] = "different",
};

enum err
abroad_load(struct turn *turn, struct resident_id id, struct abroad *ret)
{
	struct registry_abroad_get_row row;
	enum abroad_state state = ABROAD_ASKED;

	TRY(registry_abroad_get(turn->store, turn->arena, id, &row));
	while (!slice_equal_string(row.state, states[state])) {
		if (++state > ABROAD_DIFFERENT)
			return ERR_CORRUPT;
	}
	*ret = (struct abroad){.state = state,
	    .has_own_code = row.has_own_code,
	    .own_code = row.own_code,
	    .joined = row.joined,
	    .since = row.since};

	return OK;
}

enum err
abroad_store(struct turn *turn, struct resident_id id, const struct abroad *a)
{
	return registry_abroad_put(turn->store,
	    &(struct registry_abroad_put){.resident = id,
		.state = slice_of(states[a->state]),
		.own_code = a->has_own_code ? &a->own_code : NULL,
		.joined = a->joined.value != 0 ? &a->joined : NULL,
		.since = a->since});
}

/* The newest decision; its serial is 0 if nobody has decided yet. */
static enum err
last_decision(struct turn *turn, struct resident_id id,
    struct registry_abroad_decision_row *ret)
{
	*ret = (struct registry_abroad_decision_row){0};

	return rows_end(
	    registry_abroad_decisions(turn->store, turn->arena, id, ret));
}

/* Is the decision not settled yet? */
static bool
is_open(const struct registry_abroad_decision_row *decision)
{
	return decision->serial != 0 && !decision->has_settled_at;
}

enum err
abroad_open(struct turn *turn, struct resident_id id)
{
	const struct abroad asked = {.state = ABROAD_ASKED, .since = turn->now};

	return abroad_store(turn, id, &asked);
}

/* ---- Decisions ---------------------------------------------------------- */

/* A stay as a column holds it. */
static struct slice
before_format(struct turn *turn, const struct arrival_before *before)
{
	struct json_out o;

	json_out_init(&o, turn->arena);
	shape_write(&arrival_before_shape, before, &o, NULL);

	return json_out_finish(&o);
}

/* Note a decision, without its answer. */
static enum err
add_decision(struct turn *turn, const struct resident *r,
    struct registry_abroad_decision_row *d)
{
	d->resident = r->id;
	d->claim = turn_new_id(turn);
	d->officer = turn->caller.name;
	d->version = r->version;

	return registry_abroad_decision_add(turn->store,
	    &(struct registry_abroad_decision_add){.resident = d->resident,
		.serial = d->serial,
		.claim = d->claim,
		.decision = d->decision,
		.before = d->before,
		.evidence = d->evidence,
		.officer = d->officer,
		.version = d->version,
		.decided_at = turn->now});
}

static enum err
send_decision(struct turn *turn, const struct registry_abroad_decision_row *d,
    const struct abroad *a)
{
	struct arrival_decided decided = {.claim = d->claim,
	    .decision = d->decision,
	    .evidence = d->evidence,
	    .officer = d->officer};
	struct resident r;

	TRY(resident_load(turn, d->resident, &r));
	if (shape_read_kept(&arrival_before_shape, turn->arena, d->before,
		&decided.before, turn->problem))
		return ERR_CORRUPT;
	decided.code = a->has_own_code ? a->own_code : r.code;
	decided.attributes = r.person.attributes;

	return news_explain(turn, tell_jukinet(turn, arrival_decided, &decided),
	    PERSON_CORRECTED_BY, &r, 1);
}

enum err
abroad_claim(struct turn *turn, const struct resident *r,
    const struct resident_code *code)
{
	const struct arrival_before before = {.code = *code, .has_code = true};
	struct registry_abroad_decision_row d = {.serial = 1,
	    .decision = SLICE("same"),
	    .before = before_format(turn, &before),
	    .evidence = SLICE("転入届の住民票コード")};

	return add_decision(turn, r, &d);
}

enum err
abroad_follow(struct turn *turn, struct resident_id *id)
{
	struct abroad abroad;
	enum err rc = abroad_load(turn, *id, &abroad);

	if (rc == OK && abroad.joined.value != 0)
		*id = abroad.joined;

	return rows_end(rc);
}

enum err
abroad_hold(struct turn *turn, struct resident_id id)
{
	struct registry_abroad_decision_row brought;
	struct abroad held;

	TRY(abroad_load(turn, id, &held));
	held.state = ABROAD_HELD;
	held.since = turn->now;
	TRY(abroad_store(turn, id, &held));
	turn_wake(turn, resident_wait_key(turn, id));
	TRY(last_decision(turn, id, &brought));
	if (is_open(&brought))
		TRY(send_decision(turn, &brought, &held));

	return resident_audit(turn, "arrival.hold", id, BASIS);
}

/* ---- Showing ------------------------------------------------------------ */

enum err
abroad_list(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct resident_id after = {INPUT(in, form_after)->after};
	struct json_out *o = reply_object(reply, 200);
	struct registry_abroad_held_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "arrivals");
	registry_abroad_held_rows(turn->store, after, LIST_MAX, &q);
	while ((rc = registry_abroad_held_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_resident(o, "resident", row.resident);
		json_out_instant(o, "since", row.since);
		json_out_end(o);
	}

	return rows_end(rc);
}

static enum err
put_decisions(struct turn *turn, struct resident_id id, struct json_out *o)
{
	struct registry_abroad_decision_row d;
	struct query q;
	enum err rc;

	json_out_array(o, "decisions");
	registry_abroad_decisions_rows(turn->store, id, &q);
	while ((rc = registry_abroad_decisions_next(&q, &d)) == OK) {
		json_out_object(o, NULL);
		json_out_text(o, "decision", d.decision);
		json_out_text(o, "evidence", d.evidence);
		json_out_text(o, "officer", d.officer);
		json_out_instant(o, "decided", d.decided_at);
		if (!d.has_settled_at && !slice_is_empty(d.state))
			json_out_text(o, "state", d.state);
		if (!d.has_settled_at && d.until.ms != 0)
			json_out_instant(o, "until", d.until);
		if (d.has_settled_at)
			json_out_instant(o, "settled", d.settled_at);
		if (!slice_is_empty(d.refusal))
			json_out_text(o, "refusal", d.refusal);
		json_out_end(o);
	}

	return rows_end(rc);
}

static enum err
no_arrival(struct turn *turn)
{
	return problem_set(turn->problem, ERR_NOT_FOUND,
	    "no arrival from abroad has this number here");
}

struct abroad_show_input {
	struct resident_id resident;
	int64_t wait;
};
static const struct field arrival_fields[] = {
    FORM_RESIDENT(abroad_show_input),
    FORM_WAIT(abroad_show_input),
};
const struct shape abroad_show_input_shape =
    SHAPE(abroad_show_input, arrival_fields);

enum err
abroad_show(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct abroad_show_input *i = INPUT(in, abroad_show_input);
	struct registry_abroad_decision_row last;
	struct json_out *o;
	struct abroad a;
	enum err rc;

	TRY(resident_audit(turn, "arrival.read", i->resident, BASIS));
	TRY(last_decision(turn, i->resident, &last));
	if (is_open(&last) && i->wait > 0 && !input_waited(in)) {
		reply_wait(
		    reply, resident_wait_key(turn, i->resident), (int)i->wait);
		return OK;
	}
	rc = abroad_load(turn, i->resident, &a);
	if (rc)
		return rc == ERR_NOT_FOUND ? no_arrival(turn) : rc;
	o = reply_object(reply, 200);
	json_out_resident(o, "resident", i->resident);
	json_out_text(o, "state", slice_of(states[a.state]));
	json_out_instant(o, "since", a.since);
	if (a.joined.value != 0)
		json_out_resident(o, "same_as", a.joined);

	return put_decisions(turn, i->resident, o);
}

/* ---- Deciding ----------------------------------------------------------- */

struct abroad_decide_input {
	struct resident_id resident;
	struct slice decision;
	struct arrival_before before; /* but for the code */
	struct resident_code code;
	bool has_code;
	struct slice evidence;
};
static const struct field arrival_decision_fields[] = {
    FORM_RESIDENT(abroad_decide_input),
    FIELD(abroad_decide_input, decision, WORD("same|different"),
	"the decision: the same as the person with this last stay in Japan, "
	"or different from all who have left"),
    OPTION_AS(abroad_decide_input, before.name, "name", NAME,
	"氏名 of that time, if it was another"),
    OPTION_AS(abroad_decide_input, before.kana, "kana", KANA, "its 振り仮名"),
    OPTION_AS(abroad_decide_input, before.municipality, "municipality",
	ORGANISATION, "the last municipality in Japan"),
    OPTION_AS(abroad_decide_input, before.address, "address", ADDRESS,
	"the last address in it"),
    OPTION_AS(abroad_decide_input, before.left, "left", DATE,
	"the day of leaving, or one within 31 days of it"),
    MAYBE(abroad_decide_input, code, RESIDENT_CODE,
	"the 住民票コード that the papers show, in place of those"),
    FIELD(abroad_decide_input, evidence, TEXT(200),
	"the papers that were seen: 戸籍の附票, 旅券 …"),
};
const struct shape abroad_decide_input_shape =
    SHAPE(abroad_decide_input, arrival_decision_fields);

static struct arrival_before
before_of(const struct abroad_decide_input *i)
{
	struct arrival_before before = i->before;

	before.code = i->code;
	before.has_code = i->has_code;

	return before;
}

static bool
is_same(const struct abroad_decide_input *i)
{
	return slice_equal_string(i->decision, "same");
}

/* A resident who is on record as no arrival, from before this procedure, may be
 * decided about as well, if the clerk names a code. */
static enum err
load_arrival(
    struct turn *turn, const struct abroad_decide_input *i, struct abroad *ret)
{
	enum err rc = abroad_load(turn, i->resident, ret);

	if (rc != ERR_NOT_FOUND)
		return rc;
	if (!i->has_code)
		return no_arrival(turn);
	TRY(abroad_open(turn, i->resident));

	return abroad_load(turn, i->resident, ret);
}

static enum err
check(struct turn *turn, const struct abroad_decide_input *i,
    const struct resident *r, const struct abroad *a)
{
	if (r->state != RESIDENT_CURRENT || a->joined.value != 0)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the record is closed (%s)", resident_state_name(r->state));
	if (a->state != ABROAD_HELD && r->numbering != NUMBERING_NUMBERED)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "jukinet has not answered about this arrival yet; try "
		    "again later");
	if ((a->state == ABROAD_ASKED || a->state == ABROAD_DIFFERENT) &&
	    !is_same(i))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field decision: the resident has an own Individual "
		    "Number already; expected `same`");

	return OK;
}

/* Is this a repetition by a caller that did not receive our answer? */
static bool
is_repeated(struct turn *turn, const struct abroad_decide_input *i,
    const struct registry_abroad_decision_row *last)
{
	const struct arrival_before before = before_of(i);

	return last->serial > 0 && slice_is_empty(last->refusal) &&
	    slice_equal(last->decision, i->decision) &&
	    slice_equal(last->before, before_format(turn, &before));
}

static enum err
decide(struct turn *turn, const struct abroad_decide_input *i)
{
	const struct arrival_before before = before_of(i);
	struct registry_abroad_decision_row last,
	    d = {.decision = i->decision,
		.before = before_format(turn, &before),
		.evidence = i->evidence};
	struct resident r;
	struct abroad a = {0};

	TRY(resident_load(turn, i->resident, &r));
	TRY(load_arrival(turn, i, &a));
	TRY(last_decision(turn, i->resident, &last));
	if (is_repeated(turn, i, &last))
		return OK;
	if (is_open(&last) && slice_is_empty(last.state))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "another decision about this arrival is under way; try "
		    "again when jukinet has answered");
	TRY(check(turn, i, &r, &a));
	d.serial = last.serial + 1;
	TRY(add_decision(turn, &r, &d));

	return send_decision(turn, &d, &a);
}

/* `same` needs what jukinet compares, and `different` nothing. */
static enum err
check_before(struct turn *turn, const struct abroad_decide_input *i)
{
	const struct arrival_before *b = &i->before;
	const bool is_stay = !slice_is_empty(b->municipality) &&
	    (!slice_is_empty(b->address) || b->left.year != 0);

	if (is_same(i) && !i->has_code && !is_stay)
		return problem_set(turn->problem, ERR_INPUT,
		    "field decision: `same` needs the code that the papers "
		    "show, or the last municipality with the address or the "
		    "day of leaving");
	if (!is_same(i) && (i->has_code || is_stay))
		return problem_set(turn->problem, ERR_INPUT,
		    "field decision: `different` is about nobody's last stay");

	return OK;
}

enum err
abroad_decide(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct abroad_decide_input *i = INPUT(in, abroad_decide_input);
	struct registry_abroad_decision_row last;
	struct json_out *o;

	TRY(check_before(turn, i));
	TRY(decide(turn, i));
	TRY(resident_audit(turn, "arrival.decide", i->resident, BASIS));
	TRY(last_decision(turn, i->resident, &last));
	o = reply_object(reply, is_open(&last) ? 202 : 200);
	json_out_resident(o, "resident", i->resident);
	json_out_text(o, "decision", i->decision);
	json_out_bool(o, "settled", !is_open(&last));

	return OK;
}
