/*
 * From the offices, who know business numbers, to the relay, which knows
 * internal numbers (団体内統合宛名機能).  Replicas pass through and are not kept.
 *
 * The way back needs no translation: an office knows its question by its own
 * id, so the relay tells it directly, and nothing is remembered here.
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
/* inquiry.cancel, from the offices: on to the relay as it is.  It goes the way of
 * its question, so that whatever holds up the one holds up the other; if it
 * comes first all the same, the relay waits for the question. */
MUST_USE enum err
translate_cancel(struct turn *turn, const struct message *message);
/* provider.search, from the offices: on to the relay (令85 40条3項); or answered
 * at once for a person who is unknown. */
MUST_USE enum err
translate_search(struct turn *turn, const struct message *message);
/* mark.put, from the offices: on to the relay; ERR_BUSY, then mark.refused, for
 * a person who is unknown. */
MUST_USE enum err
translate_mark(struct turn *turn, const struct message *message);

#endif
