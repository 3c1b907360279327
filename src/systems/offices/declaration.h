/*
 * Own-use affairs (独自利用事務, 番号法9条2項, 19条9号) that this municipality
 * declares, and what its ordinance keeps from those of others (26条).
 *
 * Both go to the network as declarations with an id of the clerk's client, and
 * the network answers with their state:
 *
 *   sent       nothing was answered yet
 *   declared   an affair waits for the Commission; a limit stands
 *   confirmed  the affair may be used in inquiries
 *   refused    with the reason
 *   withdrawn  by us, by the Commission, or because a later one was confirmed
 */
#ifndef BANGO_SYSTEMS_OFFICES_DECLARATION_H
#define BANGO_SYSTEMS_OFFICES_DECLARATION_H

#include "host/system.h"

extern const struct shape offices_declaration_input_shape;

/* affair.state, from the network.  ERR_NOT_FOUND if we declared no such. */
MUST_USE enum err
declaration_stands(struct turn *turn, const struct message *message);

/* Routes, whose inputs are affair_declare_shape, affair_limit_shape and
 * affair_withdraw_shape.  The same declaration again changes nothing;
 * ERR_CONFLICT if its id stands for another. */
MUST_USE enum err declaration_route_affair(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err declaration_route_limit(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err declaration_route_withdraw(
    struct turn *turn, const struct input *in, struct reply *reply);
/* One, waiting until it is decided; all of them. */
MUST_USE enum err declaration_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err declaration_route_list(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
