/*
 * The audit component: the ledger of the audit, and its witness.
 *
 * Turns of every component write entries with turn_audit(), which are rows of
 * the host.  This component makes leaves of a Merkle log of them (ledger.h),
 * has another organisation sign its head (witness.h), signs those of others,
 * shows heads, tiles and proofs, and erases entries after ten years.
 */
#ifndef BANGO_COMPONENTS_AUDIT_AUDIT_H
#define BANGO_COMPONENTS_AUDIT_AUDIT_H

#include "host/system.h"

extern const struct component audit_component;

/* The head of an archive of evidence (docs/evidence.md). */
struct audit_archive {
	struct slice exchange;
	struct slice sheet;   /* its message belongs to it; or empty */
	struct slice of_case; /* the inquirer's; or empty */
	bool is_old;          /* format 1 */
};

/*
 * Answer with all messages kept of an exchange (host/evidence.h), each with the
 * proof that its entry is in the ledger, in the format of docs/evidence.md.
 * ERR_NOT_FOUND if nothing is kept of the exchange.  The caller owes an audit
 * entry.
 */
MUST_USE enum err audit_evidence(struct turn *turn,
    const struct audit_archive *archive, struct reply *reply);

#endif
