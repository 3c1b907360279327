/*
 * Replicas (副本): what the organisation may provide about its people, as the
 * offices put it; one row for each person, item and version (a year).
 *
 * Four kinds of change: load (追加), replace (差替), correct (訂正), delete
 * (削除).  Each is noted with its time and who ordered it, without contents.
 * What a replica said before is kept beside it, until it is deleted; then all
 * of it goes, and an empty row stays, so that older news cannot bring it back.
 */
#ifndef BANGO_SYSTEMS_RELAY_REPLICA_H
#define BANGO_SYSTEMS_RELAY_REPLICA_H

#include "host/system.h"
#include "number/internal_number.h"

/* replica.put, from our own addressee.  The later `at` wins, in whatever
 * order the messages come.  Whom we had given what is corrected now are told
 * (outdated.h). */
MUST_USE enum err replica_put(struct turn *turn, const struct message *message);

/* What is provided of a replica. */
struct replica {
	json_t *document;     /* {"item", "version", "contents"} */
	struct slice version; /* in the arena */
	struct instant put;   /* by the office */
};

/* The newest version of an item; the document is a new reference.
 * ERR_NOT_FOUND. */
MUST_USE enum err replica_newest(struct turn *turn,
    struct internal_number internal, struct slice item, struct replica *ret);

/* The same, of one version. */
MUST_USE enum err
replica_find(struct turn *turn, struct internal_number internal,
    struct slice item, struct slice version, struct replica *ret);

/* Changes of a person's replicas, newest first, appended to `rows`. */
MUST_USE enum err replica_changes(
    struct turn *turn, struct internal_number internal, json_t *rows);

#endif
