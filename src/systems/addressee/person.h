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

/* One row of persons.registered or persons.changed; texts of the message. */
struct person_row {
	struct slice system; /* who says so: "registry", "offices" */
	struct instant at;   /* when the message was sent */
	struct slice business_number;
	struct individual_number number;
	struct attributes attributes;
	struct slice event; /* of persons.changed; else empty */
	struct slice date;
};

/* persons.registered: [BN, IN, name, kana, birth, sex, address].  ERR_INPUT
 * with the row's number and field in the problem. */
MUST_USE enum err person_row_parse_registered(struct turn *turn,
    const json_t *items, size_t index, struct person_row *ret);
/* persons.changed: [BN, event, date, IN, name, ..., address]. */
MUST_USE enum err person_row_parse_changed(struct turn *turn,
    const json_t *items, size_t index, struct person_row *ret);

/* The date of birth as its column has it; in the arena. */
struct slice person_birth(struct turn *turn, const struct attributes *a);

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
 * Number.  Who is new is registered (messages come in any order).
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
/* The record with its links for an operator, without the Individual Number;
 * new reference.  ERR_NOT_FOUND. */
MUST_USE enum err addressee_describe(
    struct turn *turn, struct internal_number internal, json_t **ret);

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
