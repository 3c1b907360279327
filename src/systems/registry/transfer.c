#include "systems/registry/transfer.h"

#include "host/once.h"
#include "systems/registry/events.h"
#include "systems/registry/form.h"
#include "systems/registry/move_in.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"
#include "systems/registry/transfer_row.h"

#define BASIS SLICE("住民基本台帳法24条の2")

static enum err
audit(struct turn *turn, const char *action)
{
	return turn_audit(turn, action, (struct slice){0}, BASIS);
}

/* ---- Leaving ----------------------------------------------------------- */

/* Code and number go with the person, so the person must have them. */
static enum err
pack(struct turn *turn, const struct resident *r, struct transfer *t)
{
	struct mover *mover = &t->movers[t->n_people];

	if (!r->has_code || resident_number(turn, r, &mover->number))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "a resident has no Individual Number yet; declare the "
		    "move again after the number has come");
	mover->code = r->code;
	mover->relation = r->person.relation;
	mover->person = r->person.attributes;
	t->people[t->n_people++].resident = r->id;

	return OK;
}

static enum err
announce(struct turn *turn, const struct event *event, struct transfer *t,
    const struct resident *residents, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		TRY(pack(turn, &residents[i], t));
	TRY(transfer_add(turn, t));
	TRY(news_explain(turn,
	    tell_jukinet(turn, transfer_notice,
		&(struct transfer_notice){.transfer = t->id,
		    .to = t->row.organisation,
		    .household = t->row.household,
		    .date = t->row.moved_on,
		    .people = t->movers,
		    .n_people = t->n_people}),
	    PERSON_CORRECTED_BY, residents, n));

	return news_changed(turn, event, residents, n);
}

/* A move abroad is announced to no municipality: it is stored as completed. */
static enum err
emigrate(struct turn *turn, const struct event *event, const struct transfer *t,
    const struct resident *residents, size_t n)
{
	TRY(transfer_add(turn, t));
	TRY(transfer_settle(turn, t, TRANSFER_COMPLETED, SLICE("")));

	return news_event(turn, event, residents, n);
}

static enum err
leave(struct turn *turn, const struct event *event,
    const struct resident_id *ids, size_t n, struct resident *ret)
{
	struct tally tally;
	size_t i;

	TRY(tally_load(turn, &tally));
	for (i = 0; i < n; i++) {
		TRY(resident_load(turn, ids[i], &ret[i]));
		if (ret[i].state != RESIDENT_CURRENT)
			return problem_set(turn->problem, ERR_CONFLICT,
			    "the record is closed (%s)",
			    resident_state_name(ret[i].state));
		TRY(events_leave(
		    turn, &tally, event, RESIDENT_MOVED_OUT, &ret[i]));
		TRY(registry_transfer_stays(turn->store, ids[i]));
	}

	return tally_store(turn, &tally);
}

static enum err
move_out(struct turn *turn, struct transfer *t, const struct resident_id *ids,
    size_t n)
{
	const struct event event = {.name = "move-out",
	    .audit = "resident.move-out",
	    .date = t->row.moved_on,
	    .basis = SLICE("住民基本台帳法24条")};
	struct resident residents[REGISTRY_TRANSFER_MAX];

	TRY(leave(turn, &event, ids, n, residents));
	if (slice_is_empty(t->row.organisation))
		return emigrate(turn, &event, t, residents, n);

	return announce(turn, &event, t, residents, n);
}

struct transfer_out_input {
	struct slice transfer;
	const struct resident_id *residents;
	size_t n_residents;
	struct slice to;
	struct date date;
};
static const struct field move_out_fields[] = {
    FIELD(transfer_out_input, transfer, ID,
	"the caller's id of this move; the same id again is the same move"),
    FORM_RESIDENTS(transfer_out_input),
    OPTION(transfer_out_input, to, ORGANISATION,
	"the organisation of the new municipality; without it, abroad"),
    FORM_DATE(transfer_out_input),
};
const struct shape transfer_out_input_shape =
    SHAPE(transfer_out_input, move_out_fields);

