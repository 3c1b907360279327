/*
 * Envelopes: what one system tells another, signed (JWS, ES256).
 *
 * An envelope is a compact JWS of type "bango-envelope" over
 *
 *   {"id": 32 hex digits, "type": "numbering.request", "from": system id,
 *    "to": system id, "time": RFC 3339, "body": {...}}
 *
 * They travel in batches (envelopes separated by LF, media type
 * application/vnd.bango.envelopes).  The answer to a batch is one receipt, a
 * JWS of type "bango-receipt" over
 *
 *   {"by": system id, "to": system id, "time": …, "receipts":
 *     [{"id", "digest": base64url SHA-256 of the envelope, "outcome":
 *       "accepted"|"duplicate"|"refused"|"later", "reason"}, …]}
 *
 * "later" asks for the envelope again; it was not applied.
 */
#ifndef BANGO_WIRE_ENVELOPE_H
#define BANGO_WIRE_ENVELOPE_H

#include "base/json.h"
#include "base/time.h"
#include "crypto/hash.h"
#include "crypto/jose.h"

#define ENVELOPES_MEDIA_TYPE "application/vnd.bango.envelopes"
#define RECEIPT_MEDIA_TYPE "application/jose"
#define ENVELOPE_MAX (12u << 20) /* bytes of one envelope */
#define ENVELOPE_BATCH_MAX 256   /* envelopes in one batch */
#define SYSTEM_ID_MAX 31
#define MESSAGE_TYPE_MAX 47

/* "131041/relay": organisation, slash, system. */
struct system_id {
	char text[SYSTEM_ID_MAX + 1];
};
MUST_USE enum err system_id_parse(struct slice s, struct system_id *ret);
bool system_id_equal(const struct system_id *a, const struct system_id *b);
/* The part before the slash; borrowed. */
struct slice system_id_organisation(const struct system_id *id);

struct message_id {
	uint8_t bytes[16];
};
void message_id_format(const struct message_id *id, char ret[33]);
MUST_USE enum err message_id_parse(struct slice s, struct message_id *ret);

struct envelope {
	struct message_id id;
	struct slice type; /* in the JSON document */
	struct system_id from;
	struct system_id to;
	struct instant time;
	json_t *document;       /* owns everything; json_decref() when done */
	const json_t *body;     /* an object, borrowed from document */
	struct slice body_text; /* to be signed: in place of `body` if set */
};

/* Write and sign.  `body`, or the JSON text of it, is borrowed.  Appends the
 * compact JWS.  ERR_TOO_LARGE over ENVELOPE_MAX. */
MUST_USE enum err envelope_sign(const struct envelope *envelope,
    const struct signing_key *key, struct buf *ret);
/*
 * Take apart and verify with `key`.  ERR_INPUT (malformed) or ERR_CRYPTO.
 * Whether `from` owns the key and `to` is us, checks the caller.
 */
MUST_USE enum err
envelope_open(const struct jws *jws, const struct verify_key *key,
    struct envelope *ret, struct problem *problem);

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
	const struct receipt_line *lines;
	size_t n_lines;
};

MUST_USE enum err receipt_sign(const struct receipt *receipt,
    const struct signing_key *key, struct buf *ret);
/* Verified and taken apart in the arena. */
MUST_USE enum err receipt_open(struct arena *arena, struct slice text,
    const struct verify_key *key, struct receipt *ret, struct problem *problem);

#endif
