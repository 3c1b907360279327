#include "systems/jukinet/numbering.h"

#include <assert.h>

#include "base/bug.h"
#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "messages/numbering.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/lapsed.h"
#include "systems/jukinet/stock.h"

#define BASIS SLICE("番号法8条")
/* One answer for a code of somebody else, of another municipality, of nobody. */
#define NOT_YOURS SLICE("not-yours")
/* The municipality's budget of new numbers is used up. */
#define STOPPED SLICE("stopped")
#define BASIS_CODE SLICE("住民基本台帳法30条の3")

/* One row of a request, on its way to a number or a refusal. */
struct entry {
	const struct numbering_request_item *asked;
	struct designated designated;
	struct generation generation;
	struct individual_number number;
	bool is_carried;      /* the code was not designated to the sender */
	bool is_held;         /* the arrival may have a number */
	struct slice refusal; /* empty: none so far */
};

struct request {
	struct slice municipality;
	struct instant said;
	struct entry *entries;
	size_t n;
	int64_t n_given;      /* new numbers */
	struct budget budget; /* of them */
};

/* --- Checking ------------------------------------------------------------- */

/* One person never gets a second number, at the price of waiting: the whole
 * request comes again. */
static enum err
wait_for_rebuild(struct turn *turn, size_t n)
{
	return problem_set(turn->problem, ERR_BUSY,
	    "%zu codes of the request lie under the mark, and the database, "
	    "which was adopted, does not know them: they may have numbers; "
	    "expected codes that it knows; the request waits until the "
	    "database is rebuilt",
	    n);
}

/* A code that has lapsed counts as one that was never designated. */
static enum err
strike_lapsed(struct turn *turn, const struct request *r)
{
	bool any, lapsed;
	struct entry *e;

	TRY(lapsed_any(turn, r->municipality, &any));
	for (e = r->entries; any && e < r->entries + r->n; e++) {
		TRY(lapsed_has(turn, e->designated.serial, &lapsed));
		if (lapsed)
			e->designated = (struct designated){{0}};
	}

	return OK;
}

static enum err
find_designations(struct turn *turn, const struct request *r)
{
	uint64_t *bodies = arena_array(turn->arena, r->n, sizeof(*bodies));
	struct designated *owners =
	    arena_array(turn->arena, r->n, sizeof(*owners));
	size_t i, n_forgotten = 0;

	for (i = 0; i < r->n; i++)
		bodies[i] = resident_code_body(&r->entries[i].asked->code);
	TRY(designation_find(turn, bodies, r->n, owners));
	for (i = 0; i < r->n; i++) {
		r->entries[i].designated = owners[i];
		if (owners[i].serial.value == 0 &&
		    designation_is_forgotten(turn, bodies[i]))
			n_forgotten++;
	}

	return n_forgotten == 0 ? OK : wait_for_rebuild(turn, n_forgotten);
}

/* Find out which codes were designated to this municipality; all others count as
 * carried, those that were never designated too, so that they take the same
 * look-ups. */
static enum err
check_designation(struct turn *turn, const struct request *r)
{
	struct entry *e;

	TRY(find_designations(turn, r));
	TRY(strike_lapsed(turn, r));
	for (e = r->entries; e < r->entries + r->n; e++)
		e->is_carried =
		    !slice_equal(e->designated.municipality, r->municipality);

	return OK;
}

static bool
needs_number(const struct entry *e)
{
	return slice_is_empty(e->refusal) && !e->is_carried && !e->is_held;
}

/* Hold arrivals of people who may have had a number before. */
static enum err
check_arrivals(struct turn *turn, const struct request *r)
{
	struct entry *e;

	for (e = r->entries; e < r->entries + r->n; e++) {
		if (!slice_is_empty(e->asked->origin) && needs_number(e))
			TRY(arrival_check(turn, e->designated.serial,
			    r->municipality, e->asked, &e->is_held));
	}

	return OK;
}

/* --- Numbers -------------------------------------------------------------- */

/* Compute the first number of everybody who needs one. */
static enum err
make_numbers(struct turn *turn, const struct request *r)
{
	struct individual_number *numbers =
	    arena_array(turn->arena, r->n, sizeof(*numbers));
	struct generation *generations =
	    arena_array(turn->arena, r->n, sizeof(*generations));
	uint64_t *bodies = arena_array(turn->arena, r->n, sizeof(*bodies));
	struct entry *e;
	size_t kept = 0;

	for (e = r->entries; e < r->entries + r->n; e++) {
		if (needs_number(e))
			bodies[kept++] = resident_code_body(&e->asked->code);
	}
	if (kept == 0)
		return OK;
	TRY(numbers_make(turn, bodies, kept, 0, generations, numbers));
	for (kept = 0, e = r->entries; e < r->entries + r->n; e++) {
		if (!needs_number(e))
			continue;
		e->generation = generations[kept];
		e->number = numbers[kept++];
		if (e->generation.generation > GENERATION_MAX)
			e->refusal = SLICE("exhausted");
	}

	return OK;
}

static bool
is_same_person(const struct person *known, const struct entry *e)
{
	return known->code.value == e->designated.serial.value &&
	    attributes_same_birth_and_sex(
		&known->attributes, &e->asked->person);
}

/*
 * 住基法30条の3第1項: a resident whose code another municipality has given keeps
 * code and number.  Others come there by a notice or a claim.
 */
static enum err
answer_carried(struct turn *turn, struct entry *e, struct serial owner,
    struct slice municipality)
{
	struct person known;
	bool fits;
	enum err rc = person_find(turn, owner, &known);

