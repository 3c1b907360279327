/* Jukinet's answers to decisions about arrivals from abroad: abroad.h. */
#include "systems/registry/abroad.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"

#define BASIS SLICE("住民基本台帳法30条の3")

struct settlement {
	const struct arrival_settled *told;
	struct registry_abroad_decisions_row decision;
	struct abroad abroad;
	struct resident resident; /* the arrival */
	struct tally tally;
	bool is_late; /* the record was changed since jukinet heard of it */
};

/* ERR_NOT_FOUND if the arrival is not ours, or the decision was settled before. */
static enum err
load(struct turn *turn, struct settlement *s)
{
	struct resident_id id;

	TRY(resident_find_code(turn, &s->told->code, &id));
	TRY(resident_peek(turn, id, &s->resident));
	TRY(abroad_load(turn, id, &s->abroad));
	TRY(abroad_last_decision(turn, id, &s->decision));
	TRY(tally_load(turn, &s->tally));
	s->is_late = s->resident.version != s->decision.version;

	return abroad_is_open(&s->decision) ? OK : ERR_NOT_FOUND;
}

/* ---- The same person ---------------------------------------------------- */

static struct event
event_of(struct turn *turn, const char *name, const char *audit)
{
	return (struct event){.name = name,
	    .audit = audit,
	    .date = date_in_japan(turn->now),
	    .basis = BASIS};
}

/* Find the person's record from before they left.  ERR_NOT_FOUND. */
static enum err
find_old(struct turn *turn, const struct settlement *s, struct resident *ret)
{
	struct resident_id id;
	enum err rc = resident_find_code(turn, &s->told->known_code, &id);

	if (rc == ERR_NOT_FOUND)
		rc = resident_find_number(turn, &s->told->number, &id);
	if (rc == OK && id.value == s->resident.id.value)
		return ERR_NOT_FOUND;

	return rc == OK ? resident_peek(turn, id, ret) : rc;
}

/* The old record is continued with the data of the new one, which ends. */
static enum err
join(struct turn *turn, struct settlement *s, struct resident *old)
{
	const struct event back = event_of(turn, "move-in", "resident.move-in");
	const struct event joined = event_of(turn, "joined", "resident.join");
	struct resident *r = &s->resident;

	if (!resident_code_equal(&old->code, &s->told->known_code))
		TRY(resident_recode(turn, &s->told->known_code, old));
	if (old->state == RESIDENT_MOVED_OUT) {
		old->state = r->state;
		old->person = r->person;
		TRY(resident_change(turn, &back, old));
	}
	r->state = RESIDENT_MOVED_OUT;
	if (r->numbering != NUMBERING_NUMBERED)
		r->numbering = NUMBERING_ENDED;
	TRY(resident_change(turn, &joined, r));
	s->abroad.joined = old->id;
	turn_wake(turn, resident_wait_key(turn, r->id));

	return numbering_carry(turn, &s->tally, old, &s->told->number);
}

/* *ret is the record that is continued. */
static enum err
take_same(struct turn *turn, struct settlement *s, struct resident *ret)
{
	const struct event event =
	    event_of(turn, "arrival-same", "arrival.same");
	struct resident *r = &s->resident;
	enum err rc;

	if (!s->told->has_known_code)
		return problem_set(turn->problem, ERR_INPUT,
		    "field known_code: missing; expected the person's code");
	rc = find_old(turn, s, ret);
	s->abroad.state = ABROAD_SAME;
	s->abroad.has_own_code = true;
	s->abroad.own_code = r->code;
	if (rc != ERR_NOT_FOUND)
		return rc == OK ? join(turn, s, ret) : rc;
	TRY(resident_recode(turn, &s->told->known_code, r));
	TRY(resident_change(turn, &event, r));
	TRY(numbering_carry(turn, &s->tally, r, &s->told->number));
	*ret = *r;

	return OK;
}

/* ---- Another person ----------------------------------------------------- */

/* An earlier decision gave the resident another person's code and number: the
 * resident's own code counts again, and the number is withdrawn. */
static enum err
give_back(struct turn *turn, struct settlement *s)
{
	const struct event event =
	    event_of(turn, "arrival-different", "arrival.different");
	struct resident *r = &s->resident;

	r->code = s->abroad.own_code;
	TRY(resident_change(turn, &event, r));

	return registry_assignment_withdraw(turn->store, r->id, r->assignment);
}

static enum err
take_different(struct turn *turn, struct settlement *s, struct resident *ret)
{
	if (s->abroad.state == ABROAD_SAME)
		TRY(give_back(turn, s));
	s->abroad.state = ABROAD_DIFFERENT;
	s->abroad.has_own_code = false;
	TRY(numbering_assign(
	    turn, &s->tally, &s->resident, &s->told->number, ASSIGNED_FIRST));
	*ret = s->resident;

	return OK;
}

/* ---- The message -------------------------------------------------------- */

/* Tell the addressee the number, and jukinet a change of the record that it does
 * not know yet. */
static enum err
tell(struct turn *turn, const struct settlement *s, const struct resident *r)
{
	struct event event = event_of(turn, "correction", "");
	struct persons_registered_item item;

	if (r->state == RESIDENT_CURRENT) {
		item = news_item(
		    turn, r->id, &s->told->number, &r->person.attributes);
		TRY(news_registered(turn, &item, 1));
	} else {
		event.name =
		    r->state == RESIDENT_DECEASED ? "death" : "move-out";
		event.date = s->resident.event_date;
	}

	return s->is_late ? news_event(turn, &event, r, 1) : OK;
}

static enum err
apply(struct turn *turn, struct settlement *s)
{
	struct resident goes_on;

	if (slice_equal_string(s->decision.decision, "same"))
		TRY(take_same(turn, s, &goes_on));
	else
		TRY(take_different(turn, s, &goes_on));
	TRY(abroad_store(turn, s->resident.id, &s->abroad));
	TRY(tally_store(turn, &s->tally));

	return tell(turn, s, &goes_on);
}

static enum err
settle(struct turn *turn, struct settlement *s)
{
	const struct resident_id id = s->resident.id;
	const struct slice refusal = s->told->refused;

	if (slice_is_empty(refusal))
		TRY(apply(turn, s));
	TRY(registry_abroad_decision_settle(
	    turn->store, &turn->now, refusal, id, s->decision.serial));
	turn_wake(turn, resident_wait_key(turn, id));

	return resident_audit(turn,
	    slice_is_empty(refusal) ? "arrival.settle" : "arrival.refused", id,
	    BASIS);
}

enum err
abroad_take_settled(struct turn *turn, const struct message *message)
{
	struct settlement s = {.told = MESSAGE(message, arrival_settled)};
	enum err rc;

	if (slice_is_empty(s.told->refused) && !s.told->has_number)
		return problem_set(turn->problem, ERR_INPUT,
		    "expected a number or the reason of the refusal");
	rc = load(turn, &s);
	if (rc == ERR_NOT_FOUND)
		return turn_audit(turn, "arrival.repeat", SLICE(""), BASIS);

	return rc == OK ? settle(turn, &s) : rc;
}
