#include <string.h>

#include "systems/jukinet/jukinet.h"
#include "systems/registry/abroad.h"
#include "systems/registry/events.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"
#include "systems/registry/transfer.h"
#include "systems/registry/transfer_row.h"

/* Those who arrive together. */
struct arrival {
	struct event event;
	struct person home; /* household, address, postal code */
	struct tally tally;
	struct resident residents[REGISTRY_TRANSFER_MAX];
	size_t n;
	struct items registered; /* rows for the addressee */
	json_t *codes;           /* for the municipality they left */
};

/* ---- One person of a transfer ------------------------------------------ */

/*
 * The record of somebody who has lived here before: by the code, or by the
 * number if the code was changed elsewhere meanwhile.
 */
static enum err
find_record(
    struct turn *turn, const struct transfer_person *p, struct resident *ret)
{
	struct resident_id known;
	enum err rc;

	rc = resident_find_code(turn, &p->code, &known);
	if (rc == ERR_NOT_FOUND)
		rc = resident_find_number(turn, &p->number, &known);
	if (rc == OK)
		rc = resident_load(turn, known, ret);
	if (rc)
		return rc;
	if (ret->state != RESIDENT_MOVED_OUT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "a person of this move has a record here that is %s",
		    resident_state_name(ret->state));
	if (ret->has_code && !resident_code_equal(&ret->code, &p->code))
		rc = resident_recode(turn, &p->code, ret);

	return rc;
}

/* Somebody who has lived here before keeps the old record. */
static enum err
put_on_record(struct turn *turn, struct arrival *a,
    const struct transfer_person *p, struct resident *r)
{
	enum err rc;

	rc = find_record(turn, p, r);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	r->person = p->person;
	r->person.household = a->home.household;
	r->person.attributes.address = a->home.attributes.address;
	r->person.postal_code = a->home.postal_code;
	r->person.relation = p->relation;
	r->person.became = a->event.date;
	r->person.reason = SLICE("転入");
	if (rc == ERR_NOT_FOUND)
		return resident_add(turn, &a->tally, &a->event, &p->code, r);
	r->state = RESIDENT_CURRENT;

	return resident_change(turn, &a->event, r);
}

/* The number came along; it may have been changed elsewhere meanwhile. */
static enum err
carry_number(struct turn *turn, struct arrival *a,
    const struct transfer_person *p, struct resident *r)
{
	struct individual_number known;
	struct instant assigned;
	enum err rc;

	rc = resident_number(turn, r, &known, &assigned);
	if (rc == OK && individual_number_equal(&known, &p->number))
		return OK;
	if (rc && rc != ERR_NOT_FOUND)
		return rc;

	return numbering_assign(
	    turn, &a->tally, r, &p->number, ASSIGNED_TRANSFER);
}

static enum err
admit(struct turn *turn, struct arrival *a, struct transfer *t, size_t i)
{
	const struct transfer_person *p = &t->people[i];
	struct resident *r = &a->residents[a->n];
	enum err rc;

	memset(r, 0, sizeof(*r));
	if (!p->has_number)
		return problem_set(turn->problem, ERR_INTERNAL,
		    "the notice of this move lacks a number");
	if ((rc = put_on_record(turn, a, p, r)) ||
	    (rc = carry_number(turn, a, p, r)))
		return rc;
	items_add_registered(&a->registered, r->id, &p->number, &r->person);
	json_push_text(a->codes, resident_code_slice(&p->code));
	a->n++;

	return transfer_arrive(turn, t, i, r->id);
}

/* ---- All of them ------------------------------------------------------- */

/* Did the person declare this one's arrival?  Without a list, everybody's. */
static bool
is_declared(const json_t *codes, const struct resident_code *code)
{
	struct slice text;
	size_t i;

	for (i = 0; i < json_array_size(codes); i++) {
		if (json_at_text(codes, i, &text) == OK &&
		    slice_equal(text, resident_code_slice(code)))
			return true;
	}

	return codes == NULL;
}

static enum err
admit_all(struct turn *turn, const struct input *in, struct arrival *a,
    struct transfer *t)
{
	const json_t *codes = input_json(in, "codes");
	enum err rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < t->n_people; i++) {
		if (!t->people[i].arrived &&
		    is_declared(codes, &t->people[i].code))
			rc = admit(turn, a, t, i);
	}
	if (rc == OK && json_array_size(codes) > a->n)
		rc = problem_set(turn->problem, ERR_INPUT,
		    "field codes: some are nobody's who is on the way");

	return rc;
}

