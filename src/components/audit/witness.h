/*
 * Witnesses: systems of other organisations that sign our checkpoints too.
 *
 * A witness keeps the newest checkpoint that it has cosigned of every log, and
 * signs another only with the proof that it continues that one.  So no system
 * can show different histories to different readers unless the witness helps.
 *
 * Two messages, which every system takes from any system: messages/ledger.h.
 * They follow c2sp.org/tlog-witness, but travel as envelopes, so that they
 * arrive.  The settings "witness", "witness2" and "witness3" name the witnesses;
 * without them, no system is asked.  A head counts as cosigned when all but one of
 * them have signed it, and one at least: a single silent witness stops nothing.
 */
#ifndef BANGO_COMPONENTS_AUDIT_WITNESS_H
#define BANGO_COMPONENTS_AUDIT_WITNESS_H

#include "components/audit/ledger.h"

#define WITNESSES_MAX 3
#define WITNESS_TIMER "audit.witness"

/* A timer: ask the witnesses, if the ledger has grown. */
MUST_USE enum err witness_ask(struct turn *turn);
/* A timer: show the witnesses our head at the start, whether it has grown or
 * not. */
MUST_USE enum err witness_greet(struct turn *turn);
/* The log has a new checkpoint: ask for a signature in a while. */
void witness_soon(struct turn *turn);
MUST_USE enum err
witness_take_checkpoint(struct turn *turn, const struct message *message);
MUST_USE enum err
witness_take_cosigned(struct turn *turn, const struct message *message);

/* The newest tree of a log that a witness has cosigned; size 0 if none. */
struct witnessed {
	struct merkle_tree tree;
	struct slice note; /* in the arena; empty if none */
	bool contradicted; /* the log has shown two histories */
};
MUST_USE enum err witness_load(struct store *store, struct arena *arena,
    struct slice origin, struct witnessed *ret);

#endif
