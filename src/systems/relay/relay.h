/*
 * The relay (中間サーバー).
 *
 * Every organisation has one.  It holds the organisation's linkage codes
 * (符号) and replicas (副本) under internal numbers, asks other organisations
 * by way of the network, and answers them from its replicas.
 *
 * A relay never sees an Individual Number, and no code but its own
 * organisation's.  Contents go from relay to relay, sealed for the inquirer;
 * the inquirer's relay hands them on and does not keep them.
 */
#ifndef BANGO_SYSTEMS_RELAY_H
#define BANGO_SYSTEMS_RELAY_H

#include "host/system.h"
#include "number/internal_number.h"

extern const struct system relay_system;

/* Records are kept for seven years (施行令30条). */
#define RELAY_RECORD_KEEP_MS (7 * 366 * 24 * 3600ll * 1000)
/* Half an acquisition is forgotten if its other half has not arrived after
 * this; the addressee asks for both anew. */
#define RELAY_HALF_KEEP_MS (7 * 24 * 3600ll * 1000)
/* An answer sent just before its permit ended may be under way this long. */
#define RELAY_EXPIRY_GRACE_MS (5 * 60ll * 1000)

/* Requests wait for this key until more codes or replicas are here. */
#define RELAY_WAKE_KEY SLICE("progress")

/* A message may overtake the message that it refers to by this long. */
#define RELAY_OVERTAKE_MS (3600ll * 1000)

/* An officer's reason: characters. */
#define RELAY_REASON_MAX 400

/* The revocation of a permit that never arrived is forgotten after this, and so
 * is the correction of its record; no permit is valid for so long. */
#define RELAY_REVOCATION_KEEP_MS (60 * 24 * 3600ll * 1000)

/* turn_audit() with the person as the subject. */
MUST_USE enum err relay_audit(struct turn *turn, const char *action,
    struct internal_number internal, struct slice basis);

/* The input of routes about one person. */
struct relay_person_input {
	struct internal_number internal_number;
};
extern const struct shape relay_person_input_shape;

/* Counts of codes, replicas, inquiries and provisions; route: GET /progress,
 * which waits for the counts that the caller names. */
MUST_USE enum err relay_count(struct turn *turn, struct counting *counts);
extern const struct shape relay_progress_input_shape;
MUST_USE enum err relay_route_progress(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
