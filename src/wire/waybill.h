/*
 * Waybills (送り状): the sender's signed list of the envelopes of a batch.
 *
 * A waybill is a compact JWS (ES256) of type "bango-waybill" over
 *
 *   {"from": system id, "to": system id, "time": RFC 3339, "envelopes":
 *     [base64url SHA-256 of each envelope, in their order, ...],
 *     "last": id of an envelope?}
 *
 * So one signature stands for a whole batch; and a holder of an envelope and
 * its waybill can prove to anybody who sent it.  An envelope has a random id
 * of 128 bits, so a digest tells nothing about an envelope to those who do not
 * have it.  `last` is the newest envelope for which the sender has the receiver's
 * receipt: a receiver that lacks it has lost a part of its database.
 */
#ifndef BANGO_WIRE_WAYBILL_H
#define BANGO_WIRE_WAYBILL_H

#include "crypto/jose.h"
#include "wire/envelope.h"

#define WAYBILL_TYPE "bango-waybill"

struct waybill {
	struct system_id from;
	struct system_id to;
	struct instant time;
	const struct digest *envelopes;
	size_t n_envelopes; /* 1..ENVELOPE_BATCH_MAX */
	struct message_id last;
	bool has_last;
};

MUST_USE enum err
waybill_sign(struct arena *arena, const struct waybill *waybill,
    const struct signing_key *key, struct buf *ret);
/* Verify with `key`, and parse into the arena.  ERR_INPUT (malformed) or
 * ERR_CRYPTO.  The caller checks that `from` owns the key and that `to` is this
 * system. */
MUST_USE enum err waybill_open(struct arena *arena, const struct jws *jws,
    const struct verify_key *key, struct waybill *ret, struct problem *problem);
/* Does it name this envelope? */
bool waybill_has(const struct waybill *waybill, const struct digest *envelope);

#endif
