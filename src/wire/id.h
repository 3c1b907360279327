/*
 * Names by which systems and messages are known.
 */
#ifndef BANGO_WIRE_ID_H
#define BANGO_WIRE_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define SYSTEM_ID_MAX 31
#define MESSAGE_TYPE_MAX 47

/* "131041/relay": organisation, slash, system. */
struct system_id {
	char text[SYSTEM_ID_MAX + 1];
};
MUST_USE enum err system_id_parse(struct slice s, struct system_id *ret);
/* The id of the system `name` of an organisation, whether there is one or not.
 * ERR_INPUT if there cannot be such an id. */
MUST_USE enum err system_id_of(
    struct slice organisation, const char *name, struct system_id *ret);
struct slice system_id_slice(const struct system_id *id); /* borrowed */
bool system_id_equal(const struct system_id *a, const struct system_id *b);
/* The part before the slash alone: lower-case letters, digits, hyphens. */
bool organisation_is_valid(struct slice s);
/* A type such as "permit.issued": lower-case letters, hyphens, full stops. */
bool message_type_is_valid(struct slice s);
/* The parts before and after the slash; borrowed. */
struct slice system_id_organisation(const struct system_id *id);
struct slice system_id_name(const struct system_id *id);

struct message_id {
	uint8_t bytes[16];
};
void message_id_format(const struct message_id *id, char ret[33]);
MUST_USE enum err message_id_parse(struct slice s, struct message_id *ret);
/* The 16 bytes, for a column of a database; borrowed. */
struct slice message_id_slice(const struct message_id *id);
/* As message_id_slice() gave them; ERR_INPUT if they are not 16. */
MUST_USE enum err
message_id_from_bytes(struct slice bytes, struct message_id *ret);

#endif
