/*
 * Kinds of the names of systems and messages, for shapes (base/shape.h).
 */
#ifndef BANGO_WIRE_KINDS_H
#define BANGO_WIRE_KINDS_H

#include "base/shape.h"
#include "crypto/hash.h"
#include "wire/id.h"

extern const struct kind kind_system, kind_organisation, kind_message_id,
    kind_message_type, kind_digest, kind_body;

/* "131041/relay" */
#define SYSTEM struct system_id, .kind = &kind_system
/* "131041": the part before the slash, as text */
#define ORGANISATION struct slice, .kind = &kind_organisation
#define MESSAGE_ID struct message_id, .kind = &kind_message_id
#define MESSAGE_TYPE struct slice, .kind = &kind_message_type
/* SHA-256 in base64url */
#define DIGEST struct digest, .kind = &kind_digest
/* An object whose shape another table has: valid JSON, unchanged. */
#define BODY struct slice, .kind = &kind_body

#endif
