/*
 * Stocks: how many Resident Record Codes a municipality holds unused.
 *
 * A code that was designated is never designated again (住基法30条の2), so that a
 * municipality which asked without end would use them up for all others.  A
 * stock is counted as codes are designated and used: by a number, by a change of
 * code, by an arrival that is held.  A lapsed code (lapsed.h) counts as used
 * until it comes back.
 */
#ifndef BANGO_SYSTEMS_JUKINET_STOCK_H
#define BANGO_SYSTEMS_JUKINET_STOCK_H

#include "host/system.h"

struct stock {
	int64_t level; /* the most that it may hold (BUDGET_POOL) */
	int64_t held;
};
MUST_USE enum err
stock_load(struct turn *turn, struct slice municipality, struct stock *ret);
/* `n` codes were designated to the municipality, or used by it. */
MUST_USE enum err
stock_designate(struct turn *turn, struct slice municipality, int64_t n);
MUST_USE enum err
stock_use(struct turn *turn, struct slice municipality, int64_t n);

#endif
