#include "systems/jukinet/person.h"

#include "jukinet_statements.h"
#include "systems/jukinet/jukinet.h"

const char *
person_state_name(enum person_state state)
{
	switch (state) {
	case PERSON_RESIDENT:
		return "resident";
	case PERSON_MOVED_OUT:
		return "moved-out";
	case PERSON_DEAD:
		return "dead";
	}

	return "unknown";
}

enum err
attributes_read(struct arena *arena, const json_t *row, size_t first,
    struct attributes *ret)
{
	struct attributes a = {0};
	struct slice birth, sex;

	if (json_at_text(row, first, &a.name) ||
	    json_at_text(row, first + 1, &a.kana) ||
	    json_at_text(row, first + 2, &birth) ||
	    json_at_text(row, first + 3, &sex) ||
	    json_at_text(row, first + 4, &a.address) ||
	    json_at_text(row, first + 5, &a.former_surname) ||
	    json_at_text(row, first + 6, &a.alias))
		return ERR_INPUT;
	if (birth.len != 10 || date_parse(birth, &a.birth) ||
	    sex_parse(sex, &a.sex) || attributes_take(arena, &a, NULL) ||
	    slice_is_empty(a.name) || slice_is_empty(a.address))
		return ERR_INPUT;
	*ret = a;

	return OK;
}

/* --- Rows ----------------------------------------------------------------- */

/* The columns that `person` and `former` share. */
static void
bind(struct query *q, const struct person *p)
{
	const struct attributes *a = &p->attributes;

	query_int(q, "serial", p->serial.value);
	query_text(q, "municipality", p->municipality);
	query_text(q, "name", a->name);
	query_text(q, "kana", a->kana);
	query_int(q, "birth", date_to_int64(a->birth));
	query_int(q, "sex", a->sex);
	query_text(q, "address", a->address);
	query_text(q, "former_surname", a->former_surname);
	query_text(q, "alias", a->alias);
	query_text(q, "event", p->event);
	query_int(q, "event_date", date_to_int64(p->event_date));
	query_int(q, "updated", p->updated.ms);
}

enum err
person_add(struct turn *turn, const struct person *person, bool *ret_new)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_PERSON_ADD, &q);
	bind(&q, person);
	query_int(&q, "generation", person->generation.generation);
	query_int(&q, "epoch", person->generation.epoch);
	rc = query_run(&q);
	*ret_new = rc == OK && query_changes(&q) == 1;

	return rc;
}

/* What `person` and `former` share, but for the serial. */
static void
read_state(struct query *q, struct arena *arena, struct person *p)
{
	struct attributes *a = &p->attributes;

	p->municipality = arena_copy(arena, column_text(q, "municipality"));
	p->state = (enum person_state)column_int(q, "state");
	a->name = arena_copy(arena, column_text(q, "name"));
	a->kana = arena_copy(arena, column_text(q, "kana"));
	a->birth = date_of_int64(column_int(q, "birth"));
	a->sex = sex_of_number(column_int(q, "sex"));
	a->address = arena_copy(arena, column_text(q, "address"));
	a->former_surname = arena_copy(arena, column_text(q, "former_surname"));
	a->alias = arena_copy(arena, column_text(q, "alias"));
	p->event = arena_copy(arena, column_text(q, "event"));
	p->event_date = date_of_int64(column_int(q, "event_date"));
	p->updated.ms = column_int(q, "updated");
}

static void
read_person(struct query *q, struct arena *arena, struct person *p)
{
	p->serial.value = column_int(q, "serial");
	p->code.value = column_int(q, "code_serial");
	p->number_code.value = column_int(q, "number_serial");
	p->generation.generation = (unsigned int)column_int(q, "generation");
	p->generation.epoch = (unsigned int)column_int(q, "epoch");
	read_state(q, arena, p);
}

enum err
person_find(struct turn *turn, struct serial serial, struct person *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_PERSON_FIND, &q);
	query_int(&q, "serial", serial.value);
	rc = query_step(&q);
	if (rc == OK)
		read_person(&q, turn->arena, ret);
	query_done(&q);

	return rc;
}

