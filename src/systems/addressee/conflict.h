/*
 * Conflicts: rows that contradict the record, set aside for an operator.
 *
 * A wrong link shows one resident another's data (docs/incidents.md F11), so
 * the program decides nothing here.
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_CONFLICT_H
#define BANGO_SYSTEMS_ADDRESSEE_CONFLICT_H

#include "host/system.h"
#include "systems/addressee/person.h"

enum conflict_reason {
	CONFLICT_OTHER_NUMBER,  /* the business number has another number */
	CONFLICT_OTHER_PERSON,  /* another birth date or sex under the number */
	CONFLICT_FORMER_NUMBER, /* the number was replaced */
};
const char *conflict_reason_name(enum conflict_reason reason);

/* Set a row aside; `held` is the person whom it contradicts.  Adding the same row
 * again changes nothing. */
MUST_USE enum err conflict_add(struct turn *turn, const struct person_row *row,
    enum conflict_reason reason, struct internal_number held);

/* GET /conflicts: the open conflicts after `after`, at most 200. */
extern const struct shape conflict_list_input_shape;
MUST_USE enum err
conflict_list(struct turn *turn, const struct input *in, struct reply *reply);
/*
 * POST /conflicts/{conflict}/decision: keep the record as it is, or link the
 * row's business number to the person of the row's Individual Number.
 * ERR_NOT_FOUND; ERR_CONFLICT if the conflict was decided before.
 */
extern const struct shape conflict_decision_input_shape;
MUST_USE enum err
conflict_decide(struct turn *turn, const struct input *in, struct reply *reply);

#endif
