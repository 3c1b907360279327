/*
 * Counts of persons, acquisitions and conflicts; GET /progress waits for
 * ADDRESSEE_WAKE_KEY until the counts are those that the caller asks for.
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_PROGRESS_H
#define BANGO_SYSTEMS_ADDRESSEE_PROGRESS_H

#include "host/system.h"

MUST_USE enum err addressee_count(struct turn *turn, struct counting *counts);

extern const struct shape addressee_progress_input_shape;
MUST_USE enum err addressee_progress(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
