/*
 * Persons of an organisation (団体内統合宛名): the messages of its systems to
 * its addressee system.
 */
#ifndef BANGO_MESSAGES_PERSONS_H
#define BANGO_MESSAGES_PERSONS_H

#include "messages/common.h"

/* persons.registered, registry and offices to their addressee */
struct persons_registered_item {
	struct slice business_number;
	struct individual_number number;
	struct attributes person;
};
struct persons_registered {
	const struct persons_registered_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(persons_registered);

/* persons.changed, registry and offices to their addressee */
struct persons_changed_item {
	struct slice business_number;
	struct slice event;
	struct date date;
	struct individual_number number;
	struct attributes person;
};
struct persons_changed {
	const struct persons_changed_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(persons_changed);

#endif
