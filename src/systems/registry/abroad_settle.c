/* Jukinet's answers to decisions about arrivals from abroad: abroad.h. */
#include "systems/registry/abroad.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"

#define BASIS SLICE("住民基本台帳法30条の3")

struct settlement {
	const struct arrival_state *told;
	struct registry_abroad_decision_row decision;
	struct abroad abroad;
	struct resident resident; /* the arrival */
	struct tally tally;
	bool is_late; /* the record was changed since jukinet heard of it */
};

/* ERR_NOT_FOUND if the decision is not ours, was settled before, or a later one
 * was: jukinet's answers may come in any order. */
static enum err
load(struct turn *turn, struct settlement *s)
{
	struct registry_abroad_decision_row *d = &s->decision;
	struct registry_abroad_decision_later_row later;

	TRY(registry_abroad_decision_open(
	    turn->store, turn->arena, s->told->claim, d));
	TRY(registry_abroad_decision_later(
	    turn->store, d->resident, d->serial, &later));
	TRY(resident_peek(turn, d->resident, &s->resident));
	TRY(abroad_load(turn, d->resident, &s->abroad));
	TRY(tally_load(turn, &s->tally));
	s->is_late = s->resident.version != d->version;

	return later.n == 0 ? OK : ERR_NOT_FOUND;
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
	if (s->abroad.state != ABROAD_SAME)
		s->abroad.own_code = r->code;
	s->abroad.state = ABROAD_SAME;
	s->abroad.has_own_code = true;
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
	const struct slice refusal = s->told->reason;

	if (slice_is_empty(refusal))
		TRY(apply(turn, s));
	TRY(registry_abroad_decision_settle(
	    turn->store, &turn->now, refusal, id, s->decision.serial));
	turn_wake(turn, resident_wait_key(turn, id));

	return resident_audit(turn,
	    slice_is_empty(refusal) ? "arrival.settle" : "arrival.refused", id,
	    BASIS);
}

/* It is sought, asked about or held: there is nothing to do but to wait, or to
 * decide anew. */
static enum err
wait(struct turn *turn, const struct settlement *s)
{
	const struct resident_id id = s->resident.id;

	TRY(registry_abroad_decision_state(turn->store, s->told->state,
	    s->told->until, id, s->decision.serial));
	turn_wake(turn, resident_wait_key(turn, id));

	return resident_audit(turn, "arrival.wait", id, BASIS);
}

static enum err
check(struct turn *turn, const struct arrival_state *told)
{
	const bool is_settled = slice_equal_string(told->state, "settled");
	const bool is_refused = slice_equal_string(told->state, "refused");

	if (is_settled != told->has_number ||
	    is_refused != !slice_is_empty(told->reason))
		return problem_set(turn->problem, ERR_INPUT,
		    "field state: expected a number if the claim is settled, and "
		    "a reason if it is refused");

	return OK;
}

enum err
abroad_take_state(struct turn *turn, const struct message *message)
{
	struct settlement s = {.told = MESSAGE(message, arrival_state)};
	enum err rc;

	TRY(check(turn, s.told));
	rc = load(turn, &s);
	if (rc == ERR_NOT_FOUND)
		return turn_audit(turn, "arrival.repeat", SLICE(""), BASIS);
	TRY(rc);

	return s.told->has_number || !slice_is_empty(s.told->reason)
	    ? settle(turn, &s)
	    : wait(turn, &s);
}
