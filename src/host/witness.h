/*
 * Witnesses: systems of other organisations that sign our checkpoints too.
 *
 * A witness keeps the newest checkpoint that it has cosigned of every log, and
 * signs another only with the proof that it continues that one.  So nobody can
 * show one history to some and another to others, unless the witness helps.
 *
 * Two messages, of the host itself (every system can be a witness):
 *
 *   ledger.checkpoint  log → witness   old, proof, checkpoint
 *   ledger.cosigned    witness → log   checkpoint, signature; or old, where
 *                                      the proof has to begin; or
 *                                      contradiction
 *
 * They follow c2sp.org/tlog-witness, but travel as envelopes, so that they
 * arrive.  The setting "witness" names the witness; without it, nobody is
 * asked.
 */
#ifndef BANGO_HOST_WITNESS_H
#define BANGO_HOST_WITNESS_H

#include "host/ledger.h"

/* Asks the witness; hurried by the ledger when it has grown. */
extern const struct timer witness_timer;
/* The log has a new checkpoint: ask for a signature in a while. */
void witness_soon(struct turn *turn);

/* Messages that every system takes, from any system; NULL type ends. */
extern const struct message_handler host_messages[];

#endif
