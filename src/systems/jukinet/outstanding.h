/*
 * Outstanding codes: those that were designated to a municipality and that nobody
 * has.  A registry whose database was lost asks for the list, for they would stay
 * in its stock for ever otherwise (stock.h).
 */
#ifndef BANGO_SYSTEMS_JUKINET_OUTSTANDING_H
#define BANGO_SYSTEMS_JUKINET_OUTSTANDING_H

#include "host/system.h"

/* codes.outstanding, from a registry. */
MUST_USE enum err
outstanding_take(struct turn *turn, const struct message *message);
/* codes.return, from a registry: the codes lapse (lapsed.h).  One that is not the
 * sender's, or that somebody has or had, is left as it is, and nothing tells. */
MUST_USE enum err
outstanding_return(struct turn *turn, const struct message *message);

#endif
