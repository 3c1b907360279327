/*
 * The greeting: at each start a system shows its ledger's head to its witness.
 *
 * Mark and database that were put back together fit each other (host/mark.h).
 * The witness remembers: if it has cosigned a checkpoint that our own key has
 * signed and our ledger does not have, this is not the database that worked, and
 * the system is halted until an officer adopts it.  A claim that our key has
 * not signed changes nothing, so that no witness can stop a system.
 *
 * Until the witness answers, ten seconds at most, a system that has worked
 * before takes no messages but those of the components.
 */
#ifndef BANGO_COMPONENTS_AUDIT_GREETING_H
#define BANGO_COMPONENTS_AUDIT_GREETING_H

#include "components/audit/ledger.h"
#include "messages/ledger.h"

#define GREETING_TIMER "audit.greeting"

/* start and stop of the component. */
MUST_USE enum err greeting_start(struct turn *turn, void **ret_state);
void greeting_stop(void *state);
/* Whether the head is to be sent now.  The timer runs again until the witness has
 * answered, or ten seconds are over: the system then works unwitnessed. */
bool greeting_is_owed(struct turn *turn);
void greeting_sent(struct turn *turn);

/* The witness has answered: look at the newest checkpoint that it has, if it
 * says so.  *ret_halted: the system is halted, and the answer settles nothing
 * else. */
MUST_USE enum err greeting_hear(struct turn *turn,
    const struct system_id *witness, struct slice newest, bool *ret_halted);
/* The witness has confirmed a history of ours. */
void greeting_confirmed(struct turn *turn);

#endif
