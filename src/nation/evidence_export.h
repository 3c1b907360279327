/*
 * Evidence of an exchange, put together for evidence.h to judge: the messages
 * that a running relay keeps of the exchange, with the certificates of all
 * signers, and with proofs to a head of the relay's ledger that another
 * organisation has signed, too.
 */
#ifndef BANGO_NATION_EVIDENCE_EXPORT_H
#define BANGO_NATION_EVIDENCE_EXPORT_H

#include "nation/auditing.h"

struct evidence_wish {
	struct system_id holder; /* the relay */
	struct slice exchange;   /* 32 hex digits */
	int64_t patience_ms;     /* until the ledger is signed */
	/* Called once before the first pause; may be NULL. */
	void (*on_wait)(void);
};

/*
 * *ret is a new reference, an archive in the format of docs/evidence.md.
 * ERR_NOT_FOUND if nothing is kept of the exchange, or a signing key has no
 * certificate; ERR_BUSY if the ledger was not signed in time; ERR_UNREACHABLE.
 */
MUST_USE enum err evidence_export(struct auditing *auditing,
    const struct evidence_wish *wish, json_t **ret, struct problem *problem);

#endif
