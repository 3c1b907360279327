#include "messages/replicas.h"

#define CONTENTS JSON(MESSAGE_CONTENTS_MAX)
#define HEAD(tag)                                                    \
	FIELD(tag, item, NAME_OF, "item of information"),            \
	    FIELD(tag, version, NAME_OF, "of the item"),             \
	    FIELD(tag, at, INSTANT, "when the office put them"),     \
	    OPTION(tag, change, WORD("load|replace|correct|delete"), \
		"what it is; load without it"),                      \
	    OPTION(tag, officer, TEXT(64), "who ordered it")

static const struct field office_replica_fields[] = {
    FIELD(office_replica, business_number, BUSINESS_NUMBER, "whose"),
    FIELD(office_replica, contents, CONTENTS, "in the item's form"),
};
static const struct shape office_replica_shape =
    SHAPE(office_replica, office_replica_fields);

static const struct field office_replica_put_fields[] = {
    HEAD(office_replica_put),
    ROWS(office_replica_put, items, office_replica, MESSAGE_ROWS_MAX,
	"replicas"),
};
DEFINE_MESSAGE(office_replica_put, "replica.put", 1);

static const struct field addressee_replica_fields[] = {
    FIELD(addressee_replica, internal, INTERNAL_NUMBER, "whose"),
    FIELD(addressee_replica, contents, CONTENTS, "in the item's form"),
};
static const struct shape addressee_replica_shape =
    SHAPE(addressee_replica, addressee_replica_fields);

static const struct field addressee_replica_put_fields[] = {
    HEAD(addressee_replica_put),
    ROWS(addressee_replica_put, items, addressee_replica, MESSAGE_ROWS_MAX,
	"replicas"),
};
DEFINE_MESSAGE(addressee_replica_put, "replica.put", 1);

static const struct field refused_item_fields[] = {
    FIELD(replica_refused_item, business_number, BUSINESS_NUMBER, "whose"),
    FIELD(replica_refused_item, reason, NAME_OF, "why"),
};
static const struct shape replica_refused_item_shape =
    SHAPE(replica_refused_item, refused_item_fields);

static const struct field replica_refused_fields[] = {
    FIELD(replica_refused, item, NAME_OF, "item of information"),
    FIELD(replica_refused, version, NAME_OF, "of the item"),
    ROWS(replica_refused, items, replica_refused_item, MESSAGE_ROWS_MAX,
	"of persons whom the addressee does not know"),
};
DEFINE_MESSAGE(replica_refused, "replica.refused", 1);

/* --- Marks ----------------------------------------------------------------- */

#define MARK(tag)                                                            \
	OPTION(                                                              \
	    tag, item, NAME_OF, "one item; all of the person's without it"), \
	    FIELD(tag, kind, WORD("hold|undisclosed"), "which mark"),        \
	    FIELD(tag, change, WORD("set|remove"), "what is done to it"),    \
	    FIELD(tag, reason, EXPLANATION, "why"),                          \
	    FIELD(tag, officer, TEXT(64), "who ordered it"),                 \
	    FIELD(tag, role, TEXT(64), "in which role"),                     \
	    FIELD(tag, at, INSTANT, "when it was ordered")

static const struct field office_mark_put_fields[] = {
    FIELD(office_mark_put, mark, ID, "of the order"),
    FIELD(office_mark_put, business_number, BUSINESS_NUMBER, "whose"),
    MARK(office_mark_put),
};
DEFINE_MESSAGE(office_mark_put, "mark.put", 1);

static const struct field addressee_mark_put_fields[] = {
    FIELD(addressee_mark_put, mark, ID, "of the order"),
    FIELD(addressee_mark_put, internal_number, INTERNAL_NUMBER, "whose"),
    MARK(addressee_mark_put),
};
DEFINE_MESSAGE(addressee_mark_put, "mark.put", 1);

static const struct field mark_done_fields[] = {
    FIELD(mark_done, mark, ID, "of the order"),
};
DEFINE_MESSAGE(mark_done, "mark.done", 1);

static const struct field mark_refused_fields[] = {
    FIELD(mark_refused, mark, ID, "of the order"),
    FIELD(mark_refused, reason, WORD("unknown-person"), "why"),
};
DEFINE_MESSAGE(mark_refused, "mark.refused", 1);
