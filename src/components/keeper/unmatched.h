/*
 * What a keeper tells the others: relay and network of the tokens that one of both
 * has alone, and the portal of how many there are.
 */
#ifndef BANGO_COMPONENTS_KEEPER_UNMATCHED_H
#define BANGO_COMPONENTS_KEEPER_UNMATCHED_H

#include "components/keeper/keeper.h"
#include "messages/tokens.h"

/* Tokens of one organisation, side and day that are told together. */
struct unmatched {
	struct slice organisation, side;
	struct date day;
	struct slice *relays, *networks; /* by who has reported them */
	size_t n_relays, n_networks;
};

/* Room for so many tokens, in the arena; and one more of them. */
struct unmatched unmatched_new(struct turn *turn, struct slice organisation,
    struct slice side, struct date day, size_t room);
void
unmatched_add(struct unmatched *u, struct slice reporter, struct slice token);
/* Tell both, LEVEL_...; nothing if there are none. */
MUST_USE enum err
unmatched_tell(struct turn *turn, const struct unmatched *u, const char *level);
/* Tell the portal how many alarms the organisation has of the month of that
 * day. */
MUST_USE enum err unmatched_tell_portal(
    struct turn *turn, struct slice organisation, struct date day);

#endif
