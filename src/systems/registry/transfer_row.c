#include "systems/registry/transfer_row.h"

#include "registry_statements.h"

const char *
transfer_state_name(enum transfer_state state)
{
	switch (state) {
	case TRANSFER_OPEN:
		return "open";
	case TRANSFER_COMPLETED:
		return "completed";
	case TRANSFER_REFUSED:
		return "refused";
	}

	return "unknown";
}

struct slice
transfer_wait_key(struct turn *turn, struct slice id)
{
	return arena_printf(turn->arena, "transfer:%.*s", SLICE_ARG(id));
}

/* ---- People in messages ------------------------------------------------ */

static json_t *
details_to_json(const struct transfer_person *p)
{
	json_t *object = json_object();

	json_put_text(object, "relation", p->relation);
	json_put(object, "person", person_to_json(&p->person));

	return object;
}

static enum err
details_of_json(
    struct turn *turn, const json_t *json, struct transfer_person *ret)
{
	const json_t *person;
	enum err rc;

	if ((rc = json_get_text_or_empty(
		 json, "relation", &ret->relation, turn->problem)) ||
	    (rc = json_get_object(json, "person", &person, turn->problem)))
		return rc;
	if (ret->relation.len > PERSON_WORD_MAX)
		return problem_set(
		    turn->problem, ERR_TOO_LARGE, "field relation: too long");

	return person_of_json(turn->arena, person, &ret->person, turn->problem);
}

json_t *
transfer_person_to_json(const struct transfer_person *p)
{
	json_t *object = details_to_json(p);

	json_put_text(object, "code", resident_code_slice(&p->code));
	json_put_text(object, "number", individual_number_slice(&p->number));

	return object;
}

enum err
transfer_person_of_json(
    struct turn *turn, const json_t *json, struct transfer_person *ret)
{
	struct slice code, number;
	enum err rc;

	if ((rc = json_get_text(json, "code", &code, turn->problem)) ||
	    (rc = json_get_text(json, "number", &number, turn->problem)) ||
	    (rc = details_of_json(turn, json, ret)))
		return rc;
	if (resident_code_parse(code, &ret->code))
		return problem_set(turn->problem, ERR_INPUT,
		    "field code: no Resident Record Code");
	if (individual_number_parse(number, &ret->number))
		return problem_set(turn->problem, ERR_INPUT,
		    "field number: no Individual Number");
	ret->has_number = true;

	return OK;
}

/* ---- Reading ----------------------------------------------------------- */

/* Everything that outlives the document is copied. */
static enum err
read_details(struct turn *turn, struct slice text, struct transfer_person *p)
{
	json_t *document;
	enum err rc;

	rc = json_read(text, "details", &document, turn->problem);
	if (rc)
		return ERR_CORRUPT;
	rc = details_of_json(turn, document, p);
	p->relation = arena_copy(turn->arena, p->relation);
	p->person.attributes =
	    attributes_copy(turn->arena, &p->person.attributes);
	json_decref(document);

	return rc == OK ? OK : ERR_CORRUPT;
}

static enum err
read_person(struct turn *turn, struct query *q, struct transfer_person *p)
{
	struct slice details = column_text(q, "details");

	p->position = column_int(q, "position");
	p->resident.value = column_int(q, "resident");
	p->arrived = column_int(q, "arrived") == 1;
	p->has_number = !column_is_null(q, "number");
	if (resident_code_from_int64(column_int(q, "code"), &p->code))
		return ERR_CORRUPT;
	if (p->has_number &&
	    individual_number_from_int64(column_int(q, "number"), &p->number))
		return ERR_CORRUPT;

	return slice_is_empty(details) ? OK : read_details(turn, details, p);
}

