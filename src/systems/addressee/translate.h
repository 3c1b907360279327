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
/* inquiry.cancel, from the office that asked: on to the relay.  ERR_BUSY while
 * the inquiry may be under way to us, ERR_DENIED for another office's. */
MUST_USE enum err
translate_cancel(struct turn *turn, const struct message *message);
/* provider.search, from the offices: on to the relay (令85 40条3項). */
MUST_USE enum err
translate_search(struct turn *turn, const struct message *message);
/* inquiry.held and provider.found, from our own relay: on to the office. */
MUST_USE enum err
translate_held(struct turn *turn, const struct message *message);
MUST_USE enum err
translate_found(struct turn *turn, const struct message *message);
/* inquiry.answered, from our own relay: on to the office that asked. */
MUST_USE enum err
translate_answer(struct turn *turn, const struct message *message);
/* inquiry.corrected, from our own relay: on to the offices. */
MUST_USE enum err
translate_corrected(struct turn *turn, const struct message *message);
/* mark.put, from the offices: on to the relay; ERR_BUSY, then mark.refused, for
 * a person who is unknown.  mark.done, from our own relay: back. */
MUST_USE enum err
translate_mark(struct turn *turn, const struct message *message);
MUST_USE enum err
translate_marked(struct turn *turn, const struct message *message);
/* Timer: forget who asked long ago. */
MUST_USE enum err translate_forget(struct turn *turn);

#endif
