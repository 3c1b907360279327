/*
 * Messages from the offices, which know business numbers, to the relay, which
 * knows internal numbers (団体内統合宛名機能).  Replicas pass through and are not
 * kept.
 *
 * The way back needs no translation: an office knows its inquiry by its own id,
 * so the relay answers the office directly, and nothing is stored here.
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_TRANSLATE_H
#define BANGO_SYSTEMS_ADDRESSEE_TRANSLATE_H

#include "host/system.h"

/* replica.put, from the offices: passed on to the relay; rows of unknown persons
 * go back as replica.refused. */
MUST_USE enum err
translate_replicas(struct turn *turn, const struct message *message);
/* inquiry.request, from the offices: passed on to the relay; or answered at once
 * for a person who is unknown, or who has died without the office knowing. */
MUST_USE enum err
translate_inquiry(struct turn *turn, const struct message *message);
/* Our inquiry.request, which the relay did not take: the office is told. */
MUST_USE enum err
translate_not_taken(struct turn *turn, const struct message *message);
/* inquiry.cancel, from the offices: passed on to the relay unchanged.  It takes
 * the way of its inquiry, so that a delay of one delays the other as well; if it
 * arrives first all the same, the relay waits for the inquiry. */
MUST_USE enum err
translate_cancel(struct turn *turn, const struct message *message);
/* provider.search, from the offices: passed on to the relay (令85 40条3項); or
 * answered at once for a person who is unknown. */
MUST_USE enum err
translate_search(struct turn *turn, const struct message *message);
/* mark.put, from the offices: passed on to the relay; ERR_BUSY, and later
 * mark.refused, for a person who is unknown. */
MUST_USE enum err
translate_mark(struct turn *turn, const struct message *message);

#endif
