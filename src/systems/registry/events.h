/*
 * Events of residents who live here: births, deaths, moves within the
 * municipality, corrections.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_EVENTS_H
#define BANGO_SYSTEMS_REGISTRY_EVENTS_H

#include "host/system.h"
#include "systems/registry/resident.h"

extern const struct shape events_birth_input_shape, events_death_input_shape,
    events_move_input_shape, events_correct_input_shape;

/* POST /births: identified by the caller's `registration`, so that none is
 * registered twice. */
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
 * Add a new record with a code of the pool, and request its number.  If the pool is
 * empty, the record waits for the timer.
 */
MUST_USE enum err events_enter(struct turn *turn, struct tally *tally,
    const struct event *event, struct resident *resident);
/* End a record; if its number has not been requested yet, it never will be. */
MUST_USE enum err
events_leave(struct turn *turn, struct tally *tally, const struct event *event,
    enum resident_state state, struct resident *resident);

/* A birth, or an arrival without a notice, under the caller's own id. */
struct registration {
	struct slice id;
	struct slice event;   /* "birth" or "move-in" */
	struct slice content; /* once_content() */
};
/* The resident whom a registration added.  ERR_NOT_FOUND if the registration is
 * new, ERR_CONFLICT if it was used for another event, or one of other content. */
MUST_USE enum err events_registered(struct turn *turn,
    const struct registration *registration, struct resident_id *ret);
/* `mother` is 0 of an arrival. */
MUST_USE enum err
events_register(struct turn *turn, const struct registration *registration,
    struct resident_id mother, struct resident_id resident);

#endif
