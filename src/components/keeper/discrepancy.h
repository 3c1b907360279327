/*
 * At those who report: what the keeper says that one of both has alone, for an
 * officer who looks.
 */
#ifndef BANGO_COMPONENTS_KEEPER_DISCREPANCY_H
#define BANGO_COMPONENTS_KEEPER_DISCREPANCY_H

#include "components/keeper/keeper.h"

/* Open ones, as a bound on what a keeper may say. */
#define DISCREPANCIES_MAX 100000

/* records.unmatched.  ERR_DENIED unless the sender is the organisation's keeper. */
MUST_USE enum err
discrepancy_take(struct turn *turn, const struct message *message);
/* For `bango status`: how many nobody has explained. */
MUST_USE enum err discrepancy_count(struct turn *turn, struct counting *counts);

#endif
