/*
 * The relay's sealing keys: answers to our questions are sealed for the
 * newest; older epochs open what was sealed before a rotation.
 */
#ifndef BANGO_SYSTEMS_RELAY_SEALING_H
#define BANGO_SYSTEMS_RELAY_SEALING_H

#include "crypto/jose.h"
#include "host/turn.h"

/* The system's start and stop: the state is the table of keys.  ERR_CRYPTO
 * if the key store has none of purpose "seal". */
MUST_USE enum err sealing_start(struct turn *turn, void **ret_state);
void sealing_stop(void *opaque);

/* The public key that an answer shall be sealed for; new reference. */
json_t *sealing_public_key(const struct turn *turn);
/* Open an answer to us; *ret is a new reference.  ERR_INPUT if it was sealed
 * for others, was altered, or is no JSON. */
MUST_USE enum err
sealing_open(struct turn *turn, struct slice sealed, json_t **ret);

#endif
