/*
 * Provisions (情報提供): our answers to the inquiries of others, and the records
 * of them (番号法22条, 23条1項).
 *
 * The network has judged the inquiry; we check that the asker signed its question
 * (permit.h), that the permit is for a person of ours, has not expired or been
 * revoked and was not used before.  The answer
 * comes from the newest replica, or from that of the version which the permit
 * names, and is sealed for the inquirer; or it waits for a person's decision
 * (hold.h).  A permit ends here once, in one way (ending.h).
 */
#ifndef BANGO_SYSTEMS_RELAY_PROVISION_H
#define BANGO_SYSTEMS_RELAY_PROVISION_H

#include "host/system.h"

/*
 * permit.issued, from the network.  ERR_BUSY while the code has not arrived
 * here yet (the permit may overtake it), ERR_NOT_FOUND once such a permit is
 * over; ERR_CONFLICT if it came before with other content.  A permit whose
 * question the asker has not signed, or asked before, ends as refused
 * (ending_invalid()).
 */
MUST_USE enum err
provision_answer(struct turn *turn, const struct message *message);
/*
 * permit.revoked, from the network.  With `permit` we are the provider: the
 * permit works no longer, nor if it arrives later; a permit that was answered
 * stays answered.  ERR_CONFLICT for other content than before.  Without it we are
 * the inquirer, and the inquiry ends (inquiry_revoked()).
 */
MUST_USE enum err
provision_revoke(struct turn *turn, const struct message *message);

#endif
