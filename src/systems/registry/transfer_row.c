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
transfer_is_complete(const struct transfer *t)
{
	size_t i;

	for (i = 0; i < t->n_people; i++) {
		if (!t->people[i].arrived)
			return false;
	}

	return true;
}

/* ---- Details ----------------------------------------------------------- */

/* The data of a person on the way, as a column holds them. */
struct details {
	struct slice relation;
	struct attributes person;
};
static const struct field details_fields[] = {
    OPTION(details, relation, FORM_WORD, "続柄"),
    OBJECT(details, person, attributes, "the person's attributes"),
};
static const struct shape details_shape = SHAPE(details, details_fields);

static struct slice
details_format(struct turn *turn, const struct mover *mover)
{
	const struct details details = {mover->relation, mover->person};
	struct json_out o;

	json_out_init(&o, turn->arena);
	shape_write(&details_shape, &details, &o, NULL);

	return json_out_finish(&o);
}

static enum err
details_parse(struct turn *turn, struct slice text, struct mover *ret)
{
	struct details details;

	if (slice_is_empty(text))
		return OK;
	text = arena_copy(turn->arena, text);
	if (shape_read_kept(
		&details_shape, turn->arena, text, &details, turn->problem))
		return ERR_CORRUPT;
	ret->relation = details.relation;
	ret->person = details.person;

	return OK;
}

/* ---- Reading ----------------------------------------------------------- */

static enum err
take_person(struct turn *turn, const struct registry_transfer_people_row *row,
    struct transfer *t)
{
	struct mover *mover = &t->movers[t->n_people];

	if (t->n_people == REGISTRY_TRANSFER_MAX ||
	    row->position != (int64_t)t->n_people)
		return ERR_CORRUPT;
	t->people[t->n_people++] =
	    (struct transfer_person){.resident = row->resident,
		.arrived = row->arrived,
		.has_number = row->has_number};
	mover->code = row->code;
	mover->number = row->number;

	return details_parse(turn, row->details, mover);
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
		.details = inward ? details_format(turn, mover) : SLICE("")});
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

enum err
transfer_arrive(struct turn *turn, struct transfer *t, size_t i,
    struct resident_id resident)
{
	t->people[i].arrived = true;
	t->people[i].resident = resident;

	return registry_transfer_person_arrived(
	    turn->store, &resident, t->id, (int64_t)i);
}

/* ---- Showing ----------------------------------------------------------- */

struct json_out *
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

	return o;
}
