/*
 * Whether a node takes work from its peers.
 *
 * Components close and open the gate; operators are served whatever it says, so
 * that they can see why and mend it.
 */
#ifndef BANGO_HOST_GATE_H
#define BANGO_HOST_GATE_H

#include "host/mark.h"

enum gate {
	GATE_OPEN,
	GATE_UNWITNESSED, /* open, but nobody has confirmed our history */
	/* Messages to the system are asked for again later; those to the other
	 * components are taken. */
	GATE_WAITING,
	GATE_HALTED, /* every batch of a peer is refused: 503 */
};

/* Set the gate; `why` is for peers and the status, and is copied.  Not undone
 * with the turn. */
void turn_gate(struct turn *turn, enum gate gate, const char *why);
/* The decision with which an officer has started the node; only in the start of
 * a component. */
const struct adoption *turn_adoption(const struct turn *turn);
/* Whether an earlier start was complete, by the mark. */
bool turn_worked_before(const struct turn *turn);

#endif
