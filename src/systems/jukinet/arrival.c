#include "systems/jukinet/arrival.h"

#include "jukinet_rows.h"
#include "messages/numbering.h"
#include "person/alike.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/stock.h"

/* --- Rows ----------------------------------------------------------------- */

static const char *const states[] = {
    [ARRIVAL_HELD] = "held",
    [ARRIVAL_SAME] = "same",
    [ARRIVAL_DIFFERENT] = "different",
};

enum err
arrival_load(struct turn *turn, struct serial serial, struct arrival *ret)
{
	struct jukinet_arrival_get_row row = {0};
	enum arrival_state state = ARRIVAL_DIFFERENT;

	TRY(rows_end(
	    jukinet_arrival_get(turn->store, turn->arena, serial, &row)));
	while (state != ARRIVAL_NONE &&
	    !slice_equal_string(row.state, states[state]))
		state--;
	*ret = (struct arrival){state, row.municipality, row.person};

	return OK;
}

enum err
arrival_store(
    struct turn *turn, struct serial serial, const struct arrival *arrival)
{
	return jukinet_arrival_put(turn->store,
	    &(struct jukinet_arrival_put){.serial = serial,
		.municipality = arrival->municipality,
		.state = slice_of(states[arrival->state]),
		.person = arrival->person.value != 0 ? &arrival->person : NULL,
		.at = turn->now});
}

/* --- Candidates ----------------------------------------------------------- */

/*
 * Compare whole names, or given names alone, for surnames change; in writing, in
 * kana or as an alias.  The query has selected equal birth dates.  The sex and
 * the address are left for the clerk to compare.
 */
static bool
is_candidate(struct arena *arena, const struct attributes *a,
    const struct jukinet_departed_row *row)
{
	const struct attributes known = {
	    .name = row->name, .kana = row->kana, .alias = row->alias};

	return attributes_may_be_one(arena, a, &known);
}

static enum err
find_candidates(struct turn *turn, const struct attributes *a,
    struct serial *ret, size_t *ret_n)
{
	struct jukinet_departed_row row;
	struct query q;
	enum err rc = OK;

	*ret_n = 0;
	jukinet_departed_rows(turn->store, a->birth, &q);
	while (*ret_n < CANDIDATES_MAX &&
	    (rc = jukinet_departed_next(&q, &row)) == OK) {
		if (is_candidate(turn->arena, a, &row))
			ret[(*ret_n)++] = row.serial;
	}
	query_done(&q);

	return rows_end(rc);
}

enum err
arrival_candidates(
    struct turn *turn, struct serial serial, struct candidates *ret)
{
	struct serial serials[CANDIDATES_MAX];
	struct jukinet_arrival_candidates_row row;
	struct person *people;
	struct query q;
	size_t i, n = 0;
	enum err rc = OK;

	jukinet_arrival_candidates_rows(turn->store, serial, &q);
	while (n < CANDIDATES_MAX &&
	    (rc = jukinet_arrival_candidates_next(&q, &row)) == OK)
		serials[n++] = row.person;
	query_done(&q);
	TRY(rows_end(rc));
	people = arena_array(turn->arena, n, sizeof(*people));
	for (i = 0; i < n; i++)
		TRY(person_find(turn, serials[i], &people[i]));
	*ret = (struct candidates){people, n};

	return OK;
}

/* *ret is true if the arrival, or the person it turned out to be, has a number
 * already. */
static enum err
is_numbered(struct turn *turn, struct serial serial, bool *ret)
{
	struct serial owner;
	struct person p;
	enum err rc;

	TRY(designation_person(turn, serial, &owner));
	rc = person_find(turn, owner, &p);
	*ret = rc == OK;

	return rows_end(rc);
}

/* Hold the arrival if there are candidates. */
static enum err
look(struct turn *turn, struct serial serial, struct slice municipality,
    const struct attributes *attributes)
{
	const struct arrival held = {
	    .state = ARRIVAL_HELD, .municipality = municipality};
	struct serial people[CANDIDATES_MAX];
	size_t i, n;

	TRY(find_candidates(turn, attributes, people, &n));
	if (n == 0)
		return OK;
	TRY(arrival_store(turn, serial, &held));
	TRY(stock_use(turn, municipality, 1));
	for (i = 0; i < n; i++)
		TRY(jukinet_arrival_candidate_add(
		    turn->store, serial, (int64_t)i + 1, people[i]));

	return jukinet_count(turn, "held", 1);
}

enum err
arrival_check(struct turn *turn, struct serial serial,
    struct slice municipality, const struct attributes *attributes,
    struct candidates *ret)
{
	struct arrival arrival;
	bool done;

	*ret = (struct candidates){0};
	TRY(arrival_load(turn, serial, &arrival));
	TRY(is_numbered(turn, serial, &done));
	if (done)
		return OK;
	if (arrival.state == ARRIVAL_NONE)
		TRY(look(turn, serial, municipality, attributes));

	return arrival_candidates(turn, serial, ret);
}
