/*
 * Between the offices, who know business numbers, and the relay, which knows
 * internal numbers (団体内統合宛名機能).  Contents pass through and are not
 * kept.
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_TRANSLATE_H
#define BANGO_SYSTEMS_ADDRESSEE_TRANSLATE_H

#include "host/system.h"

/* replica.put, from the offices: on to the relay; who is unknown goes back
 * as replica.refused. */
MUST_USE enum err
translate_replicas(struct turn *turn, const struct message *message);
/* inquiry.request, from the offices: on to the relay; or answered at once,
 * for a person who is unknown, or dead without the office knowing. */
MUST_USE enum err
translate_inquiry(struct turn *turn, const struct message *message);
/* inquiry.answered, from our own relay: on to the office that asked. */
MUST_USE enum err
translate_answer(struct turn *turn, const struct message *message);
/* Timer: forget who asked long ago. */
MUST_USE enum err translate_forget(struct turn *turn);

#endif
