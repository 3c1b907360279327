#include "messages/budget.h"

static const struct field budget_announce_fields[] = {
    FIELD(budget_announce, kind, BUDGET_KIND, "the budget"),
    FIELD(budget_announce, amount, INT(1, BUDGET_AMOUNT_MAX),
	"the amount in all, beside the days' budgets"),
    FIELD(budget_announce, from, DATE, "the first day"),
    FIELD(budget_announce, until, DATE, "the last day"),
    FIELD(budget_announce, reason, EXPLANATION, "the reason, for people"),
};
DEFINE_MESSAGE(budget_announce, "budget.announce", 1);
