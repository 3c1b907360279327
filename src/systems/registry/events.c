#include "systems/registry/events.h"

#include "host/once.h"
#include "person/alike.h"
#include "registry_rows.h"
#include "systems/jukinet/jukinet.h"
#include "systems/registry/abroad.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"
#include "systems/registry/registry.h"

/* ---- Entering and leaving ---------------------------------------------- */

enum err
events_enter(struct turn *turn, struct tally *tally, const struct event *event,
    struct resident *r)
{
	const struct resident_code *code = NULL;
	struct resident_code taken;
	struct system_id jukinet;
	enum err rc = numbering_take_code(turn, tally, &taken);

	TRY(rows_end(rc));
	if (rc == OK)
		code = &taken;
	TRY(resident_add(turn, tally, event, code, r));
	if (r->from_abroad)
		TRY(abroad_open(turn, r->id));
	if (code == NULL)
		return OK;
	TRY(turn_single(turn, JUKINET_USUAL, &jukinet));
	if (!turn_has_peer(turn, &jukinet))
		return OK;

	return numbering_request(turn, tally, r);
}

enum err
events_leave(struct turn *turn, struct tally *tally, const struct event *event,
    enum resident_state state, struct resident *r)
{
	r->state = state;
	if (r->numbering == NUMBERING_WAITING) {
		r->numbering = NUMBERING_ENDED;
		tally->uncoded -= !r->has_code;
	}

	return resident_change(turn, event, r);
}

static enum err
must_live_here(struct turn *turn, const struct resident *r)
{
	if (r->state != RESIDENT_CURRENT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the record is closed (%s); nothing can happen to it",
		    resident_state_name(r->state));

	return OK;
}

/* ---- Registrations ----------------------------------------------------- */

enum err
events_registered(
    struct turn *turn, const struct registration *said, struct resident_id *ret)
{
	struct registry_registration_get_row row;

	TRY(registry_registration_get(
	    turn->store, turn->arena, said->id, &row));
	if (!slice_equal(row.event, said->event))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field registration: was used for a %.*s; expected a new "
		    "id",
		    SLICE_ARG(row.event));
	TRY(once_check(turn, "registration", row.content, said->content));
	*ret = row.resident;

	return OK;
}

enum err
events_register(struct turn *turn, const struct registration *said,
    struct resident_id mother, struct resident_id resident)
{
	return registry_registration_add(turn->store,
	    &(struct registry_registration_add){.registration = said->id,
		.event = said->event,
		.mother = mother.value != 0 ? &mother : NULL,
		.resident = resident,
		.recorded_at = turn->now,
		.content = said->content});
}

static void
answer_resident(struct reply *reply, int status, const struct resident *r)
{
	struct json_out *o = reply_object(reply, status);

	json_out_resident(o, "resident", r->id);
	json_out_text(o, "numbering", slice_of(numbering_name(r->numbering)));
}

/* Answer a repeated registration with the resident that it added. */
static enum err
answer_again(struct turn *turn, struct resident_id id, struct reply *reply)
{
	struct resident r;

	TRY(resident_load(turn, id, &r));
	TRY(resident_audit(turn, "resident.read", id, (struct slice){0}));
	answer_resident(reply, 200, &r);

	return OK;
}

/* ---- Births ------------------------------------------------------------ */

struct events_birth_input {
	struct slice registration;
	struct resident_id mother;
	struct person person;
};
static const struct field birth_fields[] = {
    FIELD(events_birth_input, registration, ID,
	"the caller's id of this birth; the same id again is the same child"),
    FIELD(events_birth_input, mother, RESIDENT_ID, "her resident number"),
    FORM_PERSON(events_birth_input, person, FIELD_AS),
};
const struct shape events_birth_input_shape =
    SHAPE(events_birth_input, birth_fields);

/* *ret_same is set if another child of the mother, registered here, has this name
 * and birthday. */
static enum err
check_siblings(struct turn *turn, struct resident_id mother,
    const struct attributes *child, bool *ret_same)
{
	struct registry_children_row row;
	struct query q;
	enum err rc;

	registry_children_rows(turn->store, mother, &q);
	while ((rc = registry_children_next(&q, &row)) == OK)
		*ret_same |= date_compare(row.birth, child->birth) == 0 &&
		    text_is_alike(turn->arena, row.name, child->name);

	return rows_end(rc);
}

/* The same for all members of the household, however they came on record. */
static enum err
check_household(struct turn *turn, struct household_id household,
    const struct attributes *child, bool *ret_same)
{
	struct registry_residents_by_birth_row row;
	struct query q;
	enum err rc;

	registry_residents_by_birth_rows(turn->store, child->birth, &q);
	while ((rc = registry_residents_by_birth_next(&q, &row)) == OK)
		*ret_same |= row.household.value == household.value &&
		    text_is_alike(turn->arena, row.name, child->name);

	return rows_end(rc);
}

