/* What jukinet makes of a decision about an arrival from abroad: abroad.h. */
#include "base/text.h"
#include "registry_statements.h"
#include "systems/registry/abroad.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"

#define BASIS SLICE("住民基本台帳法30条の3")
#define REFUSAL_MAX 60 /* bytes of a reason that are kept */

struct settlement {
	struct resident_code code, known;
	struct individual_number number;
	struct slice refusal; /* empty: none */
	struct abroad_decision decision;
	struct abroad abroad;
	struct resident resident; /* who arrived */
	struct tally tally;
	bool is_late; /* the record was changed since jukinet heard of it */
};

/* ---- Reading ------------------------------------------------------------ */

static enum err
read_settlement(
    struct turn *turn, const struct message *message, struct settlement *ret)
{
	struct slice code, known, number;
	enum err rc;

	if ((rc = json_get_text(message->body, "code", &code, turn->problem)) ||
	    (rc = json_get_text_or_empty(
		 message->body, "refused", &ret->refusal, turn->problem)) ||
	    (rc = json_get_text_or_empty(
		 message->body, "known_code", &known, turn->problem)) ||
	    (rc = json_get_text_or_empty(
		 message->body, "number", &number, turn->problem)))
		return rc;
	ret->refusal = utf8_cut(ret->refusal, REFUSAL_MAX);
	if (resident_code_parse(code, &ret->code) ||
	    (slice_is_empty(ret->refusal) &&
		individual_number_parse(number, &ret->number)) ||
	    (!slice_is_empty(known) && resident_code_parse(known, &ret->known)))
		return problem_set(turn->problem, ERR_INPUT,
		    "a field of arrival.settled is malformed");

	return OK;
}

