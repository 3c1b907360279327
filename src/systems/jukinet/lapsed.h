/*
 * Lapsed codes: Resident Record Codes that a municipality has given back unused.
 *
 * A code that was designated is never designated to anybody else (住基法30条の2).
 * A lapsed code is nobody's and makes no number.  It leaves the municipality's
 * stock (stock.h), and comes back to the same municipality alone, with the codes
 * that it asks for next.
 */
#ifndef BANGO_SYSTEMS_JUKINET_LAPSED_H
#define BANGO_SYSTEMS_JUKINET_LAPSED_H

#include "host/system.h"
#include "systems/jukinet/serial.h"

/* Whether any code of the municipality has lapsed; and whether this one has. */
MUST_USE enum err
lapsed_any(struct turn *turn, struct slice municipality, bool *ret);
MUST_USE enum err
lapsed_has(struct turn *turn, struct serial serial, bool *ret);
/* A code lapses, whose municipality this is and which nobody has or had. */
MUST_USE enum err
lapsed_add(struct turn *turn, struct slice municipality, struct serial serial);
/* The serials that came back to the municipality by this request; *ret has room
 * for `max`, and *ret_n of them are set. */
MUST_USE enum err
lapsed_of_request(struct turn *turn, struct slice municipality,
    struct slice request, size_t max, struct serial *ret, size_t *ret_n);
/* Up to `max` of the municipality's lapsed codes come back by this request. */
MUST_USE enum err lapsed_revive(struct turn *turn, struct slice municipality,
    struct slice request, size_t max, struct serial *ret, size_t *ret_n);

#endif
