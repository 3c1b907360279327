/*
 * Contents that the provider corrected after it had provided them.
 *
 * 個人情報の保護に関する法律97条: whoever was given what is corrected is told, from
 * relay to relay, by the inquiry; not what it says now, for which the inquirer
 * must ask again.  What was given counts as old if the office had put it before
 * the correction, in whatever order the two come here.
 */
#ifndef BANGO_SYSTEMS_RELAY_OUTDATED_H
#define BANGO_SYSTEMS_RELAY_OUTDATED_H

#include "host/system.h"
#include "number/internal_number.h"

/* An office corrected a person's replica at that time: tell those to whom we
 * gave what was put before. */
MUST_USE enum err
outdated_tell(struct turn *turn, struct internal_number internal,
    struct slice item, struct slice version, struct instant at);

/* provision.corrected, from the relay that we asked; on to the office.
 * ERR_DENIED for an inquiry to another one or of something else, ERR_NOT_FOUND
 * if its record was erased. */
MUST_USE enum err
outdated_take(struct turn *turn, const struct message *message);

#endif
