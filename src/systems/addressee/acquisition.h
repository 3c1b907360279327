/*
 * Acquiring linkage codes (番号法21条の2, 施行令27条).
 *
 * For each person one acquisition number (取得番号), random and different
 * from every number the person has: it goes with the Individual Number to
 * jukinet, and with the internal number to our own relay, where the code
 * arrives under it.  The pair is kept until the relay says that it is done,
 * and not a moment longer (番号法21条の2第3項).
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_ACQUISITION_H
#define BANGO_SYSTEMS_ADDRESSEE_ACQUISITION_H

#include "host/system.h"
#include "messages/acquisition.h"

/* Acquisitions that one turn begins: their two halves, in the arena. */
struct acquisition_batch {
	struct acquisition_request_item *for_jukinet;
	struct acquisition_link_item *for_relay;
	size_t n;
};
/* An empty one with room for `max`, at most MESSAGE_ROWS_MAX. */
struct acquisition_batch acquisition_batch_of(struct turn *turn, size_t max);
/* Begin one, unless one is under way for the person. */
MUST_USE enum err
acquisition_begin(struct turn *turn, struct acquisition_batch *batch,
    struct internal_number internal, const struct individual_number *number);
/* Leave the two messages, if there is anything to say. */
MUST_USE enum err
acquisition_send(struct turn *turn, const struct acquisition_batch *batch);

/* acquisition.done, from our own relay. */
MUST_USE enum err
acquisition_done(struct turn *turn, const struct message *message);
/* acquisition.refused, from jukinet: the relay shall forget the pair. */
MUST_USE enum err
acquisition_refused(struct turn *turn, const struct message *message);
/* Timer: an acquisition that has been under way for an hour is asked for
 * again; whoever has answered already answers the same. */
MUST_USE enum err acquisition_ask_again(struct turn *turn);

#endif
