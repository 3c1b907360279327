#include "components/budget/budget.h"

#include <assert.h>

#include "base/bug.h"
#include "budget_rows.h"
#include "components/budget/grant.h"
#include "components/budget/rules.h"

static const struct budget_rule *
rule_of(const struct budget *b)
{
	return &budget_rules[b->kind];
}

/* --- Reading -------------------------------------------------------------- */

/* The use of the days before, and of today. */
struct days {
	int64_t used, used_today, granted_today, asked_today;
	int excess; /* days in a row, until yesterday */
	bool is_stopped;
};

static int
greater(int a, int b)
{
	return a > b ? a : b;
}

/* The days that count, today included. */
static int
days_back(const struct budget_rule *rule)
{
	return greater(rule->lock, greater((int)rule->days - 1, 0));
}

static enum err
read_days(struct turn *turn, const struct budget *b, struct days *ret)
{
	const struct budget_rule *rule = rule_of(b);
	struct date today = date_in_japan(turn->now);
	struct date locking = date_plus_days(today, -rule->lock);
	struct budget_days_row row;
	struct query q;
	enum err rc;

	*ret = (struct days){0};
	budget_days_rows(turn->store, b->organisation, slice_of(rule->name),
	    b->subject, date_plus_days(today, -days_back(rule)), &q);
	while ((rc = budget_days_next(&q, &row)) == OK) {
		ret->used += row.used;
		ret->excess += row.stopped > 0 &&
		    date_compare(row.day, today) < 0 &&
		    date_compare(row.day, locking) >= 0;
		if (date_compare(row.day, today) != 0)
			continue;
		ret->used_today = row.used;
		ret->granted_today = row.granted;
		ret->asked_today = row.asked;
		ret->is_stopped = row.stopped > 0;
	}

	return rows_end(rc);
}

enum err
budget_open_about(struct turn *turn, enum budget_kind kind,
    struct slice organisation, struct slice subject, struct budget *ret)
{
	struct budget b = {.kind = kind,
	    .organisation = organisation,
	    .subject = subject,
	    .grants = -1};
	const struct budget_rule *rule = rule_of(&b);
	struct days days;
	int64_t of_days;

	TRY(budget_amount(turn, rule, organisation, &b.amount, &of_days));
	TRY(read_days(turn, &b, &days));
	b.amount -= days.used_today;
	if (rule->days > 0 && of_days - days.used < b.amount)
		b.amount = of_days - days.used;
	b.asked = days.asked_today;
	b.used = days.used_today + days.granted_today;
	b.is_locked = rule->lock > 0 && days.excess >= rule->lock;
	b.was_stopped = days.is_stopped;
	*ret = b;

	return OK;
}

enum err
budget_open(struct turn *turn, enum budget_kind kind, struct slice organisation,
    struct budget *ret)
{
	return budget_open_about(turn, kind, organisation, SLICE(""), ret);
}

/* --- Using ---------------------------------------------------------------- */

void
budget_ask(struct budget *budget, int64_t n)
{
	budget->now.asked += n;
}

/* The rest of the day's own budget. */
static int64_t
left(const struct budget *b)
{
	int64_t share = (b->asked + b->now.asked) * rule_of(b)->percent / 100;
	int64_t n = b->amount + share - b->now.used;

	return b->is_locked || n < 0 ? 0 : n;
}

/* Whether `n` are left, of the day and of grants. */
static enum err
suffices(struct turn *turn, struct budget *b, int64_t n, bool *ret)
{
	*ret = left(b) >= n || bug_is(BUG_BUDGET_ENDLESS);
	if (*ret)
		return OK;
	if (b->grants < 0)
		TRY(grant_left(turn, b->kind, b->organisation, &b->grants));
	*ret = left(b) + b->grants - b->now.granted >= n;

	return OK;
}

enum err
budget_has(struct turn *turn, struct budget *budget, bool *ret)
{
	return suffices(turn, budget, 1, ret);
}

enum err
budget_take(struct turn *turn, struct budget *budget, int64_t n, bool *ret)
{
	int64_t of_day;

	TRY(suffices(turn, budget, n, ret));
	if (!*ret) {
		budget->now.stopped += n;
		return OK;
	}
	of_day = left(budget) < n && budget->grants >= 0 ? left(budget) : n;
	budget->now.used += of_day;
	budget->now.granted += n - of_day;

	return OK;
}

static enum err
add(struct turn *turn, const struct budget *b)
{
	return budget_add(turn->store,
	    &(struct budget_add){.organisation = b->organisation,
		.kind = slice_of(rule_of(b)->name),
		.subject = b->subject,
		.day = date_in_japan(turn->now),
		.used = b->now.used,
		.granted = b->now.granted,
		.asked = b->now.asked,
		.stopped = b->now.stopped});
}

static void
note_stop(struct turn *turn, const struct budget *b)
{
	struct problem why = {0};

	(void)!problem_set(&why, ERR_DENIED,
	    "the budget `%s` is used up; it renews at midnight, and GET "
	    "/budgets shows it",
	    rule_of(b)->name);
	turn_note(turn, "budget-stopped", b->organisation, &why);
}

enum err
budget_close(struct turn *turn, struct budget *budget)
{
	if (budget->now.used + budget->now.granted + budget->now.asked +
		budget->now.stopped ==
	    0)
		return OK;
	TRY(add(turn, budget));
	if (budget->now.granted > 0)
		TRY(grant_use(turn, budget->kind, budget->organisation,
		    budget->now.granted));
	if (budget->now.stopped > 0 && !budget->was_stopped)
		note_stop(turn, budget);

	return OK;
}

/* --- Levels --------------------------------------------------------------- */

enum err
budget_level(struct turn *turn, enum budget_kind kind,
    struct slice organisation, int64_t *ret)
{
	int64_t of_days, grants;

	TRY(budget_amount(
	    turn, &budget_rules[kind], organisation, ret, &of_days));
	TRY(grant_left(turn, kind, organisation, &grants));
	*ret += grants;

	return OK;
}

enum err
budget_stop(struct turn *turn, enum budget_kind kind, struct slice organisation)
{
	struct budget b;

	TRY(budget_open(turn, kind, organisation, &b));
	b.now.stopped = 1;

	return budget_close(turn, &b);
}

/* --- Days and sizes ------------------------------------------------------- */

struct instant
budget_renews(const struct turn *turn)
{
	return date_begin(date_plus_days(date_in_japan(turn->now), 1));
}

enum err
budget_resize(struct turn *turn, struct slice organisation, int64_t change)
{
	return change == 0 ? OK
			   : budget_size_add(turn->store, organisation, change);
}
