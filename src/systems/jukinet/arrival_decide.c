/* Decisions of municipalities about arrivals from abroad: arrival.h. */
#include "base/bug.h"
#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "messages/numbering.h"
#include "person/alike.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/jukinet.h"

#define BASIS SLICE("住民基本台帳法30条の3")
/* The answers, but for `budget` and `exhausted`: about the arrival itself, and about everybody
 * else, whether they are unknown, dead, here, or others than was said. */
#define NOT_YOURS SLICE("not-yours")
#define NO_MATCH SLICE("no-match")
/* The day of leaving, as people remember it. */
#define LEFT_DAYS 31

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
	if (!d->has_record || d->record.serial.value != d->own.value ||
	    d->record.code.value != d->own.value ||
	    !lives_there(&d->record, d->municipality))
		d->refusal = NOT_YOURS;
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
		d->refusal = NOT_YOURS;

	return OK;
}

/* --- The same person ------------------------------------------------------ */

/* A claim says this about somebody's last stay. */
struct stay {
	const struct arrival_before *before;
	struct attributes then, now; /* the name of before, and of today */
	struct serial owner;         /* of the code in `before`; 0: none */
};

static enum err
load_stay(struct turn *turn, const struct decision *d, struct stay *ret)
{
	const struct arrival_before *b = &d->asked->before;
	struct designated known;

	*ret = (struct stay){.before = b,
	    .then = d->asked->attributes,
	    .now = d->asked->attributes};
	if (!slice_is_empty(b->name))
		ret->then.name = b->name;
	if (!slice_is_empty(b->kana))
		ret->then.kana = b->kana;
	if (!b->has_code)
		return OK;
	TRY(designation_of(turn, &b->code, &known));

	return known.serial.value == 0
	    ? OK
	    : designation_person(turn, known.serial, &ret->owner);
}

static bool
left_about(const struct person *p, struct date day)
{
	const struct date left = p->event_date;

	return date_is_known(day) && date_is_known(left) &&
	    date_compare(day, date_plus_days(left, LEFT_DAYS)) <= 0 &&
	    date_compare(left, date_plus_days(day, LEFT_DAYS)) <= 0;
}

/* Whether the last stay is that person's: by the code, or by the municipality with
 * the address or the time of leaving. */
static bool
stayed(struct arena *arena, const struct stay *s, const struct person *p)
{
	const struct arrival_before *b = s->before;

	if (b->has_code)
		return s->owner.value == p->serial.value;

	return slice_equal(b->municipality, p->municipality) &&
	    (left_about(p, b->left) ||
		(!slice_is_empty(b->address) &&
		    text_is_alike(arena, b->address, p->attributes.address)));
}

/* Whether the claim shows that it is this person. */
static enum err
is_shown(
    struct turn *turn, const struct stay *s, const struct person *p, bool *ret)
{
	bool now, then;

	TRY(person_fits(turn, p, &s->now, &now));
	TRY(person_fits(turn, p, &s->then, &then));
	*ret = (now || then) &&
	    (stayed(turn->arena, s, p) || bug_is(BUG_CLAIM_BELIEVED));

	return OK;
}

/* A person whose departure is not known here yet may have come back: the news is
 * under way. */
static enum err
is_still_here(struct turn *turn, const struct decision *d, const struct stay *s,
    bool *ret)
{
	struct person p;
	enum err rc;

	*ret = false;
	if (s->owner.value == 0 || s->owner.value == d->record.serial.value ||
	    turn->now.ms - d->said.ms >= JUKINET_PATIENCE_MS)
		return OK;
	rc = person_find(turn, s->owner, &p);
	if (rc || p.state != PERSON_RESIDENT)
		return rows_end(rc);

	return person_fits(turn, &p, &s->now, ret);
}

/* Find the one person abroad who is shown to have come back. */
static enum err
find_departed(struct turn *turn, struct decision *d, const struct stay *s)
{
	struct departed all;
	struct person p;
	bool shown, waits;
	size_t i, n = 0;

	TRY(arrival_departed(turn, d->asked->attributes.birth, &all));
	for (i = 0; i < all.n; i++) {
		TRY(person_find(turn, all.serials[i], &p));
		TRY(is_shown(turn, s, &p, &shown));
		if (shown)
			d->back = p;
		n += shown;
	}
	if (n == 1)
		return OK;
	d->back = (struct person){.serial.value = 0};
	d->refusal = NO_MATCH;
	TRY(is_still_here(turn, d, s, &waits));

	return waits ? problem_set(turn->problem, ERR_BUSY,
			   "the departure is not known here yet")
		     : OK;
}

/* A decision that is repeated: about the person as abroad. */
static enum err
find_again(struct turn *turn, struct decision *d, const struct stay *s)
{
	bool shown;

	TRY(person_former_abroad(turn, d->arrival.person, &d->back));
	TRY(is_shown(turn, s, &d->back, &shown));
	if (!shown)
		d->refusal = NOT_YOURS;

	return OK;
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

/* Only so many claims are looked at in a day (decision 0036). */
static enum err
take_budget(struct turn *turn, struct decision *d)
{
	struct budget b;
	bool is_within;

	TRY(budget_open(turn, BUDGET_CLAIMS, d->municipality, &b));
	TRY(budget_take(turn, &b, 1, &is_within));
	if (!is_within)
		d->refusal = SLICE("budget");

	return budget_close(turn, &b);
}

static enum err
decide_same(struct turn *turn, struct decision *d)
{
	const bool again = d->arrival.state == ARRIVAL_SAME;
	struct stay stay;

	if (!again)
		TRY(take_budget(turn, d));
	if (is_refused(d))
		return OK;
	TRY(load_stay(turn, d, &stay));
	TRY(again ? find_again(turn, d, &stay) : find_departed(turn, d, &stay));
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
	if (d->has_record || !lives_there(&now, d->municipality))
		d->refusal = NOT_YOURS;
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
	TRY(load(turn, d));
	if (!is_refused(d))
		TRY(d->is_same ? decide_same(turn, d)
			       : decide_different(turn, d));
	TRY(store(turn, d));
	TRY(audit(turn, d));

	return answer(turn, message, d);
}
