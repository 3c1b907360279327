/*
 * Moves between municipalities (住基法24条の2): announced by the municipality that
 * people leave, completed by the one that they move to; jukinet passes the
 * messages on.
 */
#ifndef BANGO_SYSTEMS_JUKINET_TRANSFER_H
#define BANGO_SYSTEMS_JUKINET_TRANSFER_H

#include "host/system.h"

/* transfer.notice: passed on to the other registry, or refused. */
MUST_USE enum err
transfer_notice(struct turn *turn, const struct message *message);
/* Our transfer.notice, which the other registry did not take: the move is
 * forgotten, and the registry that announced it is told.  After somebody's arrival
 * nothing happens: the other registry has taken the move. */
MUST_USE enum err
transfer_pass_back(struct turn *turn, const struct message *message);
/* transfer.completed: passed on to the registry that the people left. */
MUST_USE enum err
transfer_completed(struct turn *turn, const struct message *message);

#endif
