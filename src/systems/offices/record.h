/*
 * Business records, and their replicas.
 *
 * Other organisations may ask for the records that are loaded here: each record
 * goes to the relay as a replica, by way of the addressee.  Messages overtake
 * each other, so the addressee may not know a person yet; the replica is then
 * put again, a bounded number of times.
 */
#ifndef BANGO_SYSTEMS_OFFICES_RECORD_H
#define BANGO_SYSTEMS_OFFICES_RECORD_H

#include "messages/replicas.h"
#include "systems/offices/offices.h"

/* The field `items`, into members of type struct office_replica_put; the
 * contents of a row may be missing. */
extern const struct shape offices_record_shape;
#define RECORD_ROWS(tag, member, n_member)                      \
	SHAPE_MANY_AS(tag, member, n_member, "items", REQUIRED, \
	    "rows: business number, contents (none to delete)", \
	    struct office_replica, .max = OFFICES_ROWS_MAX,     \
	    .kind = &kind_rows, .of = &offices_record_shape)

/* Two rows of one business number: their places, from 0.  False if each stands
 * there once. */
bool record_find_twice(struct arena *arena, const struct office_replica *rows,
    size_t n, size_t ret[2]);

/*
 * Store the records of `put`, or delete them if its change is "delete", and send
 * `put` to the addressee.  ERR_INPUT for an item or a version that the catalogue
 * does not have, for a row without contents, and for a business number that
 * stands in two rows.
 */
MUST_USE enum err
record_change(struct turn *turn, const struct office_replica_put *put);

/* replica.refused, from our own addressee. */
MUST_USE enum err
record_refused(struct turn *turn, const struct message *message);
/* Timer: put refused replicas again. */
MUST_USE enum err record_retry(struct turn *turn);

#endif
