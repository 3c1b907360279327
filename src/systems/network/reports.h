/*
 * Exchanges that the keeper says one of both records lacks (components/keeper), for
 * an officer: with our record, and the provider's signed report of it.
 */
#ifndef BANGO_SYSTEMS_NETWORK_REPORTS_H
#define BANGO_SYSTEMS_NETWORK_REPORTS_H

#include "components/keeper/keeper.h"

/* Route: GET /discrepancies, a page. */
MUST_USE enum err reports_route_discrepancies(
    struct turn *turn, const struct input *in, struct reply *reply);

/* Route: GET /reports/{record}, the provider's report as it signed it, our
 * defence. */
extern const struct shape network_report_input_shape;
MUST_USE enum err reports_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Timer: erase reports after sixty days, when no keeper asks for them any
 * more. */
MUST_USE enum err reports_forget(struct turn *turn);

#endif
