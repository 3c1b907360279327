#include "systems/relay/case.h"

#include "base/bug.h"
#include "relay_rows.h"

/* Was it opened by today, and not too long ago? */
static bool
is_open(const struct inquiry_case *c, struct date today)
{
	return date_compare(c->opened, today) <= 0 &&
	    date_compare(date_plus_days(c->opened, CASE_DAYS_MAX), today) >= 0;
}

enum err
case_check(struct turn *turn, const struct inquiry_case *c, enum refusal *ret)
{
	struct relay_inquiries_of_case_row asked;

	if (bug_is(BUG_CASE_UNCHECKED))
		return OK;
	if (!is_open(c, date_in_japan(turn->now))) {
		*ret = REFUSED_CASE;
		return OK;
	}
	TRY(relay_inquiries_of_case(turn->store, c->number, c->unit,
	    instant_plus(turn->now, -CASE_PERIOD_MS), &asked));
	if (asked.n > CASE_INQUIRIES_MAX)
		*ret = REFUSED_CASE_OFTEN;

	return OK;
}
