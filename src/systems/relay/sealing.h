/*
 * The relay's sealing keys: answers to our inquiries are sealed for the newest;
 * keys of older epochs open answers that were sealed before a rotation.
 */
#ifndef BANGO_SYSTEMS_RELAY_SEALING_H
#define BANGO_SYSTEMS_RELAY_SEALING_H

#include "host/turn.h"
#include "messages/inquiries.h"

/* The system's start and stop: the state is the table of keys.  ERR_CRYPTO
 * if the key store has no key of purpose "seal". */
MUST_USE enum err sealing_start(struct turn *turn, void **ret_state);
void sealing_stop(void *opaque);

/* The JWK that an answer shall be sealed for; borrowed. */
struct slice sealing_public_key(const struct turn *turn);
/* Open an answer to us; *ret is in the arena.  ERR_INPUT if it was sealed for
 * another organisation, was altered, or has contents of another form. */
MUST_USE enum err
sealing_open(struct turn *turn, struct slice sealed, struct provided *ret);

#endif
