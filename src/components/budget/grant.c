#include "components/budget/grant.h"

#include "budget_rows.h"
#include "components/budget/rules.h"
#include "messages/budget.h"

#define FOUNDING SLICE("founding")
#define ANNOUNCED SLICE("announced")
#define OFFICER SLICE("officer")
#define LIST_MAX 1000

static struct slice
name_of(enum budget_kind kind)
{
	return slice_of(budget_rules[kind].name);
}

/* --- Rows ----------------------------------------------------------------- */

static enum err
count(struct turn *turn, enum budget_kind kind, struct slice organisation,
    struct slice origin, struct date since, int64_t *ret)
{
	struct budget_grants_of_row row;

	TRY(budget_grants_of(
	    turn->store, organisation, name_of(kind), origin, since, &row));
	*ret = row.n;

	return OK;
}

/* Grant R, or some times R, once, at the first use that needs it. */
static enum err
found(struct turn *turn, enum budget_kind kind, struct slice organisation)
{
	struct date today = date_in_japan(turn->now);
	const struct date ever = {0};
	int64_t n;

	if (budget_rules[kind].founding == 0)
		return OK;
	TRY(count(turn, kind, organisation, FOUNDING, ever, &n));
	if (n > 0)
		return OK;

	return budget_grant_add(turn->store,
	    &(struct budget_grant_add){.organisation = organisation,
		.kind = name_of(kind),
		.first = today,
		.last = date_plus_days(today, BUDGET_FOUNDING_DAYS),
		.amount = budget_rules[kind].founding *
		    budget_population(turn, organisation),
		.origin = FOUNDING,
		.at = turn->now});
}

enum err
grant_left(struct turn *turn, enum budget_kind kind, struct slice organisation,
    int64_t *ret)
{
	struct budget_grants_open_row row;
	struct query q;
	enum err rc;

	*ret = 0;
	TRY(found(turn, kind, organisation));
	budget_grants_open_rows(turn->store, organisation, name_of(kind),
	    date_in_japan(turn->now), &q);
	while ((rc = budget_grants_open_next(&q, &row)) == OK)
		*ret += row.rest;

	return rows_end(rc);
}

/* The grants of today that are not used up; in the arena. */
static enum err
list_open(struct turn *turn, enum budget_kind kind, struct slice organisation,
    struct budget_grants_open_row **ret, size_t *ret_n)
{
	struct budget_grants_open_row row,
	    *rows = arena_array(turn->arena, LIST_MAX, sizeof(*rows));
	struct query q;
	size_t n = 0;
	enum err rc = OK;

	budget_grants_open_rows(turn->store, organisation, name_of(kind),
	    date_in_japan(turn->now), &q);
	while (n < LIST_MAX && (rc = budget_grants_open_next(&q, &row)) == OK)
		rows[n++] = row;
	query_done(&q);
	*ret = rows;
	*ret_n = n;

	return rows_end(rc);
}

enum err
grant_use(struct turn *turn, enum budget_kind kind, struct slice organisation,
    int64_t n)
{
	struct budget_grants_open_row *rows;
	size_t i, n_rows;
	int64_t part;

	TRY(list_open(turn, kind, organisation, &rows, &n_rows));
	for (i = 0; i < n_rows && n > 0; i++) {
		part = rows[i].rest < n ? rows[i].rest : n;
		if (part <= 0)
			continue;
		TRY(budget_grant_use(turn->store, part, rows[i].seq));
		n -= part;
	}

	return n == 0 ? OK
		      : problem_set(turn->problem, ERR_INTERNAL,
			    "more was taken of a budget than was granted");
}

/* --- Announcements -------------------------------------------------------- */

static enum err
find_kind(struct turn *turn, struct slice name, enum budget_kind *ret)
{
	if (budget_kind_find(turn, name, ret))
		return problem_set(turn->problem, ERR_INPUT,
		    "field kind: this system has no such budget");

	return OK;
}

static enum err
check_days(struct turn *turn, struct date from, struct date until)
{
	struct date today = date_in_japan(turn->now);

	if (date_compare(from, today) < 0 || date_compare(until, from) < 0 ||
	    date_compare(until, date_plus_days(from, GRANT_DAYS_MAX - 1)) > 0)
		return problem_set(turn->problem, ERR_INPUT,
		    "field until: expected a day on or after `from`, which is "
		    "not in the past, and at most %d days in all",
		    GRANT_DAYS_MAX);

	return OK;
}

/* An announcement is granted by a rule, for nobody looks at it. */
static enum err
check_rule(struct turn *turn, const struct budget_announce *said,
    enum budget_kind kind, struct slice organisation)
{
	int64_t r, before;
	bool known;

	TRY(budget_persons(turn, organisation, &r, &known));
	TRY(count(turn, kind, organisation, ANNOUNCED,
	    date_plus_days(date_in_japan(turn->now), -365), &before));
	if (!budget_rules[kind].announced ||
	    said->amount > r * GRANT_ANNOUNCED_SHARE / BUDGET_SHARE ||
	    before >= GRANT_ANNOUNCEMENTS_MAX)
		return problem_set(turn->problem, ERR_DENIED,
		    "no rule grants this: `stranger`, `notices` and "
		    "`inquiries` may be announced %d times a year, for up to "
		    "a tenth of your persons; ask an officer of this system",
		    GRANT_ANNOUNCEMENTS_MAX);

	return OK;
}

