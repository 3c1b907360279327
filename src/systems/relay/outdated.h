/*
 * Contents that the provider corrected after it had provided them.
 *
 * 個人情報の保護に関する法律97条: every inquirer that was given the old contents is
 * told that they were corrected, from relay to relay, by the id of its inquiry.
 * The new contents are not sent: the inquirer must ask again for them.  Contents
 * count as old if the office had put them before the correction, in whatever
 * order the two arrive here.
 */
#ifndef BANGO_SYSTEMS_RELAY_OUTDATED_H
#define BANGO_SYSTEMS_RELAY_OUTDATED_H

#include "host/system.h"
#include "number/internal_number.h"

/* An office corrected a person's replica at `at`: tell the inquirers to which
 * we gave contents that were put before. */
MUST_USE enum err
outdated_tell(struct turn *turn, struct internal_number internal,
    struct slice item, struct slice version, struct instant at);

/* provision.corrected, from the relay that we asked; passed on to the office.
 * ERR_DENIED if the inquiry went to another provider or was about another item,
 * ERR_NOT_FOUND if we made no such inquiry or its record was erased, ERR_CONFLICT
 * if it got nothing, ERR_BUSY while its answer may be under way. */
MUST_USE enum err
outdated_take(struct turn *turn, const struct message *message);

#endif
