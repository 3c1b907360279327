/*
 * Replicas (副本): what the organisation may provide about its people, as the
 * offices put it; one row for each person, item and version (a year).
 *
 * What a replica said before a change is kept beside it.
 */
#ifndef BANGO_SYSTEMS_RELAY_REPLICA_H
#define BANGO_SYSTEMS_RELAY_REPLICA_H

#include "host/system.h"
#include "number/internal_number.h"

/* replica.put, from our own addressee.  The later `at` wins, in whatever
 * order the messages come. */
MUST_USE enum err replica_put(struct turn *turn, const struct message *message);

/* The newest version of an item: {"item", "version", "contents"}, a new
 * reference.  ERR_NOT_FOUND. */
MUST_USE enum err replica_newest(struct turn *turn,
    struct internal_number internal, struct slice item, json_t **ret);

#endif
