#include "systems/network/often.h"

#include "components/budget/budget.h"
#include "messages/inquiries.h"

#define BUDGETS 3

static const struct {
	enum budget_kind kind;
	const char *waits;
} budgets[BUDGETS] = {{BUDGET_PERSON, WAITS_PERSON},
    {BUDGET_INQUIRIES, WAITS_INQUIRIES}, {BUDGET_WITHHELD, WAITS_WITHHELD}};

static enum err
open_one(struct turn *turn, const struct often *often, enum budget_kind kind,
    struct budget *ret)
{
	struct slice subject = kind == BUDGET_PERSON
	    ? record_code_text(turn, often->person)
	    : SLICE("");

	return budget_open_about(turn, kind, often->organisation, subject, ret);
}

enum err
often_take(struct turn *turn, const struct often *often, struct slice *ret_over)
{
	size_t i, n = often->withholds ? BUDGETS : BUDGETS - 1;
	struct budget b[BUDGETS];
	bool is_within;

	*ret_over = SLICE("");
	for (i = 0; i < n; i++) {
		TRY(open_one(turn, often, budgets[i].kind, &b[i]));
		TRY(budget_take(turn, &b[i], 1, &is_within));
		if (is_within)
			continue;
		*ret_over = slice_of(budgets[i].waits);
		return budget_close(turn, &b[i]);
	}
	for (i = 0; i < n; i++)
		TRY(budget_close(turn, &b[i]));

	return OK;
}
