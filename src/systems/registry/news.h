/*
 * Messages of the registry to others: to the network's server about changes of
 * the four attributes (住基法30条の6), to its own addressee system about people
 * who have a number.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_NEWS_H
#define BANGO_SYSTEMS_REGISTRY_NEWS_H

#include "messages/persons.h"
#include "systems/jukinet/jukinet.h"
#include "systems/registry/resident.h"

/* turn_tell() to jukinet: tell_jukinet(turn, TAG, body). */
#define tell_jukinet(turn, tag, ...) \
	turn_tell_usual(turn, JUKINET_USUAL, tag, __VA_ARGS__)

/*
 * After a message about residents was left with the result `rc`: if it would be
 * refused because of what one of them has on record, the problem says so of the
 * resident's field instead, and names the route that corrects it.  Returns `rc`.
 */
MUST_USE enum err news_explain(struct turn *turn, enum err rc,
    const char *route, const struct resident *residents, size_t n);

/* A row for news_registered(); borrows the texts. */
struct persons_registered_item news_item(struct turn *turn,
    struct resident_id id, const struct individual_number *number,
    const struct attributes *attributes);
/* Tell the addressee, if this organisation has one, of people who have a
 * number. */
MUST_USE enum err news_registered(
    struct turn *turn, const struct persons_registered_item *items, size_t n);

/* Tell the addressee of an event of those who are numbered. */
MUST_USE enum err news_changed(struct turn *turn, const struct event *event,
    const struct resident *residents, size_t n);
/* The same, and tell jukinet of those whom it was asked to number. */
MUST_USE enum err news_event(struct turn *turn, const struct event *event,
    const struct resident *residents, size_t n);

#endif
