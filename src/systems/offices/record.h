/*
 * Business records, and their replicas.
 *
 * What is loaded here may be asked for by other organisations: it goes to the
 * relay by way of the addressee.  Messages overtake each other, so the
 * addressee may not know a person yet; then the replica is put again, a
 * bounded number of times.
 */
#ifndef BANGO_SYSTEMS_OFFICES_RECORD_H
#define BANGO_SYSTEMS_OFFICES_RECORD_H

#include "host/system.h"

/* A replica.put under way: the head, and its rows [BN, contents]. */
struct record_batch {
	struct slice item;
	struct slice version;
	struct slice change;  /* empty: load */
	struct slice officer; /* who ordered it; may be empty */
	struct instant put;
	json_t *items;
};

/* Store one record and add it to the batch. */
MUST_USE enum err record_put(struct turn *turn, struct record_batch *batch,
    struct slice business_number, json_t *contents);
/* Forget one record, and tell the relay to delete its replica. */
MUST_USE enum err record_remove(struct turn *turn, struct record_batch *batch,
    struct slice business_number);
/* Leave the message for the addressee; the items are released. */
MUST_USE enum err record_send(struct turn *turn, struct record_batch *batch);

/* replica.refused, from our own addressee. */
MUST_USE enum err
record_refused(struct turn *turn, const struct message *message);
/* Timer: put the refused ones again. */
MUST_USE enum err record_retry(struct turn *turn);

#endif