enum err
person_serial(struct turn *turn, struct serial code, struct serial *ret)
{
	struct query q;
	enum err rc;

	*ret = code;
	store_query(turn->store, JUKINET_LATER_CODE_FIND, &q);
	query_int(&q, "serial", code.value);
	rc = query_step(&q);
	if (rc == OK)
		ret->value = column_int(&q, "person");
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
person_of_code(struct turn *turn, const struct resident_code *code,
    struct instant said, struct person *ret)
{
	struct serial serial;
	struct designated d;
	enum err rc;

	rc = designation_of(turn, code, &d);
	if (rc == OK && d.serial.value == 0)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "a Resident Record Code was never designated");
	if (rc == OK)
		rc = person_serial(turn, d.serial, &serial);
	if (rc == OK)
		rc = person_find(turn, serial, ret);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem,
		    turn->now.ms - said.ms < JUKINET_PATIENCE_MS
			? ERR_BUSY
			: ERR_NOT_FOUND,
		    "nobody with this Resident Record Code is known");

	return rc;
}

static enum err
push_code(struct turn *turn, struct serial serial, json_t *codes)
{
	struct resident_code code;
	enum err rc = designation_code(turn, serial, &code);

	if (rc)
		return rc;
	json_push_text(codes, resident_code_slice(&code));
	resident_code_wipe(&code);

	return OK;
}

enum err
person_former_codes(
    struct turn *turn, struct serial serial, struct serial today, json_t *codes)
{
	struct serial later;
	struct query q;
	enum err rc;

	if (serial.value == today.value)
		return OK;
	rc = push_code(turn, serial, codes);
	if (rc)
		return rc;
	store_query(turn->store, JUKINET_LATER_CODES, &q);
	query_int(&q, "person", serial.value);
	while ((rc = query_step(&q)) == OK) {
		later.value = column_int(&q, "serial");
		if (later.value != today.value)
			rc = push_code(turn, later, codes);
		if (rc)
			break;
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
person_keep(struct turn *turn, const struct person *late)
{
	struct query q;

	store_query(turn->store, JUKINET_FORMER_ADD, &q);
	bind(&q, late);
	query_int(&q, "state", late->state);
	query_int(&q, "recorded", turn->now.ms);

	return query_run(&q);
}

enum err
person_former_abroad(struct turn *turn, struct person *person)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_FORMER_ABROAD, &q);
	query_int(&q, "serial", person->serial.value);
	rc = query_step(&q);
	if (rc == OK)
		read_state(&q, turn->arena, person);
	query_done(&q);

	return rc;
}

enum err
person_replace(
    struct turn *turn, const struct person *old, const struct person *changed)
{
	struct query q;
	enum err rc;

	rc = person_keep(turn, old);
	if (rc)
		return rc;
	store_query(turn->store, JUKINET_PERSON_CHANGE, &q);
	bind(&q, changed);
	query_int(&q, "state", changed->state);

	return query_run(&q);
}

enum err
person_number(struct turn *turn, const struct person *person,
    struct individual_number *ret)
{
	struct resident_code code;
	enum err rc;

	rc = designation_code(turn, person->number_code, &code);
	if (rc)
		return rc;
	*ret = numbers_of(turn, resident_code_body(&code), person->generation);
	resident_code_wipe(&code);

	return OK;
}

enum err
person_retire_number(
    struct turn *turn, const struct person *person, struct serial owner)
{
	struct query q;

	store_query(turn->store, JUKINET_NUMBER_RETIRE, &q);
	query_int(&q, "number_serial", person->number_code.value);
	query_int(&q, "generation", person->generation.generation);
	query_int(&q, "epoch", person->generation.epoch);
	query_int(&q, "person", owner.value);
	query_int(&q, "until", turn->now.ms);

	return query_run(&q);
}

enum err
person_look_up(
    struct turn *turn, const struct attributes *attributes, struct serial *ret)
{
	struct serial found = {0};
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_PERSON_LOOK_UP, &q);
	query_int(&q, "birth", date_to_int64(attributes->birth));
	query_int(&q, "sex", attributes->sex);
	query_text(&q, "name", attributes->name);
	query_text(&q, "address", attributes->address);
	rc = query_step(&q);
	if (rc == OK) {
		found.value = column_int(&q, "serial");
		rc = query_step(&q);
		if (rc == OK)
			rc = ERR_CONFLICT;
		else if (rc == ERR_NOT_FOUND)
			rc = OK;
	}
	query_done(&q);
	if (rc == OK)
		*ret = found;

	return rc;
}

enum err
person_audit(struct turn *turn, const char *action, struct serial serial,
    struct slice basis)
{
	return turn_audit(turn, action, serial_text(turn, serial), basis);
}
