#include "systems/network/often.h"

#include "components/budget/budget.h"
#include "messages/inquiries.h"

enum err
often_take(struct turn *turn, struct slice organisation,
    const struct record_code *person, struct slice *ret_over)
{
	struct budget about, all;
	bool is_within;

	*ret_over = SLICE("");
	TRY(budget_open_about(turn, BUDGET_PERSON, organisation,
	    record_code_text(turn, person), &about));
	TRY(budget_take(turn, &about, 1, &is_within));
	if (!is_within) {
		*ret_over = SLICE(WAITS_PERSON);
		return budget_close(turn, &about);
	}
	TRY(budget_open(turn, BUDGET_INQUIRIES, organisation, &all));
	TRY(budget_take(turn, &all, 1, &is_within));
	if (!is_within)
		*ret_over = SLICE(WAITS_INQUIRIES);
	else
		TRY(budget_close(turn, &about));

	return budget_close(turn, &all);
}
