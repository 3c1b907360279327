/* Decisions of municipalities about arrivals from abroad: arrival.h. */
#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "messages/numbering.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/jukinet.h"

#define BASIS SLICE("住民基本台帳法30条の3")

struct decision {
	/* The message. */
	const struct arrival_decided *asked;
	bool is_same;
	struct slice municipality;
	struct instant said;
	/* The state before the decision. */
	struct serial own; /* of the code set aside for the arrival */
	struct arrival arrival;
	bool has_record; /* under a number of its own, `record` */
	struct person record;
	/* The outcome. */
	struct person back; /* the one who has come back, if any */
	struct individual_number number;
	struct slice refusal; /* empty: none */
};

static bool
is_refused(const struct decision *d)
{
	return !slice_is_empty(d->refusal);
}

/* --- The state before ----------------------------------------------------- */

/* The record under the arrival's own number, if it ever got one. */
static enum err
load_record(struct turn *turn, struct decision *d)
{
	struct serial owner = d->own;
	enum err rc;

	if (d->arrival.state != ARRIVAL_SAME)
		TRY(designation_person(turn, d->own, &owner));
	rc = person_find(turn, owner, &d->record);
	d->has_record = rc == OK;

	return rows_end(rc);
}

static bool
lives_there(const struct person *p, struct slice municipality)
{
	return p->state == PERSON_RESIDENT &&
	    slice_equal(p->municipality, municipality);
}

/*
 * The arrival is not held: a person may have got two numbers, and the code is
 * that of the second.  If the person was given another code since, others know
 * that one already, and the case is left to people.
 */
static void
judge_numbered(struct decision *d)
{
	if (!d->has_record)
		d->refusal = SLICE("unknown-arrival");
	else if (d->record.serial.value != d->own.value ||
	    d->record.code.value != d->own.value)
		d->refusal = SLICE("code-changed");
	else if (!lives_there(&d->record, d->municipality))
		d->refusal = SLICE("registered-elsewhere");
}

/* Load the state, and refuse a sender who may not decide about the arrival. */
static enum err
load(struct turn *turn, struct decision *d)
{
	struct designated designated;

	TRY(designation_of(turn, &d->asked->code, &designated));
	d->own = designated.serial;
	TRY(arrival_load(turn, d->own, &d->arrival));
	TRY(load_record(turn, d));
	if (d->arrival.state == ARRIVAL_NONE ||
	    d->arrival.state == ARRIVAL_DIFFERENT)
		judge_numbered(d);
	else if (!slice_equal(d->arrival.municipality, d->municipality))
		d->refusal = SLICE("registered-elsewhere");

	return OK;
}

/* --- The same person ------------------------------------------------------ */

/* Find the person whom the clerk means: one of our candidates, or the person
 * with the code that the clerk names. */
static enum err
find_back(struct turn *turn, struct decision *d)
{
	const struct instant long_ago = {0};
	struct candidates all;
	enum err rc;

	if (d->asked->candidate == 0) {
		rc = person_of_code(
		    turn, &d->asked->known_code, long_ago, &d->back);
		if (rc == ERR_NOT_FOUND)
			d->refusal = SLICE("unknown-person");
		return rows_end(rc);
	}
	TRY(arrival_candidates(turn, d->own, &all));
	if ((size_t)d->asked->candidate > all.n)
		d->refusal = SLICE("unknown-person");
	else
		d->back = all.people[d->asked->candidate - 1];

	return OK;
}

/* Only a person who is abroad can have come back. */
static void
judge_back(struct decision *d)
{
	if (d->arrival.state == ARRIVAL_SAME)
		d->refusal = SLICE("decided-otherwise");
	else if (d->has_record &&
	    d->record.serial.value == d->back.serial.value)
		d->refusal = SLICE("unknown-person");
	else if (d->back.state != PERSON_MOVED_OUT)
		d->refusal = SLICE("not-abroad");
	else if (date_compare(
		     d->back.attributes.birth, d->asked->attributes.birth))
		d->refusal = SLICE("other-birth");
}

/* The code set aside becomes a former code of the person who has come back, so
 * that nobody else gets it; the person's attributes become the arrival's. */
static enum err
bring_back(struct turn *turn, const struct decision *d)
{
	struct person changed = d->back;

	if (d->has_record)
		TRY(person_retire_number(turn, &d->record, d->back.serial));
	TRY(jukinet_later_code_add(
	    turn->store, d->own, d->back.serial, turn->now));
	changed.municipality = d->municipality;
	changed.state = PERSON_RESIDENT;
	changed.attributes = d->asked->attributes;
	changed.event = SLICE("move-in");
	changed.event_date = date_in_japan(turn->now);
	changed.updated = d->said;

	return person_replace(turn, &d->back, &changed);
}

