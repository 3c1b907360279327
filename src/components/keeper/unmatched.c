#include "components/keeper/unmatched.h"

#include "keeper_rows.h"

struct unmatched
unmatched_new(struct turn *turn, struct slice organisation, struct slice side,
    struct date day, size_t room)
{
	const size_t size = sizeof(struct slice);

	return (struct unmatched){.organisation = organisation,
	    .side = side,
	    .day = day,
	    .relays = arena_array(turn->arena, room, size),
	    .networks = arena_array(turn->arena, room, size)};
}

void
unmatched_add(struct unmatched *u, struct slice reporter, struct slice token)
{
	if (slice_equal_string(reporter, "relay"))
		u->relays[u->n_relays++] = token;
	else
		u->networks[u->n_networks++] = token;
}

/* A system that is not in the directory hears nothing. */
static enum err
tell_one(struct turn *turn, const struct system_id *to,
    const struct records_unmatched *m)
{
	return turn_has_peer(turn, to)
	    ? turn_tell_at_leisure(turn, to, records_unmatched, m)
	    : OK;
}

enum err
unmatched_tell(struct turn *turn, const struct unmatched *u, const char *level)
{
	const struct records_unmatched to_relay = {
	    .organisation = u->organisation,
	    .side = u->side,
	    .day = u->day,
	    .ours = u->relays,
	    .n_ours = u->n_relays,
	    .theirs = u->networks,
	    .n_theirs = u->n_networks,
	    .level = slice_of(level)};
	struct records_unmatched to_network = to_relay;
	struct system_id relay, network;

	if (u->n_relays + u->n_networks == 0)
		return OK;
	to_network.ours = u->networks;
	to_network.n_ours = u->n_networks;
	to_network.theirs = u->relays;
	to_network.n_theirs = u->n_relays;
	TRY(system_id_of(u->organisation, "relay", &relay));
	TRY(tell_one(turn, &relay, &to_relay));

	return system_id_parse(turn_setting(turn, "network"), &network) == OK
	    ? tell_one(turn, &network, &to_network)
	    : OK;
}

enum err
unmatched_tell_portal(
    struct turn *turn, struct slice organisation, struct date day)
{
	const struct date first = {day.year, day.month, 1};
	const struct date last = {day.year, day.month, 31};
	struct records_discrepancies_row row = {
	    .organisation = organisation, .month = first};
	struct keeper_alarms_row alarms;
	struct keeper_alarms_explained_row explained;
	struct system_id portal;

	if (system_id_parse(turn_setting(turn, "portal"), &portal) ||
	    !turn_has_peer(turn, &portal))
		return OK;
	TRY(keeper_alarms(turn->store, organisation, first, last, &alarms));
	TRY(keeper_alarms_explained(
	    turn->store, organisation, first, last, &explained));
	row.open = alarms.n - explained.n;
	row.explained = explained.n;

	return turn_tell_at_leisure(turn, &portal, records_discrepancies,
	    &(struct records_discrepancies){
		.at = turn->now, .items = &row, .n_items = 1});
}
