/*
 * Changed Resident Record Codes (住基法30条の4).
 *
 * A municipality gives its resident another code of its pool; we keep which
 * person it is and tell the network old and new (30条の9の2).  The Individual
 * Number stays: it is made of the code that the person had when it was made
 * (docs/decisions/0013-a-changed-code.md).
 */
#ifndef BANGO_SYSTEMS_JUKINET_RECODING_H
#define BANGO_SYSTEMS_JUKINET_RECODING_H

#include "host/system.h"

/*
 * code.changed, from a registry.  ERR_BUSY
 * while it may have overtaken what it stands on; ERR_DENIED for a code that
 * is not the sender's to give, or somebody else's resident; ERR_CONFLICT if
 * the new code is or was anybody's, or the old one is not the person's of
 * today.  The same again changes nothing.
 */
MUST_USE enum err
recoding_take(struct turn *turn, const struct message *message);

#endif
