/*
 * Our own withholding of a record for longer (番号法23条2項): the network is told
 * before it ends, by two officers.
 */
#ifndef BANGO_SYSTEMS_RELAY_WITHHOLDING_H
#define BANGO_SYSTEMS_RELAY_WITHHOLDING_H

#include "host/system.h"

/* POST /records/{record}/withholding, which needs a second holder.  ERR_CONFLICT
 * unless the record is withheld now and for longer then; ERR_DENIED if the law's
 * table does not allow it. */
extern const struct shape relay_withholding_input_shape;
MUST_USE enum err withholding_route_post(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
