#include "systems/jukinet/jukinet.h"

#include "jukinet_rows.h"
#include "jukinet_statements.h"

#define LEDGER_ROWS 400

/* --- The ledger (令85 55条) ------------------------------------------------ */

enum err
jukinet_count(struct turn *turn, const char *what, int64_t n)
{
	return jukinet_ledger_add(turn->store,
	    date_to_int64(date_in_japan(turn->now)), slice_of(what), n);
}

static enum err
totals(struct turn *turn, struct counting *counts)
{
	struct jukinet_changes_held_count_row held;
	struct jukinet_ledger_totals_row row;
	struct query q;
	enum err rc;

	TRY(jukinet_changes_held_count(turn->store, &held));
	if (held.n > 0)
		counting_add(counts, "number_changes_held", held.n);
	jukinet_ledger_totals_rows(turn->store, &q);
	while ((rc = jukinet_ledger_totals_next(&q, &row)) == OK)
		counting_add(
		    counts, arena_string(turn->arena, row.what), row.total);

	return rows_end(rc);
}

enum err
jukinet_counts(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"claims_held", JUKINET_CLAIM_HELD, 0},
	    {NULL, 0, 0},
	};

	TRY(totals(turn, counts));

	return turn_counts(turn, figures, counts);
}

enum err
jukinet_get_progress(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct counting counts = {0};

	(void)in;
	TRY(totals(turn, &counts));
	reply_counting(reply, 200, &counts);

	return OK;
}

enum err
jukinet_get_ledger(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct jukinet_ledger_days_row row;
	struct query q;
	enum err rc;

	(void)in;
	json_out_array(o, "days");
	jukinet_ledger_days_rows(turn->store, LEDGER_ROWS, &q);
	while ((rc = jukinet_ledger_days_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_int(o, "day", row.day);
		json_out_text(o, "what", row.what);
		json_out_int(o, "count", row.count);
		json_out_end(o);
	}

	return rows_end(rc);
}
