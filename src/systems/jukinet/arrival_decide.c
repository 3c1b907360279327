/* Decisions of municipalities about arrivals from abroad: arrival.h. */
#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "systems/jukinet/decision.h"
#include "systems/jukinet/jukinet.h"

/* --- The same person ------------------------------------------------------ */

/* A decision that is repeated: about the person as abroad. */
static enum err
find_again(struct turn *turn, struct decision *d)
{
	bool shown;

	TRY(person_former_abroad(turn, d->arrival.person, &d->back));
	TRY(claim_shows(turn, &d->claim, &d->back, &shown));
	if (!shown)
		d->refusal = DECISION_NOT_YOURS;

	return decision_is_refused(d)
	    ? OK
	    : person_number(turn, &d->back, &d->number);
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
	if (decision_is_refused(d))
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
	if (d->has_record || !decision_lives_there(&now, d->municipality))
		d->refusal = DECISION_NOT_YOURS;
	if (decision_is_refused(d))
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

	return !decision_is_refused(d) && !d->has_record ? number(turn, d) : OK;
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
		d->refusal = DECISION_NOT_YOURS;
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

	if (decision_is_refused(d))
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
	TRY(decision_load(turn, d));
	TRY(decide(turn, d));

	return d->is_claimed
	    ? person_audit(turn, "arrival.claim", d->own, DECISION_BASIS)
	    : decision_finish(turn, d);
}
