/*
 * Corrections of records (番号法31条): one of our officers corrects a record of
 * ours, or the network reports a correction.
 *
 * Each of the three parties may correct; the network passes the correction on
 * to the others.  The correction with the latest time counts, in whatever order
 * the messages arrive, so that all three records agree in the end.
 */
#ifndef BANGO_SYSTEMS_RELAY_CORRECTION_H
#define BANGO_SYSTEMS_RELAY_CORRECTION_H

#include "host/system.h"

/* record.corrected, from the network.  Until the permit has ended, and the
 * record is written here, the newest correction of it is kept. */
MUST_USE enum err
correction_take(struct turn *turn, const struct message *message);

/* A provider's record is written now: it may have been corrected before. */
MUST_USE enum err correction_catch_up(struct turn *turn, struct slice permit);

/* Route: POST /records/{record}/correction. */
extern const struct shape relay_correction_input_shape;
MUST_USE enum err correction_route_post(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
