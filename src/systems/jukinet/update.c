#include "systems/jukinet/update.h"

#include "jukinet_statements.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/person.h"

#define BASIS SLICE("住民基本台帳法30条の6、30条の7")

static const struct {
	const char *name;
	bool sets_state; /* else it stays as it was */
	enum person_state state;
} events[] = {
    {"correction", false, PERSON_RESIDENT},
    {"move-in", true, PERSON_RESIDENT},
    {"move", false, PERSON_RESIDENT},
    {"move-out", true, PERSON_MOVED_OUT},
    {"death", true, PERSON_DEAD},
};
#define EVENTS (sizeof(events) / sizeof(events[0]))

struct update {
	struct resident_code code;
	struct person changed;
	bool sets_state;
};

static enum err
read_update(struct arena *arena, const json_t *row,
    const struct message *message, struct update *ret)
{
	struct slice code, event, date;
	size_t i;

	if (json_at_text(row, 0, &code) || json_at_text(row, 1, &event) ||
	    json_at_text(row, 2, &date) ||
	    resident_code_parse(code, &ret->code) ||
	    date_parse(date, &ret->changed.event_date) ||
	    attributes_read(arena, row, 3, &ret->changed.attributes))
		return ERR_INPUT;
	for (i = 0; i < EVENTS; i++) {
		if (!slice_equal_string(event, events[i].name))
			continue;
		ret->changed.state = events[i].state;
		ret->sets_state = events[i].sets_state;
		ret->changed.event = event;
		ret->changed.municipality =
		    system_id_organisation(&message->from);
		ret->changed.updated = message->time;
		return OK;
	}

	return ERR_INPUT;
}

/* Was a move of the person from `old`'s municipality to the sender's
 * announced? */
static enum err
is_expected(struct turn *turn, const struct person *old,
    const struct person *changed, bool *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_TRANSFER_TO, &q);
	query_int(&q, "serial", old->serial.value);
	query_text(&q, "municipality", changed->municipality);
	query_text(&q, "from_municipality", old->municipality);
	rc = query_step(&q);
	query_done(&q);
	*ret = rc == OK;

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/*
 * A municipality speaks of its own residents.  Of others it may say only that
 * they have moved in: after an announcement, or if they had left.
 */
static enum err
check_right(struct turn *turn, const struct person *old, const struct update *u)
{
	bool arrives = u->sets_state && u->changed.state == PERSON_RESIDENT &&
	    old->state != PERSON_DEAD;
	bool expected = false;
	enum err rc;

	if (slice_equal(old->municipality, u->changed.municipality) ||
	    (arrives && old->state == PERSON_MOVED_OUT))
		return OK;
	rc = is_expected(turn, old, &u->changed, &expected);
	if (rc || (arrives && expected))
		return rc;

	return problem_set(turn->problem, ERR_DENIED,
	    "this person is registered elsewhere, and no move from there was "
	    "announced");
}

/* Two municipalities' clocks are not compared: an arrival counts. */
static bool
is_late(const struct person *old, const struct person *changed)
{
	return slice_equal(old->municipality, changed->municipality) &&
	    instant_is_before(changed->updated, old->updated);
}

/* Of an arrival that is held nothing is kept here: the decision says how the
 * record is then. */
static enum err
pass_over_held(struct turn *turn, const struct update *u, enum err why)
{
	struct designated d;
	struct arrival arrival;
	enum err rc;

	rc = designation_of(turn, &u->code, &d);
	if (rc == OK)
		rc = arrival_load(turn, d.serial, &arrival);
	if (rc)
		return rc;
	if (arrival.state != ARRIVAL_HELD ||
	    !slice_equal(arrival.municipality, u->changed.municipality))
		return why;

	return person_audit(turn, "identity.held", d.serial, BASIS);
}

static enum err
apply(struct turn *turn, const struct message *message, struct update *u)
{
	struct person old;
	enum err rc;

	rc = person_of_code(turn, &u->code, message->time, &old);
	if (rc == ERR_BUSY || rc == ERR_NOT_FOUND)
		return pass_over_held(turn, u, rc);
	if (rc == OK)
		rc = check_right(turn, &old, u);
	if (rc)
		return rc;
	u->changed.serial = old.serial;
	u->changed.generation = old.generation;
	/* Death is final: a mistake about it is put right by people. */
	if (!u->sets_state || old.state == PERSON_DEAD)
		u->changed.state = old.state;
	rc = is_late(&old, &u->changed)
	    ? person_keep(turn, &u->changed)
	    : person_replace(turn, &old, &u->changed);

	return rc == OK
	    ? person_audit(turn, "identity.update", old.serial, BASIS)
	    : rc;
}

enum err
update_take(struct turn *turn, const struct message *message)
{
	const json_t *items;
	struct update u;
	size_t i, n;
	enum err rc;

	rc = json_get_array(message->body, "items", &items, turn->problem);
	if (rc)
		return rc;
	n = json_array_size(items);
	if (n > JUKINET_ROWS_MAX)
		return problem_set(turn->problem, ERR_TOO_LARGE,
		    "at most %d rows are taken in one message",
		    JUKINET_ROWS_MAX);
	for (i = 0; rc == OK && i < n; i++) {
		u = (struct update){0};
		if (read_update(
			turn->arena, json_array_get(items, i), message, &u))
			return problem_set(turn->problem, ERR_INPUT,
			    "row %zu of identity.update is malformed", i + 1);
		rc = apply(turn, message, &u);
	}
	if (rc == OK)
		rc = jukinet_count(turn, "updates", (int64_t)n);

	return rc;
}
