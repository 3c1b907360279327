#include "systems/registry/resident.h"

#include "person/alike.h"
#include "registry_statements.h"

const char *
resident_state_name(enum resident_state state)
{
	switch (state) {
	case RESIDENT_CURRENT:
		return "current";
	case RESIDENT_MOVED_OUT:
		return "moved-out";
	case RESIDENT_DECEASED:
		return "deceased";
	}

	return "unknown";
}

const char *
numbering_name(enum numbering numbering)
{
	switch (numbering) {
	case NUMBERING_WAITING:
		return "waiting";
	case NUMBERING_REQUESTED:
		return "requested";
	case NUMBERING_NUMBERED:
		return "numbered";
	case NUMBERING_REFUSED:
		return "refused";
	case NUMBERING_ENDED:
		return "ended";
	}

	return "unknown";
}

/* ---- Reading ----------------------------------------------------------- */

static enum err
read_resident(struct query *q, struct arena *arena, struct resident *r)
{
	int64_t code = column_int(q, "code");

	r->version = column_int(q, "version");
	r->state = (enum resident_state)column_int(q, "state");
	r->numbering = (enum numbering)column_int(q, "numbering");
	r->assignment = column_int(q, "assignment");
	r->refusal = arena_copy(arena, column_text(q, "refusal"));
	r->event = arena_copy(arena, column_text(q, "event"));
	r->event_date = date_of_int64(column_int(q, "event_date"));
	person_read(q, arena, &r->person);
	r->has_code = code != 0;
	if (r->has_code && resident_code_from_int64(code, &r->code))
		return ERR_CORRUPT;

	return OK;
}

enum err
resident_peek(struct turn *turn, struct resident_id id, struct resident *ret)
{
	struct resident r = {.id = id};
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_RESIDENT_GET, &q);
	query_int(&q, "resident", id.value);
	rc = query_step(&q);
	if (rc == OK)
		rc = read_resident(&q, turn->arena, &r);
	query_done(&q);
	if (rc == OK)
		*ret = r;

	return rc;
}

enum err
resident_load(struct turn *turn, struct resident_id id, struct resident *ret)
{
	enum err rc = resident_peek(turn, id, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no resident has this number here");

	return rc;
}

enum err
resident_find_code(struct turn *turn, const struct resident_code *code,
    struct resident_id *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_RESIDENT_BY_CODE, &q);
	query_int(&q, "code", resident_code_to_int64(code));
	rc = query_step(&q);
	if (rc == OK)
		ret->value = column_int(&q, "resident");
	query_done(&q);

	return rc;
}

enum err
resident_find_number(struct turn *turn, const struct individual_number *number,
    struct resident_id *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_RESIDENT_BY_NUMBER, &q);
	query_int(&q, "number", individual_number_to_int64(number));
	rc = query_step(&q);
	if (rc == OK &&
	    column_int(&q, "serial") != column_int(&q, "assignment"))
		rc = ERR_NOT_FOUND;
	if (rc == OK)
		ret->value = column_int(&q, "resident");
	query_done(&q);

	return rc;
}

/* The birth is the same already. */
static bool
is_alike(struct turn *turn, struct query *q, const struct attributes *a)
{
	const struct attributes known = {.name = column_text(q, "name"),
	    .birth = a->birth,
	    .sex = sex_of_number(column_int(q, "sex")),
	    .address = column_text(q, "address")};

	return attributes_are_alike(turn->arena, &known, a);
}

enum err
resident_find_attributes(
    struct turn *turn, const struct attributes *a, struct resident_id *ret)
{
	struct resident_id found = {0};
	struct query q;
	int n = 0;
	enum err rc;

	store_query(turn->store, REGISTRY_RESIDENTS_BY_BIRTH, &q);
	query_int(&q, "birth", date_to_int64(a->birth));
	while ((rc = query_step(&q)) == OK) {
		if (is_alike(turn, &q, a)) {
			found.value = column_int(&q, "resident");
			n++;
		}
	}
	query_done(&q);
	if (rc != ERR_NOT_FOUND)
		return rc;
	if (n == 0)
		return ERR_NOT_FOUND;
	if (n > 1)
		return ERR_CONFLICT;
	*ret = found;

	return OK;
}

enum err
resident_number(struct turn *turn, const struct resident *resident,
    struct individual_number *ret, struct instant *ret_assigned)
{
	struct query q;
	enum err rc;

	if (resident->assignment == 0)
		return ERR_NOT_FOUND;
	store_query(turn->store, REGISTRY_ASSIGNMENT_GET, &q);
	query_int(&q, "resident", resident->id.value);
	query_int(&q, "serial", resident->assignment);
	rc = query_step(&q);
	if (rc == OK) {
		if (individual_number_from_int64(column_int(&q, "number"), ret))
			rc = ERR_CORRUPT;
		ret_assigned->ms = column_int(&q, "assigned_at");
	}
	query_done(&q);