/* ERR_NOT_FOUND: nothing of ours, or settled before. */
static enum err
load(struct turn *turn, struct settlement *s)
{
	struct resident_id id;
	enum err rc;

	if ((rc = resident_find_code(turn, &s->code, &id)) ||
	    (rc = resident_peek(turn, id, &s->resident)) ||
	    (rc = abroad_load(turn, id, &s->abroad)) ||
	    (rc = abroad_last_decision(turn, id, &s->decision)) ||
	    (rc = tally_load(turn, &s->tally)))
		return rc;
	s->is_late = s->resident.version != s->decision.version;

	return s->decision.is_open ? OK : ERR_NOT_FOUND;
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

/* A record of theirs from before they left; ERR_NOT_FOUND. */
static enum err
find_old(struct turn *turn, const struct settlement *s, struct resident *ret)
{
	struct resident_id id;
	enum err rc = resident_find_code(turn, &s->known, &id);

	if (rc == ERR_NOT_FOUND)
		rc = resident_find_number(turn, &s->number, &id);
	if (rc == OK && id.value == s->resident.id.value)
		return ERR_NOT_FOUND;

	return rc == OK ? resident_peek(turn, id, ret) : rc;
}

/* The number that came back, unless the record has it. */
static enum err
carry_number(struct turn *turn, struct settlement *s, struct resident *r)
{
	struct individual_number known;
	struct instant assigned;
	enum err rc = resident_number(turn, r, &known, &assigned);

	if (rc == OK && individual_number_equal(&known, &s->number))
		return OK;
	if (rc && rc != ERR_NOT_FOUND)
		return rc;

	return numbering_assign(
	    turn, &s->tally, r, &s->number, ASSIGNED_TRANSFER);
}

/* The old record goes on with what the new one says; the new one ends. */
static enum err
join(struct turn *turn, struct settlement *s, struct resident *old)
{
	const struct event back = event_of(turn, "move-in", "resident.move-in");
	const struct event joined = event_of(turn, "joined", "resident.join");
	struct resident *r = &s->resident;
	enum err rc = OK;

	if (!resident_code_equal(&old->code, &s->known))
		rc = resident_recode(turn, &s->known, old);
	if (old->state == RESIDENT_MOVED_OUT) {
		old->state = r->state;
		old->person = r->person;
		if (rc == OK)
			rc = resident_change(turn, &back, old);
	}
	r->state = RESIDENT_MOVED_OUT;
	if (r->numbering != NUMBERING_NUMBERED)
		r->numbering = NUMBERING_ENDED;
	if (rc == OK)
		rc = resident_change(turn, &joined, r);
	s->abroad.joined = old->id;
	turn_wake(turn, numbering_wait_key(turn, r->id));

	return rc == OK ? carry_number(turn, s, old) : rc;
}

/* *ret is the record that goes on. */
static enum err
take_same(struct turn *turn, struct settlement *s, struct resident *ret)
{
	const struct event event =
	    event_of(turn, "arrival-same", "arrival.same");
	struct resident *r = &s->resident;
	enum err rc = find_old(turn, s, ret);

	s->abroad.state = ABROAD_SAME;
	s->abroad.has_own_code = true;
	s->abroad.own_code = r->code;
	if (rc == OK)
		return join(turn, s, ret);
	if (rc == ERR_NOT_FOUND)
		rc = resident_recode(turn, &s->known, r);
	if (rc == OK)
		rc = resident_change(turn, &event, r);
	if (rc == OK)
		rc = carry_number(turn, s, r);
	*ret = *r;

	return rc;
}

/* ---- Another person ----------------------------------------------------- */

/* Code and number were another person's all the time. */
static enum err
give_back(struct turn *turn, struct settlement *s)
{
	const struct event event =
	    event_of(turn, "arrival-different", "arrival.different");
	struct resident *r = &s->resident;
	struct query q;
	enum err rc;

	r->code = s->abroad.own_code;
	rc = resident_change(turn, &event, r);
	if (rc)
		return rc;
	store_query(turn->store, REGISTRY_ASSIGNMENT_WITHDRAW, &q);
	query_int(&q, "resident", r->id.value);
	query_int(&q, "serial", r->assignment);

	return query_run(&q);
}

static enum err
take_different(struct turn *turn, struct settlement *s, struct resident *ret)
{
	enum err rc = OK;

	if (s->abroad.state == ABROAD_SAME)
		rc = give_back(turn, s);
	s->abroad.state = ABROAD_DIFFERENT;
	s->abroad.has_own_code = false;
	if (rc == OK)
		rc = numbering_assign(
		    turn, &s->tally, &s->resident, &s->number, ASSIGNED_FIRST);
	*ret = s->resident;

	return rc;
}

/* ---- The message -------------------------------------------------------- */

static enum err
settle_decision(struct turn *turn, const struct settlement *s)
{
	struct query q;

	store_query(turn->store, REGISTRY_ABROAD_DECISION_SETTLE, &q);
	query_int(&q, "resident", s->resident.id.value);
	query_int(&q, "serial", s->decision.serial);
	query_int(&q, "settled_at", turn->now.ms);
	if (slice_is_empty(s->refusal))
		query_null(&q, "refusal");
	else
		query_text(&q, "refusal", s->refusal);

	return query_run(&q);
}

/* The addressee of the number; jukinet of what it did not hear. */
static enum err
tell(struct turn *turn, const struct settlement *s, const struct resident *r)
{
	struct event event = event_of(turn, "correction", "");
	struct items items;
	enum err rc = OK;

	if (r->state == RESIDENT_CURRENT) {
		items_init(&items);
		items_add_registered(&items, r->id, &s->number, &r->person);
		rc = news_registered(turn, &items);
		items_done(&items);
	} else {
		event.name =
		    r->state == RESIDENT_DECEASED ? "death" : "move-out";
		event.date = s->resident.event_date;
	}
	if (rc || !s->is_late)
		return rc;

	return news_event(turn, &event, r, 1);
}

static enum err
apply(struct turn *turn, struct settlement *s)
{
	struct resident goes_on;
	enum err rc;

	rc = s->decision.is_same ? take_same(turn, s, &goes_on)
				 : take_different(turn, s, &goes_on);
	if (rc)
		return rc;
	s->abroad.candidates = SLICE("");
	if ((rc = abroad_store(turn, s->resident.id, &s->abroad)) ||
	    (rc = tally_store(turn, &s->tally)))
		return rc;

	return tell(turn, s, &goes_on);
}

enum err
abroad_take_settled(struct turn *turn, const struct message *message)
{
	struct settlement s = {0};
	enum err rc;

	rc = read_settlement(turn, message, &s);
	if (rc)
		return rc;
	rc = load(turn, &s);
	if (rc == ERR_NOT_FOUND)
		return turn_audit(turn, "arrival.repeat", SLICE(""), BASIS);
	if (rc == OK && slice_is_empty(s.refusal))
		rc = apply(turn, &s);
	if (rc == OK)
		rc = settle_decision(turn, &s);
	individual_number_wipe(&s.number);
	if (rc)
		return rc;
	turn_wake(turn, numbering_wait_key(turn, s.resident.id));

	return turn_audit(turn,
	    slice_is_empty(s.refusal) ? "arrival.settle" : "arrival.refused",
	    resident_id_text(turn->arena, s.resident.id), BASIS);
}
