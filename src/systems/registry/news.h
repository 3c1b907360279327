/*
 * What the registry tells others: the network's server of changes in the
 * four attributes (住基法30条の6), its own addressee system of the people whom
 * it has numbered.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_NEWS_H
#define BANGO_SYSTEMS_REGISTRY_NEWS_H

#include "base/old_out.h"
#include "systems/registry/resident.h"

/* A message {"items": [[text, ...], ...]}, being written. */
struct items {
	struct old_out out;
	size_t n; /* rows */
};

void items_init(struct items *items);
void items_done(struct items *items); /* wipes and frees */
/* Texts between the two go into the row. */
void items_begin(struct items *items);
void items_end(struct items *items);
/* name, kana, birth, sex, address. */
void items_put_attributes(struct items *items, const struct attributes *a);
/* A row of identity.update; the resident has a code. */
void items_add_update(struct items *items, const struct event *event,
    const struct resident *resident);
/* A row of persons.registered. */
void items_add_registered(struct items *items, struct resident_id id,
    const struct individual_number *number, const struct person *person);

/* No more rows after this; nothing is sent if there are none. */
MUST_USE enum err news_send_items(struct turn *turn, const struct system_id *to,
    const char *type, struct items *items);
/* Tell the addressee, if this organisation has one. */
MUST_USE enum err news_registered(struct turn *turn, struct items *items);

/*
 * Tell jukinet and the addressee of an event of `n` residents.  jukinet
 * hears of those whom it was asked to number, the addressee of those who are
 * numbered.
 */
MUST_USE enum err news_event(struct turn *turn, const struct event *event,
    const struct resident *residents, size_t n);
/* The addressee alone. */
MUST_USE enum err news_changed(struct turn *turn, const struct event *event,
    const struct resident *residents, size_t n);

#endif
