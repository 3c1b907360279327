/*
 * Evidence of an exchange: the messages about it that other organisations sent
 * us under their signature, and their acknowledgements of ours.
 *
 * A received envelope is kept with its waybill, a sent one with its receipt
 * (wire/waybill.h, wire/receipt.h), both with the audit entry of their turn,
 * whose place in the ledger can be proved (audit_evidence()).  A third party
 * that has these and the certificates of the systems can check the exchange
 * without us (`bango evidence`).
 */
#ifndef BANGO_HOST_EVIDENCE_H
#define BANGO_HOST_EVIDENCE_H

#include "host/turn.h"

/*
 * This turn belongs to the exchange of that id: the envelope that the turn
 * took and those that it leaves from now on are kept, if the other side is
 * another organisation.  Another id begins another exchange.  Call turn_audit()
 * before: the newest entry is kept with the envelopes.  ERR_BUSY if the sender
 * signed it at a time that is more than a day from ours.
 */
MUST_USE enum err turn_evidence(struct turn *turn, struct slice exchange);

/*
 * Whether the message that this turn took is the first of its type in the
 * exchange.  One of the same body is a repetition: *ret_is_new is false, and the
 * handler changes nothing and keeps nothing.  ERR_CONFLICT for another body; the
 * problem names `field`, the exchange's id in the message.  A message of our own
 * organisation is no evidence, and always new.
 */
MUST_USE enum err evidence_check(struct turn *turn, const char *field,
    struct slice exchange, bool *ret_is_new);

/* A text of the evidence as its row has it: as it is, or sealed; the other is
 * empty. */
struct at_rest {
	struct slice text, sealed;
};
/* Seal a text for its row, if this system has a key for values at rest. */
MUST_USE enum err
evidence_seal(struct turn *turn, struct slice text, struct at_rest *ret);
/* The text of a row, in the arena.  ERR_CORRUPT if it cannot be opened. */
MUST_USE enum err
evidence_open(struct turn *turn, const struct at_rest *kept, struct slice *ret);

/* Erase evidence kept before that instant; *ret_more is set if there may be
 * more. */
MUST_USE enum err
evidence_erase(struct turn *turn, struct instant before, bool *ret_more);

/* Timer: seal in place what an earlier program, or one without a key for values
 * at rest, has kept; a thousand rows a turn. */
#define TIMER_SEAL "host.seal"
MUST_USE enum err evidence_seal_earlier(struct turn *turn);

#endif
