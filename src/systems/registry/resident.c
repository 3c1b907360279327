#include "systems/registry/resident.h"

#include <string.h>

#include "person/alike.h"
#include "registry_rows.h"

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

enum err
resident_peek(struct turn *turn, struct resident_id id, struct resident *ret)
{
	struct registry_resident_get_row row;

	TRY(registry_resident_get(turn->store, turn->arena, id, &row));
	*ret = (struct resident){.id = id,
	    .version = row.version,
	    .state = (enum resident_state)row.state,
	    .numbering = (enum numbering)row.numbering,
	    .assignment = row.assignment,
	    .has_code = row.has_code,
	    .code = row.code,
	    .refusal = row.refusal,
	    .event = row.event,
	    .event_date = row.event_date,
	    .person = PERSON_OF(row)};

	return OK;
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
	struct registry_resident_by_code_row row;

	TRY(registry_resident_by_code(turn->store, code, &row));
	*ret = row.resident;

	return OK;
}

enum err
resident_find_number(struct turn *turn, const struct individual_number *number,
    struct resident_id *ret)
{
	struct registry_resident_by_number_row row;

	TRY(registry_resident_by_number(turn->store, number, &row));
	if (row.serial != row.assignment)
		return ERR_NOT_FOUND;
	*ret = row.resident;

	return OK;
}

enum err
resident_find_attributes(
    struct turn *turn, const struct attributes *a, struct resident_id *ret)
{
	struct registry_residents_by_birth_row row;
	struct attributes known = {.birth = a->birth};
	struct resident_id found = {0};
	struct query q;
	int n = 0;
	enum err rc;

	registry_residents_by_birth_rows(turn->store, a->birth, &q);
	while ((rc = registry_residents_by_birth_next(&q, &row)) == OK) {
		known.name = row.name;
		known.sex = sex_of_number(row.sex);
		known.address = row.address;
		if (attributes_are_alike(turn->arena, &known, a)) {
			found = row.resident;
			n++;
		}
	}
	if (rc != ERR_NOT_FOUND || n == 0)
		return rc;
	if (n > 1)
		return ERR_CONFLICT;
	*ret = found;

	return OK;
}

enum err
resident_number(struct turn *turn, const struct resident *resident,
    struct individual_number *ret)
{
	struct registry_assignment_get_row row;

	TRY(registry_assignment_get(turn->store, turn->arena, resident->id,
	    resident->assignment, &row));
	*ret = row.number;

	return OK;
}

/* ---- Writing ----------------------------------------------------------- */

enum err
resident_audit(struct turn *turn, const char *action, struct resident_id id,
    struct slice basis)
{
	char subject[RESIDENT_DIGITS + 1];

	resident_id_format(id, subject);

	return turn_audit(
	    turn, action, slice_bytes(subject, RESIDENT_DIGITS), basis);
}

static struct slice
recorder(const struct turn *turn)
{
	switch (turn->caller.role) {
	case ROLE_HOLDER:
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
	const struct person *p = &r->person;
	const struct attributes *a = &p->attributes;

	if (date_is_before(event->date, a->birth))
		return problem_set(turn->problem, ERR_INPUT,
		    "field date: is before the birth of resident %lld; "
		    "expected that day or a later one",
		    (long long)r->id.value);
	TRY(registry_version_add(turn->store,
	    &(struct registry_version_add){.resident = r->id,
		.version = r->version,
		.event = slice_of(event->name),
		.event_date = event->date,
		.recorded_at = turn->now,
		.recorded_by =
		    slice_is_empty(event->by) ? recorder(turn) : event->by,
		.household = p->household,
		.relation = p->relation,
		ATTRIBUTES_COLUMNS(a),
		.postal_code = p->postal_code,
		.became = p->became,
		.reason = p->reason,
		.nationality = p->nationality,
		.status = p->status,
		.status_until = p->status_until}));

	return resident_audit(turn, event->audit, r->id, event->basis);
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
	TRY(registry_resident_add(
	    turn->store, r->id, r->person.attributes.birth, code));
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
	const struct slice none = {0};

	r->version++;
	TRY(registry_resident_change(turn->store,
	    &(struct registry_resident_change){.version = r->version,
		.state = r->state,
		.numbering = r->numbering,
		.birth = r->person.attributes.birth,
		.code = r->has_code ? &r->code : NULL,
		.refusal =
		    r->numbering == NUMBERING_REFUSED ? r->refusal : none,
		.resident = r->id}));

	return add_version(turn, event, r);
}

enum err
resident_recode(struct turn *turn, const struct resident_code *code,
    struct resident *resident)
{
	TRY(registry_former_code_add(
	    turn->store, &resident->code, resident->id, turn->now));
	resident->code = *code;

	return OK;
}

/* ---- Showing ----------------------------------------------------------- */

void
resident_describe(
    const struct resident *r, const char *numbering, struct json_out *o)
{
	json_out_resident(o, "resident", r->id);
	json_out_text(o, "state", slice_of(resident_state_name(r->state)));
	json_out_text(o, "numbering", slice_of(numbering));
	if (!slice_is_empty(r->refusal))
		json_out_text(o, "refusal", r->refusal);
	json_out_bool(o, "coded", r->has_code);
	json_out_int(o, "version", r->version);
	json_out_text(o, "event", r->event);
	json_out_date(o, "event_date", r->event_date);
	person_describe(&r->person, o);
}

struct slice
resident_wait_key(struct turn *turn, struct resident_id id)
{
	static const char prefix[] = "resident:";
	const size_t len = sizeof(prefix) - 1;
	char *key = arena_alloc(turn->arena, sizeof(prefix) + RESIDENT_DIGITS);

	memcpy(key, prefix, len);
	resident_id_format(id, key + len);

	return slice_bytes(key, len + RESIDENT_DIGITS);
}
