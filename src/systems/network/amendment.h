/*
 * Editions of the law's table in the running network.
 *
 * One edition is built in; an operator loads others, each a whole table with
 * the day on which it takes effect.  The turn's day in Japan selects the edition
 * that decides, so that an edition takes effect without a restart.
 *
 * The database lists the editions; memory only caches parsed tables by their
 * digest, so that it is never ahead of the committed state.
 */
#ifndef BANGO_SYSTEMS_NETWORK_AMENDMENT_H
#define BANGO_SYSTEMS_NETWORK_AMENDMENT_H

#include "host/system.h"
#include "law/edition.h"

struct amendments;

/* The built-in table; ERR_INPUT if it cannot be read. */
MUST_USE enum err
amendments_new(struct amendments **ret, struct problem *problem);
void amendments_free(struct amendments *amendments); /* NULL is fine */

/*
 * The edition in force on that day; its law is borrowed until the turn ends,
 * and NULL before the first edition.  ERR_CORRUPT if a stored table can no
 * longer be read.
 */
MUST_USE enum err
amendment_on(struct turn *turn, struct date day, struct edition *ret);

/*
 * Routes.  An edition is read completely before anything changes; a faulty one
 * is refused with line and reason.  Loading the same table for the same day
 * again changes nothing.  An edition may be withdrawn before the day on which it
 * takes effect.
 */
extern const struct shape edition_loading_shape, edition_withdrawal_shape;
MUST_USE enum err amendment_route_load(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err amendment_route_list(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err amendment_route_withdraw(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
