/*
 * Numbering (番号法7条, 8条; 住基法30条の2, 30条の3).
 *
 * A record gets a Resident Record Code from the pool that jukinet designated
 * to this municipality, is sent to jukinet under that code, and is assigned
 * the Individual Number at the instant the answer is taken in (施行令2条).
 *
 * Everything that is under way is a state in the database: `waiting` until
 * the message that asks is in the outbox, which is in the same transaction,
 * then `requested`, for an outbox loses nothing.  Nothing is asked twice.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_NUMBERING_H
#define BANGO_SYSTEMS_REGISTRY_NUMBERING_H

#include "host/system.h"
#include "systems/registry/resident.h"

/* Why a number was assigned. */
#define ASSIGNED_FIRST "first"
#define ASSIGNED_CHANGE "change"     /* after a leak (番号法7条2項) */
#define ASSIGNED_TRANSFER "transfer" /* it came with the person */

/* Timer: code and request those who wait; keep the pool filled. */
MUST_USE enum err numbering_timer(struct turn *turn);
/* numbering.answer */
MUST_USE enum err
numbering_take_answer(struct turn *turn, const struct message *message);

/* A code for a new record, out of the pool.  ERR_NOT_FOUND if it is empty. */
MUST_USE enum err numbering_take_code(
    struct turn *turn, struct tally *tally, struct resident_code *ret);
/* Ask for the number of one resident now, who has a code and waits. */
MUST_USE enum err numbering_request(
    struct turn *turn, struct tally *tally, struct resident *resident);

/*
 * Write down that a number is assigned now; the resident becomes numbered.
 * ERR_CONFLICT if it is another resident's.  The audit is written.
 */
MUST_USE enum err numbering_assign(struct turn *turn, struct tally *tally,
    struct resident *resident, const struct individual_number *number,
    const char *reason);

/* The same for a number that came with the resident, unless the record has
 * it: it may have been changed elsewhere meanwhile. */
MUST_USE enum err numbering_carry(struct turn *turn, struct tally *tally,
    struct resident *resident, const struct individual_number *number);

/* The key that waiting requests for a resident wait for, in the arena. */
struct slice numbering_wait_key(struct turn *turn, struct resident_id id);

#endif
