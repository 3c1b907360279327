#include "systems/jukinet/arrival.h"

#include "jukinet_statements.h"
#include "person/alike.h"
#include "systems/jukinet/jukinet.h"

/* --- Rows ----------------------------------------------------------------- */

static const struct {
	const char *name;
	enum arrival_state state;
} states[] = {
    {"held", ARRIVAL_HELD},
    {"same", ARRIVAL_SAME},
    {"different", ARRIVAL_DIFFERENT},
};
#define STATES (sizeof(states) / sizeof(states[0]))

enum err
arrival_load(struct turn *turn, struct serial serial, struct arrival *ret)
{
	struct query q;
	size_t i;
	enum err rc;

	*ret = (struct arrival){.state = ARRIVAL_NONE};
	store_query(turn->store, JUKINET_ARRIVAL_GET, &q);
	query_int(&q, "serial", serial.value);
	rc = query_step(&q);
	for (i = 0; rc == OK && i < STATES; i++) {
		if (slice_equal_string(
			column_text(&q, "state"), states[i].name))
			ret->state = states[i].state;
	}
	if (rc == OK) {
		ret->municipality =
		    arena_copy(turn->arena, column_text(&q, "municipality"));
		ret->person.value = column_int(&q, "person");
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
arrival_store(
    struct turn *turn, struct serial serial, const struct arrival *arrival)
{
	struct query q;
	size_t i;

	store_query(turn->store, JUKINET_ARRIVAL_PUT, &q);
	query_int(&q, "serial", serial.value);
	query_text(&q, "municipality", arrival->municipality);
	for (i = 0; i < STATES; i++) {
		if (states[i].state == arrival->state)
			query_text(&q, "state", slice_of(states[i].name));
	}
	if (arrival->person.value != 0)
		query_int(&q, "person", arrival->person.value);
	else
		query_null(&q, "person");
	query_int(&q, "at", turn->now.ms);

	return query_run(&q);
}

/* --- Who it may be -------------------------------------------------------- */

/*
 * The whole name, or the given name alone, for surnames change; written or
 * read, or as an alias.  The birth date is the same already.  The sex and the
 * address are for the clerk to look at.
 */
static bool
is_candidate(struct arena *arena, const struct attributes *a, struct query *q)
{
	const struct attributes known = {.name = column_text(q, "name"),
	    .kana = column_text(q, "kana"),
	    .alias = column_text(q, "alias")};

	return attributes_may_be_one(arena, a, &known);
}

static enum err
find_candidates(struct turn *turn, const struct attributes *a,
    struct serial *ret, size_t *ret_n)
{
	struct query q;
	enum err rc = OK;

	*ret_n = 0;
	store_query(turn->store, JUKINET_DEPARTED, &q);
	query_int(&q, "birth", date_to_int64(a->birth));
	while (*ret_n < ARRIVAL_CANDIDATES_MAX && (rc = query_step(&q)) == OK) {
		if (is_candidate(turn->arena, a, &q))
			ret[(*ret_n)++].value = column_int(&q, "serial");
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
store_candidates(struct turn *turn, struct serial serial,
    const struct serial *people, size_t n)
{
	struct query q;
	size_t i;
	enum err rc = OK;

	for (i = 0; rc == OK && i < n; i++) {
		store_query(turn->store, JUKINET_ARRIVAL_CANDIDATE_ADD, &q);
		query_int(&q, "serial", serial.value);
		query_int(&q, "candidate", (int64_t)i + 1);
		query_int(&q, "person", people[i].value);
		rc = query_run(&q);
	}

	return rc;
}

enum err
arrival_candidates(
    struct turn *turn, struct serial serial, struct candidates *ret)
{
	struct serial people[ARRIVAL_CANDIDATES_MAX];
	struct query q;
	size_t i, n = 0;
	enum err rc = OK;

	ret->n = 0;
	store_query(turn->store, JUKINET_ARRIVAL_CANDIDATES, &q);
	query_int(&q, "serial", serial.value);
	while (n < ARRIVAL_CANDIDATES_MAX && (rc = query_step(&q)) == OK)
		people[n++].value = column_int(&q, "person");
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		rc = OK;
	for (i = 0; rc == OK && i < n; i++)
		rc = person_find(turn, people[i], &ret->people[ret->n++]);

	return rc;
}

/* A number was made, for the arrival or for who has come back. */
static enum err
is_numbered(struct turn *turn, struct serial serial, bool *ret)
{
	struct serial owner;
	struct person p;
	enum err rc;

	rc = person_serial(turn, serial, &owner);
	if (rc == OK)
		rc = person_find(turn, owner, &p);
	*ret = rc == OK;

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* Hold it if there is anybody. */
static enum err
look(struct turn *turn, struct serial serial, struct slice municipality,
    const struct attributes *attributes)
{
	const struct arrival held = {
	    .state = ARRIVAL_HELD, .municipality = municipality};
	struct serial people[ARRIVAL_CANDIDATES_MAX];
	size_t n;
	enum err rc;

	rc = find_candidates(turn, attributes, people, &n);
	if (rc || n == 0)
		return rc;
	rc = arrival_store(turn, serial, &held);
	if (rc == OK)
		rc = store_candidates(turn, serial, people, n);

	return rc == OK ? jukinet_count(turn, "held", 1) : rc;
}

enum err
arrival_check(struct turn *turn, struct serial serial,
    struct slice municipality, const struct attributes *attributes,
    struct candidates *ret)
{
	struct arrival arrival;
	bool done = false;
	enum err rc;

	ret->n = 0;
	rc = arrival_load(turn, serial, &arrival);
	if (rc == OK)
		rc = is_numbered(turn, serial, &done);
	if (rc || done)
		return rc;
	if (arrival.state == ARRIVAL_NONE)
		rc = look(turn, serial, municipality, attributes);

	return rc == OK ? arrival_candidates(turn, serial, ret) : rc;
}
