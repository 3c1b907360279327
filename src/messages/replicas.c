#include "messages/replicas.h"

#define CONTENTS JSON(MESSAGE_CONTENTS_MAX)
#define HEAD(tag)                                                    \
	FIELD(tag, item, NAME_OF, "item of information"),            \
	    FIELD(tag, version, NAME_OF, "the version of the item"), \
	    FIELD(tag, at, PAST_AS_TOLD,                             \
		"the time at which the office put them"),            \
	    OPTION(tag, change, WORD("load|replace|correct|delete"), \
		"the kind of change; without it, load"),             \
	    OPTION(tag, officer, TEXT(64), "the officer who ordered it")

static const struct field office_replica_fields[] = {
    FIELD(office_replica, business_number, BUSINESS_NUMBER,
	"the person's business number"),
    FIELD(
	office_replica, contents, CONTENTS, "the contents, in the item's form"),
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
    FIELD(addressee_replica, internal, INTERNAL_NUMBER,
	"the person's internal number"),
    FIELD(addressee_replica, contents, CONTENTS,
	"the contents, in the item's form"),
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
    FIELD(replica_refused_item, business_number, BUSINESS_NUMBER,
	"the person's business number"),
    FIELD(replica_refused_item, reason, NAME_OF, "the reason"),
};
static const struct shape replica_refused_item_shape =
    SHAPE(replica_refused_item, refused_item_fields);

static const struct field replica_refused_fields[] = {
    FIELD(replica_refused, item, NAME_OF, "item of information"),
    FIELD(replica_refused, version, NAME_OF, "the version of the item"),
    ROWS(replica_refused, items, replica_refused_item, MESSAGE_ROWS_MAX,
	"replicas of persons whom the addressee does not know"),
};
DEFINE_MESSAGE(replica_refused, "replica.refused", 1);

/* --- Marks ----------------------------------------------------------------- */

#define MARK(tag)                                                            \
	OPTION(                                                              \
	    tag, item, NAME_OF, "one item; all of the person's without it"), \
	    FIELD(tag, kind, WORD("hold|undisclosed"), "the kind of mark"),  \
	    FIELD(tag, change, WORD("set|remove"), "the order"),             \
	    OPTION(tag, withheld, WITHHOLDING,                               \
		"of `undisclosed`, set: grade, ground and last day"),        \
	    OPTION(tag, second, TEXT(64),                                    \
		"the second officer, where existence is withheld"),          \
	    FIELD(tag, reason, EXPLANATION, "the reason"),                   \
	    FIELD(tag, officer, TEXT(64), "the officer who ordered it"),     \
	    FIELD(tag, at, PAST_AS_TOLD, "the time of the order")

static const struct field office_mark_put_fields[] = {
    FIELD(office_mark_put, mark, ID, "the order's id"),
    FIELD(office_mark_put, business_number, BUSINESS_NUMBER,
	"the person's business number"),
    MARK(office_mark_put),
};
DEFINE_MESSAGE(office_mark_put, "mark.put", 1);

static const struct field addressee_mark_put_fields[] = {
    FIELD(addressee_mark_put, mark, ID, "the order's id"),
    FIELD(addressee_mark_put, internal_number, INTERNAL_NUMBER,
	"the person's internal number"),
    MARK(addressee_mark_put),
};
DEFINE_MESSAGE(addressee_mark_put, "mark.put", 1);

enum err
mark_check(struct slice kind, struct slice change, struct slice withheld,
    struct date day, struct problem *problem)
{
	struct withholding w;
	struct slice article;

	if (!slice_equal_string(kind, "undisclosed") ||
	    !slice_equal_string(change, "set"))
		return slice_is_empty(withheld)
		    ? OK
		    : problem_set(problem, ERR_INPUT,
			  "field withheld: only a mark `undisclosed` that is "
			  "set withholds records; expected none");
	if (withholding_parse(withheld, &w))
		return problem_set(problem, ERR_INPUT,
		    "field withheld: expected grade, ground and last day, such "
		    "as contents:protection:2027-03-31");
	if (slice_equal_string(w.ground, WITHHOLDING_BEFORE))
		return problem_set(problem, ERR_DENIED,
		    "field withheld: the ground \"%s\" is of earlier marks; "
		    "expected another one of data/withholding.tsv",
		    WITHHOLDING_BEFORE);

	return withholding_check(WITHHOLDING_MARK, &w, day, &article, problem);
}

static const struct field mark_done_fields[] = {
    FIELD(mark_done, mark, ID, "the order's id"),
};
DEFINE_MESSAGE(mark_done, "mark.done", 1);

static const struct field mark_refused_fields[] = {
    FIELD(mark_refused, mark, ID, "the order's id"),
    FIELD(mark_refused, reason, WORD("unknown-person"), "the reason"),
};
DEFINE_MESSAGE(mark_refused, "mark.refused", 1);
