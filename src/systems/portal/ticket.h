/*
 * Tickets: the orders of counters about residents' sign-ins, and the use of a
 * ticket that a counter gave out (decision 0055).
 *
 * The portal knows a ticket by the digest of its acquisition number.  The municipality is
 * jukinet's word, which the network hands on.
 */
#ifndef BANGO_SYSTEMS_PORTAL_TICKET_H
#define BANGO_SYSTEMS_PORTAL_TICKET_H

#include "host/system.h"

/* enrolment.code, from the network. */
MUST_USE enum err
ticket_take_orders(struct turn *turn, const struct message *message);

struct ticket {
	struct slice resident; /* our own id */
	struct slice municipality;
};
/* Use a ticket up.  ERR_NOT_FOUND, the same for one that is malformed, not known,
 * used or over. */
MUST_USE enum err
ticket_use(struct turn *turn, struct slice text, struct ticket *ret);
/* The key that a request waits for whose ticket is not here yet; in the arena.
 * ERR_NOT_FOUND if the text is no ticket. */
MUST_USE enum err
ticket_wake_key(struct turn *turn, struct slice text, struct slice *ret);

/* Timer: erase tickets that are over. */
MUST_USE enum err ticket_erase(struct turn *turn);

#endif