static enum err
tell_completed(
    struct turn *turn, const struct arrival *a, const struct transfer *t)
{
	struct system_id jukinet;
	char date[DATE_TEXT_MAX];
	json_t *body;
	enum err rc;

	rc = turn_single(turn, JUKINET_USUAL, &jukinet);
	if (rc)
		return rc;
	date_format(a->event.date, date);
	body = json_object();
	json_put_text(body, "transfer", t->id);
	json_put_text(body, "to", t->organisation);
	json_put(body, "codes", json_incref(a->codes));
	json_put_text(body, "date", slice_of(date));

	return turn_send(turn, &jukinet, "transfer.completed", body);
}

static enum err
tell_network(struct turn *turn, const struct arrival *a)
{
	struct system_id jukinet;
	struct items items;
	enum err rc;
	size_t i;

	rc = turn_single(turn, JUKINET_USUAL, &jukinet);
	if (rc)
		return rc;
	items_init(&items);
	for (i = 0; i < a->n; i++)
		items_add_update(&items, &a->event, &a->residents[i]);
	rc = news_send_items(turn, &jukinet, "identity.update", &items);
	items_done(&items);

	return rc;
}

static enum err
read_home(struct turn *turn, const struct input *in, struct arrival *a)
{
	struct resident_id household;
	enum err rc;

	a->event = (struct event){.name = "move-in",
	    .audit = "resident.move-in",
	    .basis = SLICE("住民基本台帳法22条")};
	if ((rc = form_past_date(turn, in, "date", &a->event.date)) ||
	    (rc = form_address(turn, in, &a->home)) ||
	    (rc = form_resident(turn, in, "household", &household)) ||
	    (rc = tally_load(turn, &a->tally)))
		return rc;
	a->home.household.value = household.value != 0
	    ? household.value
	    : a->tally.last_household + 1;

	return OK;
}

static enum err
move_in(struct turn *turn, const struct input *in, struct arrival *a,
    struct transfer *t)
{
	enum err rc;

	if ((rc = read_home(turn, in, a)) || (rc = admit_all(turn, in, a, t)) ||
	    a->n == 0)
		return rc;
	if ((rc = tally_store(turn, &a->tally)) ||
	    (rc = tell_network(turn, a)) || (rc = tell_completed(turn, a, t)) ||
	    (rc = news_registered(turn, &a->registered)))
		return rc;
	if (!transfer_is_complete(t))
		return OK;
	t->state = TRANSFER_COMPLETED;

	return transfer_settle(turn, t, TRANSFER_COMPLETED, (struct slice){0});
}

static void
answer(struct turn *turn, struct reply *reply, const struct transfer *t)
{
	struct resident_id ids[REGISTRY_TRANSFER_MAX];
	size_t i, n = 0;
	json_t *body;

	for (i = 0; i < t->n_people; i++) {
		if (t->people[i].arrived)
			ids[n++] = t->people[i].resident;
	}
	body = form_residents_json(turn, ids, n);
	json_put_text(body, "transfer", t->id);
	json_put_text(body, "state", slice_of(transfer_state_name(t->state)));
	reply_json(reply, 201, body);
}

static enum err
in_with_notice(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct arrival *a = arena_alloc(turn->arena, sizeof(*a));
	struct transfer t;
	enum err rc;

	rc = transfer_load(turn, input_text(in, "transfer"), &t);
	if (rc == ERR_NOT_FOUND || (rc == OK && !t.inward))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no notice of this move has come here; ask the "
		    "municipality that was left to declare it");
	if (rc)
		return rc;
	items_init(&a->registered);
	a->codes = json_array();
	if (t.state == TRANSFER_OPEN)
		rc = move_in(turn, in, a, &t);
	items_done(&a->registered);
	json_decref(a->codes);
	if (rc == OK)
		rc = turn_audit(
		    turn, "transfer.read", (struct slice){0}, a->event.basis);
	if (rc == OK)
		answer(turn, reply, &t);

	return rc;
}

/* ---- Without a notice: from abroad, or never registered ----------------- */

/* Back from abroad: the old record, with its code and number. */
static enum err
come_back(struct turn *turn, const struct input *in, struct arrival *a,
    struct resident_id id)
{
	struct resident *r = &a->residents[0];
	enum err rc;

