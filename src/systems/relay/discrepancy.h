/*
 * Exchanges that the keeper says one of both records lacks (components/keeper), for
 * an officer: with our record and the person, who is to be told if contents left
 * us without a record of the network's.
 */
#ifndef BANGO_SYSTEMS_RELAY_DISCREPANCY_H
#define BANGO_SYSTEMS_RELAY_DISCREPANCY_H

#include "components/keeper/keeper.h"

/* Route: GET /discrepancies, a page. */
MUST_USE enum err discrepancy_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
