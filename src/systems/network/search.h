/*
 * Searches for providers (令85 40条3項, 4項): an inquirer that cannot name the
 * provider asks which organisations were given a code for the person.  It is
 * told only those that the law's table lets it ask for the item in the affair.
 */
#ifndef BANGO_SYSTEMS_NETWORK_SEARCH_H
#define BANGO_SYSTEMS_NETWORK_SEARCH_H

#include "host/system.h"

/* provider.search, from a relay. */
MUST_USE enum err search_take(struct turn *turn, const struct message *message);

#endif
