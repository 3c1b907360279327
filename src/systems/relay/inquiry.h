/*
 * Inquiries (情報照会) of our organisation to others, and the records of them
 * (番号法21条, 23条1項).
 *
 *   asked      sent to the network
 *   permitted  the network permitted it; the provider has been told
 *   answered   provided, no-data, refused, expired, cancelled or revoked
 *
 * The provider's answer may overtake the network's permit.  An answer's
 * contents are handed to the office and not kept here.
 *
 * The record follows the provider's answer, even if we had given the inquiry
 * up or our office had cancelled it.  Contents that are provided after a
 * cancellation or a revocation are dropped unread.
 *
 * A message of another organisation counts once: a repetition changes nothing;
 * ERR_CONFLICT for other content, for another permit, and for a message that
 * contradicts what the network decided.
 */
#ifndef BANGO_SYSTEMS_RELAY_INQUIRY_H
#define BANGO_SYSTEMS_RELAY_INQUIRY_H

#include "host/system.h"
#include "messages/inquiries.h"

/* inquiry.request, from our own addressee. */
MUST_USE enum err inquiry_ask(struct turn *turn, const struct message *message);
/* inquiry.permitted and inquiry.refused, from the network. */
MUST_USE enum err
inquiry_permitted(struct turn *turn, const struct message *message);
MUST_USE enum err
inquiry_refused(struct turn *turn, const struct message *message);
/* Our inquiry.request, which the network did not take: the office is told. */
MUST_USE enum err
inquiry_not_taken(struct turn *turn, const struct message *message);
/* permit.revoked, for an inquiry of ours; provision_revoke() calls it.
 * ERR_BUSY if it overtook inquiry.permitted. */
MUST_USE enum err
inquiry_revoked(struct turn *turn, const struct message *message);
/* inquiry.held, from the provider's relay: a person there decides, by a
 * deadline.  ERR_BUSY if it overtook inquiry.permitted. */
MUST_USE enum err
inquiry_held(struct turn *turn, const struct message *message);
/* inquiry.cancel, from our own addressee.  ERR_BUSY while the inquiry may
 * still be under way to us. */
MUST_USE enum err
inquiry_cancel(struct turn *turn, const struct message *message);
/*
 * answer.sealed, from another organisation's relay.  ERR_NOT_FOUND if we made
 * no such inquiry, ERR_DENIED if the sender is not the provider that we asked,
 * ERR_CONFLICT for another permit or an answer that differs from the first,
 * ERR_INPUT if it was not sealed for us.
 */
MUST_USE enum err
inquiry_take_answer(struct turn *turn, const struct message *message);
/* Timer: end inquiries whose permit expired without an answer. */
MUST_USE enum err inquiry_expire(struct turn *turn);

#endif
