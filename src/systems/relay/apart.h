/*
 * What both sides of an exchange know is kept apart (decision 0043): as a tag, to
 * find the row again, and sealed, both under the relay's own keys
 * (crypto/rest.h).  So the rows of two relays have no value in common.
 */
#ifndef BANGO_SYSTEMS_RELAY_APART_H
#define BANGO_SYSTEMS_RELAY_APART_H

#include "host/turn.h"

/* The newest epoch of the keys; older ones count down to 1. */
uint32_t apart_epoch(const struct turn *turn);
/* The tag of a question's digest in an epoch, in the arena.  ERR_NOT_FOUND if
 * that epoch has no key. */
MUST_USE enum err apart_tag(struct turn *turn, uint32_t epoch,
    const struct digest *question, struct slice *ret);
/* Seal for these rows, and open again; in the arena.  ERR_CORRUPT if the value
 * cannot be opened. */
MUST_USE enum err
apart_seal(struct turn *turn, struct slice plain, struct slice *ret);
MUST_USE enum err
apart_open(struct turn *turn, struct slice sealed, struct slice *ret);
/* Instants of an exchange stand in rows to the minute (令85 47条): more would be
 * a value in common.  The exact ones are in the evidence. */
struct instant apart_minute(struct instant at);

#endif
