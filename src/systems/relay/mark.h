/*
 * Marks of all replicas of a person, or of those of one item.
 *
 *   hold         自動応答不可: the inquiries of others are answered only after a
 *                person's decision (hold.h); a victim's address, for example
 *   undisclosed  不開示 (番号法23条2項): the record of a provision is withheld from
 *                the person until a day (law/withholding.h)
 *
 * A mark that withholds the existence of records needs a second holder.
 *
 * Orders come from our own operators, and from the offices, who know the
 * person by business number.  An officer who sets or removes a mark gives a
 * reason, which is kept with the officer's name.
 */
#ifndef BANGO_SYSTEMS_RELAY_MARK_H
#define BANGO_SYSTEMS_RELAY_MARK_H

#include "host/system.h"
#include "number/internal_number.h"

#define MARK_HOLD "hold"
#define MARK_UNDISCLOSED "undisclosed"

/* The withholding by a mark, and the officers; all empty where none withholds. */
struct mark_withheld {
	struct slice withheld; /* law/withholding.h */
	struct slice officer, second;
};

/* *ret is true if the item, or the whole person, has a mark of that kind. */
MUST_USE enum err mark_is(struct turn *turn, struct internal_number internal,
    struct slice item, const char *kind, bool *ret);

/* The mark of the item, or of the whole person, that withholds most now. */
MUST_USE enum err
mark_withholds(struct turn *turn, struct internal_number internal,
    struct slice item, struct mark_withheld *ret);

/* mark.put, from our own addressee; the offices are told mark.done.  The later
 * of two orders counts, whichever arrives first. */
MUST_USE enum err mark_take(struct turn *turn, const struct message *message);

/* Routes: /marks, /marks/remove. */
extern const struct shape relay_mark_input_shape;
MUST_USE enum err
mark_route_get(struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err
mark_route_post(struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err mark_route_remove(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