static enum err
load_people(struct turn *turn, struct transfer *t)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_TRANSFER_PEOPLE, &q);
	query_text(&q, "transfer", t->id);
	while ((rc = query_step(&q)) == OK) {
		if (t->n_people == REGISTRY_TRANSFER_MAX)
			rc = ERR_CORRUPT;
		else
			rc = read_person(turn, &q, &t->people[t->n_people++]);
		if (rc)
			break;
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum transfer_state
state_of(struct slice name)
{
	if (slice_equal_string(name, "open"))
		return TRANSFER_OPEN;

	return slice_equal_string(name, "completed") ? TRANSFER_COMPLETED
						     : TRANSFER_REFUSED;
}

enum err
transfer_load(struct turn *turn, struct slice id, struct transfer *ret)
{
	struct query q;
	enum err rc;

	*ret = (struct transfer){.id = id};
	store_query(turn->store, REGISTRY_TRANSFER_GET, &q);
	query_text(&q, "transfer", id);
	rc = query_step(&q);
	if (rc == OK) {
		ret->inward = column_int(&q, "inward") == 1;
		ret->organisation =
		    arena_copy(turn->arena, column_text(&q, "organisation"));
		ret->household =
		    arena_copy(turn->arena, column_text(&q, "household"));
		ret->date = date_of_int64(column_int(&q, "moved_on"));
		ret->state = state_of(column_text(&q, "state"));
		ret->reason =
		    arena_copy(turn->arena, column_text(&q, "reason"));
	}
	query_done(&q);
	if (rc)
		return rc;

	return load_people(turn, ret);
}

/* ---- Writing ----------------------------------------------------------- */

static enum err
add_person(struct turn *turn, const struct transfer *t,
    const struct transfer_person *p)
{
	struct buf details;
	json_t *document;
	struct query q;
	enum err rc;

	buf_init(&details);
	if (t->inward) {
		document = details_to_json(p);
		json_write(document, &details);
		json_decref(document);
	}
	store_query(turn->store, REGISTRY_TRANSFER_PERSON_ADD, &q);
	query_text(&q, "transfer", t->id);
	query_int(&q, "position", p->position);
	query_int(&q, "code", resident_code_to_int64(&p->code));
	if (p->resident.value != 0)
		query_int(&q, "resident", p->resident.value);
	else
		query_null(&q, "resident");
	if (t->inward)
		query_int(&q, "number", individual_number_to_int64(&p->number));
	else
		query_null(&q, "number");
	query_text(&q, "details", buf_slice(&details));
	rc = query_run(&q);
	buf_done(&details);

	return rc;
}

enum err
transfer_add(struct turn *turn, const struct transfer *t)
{
	struct query q;
	enum err rc;
	size_t i;

	store_query(turn->store, REGISTRY_TRANSFER_ADD, &q);
	query_text(&q, "transfer", t->id);
	query_int(&q, "inward", t->inward);
	query_text(&q, "organisation", t->organisation);
	query_text(&q, "household", t->household);
	query_int(&q, "moved_on", date_to_int64(t->date));
	query_int(&q, "recorded_at", turn->now.ms);
	rc = query_run(&q);
	for (i = 0; rc == OK && i < t->n_people; i++)
		rc = add_person(turn, t, &t->people[i]);

	return rc;
}

enum err
transfer_settle(struct turn *turn, const struct transfer *t,
    enum transfer_state state, struct slice reason)
{
	struct query q;

	turn_wake(turn, transfer_wait_key(turn, t->id));
	store_query(turn->store, REGISTRY_TRANSFER_SETTLE, &q);
	query_text(&q, "state", slice_of(transfer_state_name(state)));
	query_text(&q, "reason", reason);
	query_int(&q, "settled_at", turn->now.ms);
	query_text(&q, "transfer", t->id);

	return query_run(&q);
}

enum err
transfer_arrive(struct turn *turn, struct transfer *t, size_t i,
    struct resident_id resident)
{
	struct query q;

	t->people[i].arrived = true;
	t->people[i].resident = resident;
	store_query(turn->store, REGISTRY_TRANSFER_PERSON_ARRIVED, &q);
	query_int(&q, "resident", resident.value);
	query_text(&q, "transfer", t->id);
	query_int(&q, "position", t->people[i].position);

	return query_run(&q);
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
