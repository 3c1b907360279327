/*
 * Receipts: the outcome for each envelope of a batch, signed by the receiver.
 *
 * A receipt is a compact JWS (ES256) of type "bango-receipt" over
 *
 *   {"by": system id, "to": system id, "time": RFC 3339, "receipts":
 *     [{"id", "digest": base64url SHA-256 of the envelope, "outcome":
 *       "accepted"|"duplicate"|"refused"|"later", "reason"?}, ...],
 *     "lacks": id of an envelope?}
 *
 * "later" asks for the envelope again; it was not applied.  `lacks` is the
 * waybill's `last`, if the receiver's database does not have it.
 */
#ifndef BANGO_WIRE_RECEIPT_H
#define BANGO_WIRE_RECEIPT_H

#include "crypto/jose.h"
#include "wire/envelope.h"

#define RECEIPT_TYPE "bango-receipt"
#define RECEIPT_MEDIA_TYPE "application/jose"

enum receipt_outcome {
	RECEIPT_ACCEPTED,
	RECEIPT_DUPLICATE,
	RECEIPT_REFUSED,
	RECEIPT_LATER,
};
const char *receipt_outcome_name(enum receipt_outcome outcome);

struct receipt_line {
	struct message_id id;
	struct digest digest;
	enum receipt_outcome outcome;
	struct slice reason; /* public text of a refusal */
};

struct receipt {
	struct system_id by;
	struct system_id to;
	struct instant time;
	const struct receipt_line *receipts;
	size_t n_receipts;
	struct message_id lacks;
	bool has_lacks;
};

MUST_USE enum err
receipt_sign(struct arena *arena, const struct receipt *receipt,
    const struct signing_key *key, struct buf *ret);
/* Verify with `key`, and parse into the arena.  ERR_INPUT (malformed) or
 * ERR_CRYPTO. */
MUST_USE enum err receipt_open(struct arena *arena, const struct jws *jws,
    const struct verify_key *key, struct receipt *ret, struct problem *problem);

#endif
