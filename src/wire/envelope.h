/*
 * Envelopes: the messages that one system sends to another.
 *
 * An envelope is one line of JSON,
 *
 *   {"id": 32 hex digits, "type": "numbering.request", "edition": 1,
 *    "from": system id, "to": system id, "time": RFC 3339, "body": {...}}
 *
 * Type and edition say which shape the body has (wire/message.h).
 *
 * They travel in batches of media type application/vnd.bango.envelopes: the
 * first line is the waybill, which names the envelopes by their digests and is
 * signed (waybill.h); each further line is an envelope.  Lines are separated
 * by LF.  The answer to a batch is one receipt (receipt.h).
 */
#ifndef BANGO_WIRE_ENVELOPE_H
#define BANGO_WIRE_ENVELOPE_H

#include "base/arena.h"
#include "base/time.h"
#include "crypto/hash.h"
#include "wire/id.h"

#define ENVELOPES_MEDIA_TYPE "application/vnd.bango.envelopes"
#define ENVELOPE_MAX (12u << 20) /* bytes of one envelope */
#define ENVELOPE_BATCH_MAX 256   /* envelopes in one batch */
#define EDITION_MAX 999

struct envelope {
	struct message_id id;
	struct slice type;
	int64_t edition;
	struct system_id from;
	struct system_id to;
	struct instant time;
	struct slice body; /* the JSON text of an object */
};

/* The line, in the arena.  ERR_TOO_LARGE over ENVELOPE_MAX. */
MUST_USE enum err envelope_write(
    struct arena *arena, const struct envelope *envelope, struct slice *ret);
/*
 * Parse a line; texts are in the line or the arena.  The body is valid JSON and
 * not checked further.  ERR_INPUT if the line is malformed.  The caller checks
 * who vouches for the envelope, and whether it is for this system.
 */
MUST_USE enum err envelope_read(struct arena *arena, struct slice text,
    struct envelope *ret, struct problem *problem);

#endif
