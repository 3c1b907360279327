#include "systems/network/extension.h"

#include "components/budget/budget.h"
#include "systems/network/hiding.h"
#include "systems/network/permit.h"

#define BASIS SLICE("番号法23条2項")

/* The sender's withholding of the record, which has not ended. */
static enum err
find_open(struct turn *turn, const struct network_record_row *record,
    struct slice side, struct network_withholding_find_row *ret)
{
	enum err rc = network_withholding_find(
	    turn->store, turn->arena, record->record, side, ret);

	if (rc == ERR_NOT_FOUND ||
	    (rc == OK && !instant_is_before(turn->now, ret->ends)))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field record: the sender does not withhold it, or no "
		    "longer; what has ended is shown");

	return rc;
}

static enum err
use_budget(struct turn *turn, struct slice organisation)
{
	struct budget budget;
	bool is_within;

	TRY(budget_open(turn, BUDGET_WITHHELD, organisation, &budget));
	TRY(budget_take(turn, &budget, 1, &is_within));
	if (!is_within)
		return problem_set(turn->problem, ERR_DENIED,
		    "the budget `withheld` is used up; an officer of the "
		    "network may grant more (POST /budgets/grants)");

	return budget_close(turn, &budget);
}

enum err
extension_take(struct turn *turn, const struct message *message)
{
	const struct record_withheld *m = MESSAGE(message, record_withheld);
	bool asked = slice_equal_string(m->side, HIDING_INQUIRER);
	struct hiding hiding = {
	    .side = asked ? HIDING_INQUIRER : HIDING_PROVIDER,
	    .organisation = system_id_organisation(&message->from),
	    .officer = m->officer,
	    .second = m->second,
	    .from = date_in_japan(turn->now)};
	struct network_withholding_find_row held;
	struct network_record_row record;
	struct withholding w = {.ground = m->ground, .until = m->until};

	TRY(permit_of_sender(turn, message, m->side, m->record, &record));
	TRY(find_open(turn, &record, m->side, &held));
	w.grade = held.grade;
	hiding.affair = asked ? record.affair : WITHHOLDING_MARK;
	hiding.withheld = withholding_text(turn->arena, &w);
	if (!hiding_is_by_two(&hiding))
		return problem_set(turn->problem, ERR_DENIED,
		    "field second: expected another officer than `officer`");
	TRY(turn_audit(turn, "record.withhold",
	    record_code_text(turn, &record.person), BASIS));
	if (!instant_is_before(held.ends, withholding_end(&w)))
		return OK; /* a repetition */
	TRY(use_budget(turn, hiding.organisation));

	return hiding_put(turn, record.record, &hiding);
}
