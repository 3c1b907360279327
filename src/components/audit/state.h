/*
 * The state of the rows: which rows the protected tables have, in the ledger.
 *
 * The store keeps a sum over the rows of each protected table (store/store.h,
 * decision 0054).  Whenever the ledger grows and the sums have changed, an entry
 * of the audit says so before the head is signed, and witnessed with it:
 *
 *   action    rows.state
 *   subject   the digest of all sums, in hexadecimal
 *   basis     the beginning of each table's: "person 0123456789abcdef, record ..."
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

/* At the start: count the tables whose sum is not known.  An entry (rows.count)
 * says so where there were rows. */
MUST_USE enum err state_count(struct turn *turn);
/* Before the ledger takes entries: write one if the rows have changed. */
MUST_USE enum err state_add(struct turn *turn);

/* The newest state in the ledger, as its entry tells it. */
struct state_told {
	int64_t seq; /* 0: none; nobody has counted rows */
	struct slice subject, basis;
	bool is_newest; /* no entries wait, which may tell of another */
};
/* Read all rows of protected tables and compare them with the sums, and these
 * with the state if it is the newest.  ERR_CORRUPT, naming the table. */
MUST_USE enum err state_verify(struct store *store,
    const struct state_told *told, struct problem *problem);

#endif
