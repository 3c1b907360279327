/*
 * Own-use affairs (独自利用事務, 番号法9条2項, 19条9号) that this municipality
 * declares, and the limits that its ordinance sets to the own-use affairs of
 * others (26条).
 *
 * Both go to the network as declarations, under an id of the clerk's client, and
 * the network answers with their state:
 *
 *   sent       the network has not answered yet
 *   declared   an affair waits for the Commission; a limit is in force
 *   confirmed  the affair may be used in inquiries
 *   refused    with the reason
 *   withdrawn  by us, by the Commission, or because a later one was confirmed
 */
#ifndef BANGO_SYSTEMS_OFFICES_DECLARATION_H
#define BANGO_SYSTEMS_OFFICES_DECLARATION_H

#include "host/system.h"

extern const struct shape offices_declaration_input_shape;

/* affair.state, from the network.  ERR_NOT_FOUND if we made no such
 * declaration. */
MUST_USE enum err
declaration_stands(struct turn *turn, const struct message *message);

/* Routes, whose inputs are affair_declare_shape, affair_limit_shape and
 * affair_withdraw_shape.  Repeating a declaration changes nothing; ERR_CONFLICT
 * if another declaration has the id. */
MUST_USE enum err declaration_route_affair(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err declaration_route_limit(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err declaration_route_withdraw(
    struct turn *turn, const struct input *in, struct reply *reply);
/* One declaration, waiting until it is decided; all declarations. */
MUST_USE enum err declaration_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err declaration_route_list(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
