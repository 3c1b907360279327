#include "components/keeper/compare.h"

#include <string.h>

#include "base/bug.h"
#include "components/keeper/unmatched.h"
#include "keeper_rows.h"

#define KEPT_YEARS 7
#define LIST_MAX 1000
#define LATE_DAYS_MAX 400

/* --- Days of work ---------------------------------------------------------- */

/* The number of today, which may have begun just now. */
static enum err
number_of_today(struct turn *turn, int64_t *ret)
{
	struct date day = date_in_japan(turn->now);
	struct keeper_work_row work = {0};

	TRY(rows_end(keeper_work(turn->store, &work)));
	*ret = work.number;
	if (date_compare(day, work.day) <= 0)
		return OK;
	*ret = work.number + 1;

	return keeper_work_put(turn->store, *ret, day);
}

/* --- Tokens come ----------------------------------------------------------- */

/* A message with tokens, while it is taken. */
struct taking {
	const struct records_tokens *message;
	struct slice reporter; /* "relay", "network" */
	int64_t arrived;       /* the keeper's day */
	int64_t matched;
	struct unmatched settled; /* alarms that end, */
	struct date *days;        /* and the day of each */
	size_t n_settled;
};

static enum err
check_reporter(
    struct turn *turn, const struct message *message, const struct taking *t)
{
	struct slice from = system_id_organisation(&message->from);

	if (slice_equal(from, turn_organisation(turn)))
		return problem_set(turn->problem, ERR_DENIED,
		    "the keeper is of the sender's own organisation; the "
		    "setting keeper has to name a system of another one");
	if (slice_equal_string(t->reporter, "relay") &&
	    !slice_equal(from, t->message->organisation) &&
	    !bug_is(BUG_TOKENS_OF_OTHERS))
		return problem_set(turn->problem, ERR_DENIED,
		    "field organisation: a relay reports for its own "
		    "organisation alone");

	return OK;
}

/* A message is late by weeks, not by years. */
static enum err
check_day(struct turn *turn, struct date day)
{
	struct date today = date_in_japan(turn->now);

	if (date_compare(day, date_plus_days(today, 1)) > 0 ||
	    date_compare(day, date_plus_days(today, -LATE_DAYS_MAX)) < 0)
		return problem_set(turn->problem, ERR_INPUT,
		    "field day: expected a day of the last %d days",
		    LATE_DAYS_MAX);

	return OK;
}

static enum err
check_items(struct turn *turn, const struct records_tokens *m)
{
	size_t i;

	for (i = 1; i < m->n_items; i++) {
		if (memcmp(m->items[i - 1].data, m->items[i].data,
			KEEPER_TOKEN_DIGITS) >= 0)
			return problem_set(turn->problem, ERR_INPUT,
			    "field items[%zu]: expected a token greater than "
			    "the one before",
			    i);
	}

	return OK;
}

static enum err
check_room(struct turn *turn, const struct taking *t)
{
	const struct records_tokens *m = t->message;
	struct keeper_tokens_of_row open;

	TRY(keeper_tokens_of(turn->store, m->organisation, m->side, t->reporter,
	    COMPARE_OPEN_MAX, &open));
	if (open.n + (int64_t)m->n_items > COMPARE_OPEN_MAX)
		return problem_set(turn->problem, ERR_BUSY,
		    "%d tokens of this sender are open, which nobody else has "
		    "reported",
		    COMPARE_OPEN_MAX);

	return OK;
}

/* A token that was an alarm has its other half now: the one that was here is the
 * other's. */
static void
settle(struct taking *t, struct date day, struct slice token)
{
	unmatched_add(&t->settled,
	    slice_equal_string(t->reporter, "relay") ? SLICE("network")
						     : SLICE("relay"),
	    token);
	t->days[t->n_settled++] = day;
}

