/*
 * Other codes for our persons, after the network's key leaked
 * (docs/decisions/0048-relinking.md).
 *
 * The new code takes the place of the old one, which is kept in a row of its
 * own, sealed and with a tag to find it by (apart.h): a permit, or an
 * acquisition, under the old code may still be under way, and evidence of earlier
 * days names it.  The row is there even if the old code itself has not come yet.
 */
#ifndef BANGO_SYSTEMS_RELAY_RENEWAL_H
#define BANGO_SYSTEMS_RELAY_RENEWAL_H

#include "host/system.h"
#include "number/linkage_code.h"

/* code.renewed, from the network.  ERR_DENIED from any other system. */
MUST_USE enum err
renewal_take(struct turn *turn, const struct message *message);
/* The code in the place of a former one that was replaced after `since`; the
 * newest one if that was replaced, too.  ERR_NOT_FOUND. */
MUST_USE enum err renewal_of(struct turn *turn, const struct linkage_code *code,
    struct instant since, struct linkage_code *ret);
/* Whether any code was ever replaced. */
MUST_USE enum err renewal_is_needed(struct turn *turn, bool *ret);

#endif
