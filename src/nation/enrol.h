/*
 * An order of a municipality's counter about a resident's sign-in at the portal,
 * over the registry's HTTP API (docs/decisions/0055-enrolment-at-the-counter.md).
 */
#ifndef BANGO_NATION_ENROL_H
#define BANGO_NATION_ENROL_H

#include "nation/nation.h"

/* Tell the registry.  Its answer has "enrolment", and "ticket", which it tells
 * this once (docs/api.md); a new reference.  The registry's refusal is an error
 * (nation/refusal.h). */
MUST_USE enum err
enrol_order(struct nation *nation, const char *registry, const char *resident,
    const char *step, json_t **ret, struct problem *problem);
/* Wait `patience_s` seconds, 0 to 60, for the portal to answer that order.  The
 * registry's answer has "state" and "reason"; a new reference.  ERR_BUSY if the
 * portal has not answered yet. */
MUST_USE enum err
enrol_await(struct nation *nation, const char *registry, const json_t *order,
    int64_t patience_s, json_t **ret, struct problem *problem);

#endif
