#include "components/audit/state.h"

#include "audit_rows.h"
#include "base/bug.h"
#include "base/encode.h"

/* --- At work --------------------------------------------------------------- */

/* The newest state in the ledger: an entry that waits may be anybody's. */
static enum err
newest_told(struct turn *turn, struct state_told *ret)
{
	struct audit_state_last_row last = {0};
	struct audit_entry_newest_row newest;
	struct ledger_head head;

	TRY(ledger_head_load(turn->store, turn->arena, "signed", &head));
	TRY(rows_end(
	    audit_state_last(turn->store, turn->arena, head.last_seq, &last)));
	TRY(audit_entry_newest(turn->store, &newest));
	*ret = (struct state_told){.seq = last.seq,
	    .subject = last.subject,
	    .rows = {last.basis, newest.seq <= head.last_seq}};

	return OK;
}

static enum err
tell_misfit(struct turn *turn, const struct state_told *told, struct slice what)
{
	struct slice entry =
	    arena_printf(turn->arena, "entry %lld", (long long)told->seq);
	struct problem problem = {0};

	(void)!problem_set(&problem, ERR_CORRUPT,
	    "%.*s, unlike in %.*s of the ledger; another program has changed "
	    "them; restore a copy, and look for who did it",
	    SLICE_ARG(what), SLICE_ARG(entry));
	turn_note(turn, MISFIT_ACTION, SLICE("rows"), &problem);

	return turn_audit(turn, MISFIT_ACTION, entry, what);
}

/* Before a table is counted anew, as if that were the first time. */
static enum err
compare_sums(struct turn *turn)
{
	struct state_told told;
	struct buf what;
	enum err rc = OK;

	if (bug_is(BUG_SUMS_UNCOMPARED))
		return OK;
	TRY(newest_told(turn, &told));
	buf_init(&what);
	store_rows_compare(turn->store, &told.rows, &what);
	if (what.len > 0)
		rc = tell_misfit(turn, &told, buf_slice(&what));
	buf_done(&what);

	return rc;
}

static enum err
count_rows(struct turn *turn)
{
	struct row_count found;

	TRY(store_rows_count(turn->store, &found));
	if (!found.first && !found.stale)
		return OK;

	return turn_audit(turn, "rows.count", SLICE(""),
	    found.stale ? SLICE("after a migration")
			: SLICE("for the first time"));
}

enum err
state_begin(struct turn *turn)
{
	TRY(compare_sums(turn));

	return count_rows(turn);
}

enum err
state_misfits(struct turn *turn, struct counting *counts)
{
	struct audit_misfit_count_row found;

	TRY(audit_misfit_count(turn->store, &found));
	if (found.n > 0)
		counting_add(counts, "misfits", found.n);

	return OK;
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
	rc = rows_end(
	    audit_state_last(turn->store, turn->arena, INT64_MAX, &last));
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
		table = first_difference(buf_slice(&tables), told->rows.tables);
		rc = problem_set(problem, ERR_CORRUPT,
		    "table %.*s: its rows and its sum are not those of entry "
		    "%lld; another program has changed them",
		    SLICE_ARG(table), (long long)told->seq);
	}
	buf_done(&state);
	buf_done(&tables);

	return rc;
}

/* The sums by what the state tells of them. */
static enum err
check_sums(
    struct store *store, const struct state_told *told, struct problem *problem)
{
	struct buf what;
	enum err rc = OK;

	buf_init(&what);
	store_rows_compare(store, &told->rows, &what);
	if (what.len > 0)
		rc = problem_set(problem, ERR_CORRUPT,
		    "%s, unlike in entry %lld; another program has changed "
		    "them",
		    what.data, (long long)told->seq);
	buf_done(&what);

	return rc;
}

/* The rows by their sums. */
static enum err
check_tables(struct store *store, struct problem *problem)
{
	const char *table;

	TRY(store_rows_verify(store, &table));
	if (table != NULL)
		return problem_set(problem, ERR_CORRUPT,
		    "table %s: its rows do not fit the sum that this system "
		    "kept; another program has changed them",
		    table);
	table = store_rows_uncounted(store);
	if (table != NULL)
		return problem_set(problem, ERR_CONFLICT,
		    "table %s: its rows are not counted yet; start the system "
		    "once with this program, which counts them",
		    table);

	return OK;
}

enum err
state_verify(
    struct store *store, const struct state_told *told, struct problem *problem)
{
	if (told->seq == 0 || bug_is(BUG_ROWS_UNCOMPARED))
		return OK;
	TRY(check_sums(store, told, problem));
	TRY(check_tables(store, problem));

	return told->rows.is_newest ? compare(store, told, problem) : OK;
}