static enum err
read_child(struct turn *turn, const struct events_birth_input *i,
    const struct resident *mother, struct person *child)
{
	const struct attributes *a = &child->attributes;
	bool same = false;

	/* The mother may have died giving birth. */
	if (mother->state == RESIDENT_MOVED_OUT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the mother has moved out; the birth belongs to where she "
		    "lives");
	form_address(&mother->person, child);
	child->household = mother->person.household;
	child->relation = SLICE("子");
	child->reason = SLICE("出生");
	TRY(form_person(turn, &i->person, child));
	child->became = a->birth;
	if (!date_is_known(a->birth) ||
	    date_compare(a->birth, mother->person.attributes.birth) <= 0)
		return problem_set(turn->problem, ERR_INPUT,
		    "field birth: expected a known day after the mother's "
		    "birth");
	TRY(check_siblings(turn, mother->id, a, &same));
	TRY(check_household(turn, child->household, a, &same));
	if (same)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "a child of this name, born on this day, is on record "
		    "already; if there are two, give the second another name");

	return OK;
}

static enum err
register_birth(struct turn *turn, const struct events_birth_input *i,
    const struct registration *registration, struct resident *child)
{
	struct event event = {.name = "birth",
	    .audit = "resident.birth",
	    .basis = SLICE("住民基本台帳法8条")};
	struct resident mother;
	struct tally tally;

	TRY(resident_load(turn, i->mother, &mother));
	TRY(read_child(turn, i, &mother, &child->person));
	event.date = child->person.attributes.birth;
	TRY(tally_load(turn, &tally));
	TRY(events_enter(turn, &tally, &event, child));
	TRY(tally_store(turn, &tally));

	return events_register(turn, registration, mother.id, child->id);
}

enum err
events_birth(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct events_birth_input *i = INPUT(in, events_birth_input);
	const struct registration registration = {.id = i->registration,
	    .event = SLICE("birth"),
	    .content = once_content(turn, &events_birth_input_shape, i)};
	struct resident child = {0};
	enum err rc = events_registered(turn, &registration, &child.id);

	if (rc == OK)
		return answer_again(turn, child.id, reply);
	if (rc != ERR_NOT_FOUND)
		return rc;
	TRY(register_birth(turn, i, &registration, &child));
	answer_resident(reply, 201, &child);

	return OK;
}

/* ---- Deaths ------------------------------------------------------------ */

struct events_death_input {
	struct resident_id resident;
	struct date date;
};
static const struct field death_fields[] = {
    FORM_RESIDENT(events_death_input),
    FORM_DATE(events_death_input),
};
const struct shape events_death_input_shape =
    SHAPE(events_death_input, death_fields);

static enum err
die(struct turn *turn, struct date date, struct resident *r)
{
	const struct event event = {.name = "death",
	    .audit = "resident.death",
	    .date = date,
	    .basis = SLICE("住民基本台帳法8条")};
	struct tally tally;

	TRY(must_live_here(turn, r));
	TRY(tally_load(turn, &tally));
	TRY(events_leave(turn, &tally, &event, RESIDENT_DECEASED, r));
	TRY(tally_store(turn, &tally));

	return news_event(turn, &event, r, 1);
}

enum err
events_death(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct events_death_input *i = INPUT(in, events_death_input);
	struct resident r;

	TRY(form_past_date(turn, "date", i->date));
	TRY(resident_load(turn, i->resident, &r));
	if (r.state == RESIDENT_DECEASED &&
	    date_compare(r.event_date, i->date) == 0)
		return answer_again(turn, r.id, reply);
	TRY(die(turn, i->date, &r));
	answer_resident(reply, 201, &r);

	return OK;
}

/* ---- Moves within the municipality ------------------------------------- */

struct events_move_input {
	const struct resident_id *residents;
	size_t n_residents;
	struct person person; /* address and household */
	struct date date;
};
static const struct field move_fields[] = {
    FORM_RESIDENTS(events_move_input),
    FORM_ADDRESS(events_move_input, person, FIELD_AS),
    FORM_DATE(events_move_input),
    FORM_HOUSEHOLD(events_move_input, person),
};
const struct shape events_move_input_shape =
    SHAPE(events_move_input, move_fields);

static enum err
move_one(struct turn *turn, const struct person *to, const struct event *event,
    struct resident *r, bool *ret_moved)
{
	const struct person before = r->person;

