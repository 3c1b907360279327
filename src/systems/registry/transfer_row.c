#include "systems/registry/transfer_row.h"

#include <string.h>

#include "person/kinds.h"
#include "systems/registry/form.h"

struct slice
transfer_wait_key(struct turn *turn, struct slice id)
{
	return arena_printf(turn->arena, "transfer:%.*s", SLICE_ARG(id));
}

bool
transfer_is_open(const struct transfer *t)
{
	return slice_equal(t->row.state, TRANSFER_OPEN);
}

bool
transfer_has(const struct transfer *t, enum mover_state state)
{
	size_t i;

	for (i = 0; i < t->n_people; i++) {
		if (t->people[i].state == state)
			return true;
	}

	return false;
}

size_t
transfer_find(const struct transfer *t, const struct resident_code *code)
{
	size_t i = 0;

	while (
	    i < t->n_people && !resident_code_equal(&t->movers[i].code, code))
		i++;

	return i;
}

static const char *const states[] = {
    [MOVER_OPEN] = "open",
    [MOVER_DECLARED] = "declared",
    [MOVER_WITHDRAWING] = "withdrawing",
    [MOVER_ARRIVED] = "arrived",
    [MOVER_WITHDRAWN] = "withdrawn",
    [MOVER_EXPIRED] = "expired",
    [MOVER_REFUSED] = "refused",
};

static enum err
state_parse(struct slice text, enum mover_state *ret)
{
	enum mover_state state = MOVER_OPEN;

	while (!slice_equal_string(text, states[state])) {
		if (++state > MOVER_REFUSED)
			return ERR_CORRUPT;
	}
	*ret = state;

	return OK;
}

/* ---- Details ----------------------------------------------------------- */

/* The data of a person on the way, as a column holds them. */
struct details {
	struct slice relation;
	struct attributes person;
	struct declaration declared;
};
static const struct field details_fields[] = {
    OPTION(details, relation, FORM_WORD, "続柄"),
    OBJECT(details, person, attributes, "the person's attributes"),
    OPTION_AS(details, declared.date, "date", DATE, "the day of the arrival"),
    OPTION_AS(
	details, declared.postal_code, "postal_code", DIGITS(7), "郵便番号"),
    OPTION_AS(
	details, declared.household, "household", HOUSEHOLD_ID, "世帯番号"),
    OPTION_AS(details, declared.officer, "officer", TEXT(64),
	"the officer to whom the arrival was declared"),
};
static const struct shape details_shape = SHAPE(details, details_fields);

static struct slice
details_format(struct turn *turn, const struct transfer *t, size_t i)
{
	const struct details details = {
	    t->movers[i].relation, t->movers[i].person, t->people[i].declared};
	struct json_out o;

	json_out_init(&o, turn->arena);
	shape_write(&details_shape, &details, &o, NULL);

	return json_out_finish(&o);
}

static enum err
details_parse(
    struct turn *turn, struct slice text, struct transfer *t, size_t i)
{
	struct details details;

	if (slice_is_empty(text))
		return OK;
	text = arena_copy(turn->arena, text);
	if (shape_read_kept(
		&details_shape, turn->arena, text, &details, turn->problem))
		return ERR_CORRUPT;
	t->movers[i].relation = details.relation;
	t->movers[i].person = details.person;
	t->people[i].declared = details.declared;

	return OK;
}

/* ---- Reading ----------------------------------------------------------- */

static enum err
take_person(struct turn *turn, const struct registry_transfer_people_row *row,
    struct transfer *t)
{
	const size_t i = t->n_people;
	struct mover *mover = &t->movers[i];

	if (i == REGISTRY_TRANSFER_MAX || row->position != (int64_t)i)
		return ERR_CORRUPT;
	t->people[i] = (struct transfer_person){
	    .resident = row->resident, .has_number = row->has_number};
	mover->code = row->code;
	mover->number = row->number;
	t->n_people++;
	TRY(state_parse(row->state, &t->people[i].state));

	return details_parse(turn, row->details, t, i);
}

enum err
transfer_load(struct turn *turn, struct slice id, struct transfer *ret)
{
	struct registry_transfer_people_row row;
	struct query q;
	enum err rc;

	*ret = (struct transfer){.id = id};
	TRY(registry_transfer_get(turn->store, turn->arena, id, &ret->row));
	registry_transfer_people_rows(turn->store, id, &q);
	while ((rc = registry_transfer_people_next(&q, &row)) == OK) {
		rc = take_person(turn, &row, ret);
		if (rc)
			break;
	}
	query_done(&q);

	return rows_end(rc);
}

