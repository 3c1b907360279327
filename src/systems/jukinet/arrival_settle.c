/* The end of a claim that holds: arrival.h. */
#include "jukinet_rows.h"
#include "systems/jukinet/decision.h"
#include "systems/jukinet/jukinet.h"

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
	TRY(decision_load(turn, d));

	return person_find(turn, c->person, &d->back);
}

enum err
arrival_settle(
    struct turn *turn, const struct claim *c, struct slice *ret_refusal)
{
	struct decision *d = arena_alloc(turn->arena, sizeof(*d));

	TRY(load_claim(turn, c, d));
	if (!decision_is_refused(d) && d->back.state != PERSON_MOVED_OUT)
		d->refusal = SLICE("no-match");
	*ret_refusal = d->refusal;
	if (decision_is_refused(d))
		return OK;
	TRY(bring_back(turn, d));
	TRY(person_number(turn, &d->back, &d->number));

	return decision_finish(turn, d);
}
