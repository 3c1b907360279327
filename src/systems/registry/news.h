/*
 * What the registry tells others: the network's server of changes in the
 * four attributes (住基法30条の6), its own addressee system of the people whom
 * it has numbered.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_NEWS_H
#define BANGO_SYSTEMS_REGISTRY_NEWS_H

#include "systems/registry/resident.h"

/* By the settings; ERR_INTERNAL if they are no ids. */
MUST_USE enum err news_jukinet(struct turn *turn, struct system_id *ret);
MUST_USE enum err news_portal(struct turn *turn, struct system_id *ret);

/* {"items": [...]}, the rows stolen; nothing is sent if there are none. */
MUST_USE enum err news_send_items(struct turn *turn, const struct system_id *to,
    const char *type, json_t *items);

/* A date as in messages. */
void news_push_date(json_t *array, struct date date);
/* [name, kana, birth, sex, address] appended. */
void news_push_attributes(json_t *array, const struct person *person);

/* A row of identity.update; the resident has a code. */
json_t *
news_update_row(const struct event *event, const struct resident *resident);
/* A row of persons.registered. */
json_t *news_registered_row(struct resident_id id,
    const struct individual_number *number, const struct person *person);
/* Tell the addressee, if this organisation has one.  Steals. */
MUST_USE enum err news_registered(struct turn *turn, json_t *items);

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
