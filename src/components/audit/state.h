/*
 * The state of the rows: which rows the protected tables have, in the ledger.
 *
 * The store keeps a sum over the rows of each protected table (store/store.h,
 * decision 0054).  Whenever the ledger grows and the sums have changed, an entry
 * of the audit says so before the head is signed, and witnessed with it:
 *
 *   action    rows.state
 *   subject   the digest of all sums, in hexadecimal
 *   basis     the migrations done, and the beginning of each table's:
 *             "migrations 41, person 0123456789abcdef, record ..."
 *
 * A commit that changed rows has an entry (rows.change, if nobody wrote
 * another), so the newest state belongs to the newest entry: rows that
 * were changed by another program do not fit it.
 *
 * It does not show what was changed between a commit and the next head, a second
 * at most, nor that a row was never written.
 */
#ifndef BANGO_COMPONENTS_AUDIT_STATE_H
#define BANGO_COMPONENTS_AUDIT_STATE_H

#include "components/audit/ledger.h"

#define STATE_ACTION "rows.state"
#define MISFIT_ACTION "rows.misfit"

/*
 * At the start: compare the kept sums with the newest state in the ledger; an
 * entry (rows.misfit) names the tables of which somebody took the sum away or
 * put another one in its place, and state_verify() does not hold from then on.
 * Then count the tables whose sum is not known; an entry (rows.count) says so
 * where there were rows.
 */
MUST_USE enum err state_begin(struct turn *turn);
/* For `bango status`: how many entries rows.misfit there are. */
MUST_USE enum err state_misfits(struct turn *turn, struct counting *counts);
/* Before the ledger takes entries: write one if the rows have changed. */
MUST_USE enum err state_add(struct turn *turn);

/* The newest state in the ledger, as its entry tells it. */
struct state_told {
	int64_t seq; /* 0: none; nobody has counted rows */
	struct slice subject;
	/* It is the newest while no entry waits that may tell of another. */
	struct rows_told rows;
};
/* Read all rows of protected tables and compare them with the sums, and these
 * with the state.  ERR_CORRUPT, naming the table; ERR_CONFLICT if a table is to
 * be counted first, at the next start. */
MUST_USE enum err state_verify(struct store *store,
    const struct state_told *told, struct problem *problem);

#endif