	return rc;
}

/* ---- Writing ----------------------------------------------------------- */

static struct slice
recorder(const struct turn *turn)
{
	switch (turn->caller.role) {
	case ROLE_OPERATOR:
		return turn->caller.name;
	case ROLE_PEER:
		return slice_of(turn->caller.peer.text);
	case ROLE_PUBLIC:
	case ROLE_RESIDENT:
	case ROLE_HOST:
		break;
	}

	return SLICE("registry");
}

static enum err
add_version(
    struct turn *turn, const struct event *event, const struct resident *r)
{
	char subject[RESIDENT_DIGITS + 1];
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_VERSION_ADD, &q);
	query_int(&q, "resident", r->id.value);
	query_int(&q, "version", r->version);
	query_text(&q, "event", slice_of(event->name));
	query_int(&q, "event_date", date_to_int64(event->date));
	query_int(&q, "recorded_at", turn->now.ms);
	query_text(&q, "recorded_by", recorder(turn));
	person_bind(&q, &r->person);
	rc = query_run(&q);
	if (rc)
		return rc;
	resident_id_format(r->id, subject);

	return turn_audit(turn, event->audit,
	    slice_bytes(subject, RESIDENT_DIGITS), event->basis);
}

static int64_t
larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

enum err
resident_add(struct turn *turn, struct tally *tally, const struct event *event,
    const struct resident_code *code, struct resident *r)
{
	struct query q;
	enum err rc;

	if (r->id.value == 0)
		r->id.value = tally->last_resident + 1;
	if (r->person.household.value == 0)
		r->person.household.value = tally->last_household + 1;
	if (r->id.value > RESIDENT_MAX ||
	    r->person.household.value > RESIDENT_MAX)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the numbers for residents or households are used up");
	r->version = 1;
	r->state = RESIDENT_CURRENT;
	r->numbering = NUMBERING_WAITING;
	r->has_code = code != NULL;
	if (code != NULL)
		r->code = *code;

	store_query(turn->store, REGISTRY_RESIDENT_ADD, &q);
	query_int(&q, "resident", r->id.value);
	query_int(&q, "birth", date_to_int64(r->person.attributes.birth));
	if (code != NULL)
		query_int(&q, "code", resident_code_to_int64(code));
	else
		query_null(&q, "code");
	rc = query_run(&q);
	if (rc)
		return rc;
	tally->last_resident = larger(tally->last_resident, r->id.value);
	tally->last_household =
	    larger(tally->last_household, r->person.household.value);
	tally->residents++;
	tally->coded += code != NULL;
	tally->uncoded += code == NULL;

	return add_version(turn, event, r);
}

enum err
resident_change(
    struct turn *turn, const struct event *event, struct resident *r)
{
	struct query q;
	enum err rc;

	r->version++;
	store_query(turn->store, REGISTRY_RESIDENT_CHANGE, &q);
	query_int(&q, "version", r->version);
	query_int(&q, "state", r->state);
	query_int(&q, "numbering", r->numbering);
	query_int(&q, "birth", date_to_int64(r->person.attributes.birth));
	if (r->has_code)
		query_int(&q, "code", resident_code_to_int64(&r->code));
	else
		query_null(&q, "code");
	if (r->numbering == NUMBERING_REFUSED)
		query_text(&q, "refusal", r->refusal);
	else
		query_null(&q, "refusal");
	query_int(&q, "resident", r->id.value);
	rc = query_run(&q);
	if (rc)
		return rc;

	return add_version(turn, event, r);
}

enum err
resident_recode(struct turn *turn, const struct resident_code *code,
    struct resident *resident)
{
	struct query q;

	store_query(turn->store, REGISTRY_FORMER_CODE_ADD, &q);
	query_int(&q, "code", resident_code_to_int64(&resident->code));
	query_int(&q, "resident", resident->id.value);
	query_int(&q, "until", turn->now.ms);
	resident->code = *code;

	return query_run(&q);
}

/* ---- Showing ----------------------------------------------------------- */

json_t *
resident_to_json(struct turn *turn, const struct resident *r)
{
	char date[DATE_TEXT_MAX];
	json_t *object = json_object();

	json_put_text(object, "resident", resident_id_text(turn->arena, r->id));
	json_put_text(object, "state", slice_of(resident_state_name(r->state)));
	json_put_text(
	    object, "numbering", slice_of(numbering_name(r->numbering)));
	if (!slice_is_empty(r->refusal))
		json_put_text(object, "refusal", r->refusal);
	json_put_bool(object, "coded", r->has_code);
	json_put_int(object, "version", r->version);
	json_put_text(object, "event", r->event);
	date_format(r->event_date, date);
	json_put_text(object, "event_date", slice_of(date));
	person_describe(&r->person, object);

	return object;
}
