#include "systems/registry/transfer.h"

#include <string.h>

#include "host/once.h"
#include "systems/registry/events.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"
#include "systems/registry/transfer_row.h"

#define BASIS SLICE("住民基本台帳法24条の2")

static enum err
audit(struct turn *turn, const char *action)
{
	return turn_audit(turn, action, (struct slice){0}, BASIS);
}

static void
answer(struct reply *reply, int status, const struct transfer *t)
{
	struct json_out *o = transfer_answer(reply, status, t);

	json_out_text(
	    o, "direction", t->row.inward ? SLICE("in") : SLICE("out"));
	json_out_text(o, "organisation", t->row.organisation);
	if (!slice_is_empty(t->row.reason))
		json_out_text(o, "reason", t->row.reason);
	json_out_int(o, "people", (int64_t)t->n_people);
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
	answer(reply, 201, &t);

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

static enum err
arrive_there(
    struct turn *turn, struct transfer *t, const struct resident_code *code)
{
	size_t i;

	for (i = 0; i < t->n_people; i++) {
		if (resident_code_equal(&t->movers[i].code, code))
			return transfer_arrive(
			    turn, t, i, t->people[i].resident);
	}

	return problem_set(turn->problem, ERR_INPUT,
	    "field codes: one is of no person of this move");
}

enum err
transfer_take_completed(struct turn *turn, const struct message *message)
{
	const struct transfer_completed *told =
	    MESSAGE(message, transfer_completed);
	struct transfer t;
	size_t i;

	TRY(load_outward(turn, told->transfer, &t));
	if (!transfer_is_open(&t))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field transfer: the move is %.*s; expected an open one",
		    SLICE_ARG(t.row.state));
	for (i = 0; i < told->n_codes; i++)
		TRY(arrive_there(turn, &t, &told->codes[i]));
	if (transfer_is_complete(&t))
		TRY(transfer_settle(turn, &t, TRANSFER_COMPLETED, SLICE("")));

	return audit(turn, "transfer.completed");
}

/* The move was refused: the person still lives here. */
static enum err
take_back(struct turn *turn, const struct transfer_person *p)
{
	const struct event event = {.name = "move-out-cancelled",
	    .audit = "resident.take-back",
	    .date = date_in_japan(turn->now),
	    .basis = BASIS};
	struct resident r;

	TRY(resident_load(turn, p->resident, &r));
	if (p->arrived || r.state != RESIDENT_MOVED_OUT)
		return OK;
	r.state = RESIDENT_CURRENT;
	TRY(resident_change(turn, &event, &r));

	return news_changed(turn, &event, &r, 1);
}

static enum err
take_all_back(struct turn *turn, struct slice transfer, struct slice reason)
{
	struct transfer t;
	size_t i;

	TRY(load_outward(turn, transfer, &t));
	if (transfer_is_open(&t)) {
		for (i = 0; i < t.n_people; i++)
			TRY(take_back(turn, &t.people[i]));
		TRY(transfer_settle(turn, &t, TRANSFER_REFUSED, reason));
	}

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

/* ---- Notices of people who come ---------------------------------------- */

static enum err
take_notice(
    struct turn *turn, const struct transfer_notice *notice, struct transfer *t)
{
	if (notice->n_people == 0 || notice->n_people > REGISTRY_TRANSFER_MAX)
		return problem_set(turn->problem, ERR_INPUT,
		    "field people: expected 1 to %d", REGISTRY_TRANSFER_MAX);
	if (slice_is_empty(notice->from_organisation))
		return problem_set(turn->problem, ERR_INPUT,
		    "field from_organisation: missing; jukinet puts it in");
	t->row.inward = true;
	t->row.organisation = notice->from_organisation;
	t->row.household = notice->household;
	t->row.moved_on = notice->date;
	t->n_people = notice->n_people;
	memcpy(t->movers, notice->people,
	    notice->n_people * sizeof(notice->people[0]));

	return transfer_add(turn, t);
}

enum err
transfer_take_notice(struct turn *turn, const struct message *message)
{
	const struct transfer_notice *notice =
	    MESSAGE(message, transfer_notice);
	struct transfer t;
	enum err rc = transfer_load(turn, notice->transfer, &t);

	if (rc == ERR_NOT_FOUND)
		rc = take_notice(turn, notice, &t);
	TRY(rc);
	turn_wake(turn, transfer_wait_key(turn, t.id));

	return audit(turn, "transfer.notice");
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
	answer(reply, 200, &t);

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
		json_out_end(o);
	}

	return rows_end(rc);
}