enum err
transfer_out(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct transfer_out_input *i = INPUT(in, transfer_out_input);
	struct slice content = once_content(turn, &transfer_out_input_shape, i);
	struct transfer t;
	enum err rc;

	if (slice_equal(i->to, turn_organisation(turn)))
		return problem_set(turn->problem, ERR_INPUT,
		    "field to: is this municipality; use POST /moves");
	TRY(form_residents(turn, i->residents, i->n_residents));
	rc = transfer_load(turn, i->transfer, &t);
	if (rc == OK && t.row.inward)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field transfer: is the id of a move to this municipality; "
		    "expected a new id");
	if (rc == OK)
		rc = once_check(turn, "transfer", t.row.content, content);
	if (rc == ERR_NOT_FOUND) {
		t.row.state = TRANSFER_OPEN;
		t.row.organisation = i->to;
		t.row.household = turn_new_id(turn);
		t.row.moved_on = i->date;
		t.row.content = content;
		rc = move_out(turn, &t, i->residents, i->n_residents);
	}
	TRY(rc);
	TRY(audit(turn, "transfer.read"));
	transfer_answer(reply, 201, &t);

	return OK;
}

/* ---- Answers about people who left ------------------------------------- */

static enum err
load_outward(struct turn *turn, struct slice id, struct transfer *ret)
{
	enum err rc = transfer_load(turn, id, ret);

	if (rc == ERR_NOT_FOUND || (rc == OK && ret->row.inward))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no such move was declared here");

	return rc;
}

/* The person has arrived there: the record stays closed. */
static enum err
arrive_there(
    struct turn *turn, struct transfer *t, const struct resident_code *code)
{
	const size_t i = transfer_find(t, code);

	if (i == t->n_people)
		return problem_set(turn->problem, ERR_INPUT,
		    "field codes: one is of no person of this move");
	if (t->people[i].state != MOVER_OPEN &&
	    t->people[i].state != MOVER_WITHDRAWING &&
	    t->people[i].state != MOVER_EXPIRED)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field codes: one is of a person who is not under way by "
		    "this move");

	return transfer_put(turn, t, i, MOVER_ARRIVED);
}

enum err
transfer_take_completed(struct turn *turn, const struct message *message)
{
	const struct transfer_completed *told =
	    MESSAGE(message, transfer_completed);
	struct transfer *t = arena_alloc(turn->arena, sizeof(*t));
	size_t i;

	TRY(load_outward(turn, told->transfer, t));
	for (i = 0; i < told->n_codes; i++)
		TRY(arrive_there(turn, t, &told->codes[i]));
	TRY(transfer_close(turn, t, SLICE("")));

	return audit(turn, "transfer.completed");
}

/* The person still lives here, as jukinet says or by a clerk's act. */
static enum err
take_back(
    struct turn *turn, struct transfer *t, size_t i, enum mover_state state)
{
	const struct event event = {.name = "move-out-cancelled",
	    .audit = "resident.take-back",
	    .date = date_in_japan(turn->now),
	    .basis = BASIS};
	struct resident r;

	TRY(transfer_put(turn, t, i, state));
	TRY(resident_load(turn, t->people[i].resident, &r));
	if (r.state != RESIDENT_MOVED_OUT)
		return OK;
	r.state = RESIDENT_CURRENT;
	TRY(resident_change(turn, &event, &r));

	return news_changed(turn, &event, &r, 1);
}

static bool
is_away(const struct transfer *t, size_t i)
{
	return t->people[i].state == MOVER_OPEN ||
	    t->people[i].state == MOVER_WITHDRAWING;
}

