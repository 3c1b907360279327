/*
 * Own-use affairs (独自利用事務, 番号法9条2項, 19条9号, 26条) as the network keeps
 * them for the Personal Information Protection Commission (個人情報保護委員会).
 *
 *   declared   by a local government; not usable yet
 *   confirmed  by the Commission: usable from the day of its ordinance
 *   refused    by the Commission, or because it does not fit the law
 *   withdrawn  by either, or because a later declaration was confirmed
 *
 * A provider whose ordinance limits the items that it provides for such affairs
 * declares the limit, which is in force from then on until it is withdrawn.
 *
 * The Commission is not a system of this nation yet: its holders act here, two of
 * them for each decision (DUTY_COMMISSION_CONFIRM).
 */
#ifndef BANGO_SYSTEMS_NETWORK_AFFAIR_H
#define BANGO_SYSTEMS_NETWORK_AFFAIR_H

#include "host/system.h"
#include "systems/network/basis.h"

/* Decide an inquiry for an own-use affair, by declarations and limits.  The
 * question's edition must have a law. */
MUST_USE enum err affair_decide(struct turn *turn,
    const struct basis_question *question, struct basis *ret);

/* affair.declare, affair.limit and affair.withdraw, from the offices of an
 * organisation; each is answered with affair.state. */
MUST_USE enum err affair_take(struct turn *turn, const struct message *message);
MUST_USE enum err
affair_limit(struct turn *turn, const struct message *message);
/* ERR_BUSY while the declaration may still be under way to us. */
MUST_USE enum err
affair_withdraw(struct turn *turn, const struct message *message);

/* Routes. */
MUST_USE enum err affair_route_list(
    struct turn *turn, const struct input *in, struct reply *reply);
/* The Commission confirms, refuses, or takes a confirmation back. */
extern const struct shape affair_decision_shape;
MUST_USE enum err affair_route_decide(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
