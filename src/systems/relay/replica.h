/*
 * Replicas (副本): the contents that the organisation may provide about its
 * people, as the offices put them; one row for each person, item and version
 * (a year).
 *
 * There are four kinds of change: load (追加), replace (差替), correct (訂正),
 * delete (削除).  Each is noted with its time and who ordered it, without
 * contents.  A replica's former contents are kept beside it until it is
 * deleted; then all contents go, and an empty row stays, so that an older
 * message cannot bring them back.
 */
#ifndef BANGO_SYSTEMS_RELAY_REPLICA_H
#define BANGO_SYSTEMS_RELAY_REPLICA_H

#include "host/system.h"
#include "messages/inquiries.h"

/* replica.put, from our own addressee.  The later `at` wins, in whatever order
 * the messages arrive.  After a correction, inquirers that were given the old
 * contents are told (outdated.h). */
MUST_USE enum err replica_put(struct turn *turn, const struct message *message);

struct replica {
	struct provided provided; /* in the arena */
	struct instant put;       /* by the office */
};

/* The replica of a version, or the newest if `version` is empty.
 * ERR_NOT_FOUND. */
MUST_USE enum err
replica_find(struct turn *turn, struct internal_number internal,
    struct slice item, struct slice version, struct replica *ret);

/* Route: GET /changes of a person's replicas, newest first. */
MUST_USE enum err replica_route_changes(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
