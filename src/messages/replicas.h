/*
 * Replicas (副本): the information that an organisation's offices give to its
 * relay, which provides it.
 */
#ifndef BANGO_MESSAGES_REPLICAS_H
#define BANGO_MESSAGES_REPLICAS_H

#include "law/withholding.h"
#include "messages/common.h"

/* replica.put, offices to their addressee.  The later `at` wins, in whatever
 * order the messages come. */
struct office_replica {
	struct slice business_number;
	struct slice contents; /* JSON */
};
struct office_replica_put {
	struct slice item, version;
	struct instant at;
	struct slice change; /* absent: load */
	struct slice officer;
	const struct office_replica *items;
	size_t n_items;
};
DECLARE_MESSAGE(office_replica_put);

/* replica.put, addressee to its relay */
struct addressee_replica {
	struct internal_number internal;
	struct slice contents;
};
struct addressee_replica_put {
	struct slice item, version;
	struct instant at;
	struct slice change;
	struct slice officer;
	const struct addressee_replica *items;
	size_t n_items;
};
DECLARE_MESSAGE(addressee_replica_put);

/* replica.refused, addressee to offices */
struct replica_refused_item {
	struct slice business_number;
	struct slice reason;
};
struct replica_refused {
	struct slice item, version;
	const struct replica_refused_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(replica_refused);

/* mark.put, offices to their addressee; mark.put, addressee to its relay.
 * The later `at` wins; if two are equal, `set` wins. */
struct office_mark_put {
	struct slice mark;
	struct slice business_number;
	struct slice item; /* absent: all of the person's */
	struct slice kind, change, withheld, reason, officer, second;
	struct instant at;
};
DECLARE_MESSAGE(office_mark_put);
struct addressee_mark_put {
	struct slice mark;
	struct internal_number internal_number;
	struct slice item;
	struct slice kind, change, withheld, reason, officer, second;
	struct instant at;
};
DECLARE_MESSAGE(addressee_mark_put);
/*
 * Whether an officer may order such a mark on that day: one that withholds records
 * (`undisclosed`, set) says grade, ground and last day, as the table allows
 * (law/withholding.h); any other says nothing.  ERR_INPUT, ERR_DENIED.
 */
MUST_USE enum err mark_check(struct slice kind, struct slice change,
    struct slice withheld, struct date day, struct problem *problem);

/* mark.done, relay to its offices */
struct mark_done {
	struct slice mark;
};
DECLARE_MESSAGE(mark_done);

/* mark.refused, addressee to offices */
struct mark_refused {
	struct slice mark;
	struct slice reason;
};
DECLARE_MESSAGE(mark_refused);

#endif
