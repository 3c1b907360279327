/*
 * Searches for providers that could be asked (令85 40条3項): passed on between our
 * offices and the network.
 */
#ifndef BANGO_SYSTEMS_RELAY_SEARCH_H
#define BANGO_SYSTEMS_RELAY_SEARCH_H

#include "host/system.h"

/* provider.search, from our own addressee: passed on to the network with our
 * code for the person, or answered at once if we have no code. */
MUST_USE enum err search_ask(struct turn *turn, const struct message *message);
/* provider.found, from the network: passed on to our own offices. */
MUST_USE enum err
search_found(struct turn *turn, const struct message *message);
/* Our provider.search, which the network did not take: the office is told. */
MUST_USE enum err
search_not_taken(struct turn *turn, const struct message *message);
/* Timer: forget those that no case counts any more. */
MUST_USE enum err search_forget(struct turn *turn);

#endif
