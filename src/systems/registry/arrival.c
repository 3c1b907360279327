/* Arrivals from elsewhere: transfer.h. */
#include "host/once.h"
#include "systems/registry/abroad.h"
#include "systems/registry/events.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"
#include "systems/registry/transfer.h"
#include "systems/registry/transfer_row.h"

#define BASIS SLICE("住民基本台帳法22条")

struct transfer_in_input {
	struct slice transfer;
	const struct resident_code *codes;
	size_t n_codes;
	struct slice registration;
	struct resident_id resident;
	struct resident_code code;
	bool has_code;
	struct person person;
	struct date date;
};
static const struct field move_in_fields[] = {
    OPTION(transfer_in_input, transfer, ID,
	"the id of the move that was announced"),
    /* An empty list would be everybody. */
    SHAPE_MANY(transfer_in_input, codes, OPTIONAL, REGISTRY_TRANSFER_MAX,
	"the codes of the people who have come; without it, all",
	struct resident_code, .kind = &kind_list, .min = 1,
	.each = &(
	    const struct field){.name = "codes", .kind = &kind_resident_code}),
    OPTION(transfer_in_input, registration, ID,
	"without a transfer: the caller's id of this arrival"),
    OPTION(transfer_in_input, resident, RESIDENT_ID,
	"without a transfer: the number of a resident who lived here before"),
    MAYBE(transfer_in_input, code, RESIDENT_CODE,
	"without either: the code that the person had elsewhere, before a "
	"stay abroad"),
    FORM_PERSON(transfer_in_input, person, OPTION_AS),
    FORM_ADDRESS(transfer_in_input, person, FIELD_AS),
    FORM_DATE(transfer_in_input),
    FORM_HOUSEHOLD(transfer_in_input, person),
};
const struct shape transfer_in_input_shape =
    SHAPE(transfer_in_input, move_in_fields);

/* The people who arrive together. */
struct arrival {
	const struct transfer_in_input *in;
	struct event event;
	struct household_id household;
	struct tally tally;
	struct resident residents[REGISTRY_TRANSFER_MAX];
	struct persons_registered_item registered[REGISTRY_TRANSFER_MAX];
	struct resident_code codes[REGISTRY_TRANSFER_MAX];
	size_t n;
};

static enum err
begin(struct turn *turn, struct arrival *a)
{
	a->event = (struct event){.name = "move-in",
	    .audit = "resident.move-in",
	    .date = a->in->date,
	    .basis = BASIS};
	TRY(form_past_date(turn, "date", a->in->date));
	TRY(tally_load(turn, &a->tally));
	a->household = a->in->person.household;
	if (a->household.value == 0)
		a->household.value = a->tally.last_household + 1;

	return OK;
}

/* Set address, household, day and reason of the arrival. */
static void
settle_in(const struct arrival *a, struct person *person)
{
	form_address(&a->in->person, person);
	person->household = a->household;
	person->became = a->event.date;
	person->reason = SLICE("転入");
}

/* ---- One person of a transfer ------------------------------------------ */

/*
 * Find the record of a person who has lived here before: by the code, or by the
 * number if the code was changed elsewhere meanwhile.
 */
static enum err
find_record(struct turn *turn, const struct mover *m, struct resident *ret)
{
	struct resident_id known;
	enum err rc;

	rc = resident_find_code(turn, &m->code, &known);
	if (rc == ERR_NOT_FOUND)
		rc = resident_find_number(turn, &m->number, &known);
	if (rc == OK)
		rc = resident_load(turn, known, ret);
	if (rc)
		return rc;
	if (ret->state != RESIDENT_MOVED_OUT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "a person of this move has a record here that is %s",
		    resident_state_name(ret->state));

	return ret->has_code && !resident_code_equal(&ret->code, &m->code)
	    ? resident_recode(turn, &m->code, ret)
	    : OK;
}

/* A person who has lived here before keeps the old record. */
static enum err
put_on_record(struct turn *turn, struct arrival *a, const struct mover *m,
    struct resident *r)
{
	enum err rc = find_record(turn, m, r);

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	r->person =
	    (struct person){.attributes = m->person, .relation = m->relation};
	settle_in(a, &r->person);
	if (rc == ERR_NOT_FOUND)
		return resident_add(turn, &a->tally, &a->event, &m->code, r);
	r->state = RESIDENT_CURRENT;

	return resident_change(turn, &a->event, r);
}

static enum err
admit(struct turn *turn, struct arrival *a, struct transfer *t, size_t i)
{
	const struct mover *m = &t->movers[i];
	struct resident *r = &a->residents[a->n];

	if (!t->people[i].has_number)
		return problem_set(turn->problem, ERR_INTERNAL,
		    "the notice of this move lacks a number");
	TRY(put_on_record(turn, a, m, r));
	TRY(numbering_carry(turn, &a->tally, r, &m->number));
	a->registered[a->n] =
	    news_item(turn, r->id, &m->number, &r->person.attributes);
	a->codes[a->n++] = m->code;

	return transfer_arrive(turn, t, i, r->id);
}

/* ---- All of them ------------------------------------------------------- */

/* Was the arrival of the person with this code declared?  Without a list,
 * everybody's arrival was. */
static bool
is_declared(
    const struct transfer_in_input *in, const struct resident_code *code)
{
	size_t i;

	for (i = 0; i < in->n_codes; i++) {
		if (resident_code_equal(&in->codes[i], code))
			return true;
	}

	return in->n_codes == 0;
}

static enum err
admit_all(struct turn *turn, struct arrival *a, struct transfer *t)
{
	size_t i;

	for (i = 0; i < t->n_people; i++) {
		if (!t->people[i].arrived &&
		    is_declared(a->in, &t->movers[i].code))
			TRY(admit(turn, a, t, i));
	}
	if (a->in->n_codes > a->n)
		return problem_set(turn->problem, ERR_INPUT,
		    "field codes: one is of no person of this move who is "
		    "still to come");

	return OK;
}

