/*
 * Holders of certificates (docs/decisions/0038-holders-and-duties.md).
 */
#ifndef BANGO_HOST_HOLDER_H
#define BANGO_HOST_HOLDER_H

#include "host/node.h"

/*
 * The duties that a holder has at this node now, as a set of RIGHT_BIT(): none
 * before, after and beside its time.  A holder of another organisation has none
 * but the Commission's, where the setting "commission" names that organisation.
 */
uint64_t holder_duties(const struct node *node, const struct holder *holder);

#endif
