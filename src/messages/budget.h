/*
 * Budgets: the one message by which an organisation says beforehand that it will
 * need more of something than a day usually brings (components/budget).
 */
#ifndef BANGO_MESSAGES_BUDGET_H
#define BANGO_MESSAGES_BUDGET_H

#include "messages/common.h"

/* The kinds of budgets, as budget_kind_find() knows them. */
#define BUDGET_KIND                                                     \
	WORD("new|pool|claims|notices|change|stranger|miss|enrolments|" \
	     "inquiries|person|withheld|withheld-answers|rows|kib")
#define BUDGET_AMOUNT_MAX 1000000000 /* of one grant */

/* budget.announce, any system to the one that has the budget */
struct budget_announce {
	struct slice kind;
	int64_t amount;
	struct date from, until; /* both days included */
	struct slice reason;
};
DECLARE_MESSAGE(budget_announce);

#endif