/* Tell who has heard of the alarms. */
static enum err
tell_settled(struct turn *turn, const struct taking *t)
{
	const struct date *day = t->days, *end = day + t->n_settled;

	TRY(unmatched_tell(turn, &t->settled, LEVEL_SETTLED));
	for (; day < end; day++) {
		if (day == t->days || day->month != day[-1].month)
			TRY(unmatched_tell_portal(
			    turn, t->message->organisation, *day));
	}

	return OK;
}

/* Match the token, or keep it. */
static enum err
take(struct turn *turn, struct taking *t, struct slice token)
{
	const struct records_tokens *m = t->message;
	struct keeper_token_match_row row;
	enum err rc = keeper_token_match(turn->store, turn->arena,
	    m->organisation, m->side, token, t->reporter, &row);

	if (rc == ERR_NOT_FOUND)
		return keeper_token_add(turn->store,
		    &(struct keeper_token_add){.organisation = m->organisation,
			.side = m->side,
			.token = token,
			.reporter = t->reporter,
			.day = m->day,
			.arrived = t->arrived});
	if (rc)
		return rc;
	t->matched++;
	if (slice_equal_string(row.level, LEVEL_ALARM))
		settle(t, row.day, token);

	return OK;
}

static enum err
count(struct turn *turn, const struct taking *t)
{
	bool by_relay = slice_equal_string(t->reporter, "relay");
	int64_t n = (int64_t)t->message->n_items;

	return keeper_count_add(turn->store,
	    &(struct keeper_count_add){.organisation = t->message->organisation,
		.side = t->message->side,
		.day = t->message->day,
		.relay = by_relay ? n : 0,
		.network = by_relay ? 0 : n,
		.matched = t->matched});
}

enum err
compare_take(struct turn *turn, const struct message *message)
{
	const struct records_tokens *m = MESSAGE(message, records_tokens);
	struct taking t = {.message = m,
	    .reporter = system_id_name(&message->from),
	    .settled = unmatched_new(
		turn, m->organisation, m->side, m->day, m->n_items),
	    .days = arena_array(turn->arena, m->n_items, sizeof(struct date))};
	size_t i;

	TRY(check_reporter(turn, message, &t));
	TRY(check_day(turn, m->day));
	TRY(check_items(turn, m));
	TRY(check_room(turn, &t));
	TRY(number_of_today(turn, &t.arrived));
	for (i = 0; i < m->n_items; i++)
		TRY(take(turn, &t, m->items[i]));
	TRY(tell_settled(turn, &t));

	return count(turn, &t);
}

/* --- Asking, and alarms ----------------------------------------------------- */

/* A step that a token takes when it has waited. */
struct step {
	const char *from, *to; /* levels */
	int64_t days;
};

/* The tokens that take it, in the arena. */
static enum err
load_due(struct turn *turn, const struct step *step, int64_t today,
    struct keeper_tokens_due_row **ret, size_t *ret_n)
{
	struct keeper_tokens_due_row row,
	    *rows = arena_array(turn->arena, TOKENS_MAX, sizeof(*rows));
	struct query q;
	size_t n = 0;
	enum err rc;

	keeper_tokens_due_rows(turn->store, slice_of(step->from),
	    today - step->days, TOKENS_MAX, &q);
	while ((rc = keeper_tokens_due_next(&q, &row)) == OK) {
		rows[n] = row;
		rows[n].organisation =
		    arena_copy(turn->arena, row.organisation);
		rows[n].side = arena_copy(turn->arena, row.side);
		rows[n].reporter = arena_copy(turn->arena, row.reporter);
		rows[n++].token = arena_copy(turn->arena, row.token);
	}
	*ret = rows;
	*ret_n = n;

	return rows_end(rc);
}

/* How many of the rows, from the first on, are of one organisation, side and
 * day. */
static size_t
group_of(const struct keeper_tokens_due_row *rows, size_t n)
{
	size_t i = 1;

	while (i < n && date_compare(rows[i].day, rows->day) == 0 &&
	    slice_equal(rows[i].organisation, rows->organisation) &&
	    slice_equal(rows[i].side, rows->side))
		i++;

	return i;
}

