/* Changes of a person's identification information (住基法30条の6). */
#ifndef BANGO_SYSTEMS_JUKINET_UPDATE_H
#define BANGO_SYSTEMS_JUKINET_UPDATE_H

#include "host/system.h"

/* identity.update, from a registry. */
MUST_USE enum err update_take(struct turn *turn, const struct message *message);

#endif
