/*
 * Persons: internal number ↔ Individual Number ↔ business numbers.
 *
 * A struct person_row is a report of an office or the registry about a person.
 * person_register() and person_change() update the record from it, or set the
 * row aside as a conflict if an operator must judge it.
 *
 * The Individual Number is secret: it is compared and stored, never put into
 * a text.  Not checked here: whether the number was ever issued (jukinet's
 * refusal of the acquisition shows that).
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_PERSON_H
#define BANGO_SYSTEMS_ADDRESSEE_PERSON_H

#include "host/turn.h"
#include "number/individual_number.h"
#include "number/internal_number.h"
#include "person/attributes.h"

/* One row of persons.registered or persons.changed; borrows from the message. */
struct person_row {
	struct slice system; /* the sender: "registry", "offices" */
	struct instant at;   /* when the message was sent */
	struct slice business_number;
	const struct individual_number *number;
	struct attributes attributes;
	struct slice event; /* of persons.changed; else empty */
	struct date date;
};

/* turn_audit() about a person. */
MUST_USE enum err addressee_audit(struct turn *turn, const char *action,
    struct internal_number internal, struct slice basis);

/* The outcome of a row. */
struct person_outcome {
	/* The person of the row; 0 if the row was set aside as a conflict,
	 * or is older than the record. */
	struct internal_number internal;
	bool needs_code;              /* no code was acquired yet */
	struct attributes attributes; /* of the record, if one is needed */
};

/*
 * Register a person: find the person by Individual Number, or make a new internal
 * number; link the business number.  A contradiction becomes a conflict and is
 * not an error.
 */
MUST_USE enum err person_register(struct turn *turn,
    const struct person_row *row, struct person_outcome *ret);
/*
 * The same for news of a person: attributes, death, another Individual
 * Number.  A person who is new is registered (messages come in any order).
 */
MUST_USE enum err person_change(struct turn *turn, const struct person_row *row,
    struct person_outcome *ret);

/*
 * Show a person's record as a conflict of the reason `no-match`, "not recognised
 * by Juki Net": a clerk compares it with the papers, corrects it, or decides
 * `relink`, which asks again.
 */
MUST_USE enum err person_set_aside_unrecognised(
    struct turn *turn, struct internal_number internal);
/* Forget those conflicts whose person has a code by now. */
MUST_USE enum err person_end_recognised(struct turn *turn);

/*
 * The person of a business number, as `system` uses it.  A business number that
 * the system did not register itself is looked for among those of the
 * organisation's other systems: a municipality's offices use the registry's
 * numbers (住民宛名番号).  ERR_NOT_FOUND.
 */
MUST_USE enum err
person_of_business_number(struct turn *turn, struct slice system,
    struct slice business_number, struct internal_number *ret);
/* Find a person by the current Individual Number; a former one finds nobody.
 * ERR_NOT_FOUND. */
MUST_USE enum err person_of_number(struct turn *turn,
    const struct individual_number *number, struct internal_number *ret);
/* *ret_dead is true if the record has a day of death.  ERR_NOT_FOUND. */
MUST_USE enum err person_is_deceased(
    struct turn *turn, struct internal_number internal, bool *ret_dead);
/*
 * Carry out an operator's decision about a conflict: link the row's business
 * number to the person who has, or had, the row's Individual Number, and add
 * that person if there is none.
 */
MUST_USE enum err person_relink(struct turn *turn, const struct person_row *row,
    struct person_outcome *ret);

#endif
