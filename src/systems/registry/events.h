/*
 * What happens to residents who live here: births, deaths, moves within the
 * municipality, corrections.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_EVENTS_H
#define BANGO_SYSTEMS_REGISTRY_EVENTS_H

#include "host/system.h"
#include "systems/registry/resident.h"

extern const struct shape events_birth_input_shape, events_death_input_shape,
    events_move_input_shape, events_correct_input_shape;

/* POST /births: known by the caller's `registration`, so that none is twice. */
MUST_USE enum err
events_birth(struct turn *turn, const struct input *in, struct reply *reply);
/* POST /deaths */
MUST_USE enum err
events_death(struct turn *turn, const struct input *in, struct reply *reply);
/* POST /moves */
MUST_USE enum err
events_move(struct turn *turn, const struct input *in, struct reply *reply);
/* POST /corrections */
MUST_USE enum err
events_correct(struct turn *turn, const struct input *in, struct reply *reply);

/*
 * A new record with the code that the person brings, or else (NULL) with one
 * of the pool, and the request for its number; it waits for the timer if the
 * pool is empty.
 */
MUST_USE enum err
events_enter(struct turn *turn, struct tally *tally, const struct event *event,
    const struct resident_code *carried, struct resident *resident);
/* End a record; who has not been asked for a number yet never will be. */
MUST_USE enum err
events_leave(struct turn *turn, struct tally *tally, const struct event *event,
    enum resident_state state, struct resident *resident);

/* Whom a registration made; ERR_NOT_FOUND if it is new, ERR_CONFLICT if it
 * was of another event or another mother. */
MUST_USE enum err
events_registered(struct turn *turn, struct slice registration,
    const char *event, struct resident_id mother, struct resident_id *ret);
MUST_USE enum err events_register(struct turn *turn, struct slice registration,
    const char *event, struct resident_id mother, struct resident_id resident);

#endif