static enum err
decide_same(struct turn *turn, struct decision *d)
{
	bool again;

	TRY(find_back(turn, d));
	if (is_refused(d))
		return OK;
	again = d->arrival.state == ARRIVAL_SAME &&
	    d->arrival.person.value == d->back.serial.value;
	if (!again)
		judge_back(d);
	if (is_refused(d))
		return OK;
	if (!again)
		TRY(bring_back(turn, d));
	d->arrival.state = ARRIVAL_SAME;
	d->arrival.person = d->back.serial;

	return person_number(turn, &d->back, &d->number);
}

/* --- Another person ------------------------------------------------------- */

/* The person who was said to have come back is abroad again, as before. */
static enum err
send_back(struct turn *turn, struct decision *d)
{
	struct person now, before;

	TRY(person_find(turn, d->arrival.person, &now));
	if (d->has_record)
		d->refusal = SLICE("numbered-before");
	else if (!lives_there(&now, d->municipality))
		d->refusal = SLICE("registered-elsewhere");
	if (is_refused(d))
		return OK;
	TRY(person_former_abroad(turn, now.serial, &before));
	TRY(person_replace(turn, &now, &before));

	return jukinet_later_code_drop(turn->store, d->own);
}

/* The first number of the code that was set aside. */
static enum err
number(struct turn *turn, struct decision *d)
{
	struct person p = {.serial = d->own,
	    .municipality = d->municipality,
	    .attributes = d->asked->attributes,
	    .event = SLICE("numbering"),
	    .event_date = date_in_japan(turn->now),
	    .updated = d->said};
	uint64_t body = resident_code_body(&d->asked->code);
	bool is_new;

	TRY(numbers_make(turn, &body, 1, 0, &p.generation, &d->number));
	if (p.generation.generation > GENERATION_MAX) {
		d->refusal = SLICE("exhausted");
		return OK;
	}
	TRY(person_add(turn, &p, &is_new));
	TRY(budget_resize(turn, p.municipality, is_new));

	return jukinet_count(turn, "numbers", 1);
}

static enum err
decide_different(struct turn *turn, struct decision *d)
{
	if (d->arrival.state == ARRIVAL_SAME)
		TRY(send_back(turn, d));
	else if (d->has_record)
		TRY(person_number(turn, &d->record, &d->number));
	if (!is_refused(d) && !d->has_record)
		TRY(number(turn, d));
	d->arrival.state = ARRIVAL_DIFFERENT;
	d->arrival.person = (struct serial){0};

	return OK;
}

/* --- The message ---------------------------------------------------------- */

static enum err
store(struct turn *turn, struct decision *d)
{
	const struct arrival_decided *asked = d->asked;

	TRY(jukinet_arrival_decision_add(turn->store,
	    &(struct jukinet_arrival_decision_add){.serial = d->own,
		.decision = asked->decision,
		.person = d->back.serial.value != 0 ? &d->back.serial : NULL,
		.evidence = asked->evidence,
		.officer = asked->officer,
		.role = asked->role,
		.refusal = d->refusal,
		.at = turn->now}));
	if (is_refused(d))
		return OK;
	d->arrival.municipality = d->municipality;

	return arrival_store(turn, d->own, &d->arrival);
}

static enum err
audit(struct turn *turn, const struct decision *d)
{
	if (d->back.serial.value != 0)
		TRY(person_audit(
		    turn, "arrival.candidate", d->back.serial, BASIS));

	return person_audit(turn,
	    is_refused(d)    ? "arrival.refuse"
		: d->is_same ? "arrival.same"
			     : "arrival.different",
	    d->own, BASIS);
}

static enum err
answer(
    struct turn *turn, const struct message *message, const struct decision *d)
{
	struct arrival_settled *body = arena_alloc(turn->arena, sizeof(*body));

	*body = (struct arrival_settled){.code = d->asked->code,
	    .decision = d->asked->decision,
	    .number = d->number,
	    .has_number = !is_refused(d),
	    .has_known_code = !is_refused(d) && d->is_same,
	    .refused = d->refusal};
	if (body->has_known_code)
		TRY(designation_code(turn, d->back.code, &body->known_code));

	return turn_tell(turn, &message->from, arrival_settled, body);
}

enum err
arrival_take_decision(struct turn *turn, const struct message *message)
{
	struct decision *d = arena_alloc(turn->arena, sizeof(*d));

	d->asked = MESSAGE(message, arrival_decided);
	d->is_same = slice_equal_string(d->asked->decision, "same");
	d->municipality = system_id_organisation(&message->from);
	d->said = message->time;
	if (d->is_same && d->asked->candidate == 0 && !d->asked->has_known_code)
		return problem_set(turn->problem, ERR_INPUT,
		    "field decision: `same` names no person; expected "
		    "candidate or known_code");
	TRY(load(turn, d));
	if (!is_refused(d))
		TRY(d->is_same ? decide_same(turn, d)
			       : decide_different(turn, d));
	TRY(store(turn, d));
	TRY(audit(turn, d));

	return answer(turn, message, d);
}
