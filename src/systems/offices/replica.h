/*
 * Replicas (副本) ordered by a clerk: load (追加), replace (差替), correct (訂正)
 * or delete (削除) one item of one version, from rows or from a CSV file.
 *
 * The first column of a file is the business number; the other columns are the
 * contents, under the names in the file's first line.  A value that is a whole
 * number becomes a number in the contents.
 */
#ifndef BANGO_SYSTEMS_OFFICES_REPLICA_H
#define BANGO_SYSTEMS_OFFICES_REPLICA_H

#include "host/system.h"

extern const struct shape offices_replica_input_shape, offices_csv_input_shape;

/* Routes: POST /replicas, POST /replicas/csv. */
MUST_USE enum err replica_route_post(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err replica_route_csv(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
