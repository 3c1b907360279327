/* Arrivals without a notice, from abroad or of people who were never registered:
 * transfer.h. */
#include "host/once.h"
#include "messages/numbering.h"
#include "systems/registry/abroad.h"
#include "systems/registry/events.h"
#include "systems/registry/form.h"
#include "systems/registry/move_in.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"
#include "systems/registry/transfer.h"

#define BASIS SLICE("住民基本台帳法22条")

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
    OPTION(transfer_in_input, wait, INT(0, 60),
	"with a transfer: seconds to wait for jukinet's answer"),
};
const struct shape transfer_in_input_shape =
    SHAPE(transfer_in_input, move_in_fields);

/* An arrival without a notice. */
struct arrival {
	const struct transfer_in_input *in;
	struct event event;
	struct household_id household;
	struct tally tally;
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

/* People on the way to another municipality have not come back from abroad. */
static enum err
check_away(struct turn *turn, struct resident_id id)
{
	struct registry_transfer_away_row away;
	enum err rc =
	    registry_transfer_away(turn->store, turn->arena, id, &away);

	if (rc == OK)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field resident: is announced to another municipality; "
		    "withdraw that: POST /move-outs/%.*s/withdrawal",
		    SLICE_ARG(away.transfer));

	return rows_end(rc);
}

/* A resident comes back from abroad: the old record is continued, with its code
 * and number. */
static enum err
come_back(struct turn *turn, struct arrival *a, struct resident *r)
{
	TRY(check_away(turn, a->in->resident));
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

/* The record is closed again. */
static enum err
take_away(struct turn *turn, const struct resident_code *code)
{
	const struct event event = {.name = "move-in-refused",
	    .audit = "resident.move-in-refused",
	    .date = date_in_japan(turn->now),
	    .basis = BASIS};
	struct resident_id id;
	struct resident r;
	enum err rc = resident_find_code(turn, code, &id);

	if (rc == OK)
		rc = resident_load(turn, id, &r);
	if (rc || r.state != RESIDENT_CURRENT)
		return rows_end(rc);
	r.state = RESIDENT_MOVED_OUT;
	TRY(resident_change(turn, &event, &r));

	return news_changed(turn, &event, &r, 1);
}

enum err
transfer_not_back(struct turn *turn, const struct message *message)
{
	const struct identity_update *ours = MESSAGE(message, identity_update);
	size_t i;

	for (i = 0; i < ours->n_items; i++) {
		if (slice_equal_string(ours->items[i].event, "move-in"))
			TRY(take_away(turn, &ours->items[i].code));
	}

	return turn_audit(turn, "identity.refused", (struct slice){0}, BASIS);
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
	r->from_abroad = true;
	r->returned = a->in->has_code;
	TRY(events_enter(turn, &a->tally, &a->event, r));

	return r->returned ? abroad_claim(turn, r, &a->in->code) : OK;
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
in_without_notice(
    struct turn *turn, const struct transfer_in_input *in, struct reply *reply)
{
	struct transfer_in_input said = *in;
	struct registration registration = {
	    .id = in->registration, .event = SLICE("move-in")};
	struct arrival a = {.in = in};
	struct resident r = {.id.value = 0};
	enum err rc;

	if (slice_is_empty(in->registration))
		return problem_set(turn->problem, ERR_INPUT,
		    "field registration: missing; it keeps an arrival from "
		    "being registered twice");
	said.wait = 0;
	registration.content =
	    once_content(turn, &transfer_in_input_shape, &said);
	rc = events_registered(turn, &registration, &r.id);
	TRY(rc == OK ? abroad_follow(turn, &r.id)
		: rc == ERR_NOT_FOUND
		? register_arrival(turn, &registration, &a, &r)
		: rc);
	TRY(resident_audit(turn, "resident.read", r.id, BASIS));
	form_put_residents(reply_object(reply, 201), &r.id, 1);

	return OK;
}

enum err
transfer_in(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct transfer_in_input *given = INPUT(in, transfer_in_input);

	return slice_is_empty(given->transfer)
	    ? in_without_notice(turn, given, reply)
	    : move_in_by_notice(turn, in, given, reply);
}
