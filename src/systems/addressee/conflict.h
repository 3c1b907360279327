/*
 * Conflicts: the rows and records that person.c has set aside, and an operator's
 * decision.
 *
 * A wrong link shows one resident another's data (docs/incidents.md F11), so
 * the program decides nothing here.
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_CONFLICT_H
#define BANGO_SYSTEMS_ADDRESSEE_CONFLICT_H

#include "host/system.h"

/* GET /conflicts: the open conflicts after `after`, at most 200. */
extern const struct shape conflict_list_input_shape;
MUST_USE enum err
conflict_list(struct turn *turn, const struct input *in, struct reply *reply);
/*
 * POST /conflicts/{conflict}/decision: keep the record as it is, or link the
 * row's business number to the person of the row's Individual Number, for whom a
 * code is asked for if there is none.
 * ERR_NOT_FOUND; ERR_CONFLICT if the conflict was decided before.
 */
extern const struct shape conflict_decision_input_shape;
MUST_USE enum err
conflict_decide(struct turn *turn, const struct input *in, struct reply *reply);

#endif
