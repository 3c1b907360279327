/*
 * The relay's sealing keys: answers to our inquiries are sealed for the newest;
 * keys of older epochs open answers that were sealed before a rotation.
 */
#ifndef BANGO_SYSTEMS_RELAY_SEALING_H
#define BANGO_SYSTEMS_RELAY_SEALING_H

#include "host/turn.h"
#include "messages/inquiries.h"

/* The table of keys.  ERR_CRYPTO if the key store has no key of purpose
 * "seal". */
struct sealing;
MUST_USE enum err sealing_new(struct turn *turn, struct sealing **ret);
void sealing_free(struct sealing *state);

/* The JWK that an answer shall be sealed for; borrowed. */
struct slice sealing_public_key(const struct turn *turn);
/* Open an answer to us; *ret is in the arena.  ERR_INPUT if it was sealed for
 * another organisation, was altered, or has contents of another form. */
MUST_USE enum err
sealing_open(struct turn *turn, struct slice sealed, struct provided *ret);

#endif
