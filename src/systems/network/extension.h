/*
 * An organisation withholds its record for longer than it said (hiding.h).
 */
#ifndef BANGO_SYSTEMS_NETWORK_EXTENSION_H
#define BANGO_SYSTEMS_NETWORK_EXTENSION_H

#include "host/system.h"

/* record.withheld, from a relay, before the end, by two officers.  It uses the
 * budget `withheld`; ERR_DENIED past it.  ERR_CONFLICT if the sender does not
 * withhold the record now. */
MUST_USE enum err
extension_take(struct turn *turn, const struct message *message);

#endif
