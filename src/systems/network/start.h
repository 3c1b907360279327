/* The start of the network: its keys, the law, the organisations. */
#ifndef BANGO_SYSTEMS_NETWORK_START_H
#define BANGO_SYSTEMS_NETWORK_START_H

#include "host/turn.h"

/* component->start and stop: the state is a struct network (organisation.h). */
MUST_USE enum err network_start(struct turn *turn, void **ret_state);
void network_stop(void *state);

#endif
