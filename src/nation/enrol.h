/*
 * An order of a municipality's counter about a resident's sign-in at the portal,
 * over the registry's HTTP API (docs/decisions/0055-enrolment-at-the-counter.md).
 */
#ifndef BANGO_NATION_ENROL_H
#define BANGO_NATION_ENROL_H

#include "nation/nation.h"

/* The answers to an order, and to the question what became of it: objects with
 * "ticket", and with "state" and "reason" (docs/api.md); owned. */
struct enrol_outcome {
	json_t *order, *state;
};

/*
 * Tell the registry, and wait `patience_s` seconds, 0 to 60, for the portal.  The
 * registry's refusal is an error (nation/refusal.h).  ERR_BUSY if it is not
 * known yet what became of the order.  enrol_done() in any case.
 */
MUST_USE enum err enrol_order(struct nation *nation, const char *registry,
    const char *resident, const char *step, int64_t patience_s,
    struct enrol_outcome *ret, struct problem *problem);
void enrol_done(struct enrol_outcome *outcome);

#endif