	rc = resident_load(turn, id, r);
	if (rc)
		return rc;
	if (r->state != RESIDENT_MOVED_OUT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the record is %s, not moved-out",
		    resident_state_name(r->state));
	if ((rc = form_person(turn, in, &r->person)))
		return rc;
	r->person.household = a->home.household;
	r->person.attributes.address = a->home.attributes.address;
	r->person.postal_code = a->home.postal_code;
	r->person.became = a->event.date;
	r->person.reason = SLICE("転入");
	r->state = RESIDENT_CURRENT;
	if (r->numbering == NUMBERING_ENDED) {
		r->numbering = NUMBERING_WAITING;
		a->tally.uncoded += !r->has_code;
		turn_hurry(turn, "numbering");
	}
	if ((rc = resident_change(turn, &a->event, r)))
		return rc;
	a->n = 1;

	return news_event(turn, &a->event, r, 1);
}

/* 住基法30条の3第1項: the code that was last on a record of theirs, elsewhere. */
static enum err
carried_code(struct turn *turn, const struct input *in,
    struct resident_code *ret, bool *ret_has)
{
	struct resident_id known;
	enum err rc;

	*ret_has = input_has(in, "code");
	if (!*ret_has)
		return OK;
	if (resident_code_parse(input_text(in, "code"), ret))
		return problem_set(turn->problem, ERR_INPUT,
		    "field code: the check digit does not fit");
	rc = resident_find_code(turn, ret, &known);
	if (rc == OK)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field code: of somebody who is or was on record here; "
		    "give `resident`");

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
come_first(struct turn *turn, const struct input *in, struct arrival *a)
{
	struct resident *r = &a->residents[0];
	struct resident_code code;
	struct resident_id same;
	bool has_code = false;
	enum err rc;

	r->person = a->home;
	r->person.became = a->event.date;
	r->person.reason = SLICE("転入");
	if (!input_has(in, "name") || !input_has(in, "birth") ||
	    !input_has(in, "sex"))
		return problem_set(turn->problem, ERR_INPUT,
		    "without `transfer` or `resident`, name, birth and sex "
		    "are needed");
	if ((rc = form_person(turn, in, &r->person)))
		return rc;
	rc = resident_find_attributes(turn, &r->person.attributes, &same);
	if (rc == OK || rc == ERR_CONFLICT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "somebody of this name, birth, sex and address is on "
		    "record already");
	if (rc != ERR_NOT_FOUND)
		return rc;
	a->n = 1;

	rc = carried_code(turn, in, &code, &has_code);
	r->from_abroad = !has_code;

	return rc == OK ? events_enter(turn, &a->tally, &a->event,
			      has_code ? &code : NULL, r)
			: rc;
}

static enum err
in_without_notice(struct turn *turn, const struct input *in, struct arrival *a)
{
	const struct resident_id nobody = {0};
	struct slice registration = input_text(in, "registration");
	struct resident_id id;
	enum err rc;

	if (slice_is_empty(registration))
		return problem_set(turn->problem, ERR_INPUT,
		    "field registration: missing; it keeps an arrival from "
		    "being registered twice");
	rc = events_registered(
	    turn, registration, "move-in", nobody, &a->residents[0].id);
	if (rc == OK)
		return abroad_follow(turn, &a->residents[0].id);
	if (rc != ERR_NOT_FOUND)
		return rc;
	if ((rc = read_home(turn, in, a)) ||
	    (rc = form_resident(turn, in, "resident", &id)))
		return rc;
	rc = id.value != 0 ? come_back(turn, in, a, id)
			   : come_first(turn, in, a);
	if (rc || (rc = tally_store(turn, &a->tally)))
		return rc;

	return events_register(
	    turn, registration, "move-in", nobody, a->residents[0].id);
}

enum err
transfer_in(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct arrival *a;
	enum err rc;

	if (input_has(in, "transfer"))
		return in_with_notice(turn, in, reply);
	a = arena_alloc(turn->arena, sizeof(*a));
	rc = in_without_notice(turn, in, a);
	if (rc == OK)
		rc = turn_audit(turn, "resident.read",
		    resident_id_text(turn->arena, a->residents[0].id),
		    SLICE("住民基本台帳法22条"));
	if (rc == OK)
		reply_json(reply, 201,
		    form_residents_json(turn, &a->residents[0].id, 1));

	return rc;
}
