#include "systems/jukinet/stock.h"

#include "components/budget/budget.h"
#include "jukinet_rows.h"

enum err
stock_load(struct turn *turn, struct slice municipality, struct stock *ret)
{
	struct jukinet_stock_find_row row = {0};

	TRY(budget_level(turn, BUDGET_POOL, municipality, &ret->level));
	TRY(rows_end(jukinet_stock_find(turn->store, municipality, &row)));
	ret->held = row.held;

	return OK;
}

enum err
stock_designate(struct turn *turn, struct slice municipality, int64_t n)
{
	return jukinet_stock_add(turn->store, municipality, n, 0);
}

enum err
stock_use(struct turn *turn, struct slice municipality, int64_t n)
{
	return n == 0 ? OK : jukinet_stock_add(turn->store, municipality, 0, n);
}
