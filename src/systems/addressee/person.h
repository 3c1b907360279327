/*
 * Persons: internal number ↔ Individual Number ↔ business numbers.
 *
 * What an office or the registry tells of a person is a struct person_row;
 * person_register() and person_change() bring the record in line with it, or
 * put the row aside as a conflict where that takes a person's judgement.
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

/* One row of persons.registered or persons.changed; borrowed of the message. */
struct person_row {
	struct slice system; /* who says so: "registry", "offices" */
	struct instant at;   /* when the message was sent */
	struct slice business_number;
	const struct individual_number *number;
	struct attributes attributes;
	struct slice event; /* of persons.changed; else empty */
	struct date date;
};

/* The columns of attributes, for a statement that writes them. */
#define PERSON_COLUMNS(turn, a)                                              \
	.name = (a)->name, .kana = (a)->kana,                                \
	.birth = person_date(turn, (a)->birth), .sex = sex_format((a)->sex), \
	.address = (a)->address
/* A date as a column has it; in the arena. */
struct slice person_date(struct turn *turn, struct date date);
/* turn_audit() about a person. */
MUST_USE enum err addressee_audit(struct turn *turn, const char *action,
    struct internal_number internal, struct slice basis);

/* What became of a row. */
struct person_outcome {
	/* The person it is about; 0 where the row was put aside or came
	 * too late to matter. */
	struct internal_number internal;
	bool needs_code; /* none acquired yet */
};

/*
 * Take note of a person: find by Individual Number, or make an internal
 * number; link the business number.  A contradiction becomes a conflict and
 * is no error.
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
 * Whose business number it is, as `system` uses it.  A business number that
 * the system did not register itself is looked for among those of the
 * organisation's other systems: a municipality's offices use the registry's
 * (住民宛名番号).  ERR_NOT_FOUND.
 */
MUST_USE enum err
person_of_business_number(struct turn *turn, struct slice system,
    struct slice business_number, struct internal_number *ret);
/* ERR_NOT_FOUND; finds the numbers in force alone. */
MUST_USE enum err person_of_number(struct turn *turn,
    const struct individual_number *number, struct internal_number *ret);
/* *ret_dead is true if the record has a day of death.  ERR_NOT_FOUND. */
MUST_USE enum err person_is_deceased(
    struct turn *turn, struct internal_number internal, bool *ret_dead);
/*
 * Link the row's business number to the person who has, or had, the row's
 * Individual Number, and make that person if need be: what an operator
 * decided about a conflict.
 */
MUST_USE enum err person_relink(struct turn *turn, const struct person_row *row,
    struct person_outcome *ret);

/* The system's part of a sender's id: "offices". */
struct slice person_sender(const struct system_id *from);

#endif
