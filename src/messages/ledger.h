/*
 * The ledger and its witness: two messages of the audit component, which every
 * system may send to every other one (c2sp.org/tlog-witness).
 */
#ifndef BANGO_MESSAGES_LEDGER_H
#define BANGO_MESSAGES_LEDGER_H

#include "messages/common.h"

/* ledger.checkpoint, a log to its witness */
struct ledger_checkpoint {
	int64_t old;               /* entries that the witness has cosigned */
	const struct slice *proof; /* base64 of hashes, from `old` */
	size_t n_proof;
	struct slice checkpoint; /* a signed note */
	int64_t revocations;     /* number of the sender's list; 0: none */
};
DECLARE_MESSAGE(ledger_checkpoint);

/* ledger.cosigned, a witness to the log: checkpoint and signature, or old and
 * newest, or contradiction and newest */
struct ledger_cosigned {
	int64_t old;
	bool has_old;
	struct slice checkpoint, signature;
	struct slice newest; /* of this log, that the witness has cosigned */
	bool contradiction;
	int64_t revocations; /* as above */
};
DECLARE_MESSAGE(ledger_cosigned);

#endif
