/*
 * News of persons: rows of persons.registered and persons.changed, from the
 * registry and the offices, which update the record.  For a person without a
 * linkage code, its acquisition begins.
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_NEWS_H
#define BANGO_SYSTEMS_ADDRESSEE_NEWS_H

#include "host/system.h"

MUST_USE enum err
news_take_registered(struct turn *turn, const struct message *message);
MUST_USE enum err
news_take_changed(struct turn *turn, const struct message *message);

#endif
