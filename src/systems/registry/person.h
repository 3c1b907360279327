/*
 * The entries of a resident record about a person (住民基本台帳法7条).
 *
 * Numbers and codes are not part of struct person: numbering.h handles them.
 * Texts are borrowed, UTF-8 in NFC; an absent one is empty.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_PERSON_H
#define BANGO_SYSTEMS_REGISTRY_PERSON_H

#include "person/attributes.h"
#include "systems/registry/kinds.h"

struct person {
	struct household_id household;
	struct slice relation; /* 続柄 */
	struct attributes attributes;
	struct slice postal_code; /* 7 digits */
	struct date became; /* 住民となった年月日; year 0: not known */
	struct slice reason;
	struct slice nationality; /* empty: Japanese */
	struct slice status;      /* 在留資格 */
	struct date status_until;
};

/* Characters of a relation, reason, nationality or status. */
#define PERSON_WORD_MAX 90

/* The name of the first column (docs/formats.md) that differs, or NULL.  A
 * household of 0 in `b` equals any. */
const char *person_difference(const struct person *a, const struct person *b);

/* How a clerk corrects a record that is not closed. */
#define PERSON_CORRECTED_BY "POST /corrections"

/*
 * The attributes fit the messages of today: a record of an earlier day may have
 * a text that no rule takes any more (decision 0033).  ERR_INPUT; the problem
 * names the first field that does not fit, the reason and the route that
 * corrects it.
 */
MUST_USE enum err person_check_fit(struct arena *arena,
    const struct attributes *a, const char *route, struct problem *problem);

/* Write the members that a reader of the record sees. */
void person_describe(const struct person *person, struct json_out *o);

/* From the row of any statement that has the columns of table `version`; texts
 * are borrowed from the row. */
#define PERSON_OF(row)                          \
	((struct person){                       \
	    .household = (row).household,       \
	    .relation = (row).relation,         \
	    .attributes = ATTRIBUTES_OF(row),   \
	    .postal_code = (row).postal_code,   \
	    .became = (row).became,             \
	    .reason = (row).reason,             \
	    .nationality = (row).nationality,   \
	    .status = (row).status,             \
	    .status_until = (row).status_until, \
	})

#endif
