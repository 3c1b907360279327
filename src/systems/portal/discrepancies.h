/*
 * How often the records of an organisation and of the network differ, as the
 * keepers say (components/keeper): shown to everybody, without a person.
 */
#ifndef BANGO_SYSTEMS_PORTAL_DISCREPANCIES_H
#define BANGO_SYSTEMS_PORTAL_DISCREPANCIES_H

#include "host/system.h"

/* records.discrepancies.  ERR_DENIED for an organisation that has another
 * keeper. */
MUST_USE enum err
discrepancies_take(struct turn *turn, const struct message *message);
/* Route: GET /discrepancies. */
MUST_USE enum err discrepancies_get(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
