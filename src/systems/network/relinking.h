/*
 * Relinking: other linkage codes for all organisations, after the key of the
 * codes leaked (docs/decisions/0048-relinking.md).
 *
 * An officer commands it with a second holder when the key store has a new key.
 * Each organisation's persons are gone through in the order of their id codes:
 *
 *	network -> relay, portal   code.renewed   at most 2,000 pairs of codes
 *	relay, portal -> network   code.taken     they are in use
 *
 * One message is under way for each organisation, and the row says which; row and
 * message commit together, so that any process may die at any moment.  Codes
 * of both epochs count until the organisation is done; then the old ones count
 * no more, ever.  Permits name the code that the organisation has said to
 * have.
 */
#ifndef BANGO_SYSTEMS_NETWORK_RELINKING_H
#define BANGO_SYSTEMS_NETWORK_RELINKING_H

#include "host/system.h"
#include "systems/network/linkage.h"

/* The new key must have been made within this time. */
#define RELINKING_KEY_MS (24 * 3600ll * 1000)
/* A message is sent again if nobody has confirmed it for so long: who took it was
 * put back to a copy of before. */
#define RELINKING_RESEND_MS (24 * 3600ll * 1000)
/* Systems that are revoked, or refused a message, are told again after this. */
#define RELINKING_AGAIN_MS (3600ll * 1000)
/* Questions may be under way for this long when all codes are taken. */
#define RELINKING_CLOSING_MS (3600ll * 1000)

extern const struct shape relinking_order_shape, relinking_page_shape;
/* ERR_CONFLICT unless the newest key is a new one. */
MUST_USE enum err relinking_route_begin(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Organisations and how far they are, 200 a page. */
MUST_USE enum err relinking_route_show(
    struct turn *turn, const struct input *in, struct reply *reply);

/* code.taken, from a relay or portal.  ERR_DENIED for codes that are not the
 * sender's, ERR_CONFLICT for those that it was not sent. */
MUST_USE enum err
relinking_take(struct turn *turn, const struct message *message);
/* A relay or portal has refused code.renewed. */
MUST_USE enum err
relinking_not_taken(struct turn *turn, const struct message *message);
/* Hook: a system is revoked, and with it the message under way to it. */
MUST_USE enum err
relinking_revoked(struct turn *turn, const struct system_id *system);
/* Timer: the next step of one organisation. */
MUST_USE enum err relinking_go(struct turn *turn);
/* At the start: the keys of all epochs that are in use are here.  ERR_CRYPTO. */
MUST_USE enum err
relinking_check_keys(struct turn *turn, const struct linkage *linkage);

#endif
