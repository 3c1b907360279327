/*
 * Provisions (情報提供): what others ask of us, and the record of it
 * (番号法22条, 23条1項).
 *
 * The network has judged the question; we check that its permit is for a
 * person of ours, has not expired and was not used before, and answer from
 * the newest replica, sealed for the inquirer.
 */
#ifndef BANGO_SYSTEMS_RELAY_PROVISION_H
#define BANGO_SYSTEMS_RELAY_PROVISION_H

#include "host/system.h"
#include "number/internal_number.h"

/*
 * permit.issued, from the network.  ERR_BUSY while the code has not arrived
 * here yet (the permit may overtake it), ERR_NOT_FOUND once such a permit is
 * over; ERR_CONFLICT if it was used before; ERR_DENIED if the answer is to
 * go to anybody but the inquirer's relay.
 */
MUST_USE enum err
provision_answer(struct turn *turn, const struct message *message);

/* The newest records of one person as provider, appended to `rows`. */
MUST_USE enum err provision_records(
    struct turn *turn, struct internal_number internal, json_t *rows);

#endif
