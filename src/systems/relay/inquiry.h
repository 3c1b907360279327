/*
 * Inquiries (情報照会) of our organisation to others, and the records of them
 * (番号法21条, 23条1項).
 *
 *   asked      sent to the network
 *   permitted  the network permitted it; the provider has been told
 *   answered   provided, no-data, refused, expired, cancelled or revoked
 *
 * The provider knows an exchange by the digest of our question, and neither side
 * the other's id.  Its answer may overtake the network's permit.  An answer's
 * contents are handed to the office and not kept here.
 *
 * The record follows the provider's answer, even if we had given the inquiry
 * up or our office had cancelled it.  Contents that are provided after a
 * cancellation or a revocation are dropped unread.
 *
 * A message of another organisation counts once: a repetition changes nothing;
 * ERR_CONFLICT for other content, for the question of another inquiry, and for a
 * message that contradicts what the network decided.
 */
#ifndef BANGO_SYSTEMS_RELAY_INQUIRY_H
#define BANGO_SYSTEMS_RELAY_INQUIRY_H

#include "host/system.h"
#include "messages/inquiries.h"
#include "relay_rows.h"

/* inquiry.request, from our own addressee. */
MUST_USE enum err inquiry_ask(struct turn *turn, const struct message *message);
/* inquiry.permitted and inquiry.refused, from the network. */
MUST_USE enum err
inquiry_permitted(struct turn *turn, const struct message *message);
MUST_USE enum err
inquiry_refused(struct turn *turn, const struct message *message);
/* inquiry.waiting, from the network: a budget there is used up. */
MUST_USE enum err
inquiry_waiting(struct turn *turn, const struct message *message);
/* Our inquiry.request, which the network did not take: the office is told. */
MUST_USE enum err
inquiry_not_taken(struct turn *turn, const struct message *message);
/* permit.revoked, for an inquiry of ours; provision_revoke() calls it. */
MUST_USE enum err
inquiry_revoked(struct turn *turn, const struct message *message);
/* inquiry.held, from the provider's relay: a person there decides, by a
 * deadline. */
MUST_USE enum err
inquiry_held(struct turn *turn, const struct message *message);
/* inquiry.cancel, from our own addressee.  ERR_BUSY while the inquiry may
 * still be under way to us. */
MUST_USE enum err
inquiry_cancel(struct turn *turn, const struct message *message);
/*
 * answer.sealed, from another organisation's relay.  ERR_NOT_FOUND if we asked
 * no such question, ERR_DENIED if the sender is not the provider that we asked,
 * ERR_CONFLICT after a refusal or for an answer that differs from the first,
 * ERR_INPUT if it was not sealed for us.
 */
MUST_USE enum err
inquiry_take_answer(struct turn *turn, const struct message *message);
/* The inquiry that asked the question of that digest, in the arena.
 * ERR_NOT_FOUND. */
MUST_USE enum err inquiry_of_question(struct turn *turn,
    const struct digest *question, struct relay_inquiry_row *ret);
/* Timer: end inquiries whose permit expired without an answer. */
MUST_USE enum err inquiry_expire(struct turn *turn);

#endif
