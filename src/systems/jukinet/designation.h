/*
 * Designation of Resident Record Codes (住基法30条の2): which codes a
 * municipality may use.
 *
 * No code is stored.  A designation is a range of serials; decrypting a code
 * tells whether it was designated, and to whom.  Under a newer epoch of the key,
 * a serial whose code was designated under an older epoch is left out, so that a
 * code belongs to the oldest epoch in whose ranges it falls.
 */
#ifndef BANGO_SYSTEMS_JUKINET_DESIGNATION_H
#define BANGO_SYSTEMS_JUKINET_DESIGNATION_H

#include "host/mark.h"
#include "host/system.h"
#include "number/resident_code.h"
#include "systems/jukinet/serial.h"

/* At the start: the mark lies above all that was designated, also by an earlier
 * program that had none. */
MUST_USE enum err designation_start(struct turn *turn);

struct designated {
	struct serial serial;
	struct slice municipality; /* in the arena */
};

/* codes.request, from a registry. */
MUST_USE enum err
designation_take(struct turn *turn, const struct message *message);

/* Serial and municipality of each of these bodies of codes; the serial is 0 if
 * the code was never designated. */
MUST_USE enum err designation_find(struct turn *turn, const uint64_t *bodies,
    size_t n, struct designated *ret);
/* Whether a code that is not designated may have been, by a database that is
 * lost (host/mark.h). */
bool designation_is_forgotten(struct turn *turn, uint64_t body);
/* The same as designation_find() for one code. */
MUST_USE enum err designation_of(struct turn *turn,
    const struct resident_code *code, struct designated *ret);
/* The code of a serial, and its body; ERR_CORRUPT if it was never
 * designated. */
MUST_USE enum err designation_code(
    struct turn *turn, struct serial serial, struct resident_code *ret);
MUST_USE enum err
designation_body(struct turn *turn, struct serial serial, uint64_t *ret);
/* The serial of the person who has or had a code: the code's own serial, unless
 * it is a later code of a person.  The person need not exist. */
MUST_USE enum err
designation_person(struct turn *turn, struct serial code, struct serial *ret);

#endif
