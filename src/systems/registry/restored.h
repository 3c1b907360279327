/*
 * A person's state that jukinet's officer has restored: a death, or a return from
 * abroad, that was none.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_RESTORED_H
#define BANGO_SYSTEMS_REGISTRY_RESTORED_H

#include "host/system.h"

/* identity.restored: the record here is open if the person lives here again, and
 * closed if the person does not. */
MUST_USE enum err
restored_take(struct turn *turn, const struct message *message);

#endif
