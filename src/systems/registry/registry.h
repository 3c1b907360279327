/*
 * The registry: a municipality's resident records (既存住民基本台帳システム)
 * and its side of the Resident Registry Network (CS連携).
 *
 * It keeps the records of the people who live here, every event with every
 * version of the record, the Resident Record Code and the Individual Number.  It
 * requests codes and numbers from jukinet and tells it of changes; it tells its
 * own addressee system of the people who have a number.  It never sees a linkage
 * code.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_REGISTRY_H
#define BANGO_SYSTEMS_REGISTRY_REGISTRY_H

#include "host/system.h"

extern const struct system registry_system;

/*
 * Settings: "jukinet", the id of the network's server ("jlis/jukinet" if it
 * is not set), "portal", that of the portal ("digital/portal").
 */

#define REGISTRY_CHUNK_MAX (8u << 20) /* bytes of one chunk of an import */
#define REGISTRY_REQUEST_MAX 1700     /* rows of one numbering.request */
#define REGISTRY_TRANSFER_MAX 30      /* people in one move */

/* Codes kept for births and arrivals, beyond those that waiting residents
 * need: so many, or this share of the residents, a quarter of what jukinet lets
 * us hold.  More are asked for when half of them are gone. */
#define REGISTRY_POOL_RESERVE 500
#define REGISTRY_POOL_SHARE 200 /* one for so many residents */

#endif
