/*
 * Changed Resident Record Codes (住基法30条の4).
 *
 * A municipality gives its resident another code of its pool; jukinet records
 * whose it is and tells the network the old and the new code (30条の9の2).  The
 * Individual Number stays: it follows from the code that the person had when it
 * was made (docs/decisions/0013-a-changed-code.md).
 */
#ifndef BANGO_SYSTEMS_JUKINET_RECODING_H
#define BANGO_SYSTEMS_JUKINET_RECODING_H

#include "host/system.h"

/*
 * code.changed, from a registry.  ERR_BUSY while it may have overtaken a message
 * that it depends on; ERR_DENIED if the new code was not designated to the
 * sender, or the person is registered elsewhere; ERR_CONFLICT if the new code is
 * or was another person's, or the old code is not the person's current one.  A
 * repetition changes nothing.
 */
MUST_USE enum err
recoding_take(struct turn *turn, const struct message *message);

#endif
