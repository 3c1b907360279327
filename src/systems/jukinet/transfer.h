/*
 * Moves between municipalities (住基法24条の2): announced by the one that people
 * leave, completed by the one that they come to, carried by jukinet.
 */
#ifndef BANGO_SYSTEMS_JUKINET_TRANSFER_H
#define BANGO_SYSTEMS_JUKINET_TRANSFER_H

#include "host/system.h"

/* transfer.notice: goes on to the other registry, or comes back refused. */
MUST_USE enum err
transfer_notice(struct turn *turn, const struct message *message);
/* transfer.completed: goes back to where the people came from. */
MUST_USE enum err
transfer_completed(struct turn *turn, const struct message *message);

#endif
