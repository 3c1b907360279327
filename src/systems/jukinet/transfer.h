/*
 * Moves between municipalities (住基法24条の2, 9条1項; docs/decisions/
 * 0040-notices-of-moves.md).
 *
 * The municipality that people leave announces them; jukinet passes the notice on
 * to the one that they move to.  A notice is that one's right to take each of
 * them in: once, by the move's id, until its last day.  Jukinet alone puts
 * arrivals and withdrawals in order; the second of two is told that it came too
 * late.
 */
#ifndef BANGO_SYSTEMS_JUKINET_TRANSFER_H
#define BANGO_SYSTEMS_JUKINET_TRANSFER_H

#include "host/system.h"

/* A notice can be used for so many days after the announcement, or after the
 * move if that is later.  J-LIS's own rule, in no law [not checked against the
 * text]. */
#define TRANSFER_DAYS 60
/* A move that is announced earlier than so many days before it counts as one of
 * that day. */
#define TRANSFER_AHEAD_DAYS 60

/* transfer.notice: passed on to the other registry, or refused. */
MUST_USE enum err
transfer_notice(struct turn *turn, const struct message *message);
/* Our transfer.notice, which the other registry did not take: the move is
 * forgotten, and the registry that announced it is told.  After somebody's arrival
 * nothing happens: the other registry has taken the move. */
MUST_USE enum err
transfer_pass_back(struct turn *turn, const struct message *message);
/* transfer.arrive: transfer.arrived says who is the sender's now; the registry
 * that was left hears transfer.completed. */
MUST_USE enum err
transfer_arrive(struct turn *turn, const struct message *message);
/* transfer.withdraw: both registries hear transfer.ended; if somebody has arrived
 * already, the sender alone. */
MUST_USE enum err
transfer_withdraw(struct turn *turn, const struct message *message);
/* Timer: notices that were not used in time end; both registries hear it. */
MUST_USE enum err transfer_timer(struct turn *turn);

#endif
