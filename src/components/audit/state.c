#include "components/audit/state.h"

#include "audit_rows.h"
#include "base/bug.h"
#include "base/encode.h"

/* --- At work --------------------------------------------------------------- */

enum err
state_count(struct turn *turn)
{
	struct row_count found;
	struct slice why;

	TRY(store_rows_count(turn->store, &found));
	if (!found.first && !found.stale)
		return OK;
	why = found.stale ? SLICE("after a migration")
			  : SLICE("for the first time");
	if (found.misfit != NULL)
		why = arena_printf(turn->arena,
		    "%.*s, before which table %s did not fit its sum",
		    SLICE_ARG(why), found.misfit);

	return turn_audit(turn, "rows.count", SLICE(""), why);
}

/* The digest of all sums in hexadecimal, and the tables'.  False: there are no
 * rows. */
static bool
read_state(struct store *store, struct buf *ret, struct buf *ret_tables)
{
	struct digest digest;
	bool has_rows = store_rows_state(store, &digest, ret_tables);

	hex_encode(digest_slice(&digest), ret);

	return has_rows;
}

static enum err
put(struct turn *turn, struct slice subject, struct slice tables)
{
	return audit_state_put(turn->store,
	    &(struct audit_state_put){.at = turn->now,
		.actor = turn->actor,
		.subject = subject,
		.basis = tables,
		.request = turn->caller.request});
}

enum err
state_add(struct turn *turn)
{
	struct audit_state_last_row last = {0};
	struct buf state, tables;
	bool has_rows;
	enum err rc;

	buf_init(&state);
	buf_init(&tables);
	has_rows = read_state(turn->store, &state, &tables);
	rc = rows_end(audit_state_last(turn->store, turn->arena, &last));
	if (rc == OK && (has_rows || last.seq != 0) &&
	    !slice_equal(last.subject, buf_slice(&state)))
		rc = put(turn, buf_slice(&state), buf_slice(&tables));
	buf_done(&state);
	buf_done(&tables);

	return rc;
}

/* --- Verifying ------------------------------------------------------------- */

/* The first table of `now` that is another one in `told`. */
static struct slice
first_difference(struct slice now, struct slice told)
{
	struct slice table;

	do
		table = slice_trim(slice_cut(&now, ','));
	while (slice_equal(table, slice_trim(slice_cut(&told, ','))) &&
	    now.len > 0);

	return slice_cut(&table, ' ');
}

static enum err
compare(
    struct store *store, const struct state_told *told, struct problem *problem)
{
	struct buf state, tables;
	struct slice table;
	enum err rc = OK;

	buf_init(&state);
	buf_init(&tables);
	(void)read_state(store, &state, &tables);
	if (!slice_equal(buf_slice(&state), told->subject)) {
		table = first_difference(buf_slice(&tables), told->basis);
		rc = problem_set(problem, ERR_CORRUPT,
		    "table %.*s: its rows and its sum are not those of entry "
		    "%lld; another program has changed them",
		    SLICE_ARG(table), (long long)told->seq);
	}
	buf_done(&state);
	buf_done(&tables);

	return rc;
}

enum err
state_verify(
    struct store *store, const struct state_told *told, struct problem *problem)
{
	const char *table;

	if (told->seq == 0 || bug_is(BUG_ROWS_UNCOMPARED))
		return OK;
	TRY(store_rows_verify(store, &table));
	if (table != NULL)
		return problem_set(problem, ERR_CORRUPT,
		    "table %s: its rows do not fit the sum that this system "
		    "kept; another program has changed them",
		    table);

	return told->is_newest ? compare(store, told, problem) : OK;
}