/* ---- Writing ----------------------------------------------------------- */

static enum err
add_person(struct turn *turn, const struct transfer *t, size_t i)
{
	const struct resident_id *resident = &t->people[i].resident;
	const struct mover *mover = &t->movers[i];
	const bool inward = t->row.inward;

	return registry_transfer_person_add(turn->store,
	    &(struct registry_transfer_person_add){.transfer = t->id,
		.position = (int64_t)i,
		.code = &mover->code,
		.resident = resident->value != 0 ? resident : NULL,
		.number = inward ? &mover->number : NULL,
		.details = inward ? details_format(turn, t, i) : SLICE("")});
}

enum err
transfer_add(struct turn *turn, const struct transfer *t)
{
	size_t i;

	TRY(registry_transfer_add(turn->store,
	    &(struct registry_transfer_add){.transfer = t->id,
		.inward = t->row.inward,
		.organisation = t->row.organisation,
		.household = t->row.household,
		.moved_on = t->row.moved_on,
		.last_day = t->row.last_day,
		.recorded_at = turn->now,
		.content = t->row.content}));
	for (i = 0; i < t->n_people; i++)
		TRY(add_person(turn, t, i));

	return OK;
}

enum err
transfer_settle(struct turn *turn, const struct transfer *t, struct slice state,
    struct slice reason)
{
	turn_wake(turn, transfer_wait_key(turn, t->id));

	return registry_transfer_settle(
	    turn->store, state, reason, &turn->now, t->id);
}

static bool
is_under_way(const struct transfer *t)
{
	return transfer_has(t, MOVER_OPEN) || transfer_has(t, MOVER_DECLARED) ||
	    transfer_has(t, MOVER_WITHDRAWING);
}

enum err
transfer_close(struct turn *turn, struct transfer *t, struct slice reason)
{
	turn_wake(turn, transfer_wait_key(turn, t->id));
	if (!transfer_is_open(t) || is_under_way(t))
		return OK;
	if (transfer_has(t, MOVER_ARRIVED)) {
		t->row.state = TRANSFER_COMPLETED;
		reason = SLICE("");
	} else {
		t->row.state = TRANSFER_ENDED;
	}
	t->row.reason = reason;

	return transfer_settle(turn, t, t->row.state, reason);
}

enum err
transfer_declare(struct turn *turn, struct transfer *t, size_t i)
{
	t->people[i].state = MOVER_DECLARED;

	return registry_transfer_person_declared(
	    turn->store, details_format(turn, t, i), t->id, (int64_t)i);
}

enum err
transfer_put(
    struct turn *turn, struct transfer *t, size_t i, enum mover_state state)
{
	const struct resident_id *resident = &t->people[i].resident;

	t->people[i].state = state;

	return registry_transfer_person_state(turn->store,
	    slice_of(states[state]), resident->value != 0 ? resident : NULL,
	    t->id, (int64_t)i);
}

/* ---- Showing ----------------------------------------------------------- */

static void
put_movers(const struct transfer *t, struct json_out *o)
{
	const struct transfer_person *p;

	json_out_array(o, "movers");
	for (p = t->people; p < t->people + t->n_people; p++) {
		json_out_object(o, NULL);
		if (p->resident.value != 0)
			json_out_resident(o, "resident", p->resident);
		json_out_text(o, "state", slice_of(states[p->state]));
		json_out_end(o);
	}
	json_out_end(o);
}

void
transfer_answer(struct reply *reply, int status, const struct transfer *t)
{
	struct json_out *o = reply_object(reply, status);
	struct resident_id ids[REGISTRY_TRANSFER_MAX];
	size_t i, n = 0;

	for (i = 0; i < t->n_people; i++) {
		if (t->people[i].resident.value != 0)
			ids[n++] = t->people[i].resident;
	}
	form_put_residents(o, ids, n);
	json_out_text(o, "transfer", t->id);
	json_out_text(o, "state", t->row.state);
	json_out_text(
	    o, "direction", t->row.inward ? SLICE("in") : SLICE("out"));
	json_out_text(o, "organisation", t->row.organisation);
	if (!slice_is_empty(t->row.reason))
		json_out_text(o, "reason", t->row.reason);
	if (t->row.inward && t->row.last_day.year != 0)
		json_out_date(o, "until", t->row.last_day);
	json_out_int(o, "people", (int64_t)t->n_people);
	put_movers(t, o);
}
