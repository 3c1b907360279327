/*
 * Envelopes: what one system tells another.
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
#include "base/json.h"
#include "base/time.h"
#include "crypto/hash.h"

#define ENVELOPES_MEDIA_TYPE "application/vnd.bango.envelopes"
#define ENVELOPE_MAX (12u << 20) /* bytes of one envelope */
#define ENVELOPE_BATCH_MAX 256   /* envelopes in one batch */
#define SYSTEM_ID_MAX 31
#define MESSAGE_TYPE_MAX 47
#define EDITION_MAX 999

/* "131041/relay": organisation, slash, system. */
struct system_id {
	char text[SYSTEM_ID_MAX + 1];
};
MUST_USE enum err system_id_parse(struct slice s, struct system_id *ret);
bool system_id_equal(const struct system_id *a, const struct system_id *b);
/* The part before the slash alone: lower-case letters, digits, hyphens. */
bool organisation_is_valid(struct slice s);
/* "permit.issued": lower-case letters, hyphens, full stops. */
bool message_type_is_valid(struct slice s);
/* The part before the slash; borrowed. */
struct slice system_id_organisation(const struct system_id *id);

struct message_id {
	uint8_t bytes[16];
};
void message_id_format(const struct message_id *id, char ret[33]);
MUST_USE enum err message_id_parse(struct slice s, struct message_id *ret);

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
 * Take a line apart; texts are in the line or the arena.  The body is JSON, but
 * nothing more is known of it.  ERR_INPUT if the line is malformed.  Who
 * vouches for it, and whether it is for us, checks the caller.
 */
MUST_USE enum err envelope_read(struct arena *arena, struct slice text,
    struct envelope *ret, struct problem *problem);

/* Fields of waybills and receipts too.  ERR_INPUT, and the problem names the
 * field. */
MUST_USE enum err json_get_system(const json_t *object, const char *key,
    struct system_id *ret, struct problem *problem);
MUST_USE enum err json_get_time(
    const json_t *object, struct instant *ret, struct problem *problem);

#endif
