/*
 * Provisions (情報提供): our answers to the inquiries of others, and the records
 * of them (番号法22条, 23条1項).
 *
 * The network has judged the inquiry; we check that its permit is for a person
 * of ours, has not expired or been revoked and was not used before.  The answer
 * comes from the newest replica, or from that of the version which the permit
 * names, and is sealed for the inquirer; or it waits for a person's decision
 * (hold.h).
 *
 * A permit ends here once, in one way, and the inquirer's relay and the network
 * are both told of the end in the same turn, so that the three records agree.
 */
#ifndef BANGO_SYSTEMS_RELAY_PROVISION_H
#define BANGO_SYSTEMS_RELAY_PROVISION_H

#include "host/system.h"
#include "law/refusal.h"
#include "messages/inquiries.h"

/* How a permit ends; texts that do not apply are empty. */
struct ending {
	struct slice outcome, reason, article, text;
	struct slice sealed;
	struct slice version; /* of the contents that are provided */
	struct instant put;   /* when the office had put them */
};

/* The ending of a permit that we refuse for that reason. */
struct ending ending_refused(enum refusal refusal);

/*
 * permit.issued, from the network.  ERR_BUSY while the code has not arrived
 * here yet (the permit may overtake it), ERR_NOT_FOUND once such a permit is
 * over; ERR_CONFLICT if it was used before; ERR_DENIED if the answer is to
 * go to anybody but the inquirer's relay.
 */
MUST_USE enum err
provision_answer(struct turn *turn, const struct message *message);
/*
 * permit.revoked, from the network.  Where we are the provider, the permit
 * works no longer, nor if it arrives later; a permit that was answered stays
 * answered.  Where we are the inquirer, the inquiry ends (inquiry_revoked()).
 */
MUST_USE enum err
provision_revoke(struct turn *turn, const struct message *message);

/* Answer from the replica of the version that the permit names, or from the
 * newest if it names none; or answer that there is no such replica. */
MUST_USE enum err provision_provide(struct turn *turn,
    const struct permit_issued *permit, struct internal_number internal);
/* Write the record, answer the inquirer and report to the network. */
MUST_USE enum err
provision_end(struct turn *turn, const struct permit_issued *permit,
    struct internal_number internal, const struct ending *ending);

#endif
