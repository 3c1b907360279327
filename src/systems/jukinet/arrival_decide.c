/* Decisions of municipalities about arrivals from abroad: arrival.h. */
#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/claim.h"
#include "systems/jukinet/jukinet.h"

#define BASIS SLICE("住民基本台帳法30条の3")
/* The answers, but for `budget` and `exhausted`: about the arrival itself, and about everybody
 * else, whether they are unknown, dead, here, or others than was said. */
#define NOT_YOURS SLICE("not-yours")
#define NO_MATCH SLICE("no-match")

struct decision {
	/* The message; or the claim that is settled. */
	const struct arrival_decided *asked;
	struct claim claim;
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
	bool is_claimed;      /* it is a claim, and answered as one */
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

/* A decision that is repeated: about the person as abroad. */
static enum err
find_again(struct turn *turn, struct decision *d)
{
	bool shown;

	TRY(person_former_abroad(turn, d->arrival.person, &d->back));
	TRY(claim_shows(turn, &d->claim, &d->back, &shown));
	if (!shown)
		d->refusal = NOT_YOURS;

	return is_refused(d) ? OK : person_number(turn, &d->back, &d->number);
}

/* Only so many claims are looked at in a day (decision 0036), and only so many are
 * open. */
static enum err
take_budget(struct turn *turn, struct decision *d)
{
	struct budget b;
	bool is_within, is_full;

	TRY(claim_is_full(turn, d->municipality, &is_full));
	TRY(budget_open(turn, BUDGET_CLAIMS, d->municipality, &b));
	TRY(budget_take(turn, &b, 1, &is_within));
	if (!is_within || is_full)
		d->refusal = SLICE("budget");

	return budget_close(turn, &b);
}

/* The message as a claim. */
static enum err
read_claim(struct turn *turn, struct decision *d)
{
	const struct arrival_decided *asked = d->asked;
	struct designated known = {{0}};

	if (asked->before.has_code)
		TRY(designation_of(turn, &asked->before.code, &known));
	d->claim = (struct claim){.id = asked->claim,
	    .own = d->own,
	    .municipality = d->municipality,
	    .said = d->said,
	    .names_code = asked->before.has_code,
	    .known = known.serial,
	    .before = asked->before,
	    .attributes = asked->attributes,
	    .evidence = asked->evidence,
	    .officer = asked->officer};

	return OK;
}

/* A claim is a decision that does not count yet; a later one takes its place. */
static enum err
decide_same(struct turn *turn, struct decision *d)
{
	TRY(read_claim(turn, d));
	if (d->arrival.state == ARRIVAL_SAME)
		return find_again(turn, d);
	TRY(take_budget(turn, d));
	if (is_refused(d))
		return OK;
	d->is_claimed = true;

	return claim_open(turn, &d->claim);
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

	return !is_refused(d) && !d->has_record ? number(turn, d) : OK;
}

/* --- Answering ------------------------------------------------------------ */

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
	d->arrival.state = d->is_same ? ARRIVAL_SAME : ARRIVAL_DIFFERENT;
	d->arrival.person = d->back.serial;

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
answer(struct turn *turn, const struct decision *d)
{
	struct arrival_state *body = arena_alloc(turn->arena, sizeof(*body));
	const bool is_ok = !is_refused(d);
	struct system_id registry;

	*body = (struct arrival_state){.claim = d->asked->claim,
	    .state = is_ok ? SLICE("settled") : SLICE("refused"),
	    .number = d->number,
	    .has_number = is_ok,
	    .has_known_code = is_ok && d->is_same,
	    .reason = d->refusal};
	if (body->has_known_code)
		TRY(designation_code(turn, d->back.code, &body->known_code));
	TRY(system_id_of(d->municipality, "registry", &registry));

	return turn_tell(turn, &registry, arrival_state, body);
}

static enum err
finish(struct turn *turn, struct decision *d)
{
	TRY(store(turn, d));
	TRY(audit(turn, d));

	return answer(turn, d);
}

/* --- A claim that is settled ------------------------------------------------ */

/* As the message of the claimant was. */
static enum err
load_claim(struct turn *turn, const struct claim *c, struct decision *d)
{
	struct arrival_decided *asked =
	    arena_alloc(turn->arena, sizeof(*asked));

	*asked = (struct arrival_decided){.claim = c->id,
	    .decision = SLICE("same"),
	    .evidence = c->evidence,
	    .officer = c->officer,
	    .attributes = c->attributes};
	TRY(designation_code(turn, c->own, &asked->code));
	*d = (struct decision){.asked = asked,
	    .is_same = true,
	    .municipality = c->municipality,
	    .said = c->said};
	TRY(load(turn, d));

	return person_find(turn, c->person, &d->back);
}

enum err
arrival_settle(
    struct turn *turn, const struct claim *c, struct slice *ret_refusal)
{
	struct decision *d = arena_alloc(turn->arena, sizeof(*d));

	TRY(load_claim(turn, c, d));
	if (!is_refused(d) && d->back.state != PERSON_MOVED_OUT)
		d->refusal = NO_MATCH;
	*ret_refusal = d->refusal;
	if (is_refused(d))
		return OK;
	TRY(bring_back(turn, d));
	TRY(person_number(turn, &d->back, &d->number));

	return finish(turn, d);
}

/* --- The message ------------------------------------------------------------ */

/* The same decision came before: it is a claim that is open, or was refused.
 * ERR_NOT_FOUND if it is new, or settled. */
static enum err
find_claim(struct turn *turn, struct decision *d)
{
	enum err rc = claim_load(turn, d->asked->claim, &d->claim);

	if (rc)
		return rc;
	if (d->claim.own.value != d->own.value ||
	    !slice_equal(d->claim.municipality, d->municipality) ||
	    d->claim.state == CLAIM_WITHDRAWN)
		d->refusal = NOT_YOURS;
	else if (d->claim.state == CLAIM_SETTLED)
		return ERR_NOT_FOUND;
	else
		d->is_claimed = true;

	return d->is_claimed ? claim_tell(turn, &d->claim) : OK;
}

static enum err
decide(struct turn *turn, struct decision *d)
{
	enum err rc;

	if (is_refused(d))
		return OK;
	rc = find_claim(turn, d);
	if (rc != ERR_NOT_FOUND)
		return rc;
	TRY(claim_withdraw(turn, d->own));

	return d->is_same ? decide_same(turn, d) : decide_different(turn, d);
}

enum err
arrival_take_decision(struct turn *turn, const struct message *message)
{
	struct decision *d = arena_alloc(turn->arena, sizeof(*d));

	*d = (struct decision){.asked = MESSAGE(message, arrival_decided),
	    .municipality = system_id_organisation(&message->from),
	    .said = message->time};
	d->is_same = slice_equal_string(d->asked->decision, "same");
	TRY(load(turn, d));
	TRY(decide(turn, d));

	return d->is_claimed
	    ? person_audit(turn, "arrival.claim", d->own, BASIS)
	    : finish(turn, d);
}
