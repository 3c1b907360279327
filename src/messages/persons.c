#include "messages/persons.h"

static const struct field registered_item_fields[] = {
    FIELD(persons_registered_item, business_number, BUSINESS_NUMBER,
	"the person's number at the sender"),
    FIELD(persons_registered_item, number, INDIVIDUAL_NUMBER, "個人番号"),
    ATTRIBUTES_SHORT(persons_registered_item, person),
};
static const struct shape persons_registered_item_shape =
    SHAPE(persons_registered_item, registered_item_fields);

static const struct field persons_registered_fields[] = {
    ROWS(persons_registered, items, persons_registered_item, MESSAGE_ROWS_MAX,
	"the persons that the sender deals with"),
};
DEFINE_MESSAGE(persons_registered, "persons.registered", 1);

static const struct field changed_item_fields[] = {
    FIELD(persons_changed_item, business_number, BUSINESS_NUMBER,
	"the person's number at the sender"),
    FIELD(persons_changed_item, event, TEXT(32), "the event"),
    FIELD(persons_changed_item, date, DATE_OR_PART, "the day of the event"),
    FIELD(persons_changed_item, number, INDIVIDUAL_NUMBER, "the number, today"),
    ATTRIBUTES_SHORT(persons_changed_item, person),
};
static const struct shape persons_changed_item_shape =
    SHAPE(persons_changed_item, changed_item_fields);

static const struct field persons_changed_fields[] = {
    ROWS(persons_changed, items, persons_changed_item, MESSAGE_ROWS_MAX,
	"changes of persons"),
};
DEFINE_MESSAGE(persons_changed, "persons.changed", 1);
