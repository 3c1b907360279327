#include "components/keeper/report.h"

#include "base/bug.h"
#include "keeper_rows.h"

/* No note is made for a day that has been over for so long: clocks that are set
 * do not go back by more. */
#define OVER_MS (3600ll * 1000)
/* The other side's day may be another one than ours. */
#define DAYS_BEFORE 1
#define DAYS_AFTER 10

/* --- Daily ---------------------------------------------------------------- */

/* Rows of one organisation, side and day. */
static size_t
group_of(const struct keeper_notes_due_row *rows, size_t n)
{
	size_t i = 1;

	while (i < n && date_compare(rows[i].day, rows->day) == 0 &&
	    slice_equal(rows[i].organisation, rows->organisation) &&
	    slice_equal(rows[i].side, rows->side))
		i++;

	return i;
}

static enum err
send_group(struct turn *turn, const struct system_id *keeper,
    const struct keeper_notes_due_row *rows, size_t n)
{
	struct slice *items = arena_array(turn->arena, n, sizeof(*items));
	size_t i;

	for (i = 0; i < n; i++)
		items[i] = rows[i].token;

	return turn_tell_at_leisure(turn, keeper, records_tokens,
	    &(struct records_tokens){.organisation = rows->organisation,
		.side = rows->side,
		.day = rows->day,
		.items = items,
		.n_items = n - (bug_is(BUG_TOKEN_LEFT_OUT) ? 1 : 0)});
}

/* Send all groups whose keeper can be reached; *ret_n are done with. */
static enum err
send_rows(struct turn *turn, const struct keeper_notes_due_row *rows, size_t n,
    size_t *ret_n)
{
	struct system_id keeper;
	size_t of_group;
	enum err rc;

	for (*ret_n = 0; *ret_n < n; *ret_n += of_group) {
		of_group = group_of(rows + *ret_n, n - *ret_n);
		rc = keeper_of(turn, rows[*ret_n].organisation, &keeper);
		TRY(rows_end(rc));
		if (rc == OK && !turn_has_peer(turn, &keeper))
			break; /* the directory may have it soon */
		if (rc == OK)
			TRY(send_group(turn, &keeper, rows + *ret_n, of_group));
	}

	return OK;
}

/* The notes of days that are over, in the arena. */
static enum err
load_due(struct turn *turn, struct keeper_notes_due_row **ret, size_t *ret_n)
{
	struct date today = date_in_japan(instant_plus(turn->now, -OVER_MS));
	struct keeper_notes_due_row row,
	    *rows = arena_array(turn->arena, TOKENS_MAX, sizeof(*rows));
	struct keeper_sent_row sent = {
	    .organisation = SLICE(""), .side = SLICE(""), .token = SLICE("")};
	struct query q;
	size_t n = 0;
	enum err rc;

	TRY(rows_end(keeper_sent(turn->store, turn->arena, &sent)));
	keeper_notes_due_rows(turn->store,
	    &(struct keeper_notes_due){.day = sent.day,
		.organisation = sent.organisation,
		.side = sent.side,
		.token = sent.token,
		.before = today,
		.limit = TOKENS_MAX},
	    &q);
	while ((rc = keeper_notes_due_next(&q, &row)) == OK) {
		rows[n] = row;
		rows[n].organisation =
		    arena_copy(turn->arena, row.organisation);
		rows[n].side = arena_copy(turn->arena, row.side);
		rows[n++].token = arena_copy(turn->arena, row.token);
	}
	*ret = rows;
	*ret_n = n;

	return rows_end(rc);
}

enum err
report_send(struct turn *turn)
{
	struct keeper_notes_due_row *rows, *last;
	size_t n, done;

	TRY(load_due(turn, &rows, &n));
	TRY(send_rows(turn, rows, n, &done));
	if (done == 0)
		return OK;
	if (done == TOKENS_MAX)
		turn_hurry(turn, REPORT_TIMER);
	last = &rows[done - 1];

	return keeper_sent_put(turn->store, last->day, last->organisation,
	    last->side, last->token);
}

/* --- Looking up ------------------------------------------------------------ */

/* A note of about the message's day.  ERR_NOT_FOUND. */
static enum err
find(struct turn *turn, const struct records_unmatched *of, struct slice token,
    struct keeper_note_find_row *ret)
{
	struct date day = date_plus_days(of->day, -DAYS_BEFORE);
	struct date last = date_plus_days(of->day, DAYS_AFTER);
	struct date today = date_in_japan(turn->now);
	enum err rc = ERR_NOT_FOUND;

	if (date_compare(today, last) < 0)
		last = today;
	for (; rc == ERR_NOT_FOUND && date_compare(day, last) <= 0;
	     day = date_plus_days(day, 1))
		rc = keeper_note_find(turn->store, turn->arena, day,
		    of->organisation, of->side, token, ret);

	return rc;
}

enum err
report_record(struct turn *turn, const struct records_unmatched *of,
    struct slice token, struct slice *ret)
{
	struct keeper_note_find_row row = {.record = SLICE("")};

	TRY(rows_end(find(turn, of, token, &row)));
	*ret = row.record;

	return OK;
}

enum err
report_again(struct turn *turn, const struct records_unmatched *asked)
{
	struct slice *items =
	    arena_array(turn->arena, TOKENS_MAX, sizeof(*items));
	struct keeper_note_find_row row;
	struct system_id keeper;
	size_t i, n = 0;
	enum err rc;

	for (i = 0; i < asked->n_theirs; i++) {
		rc = find(turn, asked, asked->theirs[i], &row);
		TRY(rows_end(rc));
		/* The others leave with their day. */
		if (rc == OK && row.sent > 0)
			items[n++] = asked->theirs[i];
	}
	if (n == 0)
		return OK;
	TRY(keeper_of(turn, asked->organisation, &keeper));

	return turn_tell_at_leisure(turn, &keeper, records_tokens,
	    &(struct records_tokens){.organisation = asked->organisation,
		.side = asked->side,
		.day = asked->day,
		.items = items,
		.n_items = n});
}

/* --- Time ----------------------------------------------------------------- */

enum err
report_forget(struct turn *turn)
{
	struct date before =
	    date_plus_days(date_in_japan(turn->now), -REPORT_KEPT_DAYS);
	struct keeper_notes_oldest_row row;
	enum err rc =
	    keeper_notes_oldest(turn->store, turn->arena, before, &row);

	if (rc)
		return rows_end(rc);
	turn_hurry(turn, REPORT_FORGET_TIMER);

	return keeper_notes_forget(
	    turn->store, row.day, row.organisation, row.side);
}