static enum err
move_in(struct turn *turn, struct arrival *a, struct transfer *t)
{
	TRY(begin(turn, a));
	TRY(admit_all(turn, a, t));
	if (a->n == 0)
		return OK;
	TRY(tally_store(turn, &a->tally));
	TRY(news_identity(turn, &a->event, a->residents, a->n));
	TRY(tell_jukinet(turn, transfer_completed,
	    &(struct transfer_completed){.transfer = t->id,
		.to = t->row.organisation,
		.codes = a->codes,
		.n_codes = a->n,
		.date = a->event.date}));
	TRY(news_registered(turn, a->registered, a->n));
	if (!transfer_is_complete(t))
		return OK;
	t->row.state = TRANSFER_COMPLETED;

	return transfer_settle(turn, t, TRANSFER_COMPLETED, SLICE(""));
}

static enum err
in_with_notice(struct turn *turn, struct arrival *a, struct reply *reply)
{
	struct transfer t;
	enum err rc = transfer_load(turn, a->in->transfer, &t);

	if (rc == ERR_NOT_FOUND || (rc == OK && !t.row.inward))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no notice of this move has come here; ask the "
		    "municipality that was left to declare it");
	TRY(rc);
	if (transfer_is_open(&t))
		TRY(move_in(turn, a, &t));
	TRY(turn_audit(turn, "transfer.read", (struct slice){0}, BASIS));
	(void)transfer_answer(reply, 201, &t);

	return OK;
}

/* ---- Without a notice: from abroad, or never registered ----------------- */

/* A resident comes back from abroad: the old record is continued, with its code
 * and number. */
static enum err
come_back(struct turn *turn, struct arrival *a, struct resident *r)
{
	TRY(resident_load(turn, a->in->resident, r));
	if (r->state != RESIDENT_MOVED_OUT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the record is %s, not moved-out",
		    resident_state_name(r->state));
	TRY(form_person(turn, &a->in->person, &r->person));
	settle_in(a, &r->person);
	r->state = RESIDENT_CURRENT;
	if (r->numbering == NUMBERING_ENDED) {
		r->numbering = NUMBERING_WAITING;
		a->tally.uncoded += !r->has_code;
		turn_hurry(turn, "numbering");
	}
	TRY(resident_change(turn, &a->event, r));

	return news_event(turn, &a->event, r, 1);
}

/* 住基法30条の3第1項: the code must be the one that the person had last, in another
 * municipality.  ERR_CONFLICT if it is on a record here. */
static enum err
check_carried(struct turn *turn, const struct transfer_in_input *in)
{
	struct resident_id known;
	enum err rc = ERR_NOT_FOUND;

	if (in->has_code)
		rc = resident_find_code(turn, &in->code, &known);
	if (rc == OK)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field code: is that of a person who is or was on "
		    "record here; give `resident`");

	return rows_end(rc);
}

static enum err
check_nobody(struct turn *turn, const struct attributes *attributes)
{
	struct resident_id same;
	enum err rc = resident_find_attributes(turn, attributes, &same);

	if (rc == OK || rc == ERR_CONFLICT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "a person of this name, birth, sex and address is on "
		    "record already");

	return rows_end(rc);
}

static enum err
come_first(struct turn *turn, struct arrival *a, struct resident *r)
{
	const struct attributes *given = &a->in->person.attributes;

	if (slice_is_empty(given->name) || given->birth.year == 0 ||
	    given->sex == SEX_NONE)
		return problem_set(turn->problem, ERR_INPUT,
		    "without `transfer` or `resident`, name, birth and sex "
		    "are needed");
	settle_in(a, &r->person);
	TRY(form_person(turn, &a->in->person, &r->person));
	TRY(check_nobody(turn, &r->person.attributes));
	TRY(check_carried(turn, a->in));
	r->from_abroad = !a->in->has_code;

	return events_enter(turn, &a->tally, &a->event,
	    a->in->has_code ? &a->in->code : NULL, r);
}

static enum err
register_arrival(struct turn *turn, const struct registration *registration,
    struct arrival *a, struct resident *r)
{
	TRY(begin(turn, a));
	if (a->in->resident.value != 0)
		TRY(come_back(turn, a, r));
	else
		TRY(come_first(turn, a, r));
	TRY(tally_store(turn, &a->tally));

	return events_register(
	    turn, registration, (struct resident_id){0}, r->id);
}

static enum err
in_without_notice(struct turn *turn, struct arrival *a, struct reply *reply)
{
	const struct registration registration = {.id = a->in->registration,
	    .event = SLICE("move-in"),
	    .content = once_content(turn, &transfer_in_input_shape, a->in)};
	struct resident *r = &a->residents[0];
	enum err rc;

	if (slice_is_empty(a->in->registration))
		return problem_set(turn->problem, ERR_INPUT,
		    "field registration: missing; it keeps an arrival from "
		    "being registered twice");
	rc = events_registered(turn, &registration, &r->id);
	TRY(rc == OK ? abroad_follow(turn, &r->id)
		: rc == ERR_NOT_FOUND
		? register_arrival(turn, &registration, a, r)
		: rc);
	TRY(resident_audit(turn, "resident.read", r->id, BASIS));
	form_put_residents(reply_object(reply, 201), &r->id, 1);

	return OK;
}

enum err
transfer_in(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct arrival *a = arena_alloc(turn->arena, sizeof(*a));

	a->in = INPUT(in, transfer_in_input);

	return slice_is_empty(a->in->transfer)
	    ? in_without_notice(turn, a, reply)
	    : in_with_notice(turn, a, reply);
}
