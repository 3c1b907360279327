#include "systems/addressee/person.h"

#include "addressee_rows.h"
#include "systems/addressee/addressee.h"

#define INTERNAL_TRIES 8 /* a random number is taken once in a million */

/* Why a row contradicts the record. */
#define OTHER_NUMBER "other-number" /* the business number has another number */
#define OTHER_PERSON "other-person" /* another birth date or sex */
#define FORMER_NUMBER "former-number" /* the number was replaced */

enum err
addressee_audit(struct turn *turn, const char *action,
    struct internal_number internal, struct slice basis)
{
	char text[INTERNAL_NUMBER_DIGITS + 1];

	internal_number_format(internal, text);

	return turn_audit(turn, action, slice_of(text), basis);
}

/* --- The record ---------------------------------------------------------- */

/* The person who has an Individual Number. */
struct held_person {
	struct internal_number internal; /* 0: nobody */
	bool linked;
	bool same_birth_and_sex;
};

/* Find the person by number, and compare birth and sex with those of `a`. */
static enum err
find_by_number(struct turn *turn, const struct individual_number *number,
    const struct attributes *a, struct held_person *ret)
{
	struct addressee_person_by_number_row row;
	struct attributes held;
	enum err rc;

	*ret = (struct held_person){0};
	rc = addressee_person_by_number(turn->store, number, &row);
	if (rc)
		return rows_end(rc);
	held = (struct attributes){
	    .birth = row.birth, .sex = sex_of_number(row.sex)};
	*ret = (struct held_person){
	    .internal = row.internal,
	    .linked = row.linked,
	    .same_birth_and_sex = attributes_same_birth_and_sex(&held, a),
	};

	return OK;
}

static enum err
find_former(struct turn *turn, const struct individual_number *number,
    struct internal_number *ret)
{
	struct addressee_former_number_find_row row = {0};
	enum err rc;

	rc = addressee_former_number_find(turn->store, number, &row);
	*ret = row.internal;

	return rows_end(rc);
}

/* The record's attributes, which are the row's if the sender may set them. */
static enum err
record_attributes(
    struct turn *turn, struct internal_number internal, struct attributes *ret)
{
	struct addressee_person_show_row row;

	TRY(addressee_person_show(turn->store, turn->arena, internal, &row));
	*ret = ATTRIBUTES_SHORT_OF(row);

	return OK;
}

/*
 * The outcome of a row about a person on record.  `set` are the attributes that
 * the row has given the record; NULL: none.
 */
static enum err
outcome_of(struct turn *turn, struct internal_number internal, bool linked,
    const struct attributes *set, struct person_outcome *ret)
{
	*ret = (struct person_outcome){
	    .internal = internal, .needs_code = !linked};
	if (linked)
		return OK;
	if (set == NULL)
		return record_attributes(turn, internal, &ret->attributes);
	ret->attributes = *set;

	return OK;
}

/* The person of a business number, as one system and the others registered it. */
struct held_link {
	struct internal_number own;    /* 0: this system has no such link */
	struct instant at;             /* of the newest message about `own` */
	struct internal_number person; /* `own`, else another system's; 0 */
};

static enum err
find_link(struct turn *turn, struct slice system, struct slice business_number,
    struct held_link *ret)
{
	struct addressee_business_number_find_row row;
	struct query q;
	enum err rc;

	*ret = (struct held_link){0};
	addressee_business_number_find_rows(turn->store, business_number, &q);
	while ((rc = addressee_business_number_find_next(&q, &row)) == OK) {
		if (slice_equal(row.system, system))
			*ret = (struct held_link){
			    row.internal, row.at, row.internal};
		else if (ret->own.value == 0)
			ret->person = row.internal;
	}

	return rows_end(rc);
}

/* --- Changes of the record ----------------------------------------------- */

static enum err
add_person(struct turn *turn, const struct person_row *row,
    struct internal_number *ret)
{
	struct addressee_person_add person = {
	    .number = row->number, ATTRIBUTES_SHORT_COLUMNS(&row->attributes)};
	int i;

	for (i = 0; i < INTERNAL_TRIES; i++) {
		person.internal = internal_number_random(&turn->random);
		TRY(addressee_person_add(turn->store, &person));
		if (store_changes(turn->store) == 1) {
			*ret = person.internal;
			return OK;
		}
	}

	return problem_set(
	    turn->problem, ERR_INTERNAL, "no free internal number was found");
}

/* Link the row's business number, which is linked to `internal` or to nobody
 * yet. */
static enum err
put_link(struct turn *turn, const struct person_row *row,
    struct internal_number internal)
{
	TRY(addressee_business_number_news(
	    turn->store, row->at, row->business_number, row->system, internal));
	if (store_changes(turn->store) == 1)
		return OK;

	return addressee_business_number_add(
	    turn->store, row->business_number, row->system, internal, row->at);
}