static enum err
take_all_back(struct turn *turn, struct slice transfer, struct slice reason)
{
	struct transfer *t = arena_alloc(turn->arena, sizeof(*t));
	size_t i;

	TRY(load_outward(turn, transfer, t));
	for (i = 0; i < t->n_people; i++) {
		if (is_away(t, i))
			TRY(take_back(turn, t, i, MOVER_REFUSED));
	}
	if (transfer_is_open(t))
		TRY(transfer_settle(turn, t, TRANSFER_REFUSED, reason));

	return audit(turn, "transfer.refused");
}

enum err
transfer_take_refused(struct turn *turn, const struct message *message)
{
	const struct transfer_refused *told =
	    MESSAGE(message, transfer_refused);

	return take_all_back(turn, told->transfer, told->reason);
}

enum err
transfer_not_taken(struct turn *turn, const struct message *message)
{
	const struct transfer_notice *ours = MESSAGE(message, transfer_notice);

	return take_all_back(turn, ours->transfer, message->refusal);
}

/* Jukinet's word about one person who was announced, or was to be withdrawn. */
static enum err
end_one(struct turn *turn, struct transfer *t, size_t i, struct slice reason)
{
	const enum mover_state state = t->people[i].state;

	if (state == MOVER_WITHDRAWING &&
	    slice_equal_string(reason, "withdrawn"))
		return take_back(turn, t, i, MOVER_WITHDRAWN);
	if (state == MOVER_WITHDRAWING && slice_equal_string(reason, "arrived"))
		return transfer_put(turn, t, i, MOVER_ARRIVED);
	if (state == MOVER_OPEN && !slice_equal_string(reason, "arrived"))
		return transfer_put(turn, t, i, MOVER_EXPIRED);

	return OK;
}

static enum err
end_outward(
    struct turn *turn, const struct transfer_ended *told, struct transfer *t)
{
	size_t i, k;

	for (k = 0; k < told->n_codes; k++) {
		i = transfer_find(t, &told->codes[k]);
		if (i < t->n_people)
			TRY(end_one(turn, t, i, told->reason));
	}

	return transfer_close(turn, t, told->reason);
}

enum err
transfer_take_ended(struct turn *turn, const struct message *message)
{
	const struct transfer_ended *told = MESSAGE(message, transfer_ended);
	struct transfer *t = arena_alloc(turn->arena, sizeof(*t));
	enum err rc = transfer_load(turn, told->transfer, t);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem,
		    turn->now.ms - message->time.ms < JUKINET_PATIENCE_MS
			? ERR_BUSY
			: ERR_NOT_FOUND,
		    "field transfer: no such move is known here");
	TRY(rc);
	TRY(t->row.inward ? move_in_end(turn, told, t)
			  : end_outward(turn, told, t));

	return audit(turn, "transfer.ended");
}

/* ---- Withdrawing (転出取消) ---------------------------------------------- */

struct transfer_withdraw_input {
	struct slice transfer;
	const struct resident_id *residents;
	size_t n_residents;
};
static const struct field withdraw_fields[] = {
    FIELD(transfer_withdraw_input, transfer, ID, "the move"),
    SHAPE_MANY(transfer_withdraw_input, residents, OPTIONAL,
	REGISTRY_TRANSFER_MAX, "the residents who stay; without it, all",
	struct resident_id, .kind = &kind_list, .min = 1,
	.each = &(const struct field){.name = "residents",
	    .kind = &kind_resident_id}),
};
const struct shape transfer_withdraw_input_shape =
    SHAPE(transfer_withdraw_input, withdraw_fields);

static bool
is_named(const struct transfer_withdraw_input *given, struct resident_id id)
{
	size_t i;

	for (i = 0; i < given->n_residents; i++) {
		if (given->residents[i].value == id.value)
			return true;
	}

	return given->n_residents == 0;
}

/* While the notice may be used, jukinet decides; afterwards, the clerk.  *ret_asks
 * is true if jukinet is to be asked. */
