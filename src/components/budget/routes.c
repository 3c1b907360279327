/* The budgets' tables: routes, messages, timers. */
#include "host/routes.h"
#include "budget_rows.h"
#include "budget_statements.h"
#include "components/budget/grant.h"
#include "components/budget/writing.h"
#include "messages/budget.h"

#define HOUR_MS (3600ll * 1000)
#define KEPT_DAYS 400

/* Timer: erase days that no rule looks at any more. */
static enum err
forget(struct turn *turn)
{
	return budget_forget(
	    turn->store, date_plus_days(date_in_japan(turn->now), -KEPT_DAYS));
}

static enum err
count_stopped(struct turn *turn, struct counting *counts)
{
	struct budget_stopped_row row;

	TRY(budget_stopped(turn->store, date_in_japan(turn->now), &row));
	if (row.n > 0)
		counting_add(counts, "over_budget", row.n);

	return OK;
}

static const struct route routes[] = {
    {HTTP_GET, "/budgets", DUTY_STATUS, grant_get, NULL,
	"the use that each organisation made of its budgets today, and the "
	"grants"},
    {HTTP_POST, "/budgets/announcements", DUTY_ANNOUNCE,
	grant_post_announcement, &grant_announcement_input_shape,
	"announce to another system that we shall need more than our budget"},
    {0},
};

static const struct message_handler messages[] = {
    {&message_budget_announce, NULL, FROM_ANY_ORGANISATION,
	grant_take_announcement, "an organisation will need more"},
    {0},
};

static const struct timer timers[] = {
    {"budget.forget", HOUR_MS, forget, "erase the use of days long past"},
    {0},
};

const struct component budget_component = {
    .name = "budget",
    .schema = &budget_schema,
    .routes = routes,
    .messages = messages,
    .timers = timers,
    .start = writing_start,
    .stop = writing_stop,
    .count = count_stopped,
    .wrote = writing_note,
};