static enum err
update_attributes(struct turn *turn, const struct person_row *row,
    struct internal_number internal)
{
	return addressee_person_update(turn->store,
	    &(struct addressee_person_update){
		ATTRIBUTES_SHORT_COLUMNS(&row->attributes),
		.internal = internal});
}

/*
 * May this sender change a person's attributes and number?  The registry may; an
 * office may only if no registry has registered the person, as in the Pension
 * Service.
 */
static enum err
is_authority(struct turn *turn, const struct person_row *row,
    struct internal_number internal, bool *ret)
{
	struct addressee_business_numbers_row link;
	struct query q;
	enum err rc;

	*ret = true;
	if (slice_equal_string(row->system, "registry"))
		return OK;
	addressee_business_numbers_rows(turn->store, internal, &q);
	while ((rc = addressee_business_numbers_next(&q, &link)) == OK)
		*ret = *ret && !slice_equal_string(link.system, "registry");

	return rows_end(rc);
}

/*
 * Set a row aside, for an operator to decide about; `held` is the person whom it
 * contradicts.  Adding the same row again changes nothing.
 */
static enum err
set_aside(struct turn *turn, const struct person_row *row, const char *reason,
    struct internal_number held)
{
	TRY(addressee_conflict_add(turn->store,
	    &(struct addressee_conflict_add){
		.at = turn->now,
		.system = row->system,
		.business_number = row->business_number,
		.number = row->number,
		.internal = held,
		.reason = slice_of(reason),
		ATTRIBUTES_SHORT_COLUMNS(&row->attributes),
	    }));

	return addressee_audit(turn, "person.conflict", held, slice_of(reason));
}

/* --- Records that jukinet did not recognise ------------------------------- */

enum err
person_set_aside_unrecognised(
    struct turn *turn, struct internal_number internal)
{
	struct slice reason = SLICE(ADDRESSEE_NO_MATCH);
	struct addressee_person_link_row row;
	struct attributes a;

	TRY(addressee_person_link(turn->store, turn->arena, internal, &row));
	a = ATTRIBUTES_SHORT_OF(row);
	TRY(addressee_conflict_renew(turn->store,
	    &(struct addressee_conflict_add){
		.at = turn->now,
		.system = row.system,
		.business_number = row.business_number,
		.number = &row.number,
		.internal = internal,
		.reason = reason,
		ATTRIBUTES_SHORT_COLUMNS(&a),
	    }));

	return addressee_audit(turn, "person.conflict", internal, reason);
}

enum err
person_end_recognised(struct turn *turn)
{
	return addressee_conflicts_end(turn->store, SLICE(ADDRESSEE_NO_MATCH));
}

/* --- persons.registered -------------------------------------------------- */

/* The number is new: add a person, unless it is a former number or the business
 * number is taken. */
static enum err
register_new(struct turn *turn, const struct person_row *row,
    struct internal_number taken, struct person_outcome *ret)
{
	struct internal_number former, internal;

	TRY(find_former(turn, row->number, &former));
	if (former.value != 0)
		return set_aside(turn, row, FORMER_NUMBER, former);
	if (taken.value != 0)
		return set_aside(turn, row, OTHER_NUMBER, taken);
	TRY(add_person(turn, row, &internal));
	TRY(put_link(turn, row, internal));
	TRY(outcome_of(turn, internal, false, &row->attributes, ret));

	return addressee_audit(turn, "person.register", internal, SLICE(""));
}

/* The number is known: link and update its person, unless the row contradicts the
 * record. */
static enum err
register_known(struct turn *turn, const struct person_row *row,
    const struct held_person *held, struct internal_number linked,
    struct person_outcome *ret)
{
	bool authority;

	if (linked.value != 0 && linked.value != held->internal.value)
		return set_aside(turn, row, OTHER_NUMBER, linked);
	if (!held->same_birth_and_sex)
		return set_aside(turn, row, OTHER_PERSON, held->internal);
	TRY(put_link(turn, row, held->internal));
	TRY(is_authority(turn, row, held->internal, &authority));
	if (authority)
		TRY(update_attributes(turn, row, held->internal));
	TRY(outcome_of(turn, held->internal, held->linked,
	    authority ? &row->attributes : NULL, ret));

	return addressee_audit(
	    turn, "person.register", held->internal, SLICE(""));
}

/* Did newer news of the row's business number arrive before the row? */
static bool
is_late(const struct held_link *link, const struct person_row *row)
{
	return link->own.value != 0 && instant_is_before(row->at, link->at);
}

enum err
person_register(
    struct turn *turn, const struct person_row *row, struct person_outcome *ret)
{
	struct held_person held;
	struct held_link link;

	*ret = (struct person_outcome){0};
	TRY(find_link(turn, row->system, row->business_number, &link));
	TRY(find_by_number(turn, row->number, &row->attributes, &held));
	if (is_late(&link, row))
		return addressee_audit(
		    turn, "person.late", link.own, SLICE(""));
	if (held.internal.value == 0)
		return register_new(turn, row, link.person, ret);