static enum err
withdraw_one(struct turn *turn, struct transfer *t, size_t i, bool *ret_asks)
{
	const enum mover_state state = t->people[i].state;

	if (state == MOVER_ARRIVED)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "resident %lld has arrived in the other municipality, "
		    "which alone can announce a move back",
		    (long long)t->people[i].resident.value);
	*ret_asks = state == MOVER_OPEN;
	if (state == MOVER_OPEN)
		return transfer_put(turn, t, i, MOVER_WITHDRAWING);

	return state == MOVER_EXPIRED ? take_back(turn, t, i, MOVER_WITHDRAWN)
				      : OK;
}

static enum err
withdraw(struct turn *turn, const struct transfer_withdraw_input *given,
    struct transfer *t)
{
	struct resident_code *codes =
	    arena_array(turn->arena, t->n_people, sizeof(*codes));
	size_t i, n = 0, n_named = 0;
	bool asks = false;

	for (i = 0; i < t->n_people; i++) {
		if (!is_named(given, t->people[i].resident))
			continue;
		n_named++;
		TRY(withdraw_one(turn, t, i, &asks));
		if (asks)
			codes[n++] = t->movers[i].code;
	}
	if (n_named == 0 || n_named < given->n_residents)
		return problem_set(turn->problem, ERR_INPUT,
		    "field residents: one is of no person of this move");
	if (n == 0)
		return OK;

	return tell_jukinet(turn, transfer_withdraw,
	    &(struct transfer_withdraw){
		.transfer = t->id, .codes = codes, .n_codes = n});
}

enum err
transfer_withdrawal(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct transfer_withdraw_input *given =
	    INPUT(in, transfer_withdraw_input);
	struct transfer *t = arena_alloc(turn->arena, sizeof(*t));

	TRY(form_residents(turn, given->residents, given->n_residents));
	TRY(load_outward(turn, given->transfer, t));
	TRY(withdraw(turn, given, t));
	TRY(audit(turn, "transfer.withdraw"));
	transfer_answer(
	    reply, transfer_has(t, MOVER_WITHDRAWING) ? 202 : 200, t);

	return OK;
}

/* ---- Looking ----------------------------------------------------------- */

struct transfer_show_input {
	struct slice transfer;
	int64_t wait;
	struct slice until;
};
static const struct field transfer_fields[] = {
    FIELD(transfer_show_input, transfer, ID, "the move"),
    FORM_WAIT(transfer_show_input),
    OPTION(transfer_show_input, until, WORD("open|completed"),
	"the state to wait for"),
};
const struct shape transfer_show_input_shape =
    SHAPE(transfer_show_input, transfer_fields);

enum err
transfer_show(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct transfer_show_input *i = INPUT(in, transfer_show_input);
	struct transfer t;
	bool wait;
	enum err rc = transfer_load(turn, i->transfer, &t);

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	wait = rc == ERR_NOT_FOUND ||
	    (slice_equal(i->until, TRANSFER_COMPLETED) && transfer_is_open(&t));
	if (wait && i->wait > 0 && !input_waited(in)) {
		reply_wait(reply, transfer_wait_key(turn, t.id), (int)i->wait);
		return audit(turn, "transfer.read");
	}
	if (rc)
		return problem_set(
		    turn->problem, rc, "no such move is known here");
	TRY(audit(turn, "transfer.read"));
	transfer_answer(reply, 200, &t);

	return OK;
}

enum err
transfer_list(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct registry_transfers_open_row row;
	struct query q;
	enum err rc;

	(void)in;
	json_out_array(o, "transfers");
	registry_transfers_open_rows(turn->store, &q);
	while ((rc = registry_transfers_open_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_text(o, "transfer", row.transfer);
		json_out_text(o, "organisation", row.organisation);
		json_out_date(o, "date", row.moved_on);
		if (row.last_day.year != 0)
			json_out_date(o, "until", row.last_day);
		json_out_end(o);
	}

	return rows_end(rc);
}
