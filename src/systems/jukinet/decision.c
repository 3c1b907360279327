#include "systems/jukinet/decision.h"

#include "jukinet_rows.h"
#include "systems/jukinet/jukinet.h"

bool
decision_is_refused(const struct decision *d)
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

bool
decision_lives_there(const struct person *p, struct slice municipality)
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
	    !decision_lives_there(&d->record, d->municipality))
		d->refusal = DECISION_NOT_YOURS;
}

enum err
decision_load(struct turn *turn, struct decision *d)
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
		d->refusal = DECISION_NOT_YOURS;

	return OK;
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
	if (decision_is_refused(d))
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
		    turn, "arrival.candidate", d->back.serial, DECISION_BASIS));

	return person_audit(turn,
	    decision_is_refused(d) ? "arrival.refuse"
		: d->is_same       ? "arrival.same"
				   : "arrival.different",
	    d->own, DECISION_BASIS);
}

static enum err
answer(struct turn *turn, const struct decision *d)
{
	struct arrival_state *body = arena_alloc(turn->arena, sizeof(*body));
	const bool is_ok = !decision_is_refused(d);
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

enum err
decision_finish(struct turn *turn, struct decision *d)
{
	TRY(store(turn, d));
	TRY(audit(turn, d));

	return answer(turn, d);
}