	return register_known(turn, row, &held, link.person, ret);
}

/* --- persons.changed ----------------------------------------------------- */

/* The registry reports the number that the person has from now on. */
static enum err
renumber(struct turn *turn, const struct person_row *row,
    struct internal_number internal, const struct individual_number *old)
{
	TRY(addressee_former_number_add(turn->store, old, internal, row->at));
	TRY(addressee_person_renumber(turn->store, row->number, internal));

	return addressee_audit(turn, "person.renumber", internal, SLICE(""));
}

/* Update attributes and death, if the sender has the authority. */
static enum err
apply_change(struct turn *turn, const struct person_row *row,
    struct internal_number internal)
{
	bool authority;

	TRY(is_authority(turn, row, internal, &authority));
	if (!authority)
		return OK;
	TRY(update_attributes(turn, row, internal));
	if (!slice_equal_string(row->event, "death"))
		return OK;

	return addressee_person_deceased(turn->store, row->date, internal);
}

/*
 * The row has another number than the record.  OK with *ret_go false if the row
 * was set aside as a conflict.
 */
static enum err
change_number(struct turn *turn, const struct person_row *row,
    struct internal_number internal, const struct individual_number *old,
    bool *ret_go)
{
	struct held_person holder;
	struct internal_number former;
	bool authority;

	*ret_go = false;
	TRY(find_by_number(turn, row->number, &row->attributes, &holder));
	TRY(find_former(turn, row->number, &former));
	TRY(is_authority(turn, row, internal, &authority));
	if (former.value == internal.value) {
		*ret_go = true; /* the person's former number: old news */
		return OK;
	}
	if (former.value != 0)
		return set_aside(turn, row, FORMER_NUMBER, former);
	if (holder.internal.value != 0 || !authority)
		return set_aside(turn, row, OTHER_NUMBER, internal);
	*ret_go = true;

	return renumber(turn, row, internal, old);
}

/* Change the person to whom the sender's business number is linked already. */
static enum err
change_known(struct turn *turn, const struct person_row *row,
    struct internal_number internal, struct person_outcome *ret)
{
	struct addressee_person_number_row held;
	bool go = true;

	TRY(addressee_person_number(turn->store, internal, &held));
	if (!individual_number_equal(&held.number, row->number))
		TRY(change_number(turn, row, internal, &held.number, &go));
	if (!go)
		return OK;
	TRY(apply_change(turn, row, internal));
	TRY(put_link(turn, row, internal));
	TRY(outcome_of(turn, internal, held.linked, NULL, ret));

	return addressee_audit(turn, "person.change", internal, SLICE(""));
}

enum err
person_change(
    struct turn *turn, const struct person_row *row, struct person_outcome *ret)
{
	struct held_link link;

	*ret = (struct person_outcome){0};
	TRY(find_link(turn, row->system, row->business_number, &link));
	if (is_late(&link, row))
		return addressee_audit(
		    turn, "person.late", link.own, SLICE(""));
	if (link.own.value != 0)
		return change_known(turn, row, link.own, ret);
	TRY(person_register(turn, row, ret));

	return ret->internal.value == 0
	    ? OK
	    : apply_change(turn, row, ret->internal);
}

enum err
person_relink(
    struct turn *turn, const struct person_row *row, struct person_outcome *ret)
{
	struct held_person held;

	TRY(find_by_number(turn, row->number, &row->attributes, &held));
	if (held.internal.value == 0)
		TRY(find_former(turn, row->number, &held.internal));
	if (held.internal.value == 0)
		TRY(add_person(turn, row, &held.internal));
	TRY(addressee_business_number_put(turn->store, row->business_number,
	    row->system, held.internal, row->at));
	TRY(outcome_of(turn, held.internal, held.linked, NULL, ret));

	return addressee_audit(turn, "person.relink", held.internal, SLICE(""));
}

/* --- Looking up ---------------------------------------------------------- */

enum err
person_of_business_number(struct turn *turn, struct slice system,
    struct slice business_number, struct internal_number *ret)
{
	struct held_link link;

	TRY(find_link(turn, system, business_number, &link));
	*ret = link.person;

	return ret->value == 0 ? ERR_NOT_FOUND : OK;
}

enum err
person_of_number(struct turn *turn, const struct individual_number *number,
    struct internal_number *ret)
{
	struct addressee_person_by_number_row row;

	TRY(addressee_person_by_number(turn->store, number, &row));
	*ret = row.internal;

	return OK;
}

enum err
person_is_deceased(
    struct turn *turn, struct internal_number internal, bool *ret_dead)
{
	struct addressee_person_show_row row;

	TRY(addressee_person_show(turn->store, turn->arena, internal, &row));
	*ret_dead = row.deceased.year != 0;

	return OK;
}
