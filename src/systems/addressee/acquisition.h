/*
 * Acquiring linkage codes (番号法21条の2, 施行令27条).
 *
 * Each person gets one acquisition number (取得番号), random and different from
 * every number the person has.  It goes with the Individual Number and the
 * attributes of our record to jukinet, which recognises the person by them, and
 * with the internal number to our own relay, where the code arrives under it.
 * The pair is deleted as soon as the relay says that the acquisition is
 * done (番号法21条の2第3項).
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_ACQUISITION_H
#define BANGO_SYSTEMS_ADDRESSEE_ACQUISITION_H

#include "host/system.h"
#include "messages/acquisition.h"

/* The acquisitions that one turn begins, as the rows of the two messages; in the
 * arena. */
struct acquisition_batch {
	struct acquisition_request_item *for_jukinet;
	struct acquisition_link_item *for_relay;
	size_t n;
};
/* An empty batch with room for `max` acquisitions, at most MESSAGE_ROWS_MAX. */
struct acquisition_batch acquisition_batch_of(struct turn *turn, size_t max);
/* A person who needs a code, as our record has the person. */
struct acquiring {
	struct internal_number internal;
	const struct individual_number *number;
	struct attributes attributes;
};
/* Begin an acquisition, unless one is under way for the person. */
MUST_USE enum err acquisition_begin(struct turn *turn,
    struct acquisition_batch *batch, const struct acquiring *who);
/* Send the two messages, unless the batch is empty. */
MUST_USE enum err
acquisition_send(struct turn *turn, const struct acquisition_batch *batch);

/* acquisition.done, from our own relay. */
MUST_USE enum err
acquisition_done(struct turn *turn, const struct message *message);
/* acquisition.refused, from jukinet: the relay is told to delete the pair. */
MUST_USE enum err
acquisition_refused(struct turn *turn, const struct message *message);
/* Timer: an acquisition that has been under way for an hour is asked for again;
 * a receiver that has answered before gives the same answer. */
MUST_USE enum err acquisition_ask_again(struct turn *turn);

#endif
