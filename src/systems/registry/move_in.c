#include "systems/registry/move_in.h"

#include <string.h>

#include "base/bug.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"

#define BASIS SLICE("住民基本台帳法22条")

static enum err
audit(struct turn *turn, const char *action)
{
	return turn_audit(turn, action, (struct slice){0}, BASIS);
}

static enum err
load_inward(struct turn *turn, struct slice id, struct transfer *ret)
{
	enum err rc = transfer_load(turn, id, ret);

	if (rc == ERR_NOT_FOUND || (rc == OK && !ret->row.inward))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no notice of this move has come here; ask the "
		    "municipality that was left to declare it");

	return rc;
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
	t->row.last_day = notice->until;
	t->n_people = notice->n_people;
	memcpy(t->movers, notice->people,
	    notice->n_people * sizeof(notice->people[0]));

	return transfer_add(turn, t);
}

enum err
move_in_take_notice(struct turn *turn, const struct message *message)
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

/* ---- A record from before ---------------------------------------------- */

/*
 * Find the record of a person who has lived here before: by the code, or by the
 * number if the code was changed elsewhere meanwhile.  ERR_NOT_FOUND.
 */
static enum err
find_record(struct turn *turn, const struct mover *m, struct resident *ret)
{
	struct resident_id known;
	enum err rc;

	*ret = (struct resident){.id.value = 0};
	rc = resident_find_code(turn, &m->code, &known);
	if (rc == ERR_NOT_FOUND)
		rc = resident_find_number(turn, &m->number, &known);

	return rc == OK ? resident_load(turn, known, ret) : rc;
}

/* Refuse at the counter what could not be written when jukinet has answered. */
static enum err
check_record(struct turn *turn, const struct mover *m)
{
	struct registry_resident_by_number_row owner;
	struct resident r;
	enum err rc = find_record(turn, m, &r);

	if (rc == OK && r.state != RESIDENT_MOVED_OUT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "a person of this move has a record here that is %s",
		    resident_state_name(r.state));
	TRY(rows_end(rc));
	rc = registry_resident_by_number(turn->store, &m->number, &owner);
	if (rc == OK && owner.resident.value != r.id.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the number of a person of this move is or was another "
		    "resident's");

	return rows_end(rc);
}

/* ---- Jukinet's answer -------------------------------------------------- */

/* The people of one answer. */
struct entering {
	struct tally tally;
	struct persons_registered_item registered[REGISTRY_TRANSFER_MAX];
	size_t n;
};

/* The record of before goes on, or a new one begins. */
static enum err
put_on_record(struct turn *turn, struct tally *tally, const struct event *event,
    const struct mover *m, struct resident *r)
{
	const struct person person = r->person;
	enum err rc = find_record(turn, m, r);

	r->person = person;
	if (rc == ERR_NOT_FOUND)
		return resident_add(turn, tally, event, &m->code, r);
	TRY(rc);
	if (r->has_code && !resident_code_equal(&r->code, &m->code))
		TRY(resident_recode(turn, &m->code, r));
	r->state = RESIDENT_CURRENT;

	return resident_change(turn, event, r);
}

static enum err
admit(struct turn *turn, struct entering *e, struct transfer *t, size_t i)
{
	const struct declaration *d = &t->people[i].declared;
	const struct mover *m = &t->movers[i];
	const struct event event = {.name = "move-in",
	    .audit = "resident.move-in",
	    .date = d->date,
	    .basis = BASIS,
	    .by = d->officer};
	struct resident r = {.person = {.attributes = m->person,
				 .relation = m->relation,
				 .postal_code = d->postal_code,
				 .household = d->household,
				 .became = d->date,
				 .reason = SLICE("転入")}};

	TRY(put_on_record(turn, &e->tally, &event, m, &r));
	TRY(numbering_carry(turn, &e->tally, &r, &m->number));
	e->registered[e->n++] =
	    news_item(turn, r.id, &m->number, &r.person.attributes);
	t->people[i].resident = r.id;

	return transfer_put(turn, t, i, MOVER_ARRIVED);
}

/* The declared people among the codes have a record from now on. */
static enum err
admit_all(struct turn *turn, struct transfer *t,
    const struct resident_code *codes, size_t n)
{
	struct entering *e = arena_alloc(turn->arena, sizeof(*e));
	size_t i, k;

	e->n = 0;
	TRY(tally_load(turn, &e->tally));
	for (k = 0; k < n; k++) {
		i = transfer_find(t, &codes[k]);
		if (i < t->n_people && t->people[i].state == MOVER_DECLARED)
			TRY(admit(turn, e, t, i));
	}
	TRY(tally_store(turn, &e->tally));

	return news_registered(turn, e->registered, e->n);
}

/* Those among the codes who were not admitted before never will be. */
static enum err
turn_away(struct turn *turn, struct transfer *t,
    const struct resident_code *codes, size_t n, enum mover_state state)
{
	size_t i, k;

	for (k = 0; k < n; k++) {
		i = transfer_find(t, &codes[k]);
		if (i < t->n_people &&
		    (t->people[i].state == MOVER_DECLARED ||
			t->people[i].state == MOVER_OPEN))
			TRY(transfer_put(turn, t, i, state));
	}

	return OK;
}

