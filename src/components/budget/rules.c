#include "components/budget/rules.h"

#include "budget_rows.h"

/*
 * Twenty simulated years of a city of 350,000, with the peaks of March and
 * April, used 21 to 74 % of these (decision 0036 has the figures).
 */
const struct budget_rule budget_rules[BUDGET_KIND_COUNT] = {
    [BUDGET_NEW] = {"new", "jukinet", .floor = 50, .share = 10, .founding = 1},
    /* At least twice the reserve of a registry. */
    [BUDGET_POOL] = {"pool", "jukinet", .floor = 1000, .share = 200,
	.founding = 1},
    [BUDGET_CLAIMS] = {"claims", "jukinet", .floor = 20, .share = 1},
    [BUDGET_NOTICES] = {"notices", "jukinet", .floor = 500, .share = 100,
	.announced = true},
    [BUDGET_CHANGE] = {"change", "jukinet", .floor = 20, .share = 1},
    [BUDGET_STRANGER] = {"stranger", "jukinet", .floor = 200, .share = 50,
	.share_else = 10, .days = 28, .days_floor = 2000, .days_share = 200,
	.founding = 1, .announced = true},
    [BUDGET_MISS] = {"miss", "jukinet", .floor = 50, .share = 5, .percent = 2,
	.lock = 3},
    [BUDGET_ENROLMENTS] = {"enrolments", "jukinet", .floor = 100, .share = 50,
	.announced = true},
    [BUDGET_INQUIRIES] = {"inquiries", "network", .floor = 1000, .share = 150,
	.announced = true},
    [BUDGET_PERSON] = {"person", "network", .floor = 20, .days = 30,
	.days_floor = 20},
    [BUDGET_WITHHELD] = {"withheld", "network", .days = 30, .days_floor = 5,
	.of = "inquiries", .of_percent = 2},
    [BUDGET_WITHHELD_ANSWERS] = {"withheld-answers", "network", .floor = 5,
	.share = 1, .days = 30, .days_floor = 5, .days_share = 1},
    /* An honest city uses an eighth of these at most (decision 0053). */
    [BUDGET_ROWS] = {"rows", NULL, .floor = 500000, .share = 60000,
	.founding = 10},
    [BUDGET_KIB] = {"kib", NULL, .floor = 250000, .share = 20000,
	.founding = 4},
};

enum err
budget_kind_find(
    const struct turn *turn, struct slice name, enum budget_kind *ret)
{
	enum budget_kind k;

	for (k = 0; k < BUDGET_KIND_COUNT; k++) {
		if (!slice_equal_string(name, budget_rules[k].name))
			continue;
		if (budget_rules[k].system != NULL &&
		    !slice_equal_string(system_id_name(turn_self(turn)),
			budget_rules[k].system))
			break;
		*ret = k;
		return OK;
	}

	return ERR_NOT_FOUND;
}

int64_t
budget_population(const struct turn *turn, struct slice organisation)
{
	const char *name = arena_printf(
	    turn->arena, "population.%.*s", SLICE_ARG(organisation))
			       .data;
	uint64_t n;

	if (slice_to_u64(turn_setting(turn, name), INT32_MAX, &n))
		return BUDGET_POPULATION_USUAL;

	return (int64_t)n;
}

enum err
budget_persons(
    struct turn *turn, struct slice organisation, int64_t *ret, bool *ret_known)
{
	struct budget_size_row row = {0};

	TRY(rows_end(budget_size(turn->store, organisation, &row)));
	*ret_known = row.persons > 0;
	*ret = *ret_known ? row.persons : budget_population(turn, organisation);

	return OK;
}

static int64_t
greater(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* A share of the use of another budget. */
static enum err
amount_of(struct turn *turn, const struct budget_rule *rule,
    struct slice organisation, int64_t *ret)
{
	struct date first =
	    date_plus_days(date_in_japan(turn->now), 1 - (int)rule->days);
	struct budget_since_row row;

	TRY(budget_since(
	    turn->store, organisation, slice_of(rule->of), first, &row));
	*ret = greater(rule->days_floor, row.n * rule->of_percent / 100);

	return OK;
}

enum err
budget_amount(struct turn *turn, const struct budget_rule *rule,
    struct slice organisation, int64_t *ret, int64_t *ret_days)
{
	int64_t r, share = rule->share;
	bool known;

	if (rule->of != NULL) {
		TRY(amount_of(turn, rule, organisation, ret_days));
		*ret = *ret_days;
		return OK;
	}
	TRY(budget_persons(turn, organisation, &r, &known));
	if (!known && rule->share_else > 0)
		share = rule->share_else;
	*ret = greater(rule->floor, r * share / BUDGET_SHARE);
	*ret_days =
	    greater(rule->days_floor, r * rule->days_share / BUDGET_SHARE);

	return OK;
}