enum err
grant_take_announcement(struct turn *turn, const struct message *message)
{
	const struct budget_announce *said = MESSAGE(message, budget_announce);
	struct slice organisation = system_id_organisation(&message->from);
	enum budget_kind kind;

	TRY(find_kind(turn, said->kind, &kind));
	TRY(check_days(turn, said->from, said->until));
	TRY(check_rule(turn, said, kind, organisation));
	TRY(budget_grant_add(turn->store,
	    &(struct budget_grant_add){.organisation = organisation,
		.kind = said->kind,
		.first = said->from,
		.last = said->until,
		.amount = said->amount,
		.origin = ANNOUNCED,
		.reason = said->reason,
		.at = turn->now}));

	return turn_audit(turn, "budget.announce", organisation, said->kind);
}

struct grant_announcement_input {
	struct system_id system;
	struct budget_announce announce;
};
static const struct field announcement_fields[] = {
    FIELD(grant_announcement_input, system, SYSTEM,
	"the system that has the budget"),
    FIELD_AS(grant_announcement_input, announce.kind, "kind", BUDGET_KIND,
	"the budget"),
    FIELD_AS(grant_announcement_input, announce.amount, "amount",
	INT(1, BUDGET_AMOUNT_MAX),
	"the amount in all, beside the days' budgets"),
    FIELD_AS(
	grant_announcement_input, announce.from, "from", DATE, "the first day"),
    FIELD_AS(grant_announcement_input, announce.until, "until", DATE,
	"the last day"),
    FIELD_AS(grant_announcement_input, announce.reason, "reason", EXPLANATION,
	"the reason, for people"),
};
const struct shape grant_announcement_input_shape =
    SHAPE(grant_announcement_input, announcement_fields);

enum err
grant_post_announcement(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct grant_announcement_input *i =
	    INPUT(in, grant_announcement_input);

	if (!turn_has_peer(turn, &i->system))
		return problem_set(turn->problem, ERR_INPUT,
		    "field system: is not in the directory; expected one such "
		    "as jlis/jukinet");
	TRY(turn_tell(turn, &i->system, budget_announce, &i->announce));
	TRY(turn_audit(turn, "budget.announce", slice_of(i->system.text),
	    i->announce.kind));
	json_out_text(reply_object(reply, 202), "kind", i->announce.kind);

	return OK;
}

/* --- Officers ------------------------------------------------------------- */

struct budget_grant_input {
	struct slice organisation, kind, reason;
	int64_t amount;
	struct date from, until;
};
static const struct field grant_fields[] = {
    FIELD(budget_grant_input, organisation, TEXT(24), "the organisation's ID"),
    FIELD(budget_grant_input, kind, BUDGET_KIND, "the budget"),
    FIELD(budget_grant_input, amount, INT(1, BUDGET_AMOUNT_MAX),
	"the amount in all, beside the days' budgets"),
    FIELD(budget_grant_input, from, DATE, "the first day"),
    FIELD(budget_grant_input, until, DATE, "the last day"),
    FIELD(budget_grant_input, reason, EXPLANATION, "the reason, for people"),
};
const struct shape budget_grant_input_shape =
    SHAPE(budget_grant_input, grant_fields);

static enum err
is_great(struct turn *turn, const struct budget_grant_input *i,
    enum budget_kind kind, bool *ret)
{
	int64_t amount, of_days;

	TRY(budget_amount(
	    turn, &budget_rules[kind], i->organisation, &amount, &of_days));
	*ret = i->amount > GRANT_OFFICER_TIMES * amount;

	return OK;
}

enum err
budget_grant_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct budget_grant_input *i = INPUT(in, budget_grant_input);
	enum budget_kind kind;
	bool great;

	TRY(find_kind(turn, i->kind, &kind));
	TRY(check_days(turn, i->from, i->until));
	TRY(is_great(turn, i, kind, &great));
	if (great && !input_is_confirmed(in))
		return reply_pending(turn, in, reply);
	TRY(budget_grant_add(turn->store,
	    &(struct budget_grant_add){.organisation = i->organisation,
		.kind = i->kind,
		.first = i->from,
		.last = i->until,
		.amount = i->amount,
		.origin = OFFICER,
		.reason = i->reason,
		.officer = turn->caller.name,
		.at = turn->now}));
	TRY(turn_audit(turn, "budget.grant", i->organisation, i->kind));
	json_out_int(reply_object(reply, 201), "amount", i->amount);

	return OK;
}

/* --- Showing -------------------------------------------------------------- */

static enum err
write_days(struct turn *turn, struct date today, struct json_out *o)
{
	struct budget_of_day_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "today");
	budget_of_day_rows(turn->store, today, LIST_MAX, &q);
	while ((rc = budget_of_day_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_text(o, "organisation", row.organisation);
		json_out_text(o, "kind", row.kind);
		json_out_int(o, "used", row.used);
		json_out_int(o, "granted", row.granted);
		json_out_int(o, "asked", row.asked);
		json_out_int(o, "stopped", row.stopped);
		json_out_end(o);
	}
	TRY(rows_end(rc));
	json_out_end(o);

	return OK;
}

static enum err
write_grants(struct turn *turn, struct date today, struct json_out *o)
{
	struct budget_grants_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "grants");
	budget_grants_rows(turn->store, today, LIST_MAX, &q);
	while ((rc = budget_grants_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_text(o, "organisation", row.organisation);
		json_out_text(o, "kind", row.kind);
		json_out_date(o, "from", row.first);
		json_out_date(o, "until", row.last);
		json_out_int(o, "amount", row.amount);
		json_out_int(o, "used", row.used);
		json_out_text(o, "origin", row.origin);
		json_out_text(o, "reason", row.reason);
		json_out_text(o, "officer", row.officer);
		json_out_instant(o, "at", row.at);
		json_out_end(o);
	}
	TRY(rows_end(rc));
	json_out_end(o);

	return OK;
}

enum err
grant_get(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct date today = date_in_japan(turn->now);
	struct json_out *o = reply_object(reply, 200);

	(void)in;
	TRY(write_days(turn, today, o));

	return write_grants(turn, today, o);
}