	TRY(must_live_here(turn, r));
	form_address(to, &r->person);
	if (to->household.value != 0)
		r->person.household = to->household;
	*ret_moved = person_difference(&before, &r->person) != NULL;

	return *ret_moved ? resident_change(turn, event, r) : OK;
}

enum err
events_move(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct events_move_input *i = INPUT(in, events_move_input);
	const struct event event = {.name = "move",
	    .audit = "resident.move",
	    .date = i->date,
	    .basis = SLICE("住民基本台帳法23条")};
	struct resident moved[REGISTRY_TRANSFER_MAX];
	size_t k, n = 0;
	bool has_moved;

	TRY(form_residents(turn, i->residents, i->n_residents));
	TRY(form_past_date(turn, "date", i->date));
	/* A resident who lives there already is skipped. */
	for (k = 0; k < i->n_residents; k++) {
		TRY(resident_load(turn, i->residents[k], &moved[n]));
		TRY(move_one(turn, &i->person, &event, &moved[n], &has_moved));
		n += has_moved;
	}
	TRY(news_event(turn, &event, moved, n));
	TRY(resident_audit(
	    turn, "resident.read", i->residents[0], event.basis));
	form_put_residents(
	    reply_object(reply, 200), i->residents, i->n_residents);

	return OK;
}

/* ---- Corrections ------------------------------------------------------- */

struct events_correct_input {
	struct resident_id resident;
	struct date date;
	struct person person;
	struct resident_code code;
	bool has_code, recode;
};
static const struct field correction_fields[] = {
    FORM_RESIDENT(events_correct_input),
    FORM_DATE(events_correct_input),
    FORM_PERSON(events_correct_input, person, OPTION_AS),
    FORM_ADDRESS(events_correct_input, person, OPTION_AS),
    MAYBE(events_correct_input, code, RESIDENT_CODE,
	"the right code, after the network has refused the one before"),
    OPTION(events_correct_input, recode, BOOL,
	"whether to take a code of the pool instead"),
};
const struct shape events_correct_input_shape =
    SHAPE(events_correct_input, correction_fields);

static enum err
take_other_code(
    struct turn *turn, const struct resident_code *code, struct resident *r)
{
	struct resident_id owner;
	enum err rc = resident_find_code(turn, code, &owner);

	if (rc == OK && owner.value != r->id.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field code: is another resident's");
	r->code = *code;
	r->has_code = true;

	return rows_end(rc);
}

/* After a refusal, request the number again, under the old code, another one, or
 * one of the pool. */
static enum err
retry_numbering(struct turn *turn, const struct events_correct_input *i,
    struct tally *tally, struct resident *r)
{
	if (r->numbering != NUMBERING_REFUSED) {
		if (i->has_code || i->recode)
			return problem_set(turn->problem, ERR_CONFLICT,
			    "the code is changed here only after the network "
			    "has refused it");
		return OK;
	}
	r->numbering = NUMBERING_WAITING;
	r->refusal = (struct slice){0};
	tally->refused--;
	tally->requested--;
	turn_hurry(turn, "numbering");
	if (i->has_code)
		return take_other_code(turn, &i->code, r);
	if (i->recode) {
		r->has_code = false;
		tally->coded--;
		tally->uncoded++;
	}

	return OK;
}

static enum err
correct(struct turn *turn, const struct events_correct_input *i,
    const struct event *event, struct resident *r)
{
	const enum numbering before = r->numbering;
	struct person person = r->person;
	struct tally tally;

	TRY(must_live_here(turn, r));
	TRY(form_person(turn, &i->person, &person));
	if (!slice_is_empty(i->person.attributes.address))
		form_address(&i->person, &person);
	TRY(tally_load(turn, &tally));
	TRY(retry_numbering(turn, i, &tally, r));
	if (person_difference(&r->person, &person) == NULL &&
	    r->numbering == before)
		return OK;
	r->person = person;
	TRY(resident_change(turn, event, r));
	TRY(tally_store(turn, &tally));

	return news_event(turn, event, r, 1);
}

enum err
events_correct(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct events_correct_input *i = INPUT(in, events_correct_input);
	const struct event event = {.name = "correction",
	    .audit = "resident.correct",
	    .date = i->date,
	    .basis = SLICE("住民基本台帳法14条")};
	struct resident r;

	TRY(form_past_date(turn, "date", i->date));
	TRY(resident_load(turn, i->resident, &r));
	TRY(correct(turn, i, &event, &r));
	TRY(resident_audit(turn, "resident.read", r.id, event.basis));
	answer_resident(reply, 200, &r);

	return OK;
}
