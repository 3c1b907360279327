/*
 * Inquiries (提供の求め, 番号法19条8号, 21条2項), permitted or refused.
 *
 * The checks are made in this order; the first that fails is the refusal:
 *
 *   no-code              the code is not the sender's own
 *   unknown-item         no such item of information
 *   unknown-version      the catalogue has no such version of it, if one is named
 *   provider-unknown     no such organisation, or it has no relay that
 *                        is not revoked
 *   no-basis             the law's table does not allow it (basis.h)
 *   own-use-unconfirmed  the Commission has not confirmed the own-use affair
 *   own-use-limited      the provider's ordinance limits it (番号法26条)
 *   assessment-inquirer  番号法28条
 *   assessment-provider  番号法28条
 *   provider-no-code     the provider has no code for the person
 *
 * Each request, permitted or not, is a record, with the edition that decided.  A
 * request that is repeated under its id gets the same answer again; the permit
 * is sent once.
 */
#ifndef BANGO_SYSTEMS_NETWORK_INQUIRY_H
#define BANGO_SYSTEMS_NETWORK_INQUIRY_H

#include "host/system.h"

/* inquiry.request, from a relay. */
MUST_USE enum err
inquiry_take(struct turn *turn, const struct message *message);

#endif
