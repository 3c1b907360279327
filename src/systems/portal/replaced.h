/*
 * Other codes for the residents who joined, after the network's key leaked
 * (docs/decisions/0048-relinking.md).
 *
 * The new code takes the place of the old one, which is kept in a row of its
 * own, sealed and with a tag to find it by (crypto/rest.h).  The row is there even
 * if the old code itself has not come yet.
 */
#ifndef BANGO_SYSTEMS_PORTAL_REPLACED_H
#define BANGO_SYSTEMS_PORTAL_REPLACED_H

#include "host/system.h"
#include "number/linkage_code.h"

/* code.renewed, from the network.  ERR_DENIED from any other system. */
MUST_USE enum err
replaced_take(struct turn *turn, const struct message *message);
/* Replace *code by the code that took its place, if one did. */
MUST_USE enum err replaced_apply(struct turn *turn, struct linkage_code *code);
/* Timer: forget former codes after seven years. */
MUST_USE enum err replaced_erase(struct turn *turn);

#endif