static enum err
tell(struct turn *turn, const struct unmatched *u, const char *level)
{
	TRY(unmatched_tell(turn, u, level));

	return strcmp(level, LEVEL_ALARM) == 0
	    ? unmatched_tell_portal(turn, u->organisation, u->day)
	    : OK;
}

/* Take the step with rows that are told together. */
static enum err
step_together(struct turn *turn, const struct step *step,
    const struct keeper_tokens_due_row *rows, size_t n)
{
	struct unmatched u =
	    unmatched_new(turn, rows->organisation, rows->side, rows->day, n);
	size_t i;

	for (i = 0; i < n; i++) {
		unmatched_add(&u, rows[i].reporter, rows[i].token);
		TRY(keeper_token_level(turn->store, slice_of(step->to),
		    u.organisation, u.side, rows[i].token));
	}

	return tell(turn, &u, step->to);
}

static enum err
take_step(struct turn *turn, const struct step *step, int64_t today)
{
	struct keeper_tokens_due_row *rows;
	size_t n, done, of_group;

	TRY(load_due(turn, step, today, &rows, &n));
	for (done = 0; done < n; done += of_group) {
		of_group = group_of(rows + done, n - done);
		TRY(step_together(turn, step, rows + done, of_group));
	}
	if (n == TOKENS_MAX)
		turn_hurry(turn, COMPARE_TIMER);

	return OK;
}

enum err
compare_look(struct turn *turn)
{
	static const struct step ask = {"", LEVEL_ASK, COMPARE_ASK_DAYS};
	static const struct step alarm = {
	    LEVEL_ASK, LEVEL_ALARM, COMPARE_ALARM_DAYS};
	int64_t today;

	TRY(number_of_today(turn, &today));
	if (bug_is(BUG_TOKENS_UNCOMPARED))
		return OK;
	TRY(take_step(turn, &alarm, today));

	return take_step(turn, &ask, today);
}

/* --- Explanations ----------------------------------------------------------- */

enum err
compare_take_explanation(struct turn *turn, const struct message *message)
{
	const struct records_explained *m = MESSAGE(message, records_explained);
	struct keeper_explained_row row;
	struct slice from = system_id_organisation(&message->from);
	bool is_relay =
	    slice_equal_string(system_id_name(&message->from), "relay");
	enum err rc;

	if (is_relay && !slice_equal(from, m->organisation))
		return problem_set(turn->problem, ERR_DENIED,
		    "field organisation: a relay speaks for its own "
		    "organisation alone");
	rc = is_relay ? keeper_token_relay_says(turn->store, m->by,
			    m->organisation, m->side, m->token, &row)
		      : keeper_token_network_says(turn->store, m->by,
			    m->organisation, m->side, m->token, &row);
	/* It was settled meanwhile. */
	if (rc)
		return rows_end(rc);

	return unmatched_tell_portal(turn, m->organisation, row.day);
}

/* --- Time, and counts ------------------------------------------------------- */

enum err
compare_erase(struct turn *turn)
{
	struct date before =
	    date_plus_days(date_in_japan(turn->now), -KEPT_YEARS * 366);

	TRY(keeper_tokens_erase(turn->store, before));
	TRY(keeper_discrepancies_erase(turn->store, before));

	return keeper_counts_erase(turn->store, before);
}

enum err
compare_get(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct keeper_counts_row row;
	struct query q;
	enum err rc;

	(void)in;
	json_out_array(o, "days");
	keeper_counts_rows(turn->store, date_in_japan(turn->now), LIST_MAX, &q);
	while ((rc = keeper_counts_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_text(o, "organisation", row.organisation);
		json_out_text(o, "side", row.side);
		json_out_date(o, "day", row.day);
		json_out_int(o, "relay", row.relay);
		json_out_int(o, "network", row.network);
		json_out_int(o, "matched", row.matched);
		json_out_end(o);
	}
	TRY(rows_end(rc));
	json_out_end(o);

	return OK;
}
