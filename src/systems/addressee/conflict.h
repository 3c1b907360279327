/*
 * Conflicts: the rows that person.c has set aside, the records that jukinet did
 * not recognise, and an operator's decision.
 *
 * A wrong link shows one resident another's data (docs/incidents.md F11), so
 * the program decides nothing here.
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_CONFLICT_H
#define BANGO_SYSTEMS_ADDRESSEE_CONFLICT_H

#include "host/system.h"
#include "number/internal_number.h"

/*
 * Show a person's record as a conflict of the reason `no-match`, "not recognised
 * by Juki Net": a clerk compares it with the papers, corrects it, or decides
 * `relink`, which asks again.
 */
MUST_USE enum err
conflict_add_unrecognised(struct turn *turn, struct internal_number internal);
/* Forget those conflicts whose person has a code by now. */
MUST_USE enum err conflict_end_recognised(struct turn *turn);

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