	if (rc == ERR_NOT_FOUND)
		e->refusal = NOT_YOURS;
	if (rc)
		return rows_end(rc);
	TRY(person_fits(turn, &known, &e->asked->person, &fits));
	if (known.code.value != e->designated.serial.value || !fits ||
	    !slice_equal(known.municipality, municipality)) {
		e->refusal = NOT_YOURS;
		return OK;
	}

	return person_number(turn, &known, &e->number);
}

/*
 * Somebody has or had this code: the same person, who has a number already, or
 * another person; the code must not be used for a second one (住基法30条の3).
 */
static enum err
answer_known(struct turn *turn, struct entry *e, struct serial owner,
    struct slice municipality)
{
	struct person known;
	enum err rc = person_find(turn, owner, &known);

	if (rc == ERR_NOT_FOUND) /* and not added, past the budget */
		e->refusal = STOPPED;
	if (rc)
		return rows_end(rc);
	if (!is_same_person(&known, e) ||
	    !slice_equal(known.municipality, municipality)) {
		e->refusal = NOT_YOURS;
		return OK;
	}

	known.generation.generation += bug_is(BUG_NUMBER_TWICE);

	return person_number(turn, &known, &e->number);
}

/* Add somebody who is new, if the budget has a number left. */
static enum err
add_new(
    struct turn *turn, struct request *r, const struct person *p, bool *ret_new)
{
	bool has;

	TRY(budget_has(turn, &r->budget, &has));
	if (has)
		TRY(person_add(turn, p, ret_new));

	return has && !*ret_new ? OK : budget_take(turn, &r->budget, 1, &has);
}

static enum err
give(struct turn *turn, struct request *r, struct entry *e)
{
	struct person p = {.serial = e->designated.serial,
	    .municipality = r->municipality,
	    .state = PERSON_RESIDENT,
	    .generation = e->generation,
	    .attributes = e->asked->person,
	    .event = SLICE("numbering"),
	    .event_date = date_in_japan(turn->now),
	    .updated = r->said};
	struct serial owner;
	bool is_new = false;

	TRY(designation_person(turn, p.serial, &owner));
	if (!e->is_carried && owner.value == p.serial.value)
		TRY(add_new(turn, r, &p, &is_new));
	if (e->is_carried)
		TRY(answer_carried(turn, e, owner, p.municipality));
	else if (!is_new)
		TRY(answer_known(turn, e, owner, p.municipality));
	r->n_given += is_new;

	return person_audit(turn, is_new ? "number.generate" : "number.answer",
	    p.serial, BASIS);
}

static enum err
give_all(struct turn *turn, struct request *r)
{
	struct entry *e;

	for (e = r->entries; e < r->entries + r->n; e++) {
		if (e->is_held)
			TRY(person_audit(turn, "arrival.hold",
			    e->designated.serial, BASIS_CODE));
		else if (slice_is_empty(e->refusal))
			TRY(give(turn, r, e));
	}

	TRY(budget_close(turn, &r->budget));
	if (r->n_given == 0)
		return OK;
	TRY(budget_resize(turn, r->municipality, r->n_given));
	TRY(stock_use(turn, r->municipality, r->n_given));

	return jukinet_count(turn, "numbers", r->n_given);
}

/* --- Answering ------------------------------------------------------------ */

/* The rows of an answer as it grows; the arrays have room for all entries. */
struct answering {
	struct numbering_answer_item *items;
	struct numbering_answer_refusal *refused;
	struct resident_code *held;
	size_t n_items, n_refused, n_held;
	bool is_stopped; /* one of the refused */
};

static void
add_row(const struct entry *e, struct answering *a)
{
	a->is_stopped |= slice_equal(e->refusal, STOPPED);
	if (e->is_held)
		a->held[a->n_held++] = e->asked->code;
	else if (!slice_is_empty(e->refusal))
		a->refused[a->n_refused++] = (struct numbering_answer_refusal){
		    e->asked->code, e->refusal};
	else
		a->items[a->n_items++] =
		    (struct numbering_answer_item){e->asked->code, e->number,
			e->is_carried ? SLICE("carried") : SLICE("")};
}

static enum err
send_answer(
    struct turn *turn, const struct message *message, const struct request *r)
{
	struct answering a = {
	    .items = arena_array(turn->arena, r->n, sizeof(*a.items)),
	    .refused = arena_array(turn->arena, r->n, sizeof(*a.refused)),
	    .held = arena_array(turn->arena, r->n, sizeof(*a.held))};
	size_t i;

	for (i = 0; i < r->n; i++)
		add_row(&r->entries[i], &a);

	return turn_tell(turn, &message->from, numbering_answer,
	    &(struct numbering_answer){.items = a.items,
		.n_items = a.n_items,
		.refused = a.refused,
		.n_refused = a.n_refused,
		.held = a.held,
		.n_held = a.n_held,
		.until = budget_renews(turn),
		.has_until = a.is_stopped});
}

enum err
numbering_take(struct turn *turn, const struct message *message)
{
	const struct numbering_request *asked =
	    MESSAGE(message, numbering_request);
	struct request r = {
	    .municipality = system_id_organisation(&message->from),
	    .said = message->time,
	    .entries =
		arena_array(turn->arena, asked->n_items, sizeof(*r.entries)),
	    .n = asked->n_items};
	size_t i;

	for (i = 0; i < r.n; i++)
		r.entries[i].asked = &asked->items[i];
	TRY(budget_open(turn, BUDGET_NEW, r.municipality, &r.budget));
	TRY(check_designation(turn, &r));
	TRY(check_arrivals(turn, &r));
	TRY(make_numbers(turn, &r));
	TRY(give_all(turn, &r));

	return send_answer(turn, message, &r);
}
