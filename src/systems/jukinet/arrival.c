#include "systems/jukinet/arrival.h"

#include "jukinet_rows.h"
#include "person/alike.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/stock.h"

#define DEPARTED_MAX 1000 /* abroad, and born on one day */

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
	enum arrival_case state = ARRIVAL_DIFFERENT;

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

/* Whether the arrival is like anybody who has left. */
static enum err
find_alike(struct turn *turn, const struct attributes *a, bool *ret)
{
	struct jukinet_departed_row row;
	struct query q;
	enum err rc;

	*ret = false;
	jukinet_departed_rows(turn->store, a->birth, &q);
	while ((rc = jukinet_departed_next(&q, &row)) == OK)
		*ret |= is_candidate(turn->arena, a, &row);

	return rows_end(rc);
}

enum err
arrival_departed(struct turn *turn, struct date birth, struct departed *ret)
{
	struct serial *serials =
	    arena_array(turn->arena, DEPARTED_MAX, sizeof(*serials));
	struct jukinet_departed_row row;
	struct query q;
	size_t n = 0;
	enum err rc = OK;

	jukinet_departed_rows(turn->store, birth, &q);
	while (n < DEPARTED_MAX && (rc = jukinet_departed_next(&q, &row)) == OK)
		serials[n++] = row.serial;
	query_done(&q);
	*ret = (struct departed){serials, n};

	return rows_end(rc);
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

/* Hold the arrival if it is like anybody, or says to be somebody. */
static enum err
look(struct turn *turn, struct serial serial, struct slice municipality,
    const struct numbering_request_item *asked, bool *ret)
{
	const struct arrival held = {
	    .state = ARRIVAL_HELD, .municipality = municipality};

	TRY(find_alike(turn, &asked->person, ret));
	*ret |= slice_equal_string(asked->origin, "returned");
	if (!*ret)
		return OK;
	TRY(arrival_store(turn, serial, &held));
	TRY(stock_use(turn, municipality, 1));

	return jukinet_count(turn, "alike", 1);
}

enum err
arrival_check(struct turn *turn, struct serial serial,
    struct slice municipality, const struct numbering_request_item *asked,
    bool *ret)
{
	struct arrival arrival;
	bool done;

	TRY(arrival_load(turn, serial, &arrival));
	TRY(is_numbered(turn, serial, &done));
	*ret = !done && arrival.state == ARRIVAL_HELD;
	if (done || arrival.state != ARRIVAL_NONE)
		return OK;

	return look(turn, serial, municipality, asked, ret);
}
