#include "systems/registry/events.h"

#include "person/alike.h"
#include "registry_statements.h"
#include "systems/jukinet/jukinet.h"
#include "systems/registry/abroad.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"
#include "systems/registry/registry.h"

/* ---- Entering and leaving ---------------------------------------------- */

enum err
events_enter(struct turn *turn, struct tally *tally, const struct event *event,
    const struct resident_code *carried, struct resident *r)
{
	const struct resident_code *code = carried;
	struct resident_code taken;
	struct system_id jukinet;
	enum err rc = OK;

	if (carried == NULL) {
		rc = numbering_take_code(turn, tally, &taken);
		if (rc == OK)
			code = &taken;
		else if (rc != ERR_NOT_FOUND)
			return rc;
	}
	rc = resident_add(turn, tally, event, code, r);
	if (rc == OK && r->from_abroad)
		rc = abroad_open(turn, r->id);
	if (rc || code == NULL)
		return rc;
	rc = turn_single(turn, JUKINET_USUAL, &jukinet);
	if (rc || turn_has_peer(turn, &jukinet))
		return rc;

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
events_registered(struct turn *turn, struct slice registration,
    const char *event, struct resident_id mother, struct resident_id *ret)
{
	struct query q;
	bool same = false;
	enum err rc;

	store_query(turn->store, REGISTRY_REGISTRATION_GET, &q);
	query_text(&q, "registration", registration);
	rc = query_step(&q);
	if (rc == OK) {
		same = slice_equal_string(column_text(&q, "event"), event) &&
		    column_int(&q, "mother") == mother.value;
		ret->value = column_int(&q, "resident");
	}
	query_done(&q);
	if (rc == OK && !same)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field registration: was used for something else");

	return rc;
}

enum err
events_register(struct turn *turn, struct slice registration, const char *event,
    struct resident_id mother, struct resident_id resident)
{
	struct query q;

	store_query(turn->store, REGISTRY_REGISTRATION_ADD, &q);
	query_text(&q, "registration", registration);
	query_text(&q, "event", slice_of(event));
	if (mother.value != 0)
		query_int(&q, "mother", mother.value);
	else
		query_null(&q, "mother");
	query_int(&q, "resident", resident.value);
	query_int(&q, "recorded_at", turn->now.ms);

	return query_run(&q);
}

static void
answer_resident(struct turn *turn, struct reply *reply, int status,
    const struct resident *r)
{
	json_t *body = json_object();

	json_put_text(body, "resident", resident_id_text(turn->arena, r->id));
	json_put_text(
	    body, "numbering", slice_of(numbering_name(r->numbering)));
	reply_json(reply, status, body);
}

/* The same as before: what it made then. */
static enum err
answer_again(struct turn *turn, struct resident_id id, struct reply *reply)
{
	struct resident r;
	enum err rc = resident_load(turn, id, &r);

	if (rc == OK)
		rc = turn_audit(turn, "resident.read",
		    resident_id_text(turn->arena, id), (struct slice){0});
	if (rc == OK)
		answer_resident(turn, reply, 200, &r);

	return rc;
}

/* ---- Births ------------------------------------------------------------ */

static enum err
twice(struct turn *turn)
{
	return problem_set(turn->problem, ERR_CONFLICT,
	    "a child of this name, born on this day, is on record already; "
	    "if there are two, give the second another name");
}

/* Another child of hers, registered here, with this name and birthday. */
static enum err
check_siblings(
    struct turn *turn, struct resident_id mother, const struct person *child)
{
	struct query q;
	bool same = false;
	enum err rc;

	store_query(turn->store, REGISTRY_CHILDREN, &q);
	query_int(&q, "mother", mother.value);
	while (!same && (rc = query_step(&q)) == OK)
		same = column_int(&q, "birth") ==
			date_to_int64(child->attributes.birth) &&
		    text_is_alike(turn->arena, column_text(&q, "name"),
			child->attributes.name);
	query_done(&q);
	if (same)
		return twice(turn);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* The same in the household, however the child came on record. */
static enum err
check_household(struct turn *turn, const struct person *child)
{
	struct query q;
	bool same = false;
	enum err rc;

	store_query(turn->store, REGISTRY_RESIDENTS_BY_BIRTH, &q);
	query_int(&q, "birth", date_to_int64(child->attributes.birth));
	while (!same && (rc = query_step(&q)) == OK)
		same = column_int(&q, "household") == child->household.value &&
		    text_is_alike(turn->arena, column_text(&q, "name"),
			child->attributes.name);
	query_done(&q);
	if (same)
		return twice(turn);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
read_child(struct turn *turn, const struct input *in,
    const struct resident *mother, struct person *ret)
{
	struct person child = {.household = mother->person.household,
	    .postal_code = mother->person.postal_code,
	    .attributes.address = mother->person.attributes.address,
	    .relation = SLICE("子"),
	    .reason = SLICE("出生")};
	enum err rc;

	/* She may have died giving birth. */
	if (mother->state == RESIDENT_MOVED_OUT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the mother has moved out; the birth belongs to where she "
		    "lives");
	rc = form_person(turn, in, &child);
	if (rc)
		return rc;
	child.became = child.attributes.birth;
	if (!date_is_known(child.attributes.birth) ||
	    date_compare(
		child.attributes.birth, mother->person.attributes.birth) <= 0)
		return problem_set(turn->problem, ERR_INPUT,
		    "field birth: expected a known day after the mother's "
		    "birth");
	if ((rc = check_siblings(turn, mother->id, &child)) ||
	    (rc = check_household(turn, &child)))
		return rc;
	*ret = child;

	return OK;
}

static enum err
register_birth(struct turn *turn, const struct input *in,
    const struct resident *mother, struct resident *child)
{
	struct event event = {.name = "birth",
	    .audit = "resident.birth",
	    .basis = SLICE("住民基本台帳法8条")};
	struct tally tally;
	enum err rc;

	if ((rc = read_child(turn, in, mother, &child->person)) ||
	    (rc = tally_load(turn, &tally)))
		return rc;
	event.date = child->person.attributes.birth;
	if ((rc = events_enter(turn, &tally, &event, NULL, child)) ||
	    (rc = tally_store(turn, &tally)))
		return rc;

	return events_register(turn, input_text(in, "registration"), "birth",
	    mother->id, child->id);
}

enum err
events_birth(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct resident_id id, before;
	struct resident mother, child = {0};
	enum err rc;

	rc = form_resident(turn, in, "mother", &id);
	if (rc)
		return rc;
	rc = events_registered(
	    turn, input_text(in, "registration"), "birth", id, &before);
	if (rc == OK)
		return answer_again(turn, before, reply);
	if (rc != ERR_NOT_FOUND)
		return rc;
	if ((rc = resident_load(turn, id, &mother)) ||
	    (rc = register_birth(turn, in, &mother, &child)))
		return rc;
	answer_resident(turn, reply, 201, &child);

	return OK;
}

/* ---- Deaths ------------------------------------------------------------ */

static enum err
die(struct turn *turn, struct date date, struct resident *r)
{
	const struct event event = {.name = "death",
	    .audit = "resident.death",
	    .date = date,
	    .basis = SLICE("住民基本台帳法8条")};
	struct tally tally;
	enum err rc;

	if ((rc = must_live_here(turn, r)) || (rc = tally_load(turn, &tally)) ||
	    (rc = events_leave(turn, &tally, &event, RESIDENT_DECEASED, r)) ||
	    (rc = tally_store(turn, &tally)))
		return rc;

	return news_event(turn, &event, r, 1);
}

enum err
events_death(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct resident_id id;
	struct resident r;
	struct date date;
	enum err rc;

	if ((rc = form_resident(turn, in, "resident", &id)) ||
	    (rc = form_past_date(turn, in, "date", &date)) ||
	    (rc = resident_load(turn, id, &r)))
		return rc;
	if (r.state == RESIDENT_DECEASED &&
	    date_compare(r.event_date, date) == 0)
		return answer_again(turn, id, reply);
	rc = die(turn, date, &r);
	if (rc == OK)
		answer_resident(turn, reply, 201, &r);

	return rc;
}

/* ---- Moves within the municipality ------------------------------------- */

static enum err
move_one(struct turn *turn, const struct input *in, const struct event *event,
    struct resident *r, bool *ret_moved)
{
	struct resident_id household;
	struct person before = r->person;
	enum err rc;

	if ((rc = form_resident(turn, in, "household", &household)) ||
	    (rc = must_live_here(turn, r)) ||
	    (rc = form_address(turn, in, &r->person)))
		return rc;
	if (household.value != 0)
		r->person.household.value = household.value;
	*ret_moved = person_difference(&before, &r->person) != NULL;

	return *ret_moved ? resident_change(turn, event, r) : OK;
}

/* Who lives there already is passed over. */
static enum err
move_all(struct turn *turn, const struct input *in, const struct event *event,
    const struct resident_id *ids, size_t n)
{
	struct resident moved[REGISTRY_TRANSFER_MAX];
	size_t i, n_moved = 0;
	bool has_moved;
	enum err rc;

	for (i = 0; i < n; i++) {
		if ((rc = resident_load(turn, ids[i], &moved[n_moved])) ||
		    (rc = move_one(
			 turn, in, event, &moved[n_moved], &has_moved)))
			return rc;
		n_moved += has_moved;
	}

	return news_event(turn, event, moved, n_moved);
}

enum err
events_move(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct event event = {.name = "move",
	    .audit = "resident.move",
	    .basis = SLICE("住民基本台帳法23条")};
	struct resident_id ids[REGISTRY_TRANSFER_MAX];
	size_t n;
	enum err rc;

	if ((rc = form_residents(turn, in, ids, REGISTRY_TRANSFER_MAX, &n)) ||
	    (rc = form_past_date(turn, in, "date", &event.date)) ||
	    (rc = move_all(turn, in, &event, ids, n)) ||
	    (rc = turn_audit(turn, "resident.read",
		 resident_id_text(turn->arena, ids[0]), event.basis)))
		return rc;
	reply_json(reply, 200, form_residents_json(turn, ids, n));

	return OK;
}

/* ---- Corrections ------------------------------------------------------- */

static enum err
take_other_code(struct turn *turn, const struct input *in, struct resident *r)
{
	struct resident_id owner;
	enum err rc;

	if (resident_code_parse(input_text(in, "code"), &r->code))
		return problem_set(turn->problem, ERR_INPUT,
		    "field code: the check digit does not fit");
	rc = resident_find_code(turn, &r->code, &owner);
	if (rc == OK && owner.value != r->id.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field code: is another resident's");
	r->has_code = true;

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* After a refusal: ask again, under the old code, another, or one of the
 * pool. */
static enum err
retry_numbering(struct turn *turn, const struct input *in, struct tally *tally,
    struct resident *r)
{
	if (r->numbering != NUMBERING_REFUSED) {
		if (input_has(in, "code") || input_bool(in, "recode"))
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
	if (input_has(in, "code"))
		return take_other_code(turn, in, r);
	if (input_bool(in, "recode")) {
		r->has_code = false;
		tally->coded--;
		tally->uncoded++;
	}

	return OK;
}

static enum err
correct(struct turn *turn, const struct input *in, const struct event *event,
    struct resident *r)
{
	const enum numbering before = r->numbering;
	struct person person = r->person;
	struct tally tally;
	enum err rc;

	if ((rc = must_live_here(turn, r)) ||
	    (rc = form_person(turn, in, &person)))
		return rc;
	if (input_has(in, "address") && (rc = form_address(turn, in, &person)))
		return rc;
	if ((rc = tally_load(turn, &tally)) ||
	    (rc = retry_numbering(turn, in, &tally, r)))
		return rc;
	if (person_difference(&r->person, &person) == NULL &&
	    r->numbering == before)
		return OK;
	r->person = person;
	if ((rc = resident_change(turn, event, r)) ||
	    (rc = tally_store(turn, &tally)))
		return rc;

	return news_event(turn, event, r, 1);
}

enum err
events_correct(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct event event = {.name = "correction",
	    .audit = "resident.correct",
	    .basis = SLICE("住民基本台帳法14条")};
	struct resident_id id;
	struct resident r;
	enum err rc;

	if ((rc = form_resident(turn, in, "resident", &id)) ||
	    (rc = form_past_date(turn, in, "date", &event.date)) ||
	    (rc = resident_load(turn, id, &r)) ||
	    (rc = correct(turn, in, &event, &r)) ||
	    (rc = turn_audit(turn, "resident.read",
		 resident_id_text(turn->arena, id), event.basis)))
		return rc;
	answer_resident(turn, reply, 200, &r);

	return OK;
}