enum err
move_in_take_arrived(struct turn *turn, const struct message *message)
{
	const struct transfer_arrived *told =
	    MESSAGE(message, transfer_arrived);
	struct transfer *t = arena_alloc(turn->arena, sizeof(*t));

	TRY(load_inward(turn, told->transfer, t));
	TRY(admit_all(turn, t, told->codes, told->n_codes));
	TRY(turn_away(turn, t, told->refused, told->n_refused, MOVER_REFUSED));
	TRY(transfer_close(turn, t, TRANSFER_REFUSED));

	return audit(turn, "transfer.arrived");
}

enum err
move_in_not_taken(struct turn *turn, const struct message *message)
{
	const struct transfer_arrive *ours = MESSAGE(message, transfer_arrive);
	struct transfer *t = arena_alloc(turn->arena, sizeof(*t));
	size_t i;

	TRY(load_inward(turn, ours->transfer, t));
	for (i = 0; i < ours->n_people; i++)
		TRY(turn_away(
		    turn, t, &ours->people[i].code, 1, MOVER_REFUSED));
	TRY(transfer_close(turn, t, TRANSFER_REFUSED));

	return audit(turn, "transfer.refused");
}

enum err
move_in_end(
    struct turn *turn, const struct transfer_ended *told, struct transfer *t)
{
	const enum mover_state state =
	    slice_equal_string(told->reason, "withdrawn") ? MOVER_WITHDRAWN
							  : MOVER_EXPIRED;

	TRY(turn_away(turn, t, told->codes, told->n_codes, state));

	return transfer_close(turn, t, told->reason);
}

/* ---- Declaring --------------------------------------------------------- */

/* Was the arrival of the person with this code declared?  Without a list,
 * everybody's arrival was. */
static bool
is_named(
    const struct transfer_in_input *given, const struct resident_code *code)
{
	size_t i;

	for (i = 0; i < given->n_codes; i++) {
		if (resident_code_equal(&given->codes[i], code))
			return true;
	}

	return given->n_codes == 0;
}

static enum err
declare(struct turn *turn, const struct transfer_in_input *given,
    struct transfer *t, size_t i)
{
	if (!t->people[i].has_number)
		return problem_set(turn->problem, ERR_INTERNAL,
		    "the notice of this move lacks a number");
	TRY(check_record(turn, &t->movers[i]));
	t->movers[i].person.address = given->person.attributes.address;
	t->people[i].declared = (struct declaration){.date = given->date,
	    .postal_code = given->person.postal_code,
	    .household = given->person.household,
	    .officer = turn->caller.name};

	return transfer_declare(turn, t, i);
}

/* The rows of the people who may still come; their declarations are kept. */
static enum err
declare_all(struct turn *turn, const struct transfer_in_input *given,
    struct transfer *t, struct transfer_arrive *ret)
{
	struct arriver *rows =
	    arena_array(turn->arena, t->n_people, sizeof(*rows));
	size_t i, n = 0, n_named = 0;

	for (i = 0; i < t->n_people; i++) {
		if (!is_named(given, &t->movers[i].code))
			continue;
		n_named += t->people[i].state <= MOVER_ARRIVED;
		if (t->people[i].state != MOVER_OPEN)
			continue;
		TRY(declare(turn, given, t, i));
		rows[n++] =
		    (struct arriver){t->movers[i].code, t->movers[i].person};
	}
	if (given->n_codes > n_named)
		return problem_set(turn->problem, ERR_INPUT,
		    "field codes: one is of no person of this move who may "
		    "still come");
	*ret = (struct transfer_arrive){.transfer = t->id,
	    .date = given->date,
	    .people = rows,
	    .n_people = n};

	return OK;
}

/* Those who declare their arrival together join one household. */
static enum err
give_household(struct turn *turn, struct transfer_in_input *given)
{
	struct tally tally;

	if (given->person.household.value != 0)
		return OK;
	TRY(tally_load(turn, &tally));
	given->person.household.value = ++tally.last_household;

	return tally_store(turn, &tally);
}

static enum err
ask_jukinet(struct turn *turn, const struct transfer_in_input *input,
    struct transfer *t)
{
	struct transfer_in_input given = *input;
	struct transfer_arrive asked;
	size_t i;

	TRY(form_past_date(turn, "date", given.date));
	if (transfer_has(t, MOVER_OPEN))
		TRY(give_household(turn, &given));
	TRY(declare_all(turn, &given, t, &asked));
	if (asked.n_people == 0)
		return OK;
	for (i = 0; bug_is(BUG_ARRIVAL_UNASKED) && i < asked.n_people; i++)
		TRY(admit_all(turn, t, &asked.people[i].code, 1));

	return tell_jukinet(turn, transfer_arrive, &asked);
}

enum err
move_in_by_notice(struct turn *turn, const struct input *in,
    const struct transfer_in_input *given, struct reply *reply)
{
	struct transfer *t = arena_alloc(turn->arena, sizeof(*t));
	bool is_asked;

	TRY(load_inward(turn, given->transfer, t));
	if (slice_equal(t->row.state, TRANSFER_ENDED))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the notice of this move has ended (%.*s); ask the "
		    "municipality that was left to announce it again",
		    SLICE_ARG(t->row.reason));
	if (!input_resumed(in) && transfer_is_open(t))
		TRY(ask_jukinet(turn, given, t));
	TRY(audit(turn, "transfer.read"));
	is_asked = transfer_has(t, MOVER_DECLARED);
	if (is_asked && given->wait > 0 && !input_waited(in))
		reply_wait(
		    reply, transfer_wait_key(turn, t->id), (int)given->wait);
	else
		transfer_answer(reply, is_asked ? 202 : 201, t);

	return OK;
}
