/*
 * What the relay's turns share: keys that answers to us are sealed for, and the
 * sheets of others that were verified.
 */
#ifndef BANGO_SYSTEMS_RELAY_STATE_H
#define BANGO_SYSTEMS_RELAY_STATE_H

#include "systems/relay/sealing.h"
#include "systems/relay/sheets.h"

struct relay_state {
	struct sealing *sealing;
	struct sheets *sheets;
};

/* ERR_CRYPTO if the key store lacks a key that the relay needs. */
MUST_USE enum err state_start(struct turn *turn, void **ret_state);
void state_stop(void *opaque);

static inline const struct relay_state *
state_of(const struct turn *turn)
{
	return turn->state;
}

#endif
