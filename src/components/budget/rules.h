/*
 * The rules of budgets, as data: amounts, grants at the founding, and which
 * system has which.
 */
#ifndef BANGO_COMPONENTS_BUDGET_RULES_H
#define BANGO_COMPONENTS_BUDGET_RULES_H

#include "components/budget/budget.h"

#define BUDGET_SHARE 10000 /* shares of R are in ten-thousandths */

/* The persons of an organisation of which this system knows no number, and of
 * whose founding the founding file (`population`) says none. */
#define BUDGET_POPULATION_USUAL 100000
/* The grant of a founding ends with this day after the first use. */
#define BUDGET_FOUNDING_DAYS 90

struct budget_rule {
	const char *name;
	const char *system; /* that has it; NULL: every one */
	int64_t floor;      /* the least amount, of a small organisation too */
	int64_t share;      /* of R */
	int64_t
	    share_else;  /* of R, if we do not know its residents; 0: share */
	int64_t percent; /* added: of what was asked on the day */
	/* So much in so many days, the day included; 0 days: no such bound. */
	int64_t days, days_floor, days_share;
	/* Instead of a share of R: of what was used of this budget in the days; a
	 * single day has no bound of its own then.  NULL: of R. */
	const char *of;
	int64_t of_percent;
	/* Days of excess in a row after which an officer has to grant; 0: none */
	int lock;
	int64_t founding; /* so many times R are granted at the founding */
	bool announced;   /* an announcement is granted by rule */
};
extern const struct budget_rule budget_rules[BUDGET_KIND_COUNT];

/* The kind of that name.  ERR_NOT_FOUND if this node's system has none such. */
MUST_USE enum err budget_kind_find(
    const struct turn *turn, struct slice name, enum budget_kind *ret);
/* The persons of an organisation at the founding: the setting `population.ID`, or
 * a usual number. */
int64_t budget_population(const struct turn *turn, struct slice organisation);
/* R of an organisation, the residents if they are known here; and what `rule`
 * allows of it on a day and in its number of days, without grants. */
MUST_USE enum err budget_persons(struct turn *turn, struct slice organisation,
    int64_t *ret, bool *ret_known);
MUST_USE enum err
budget_amount(struct turn *turn, const struct budget_rule *rule,
    struct slice organisation, int64_t *ret, int64_t *ret_days);

#endif
