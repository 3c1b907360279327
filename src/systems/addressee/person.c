#include "systems/addressee/person.h"

#include "addressee_rows.h"
#include "base/text.h"
#include "systems/addressee/addressee.h"
#include "systems/addressee/conflict.h"

#define INTERNAL_TRIES 8 /* a random number is taken once in a million */

struct slice
person_sender(const struct system_id *from)
{
	struct slice rest = slice_of(from->text);

	slice_cut(&rest, '/');

	return rest;
}

struct slice
person_birth(struct turn *turn, const struct attributes *a)
{
	char *text = arena_alloc(turn->arena, DATE_TEXT_MAX);

	date_format(a->birth, text);

	return slice_of(text);
}

/* --- Rows of messages ---------------------------------------------------- */

static enum err
misfit(struct turn *turn, size_t index, const char *field)
{
	return problem_set(turn->problem, ERR_INPUT,
	    "items[%zu]: %s is missing or malformed", index, field);
}

static enum err
read_text(const json_t *row, size_t at, size_t max, struct slice *ret)
{
	if (json_at_text(row, at, ret) || ret->len > max ||
	    !text_is_printable(*ret))
		return ERR_INPUT;

	return OK;
}

/* IN, name, kana, birth, sex, address from element `at` on. */
static enum err
read_person(struct turn *turn, const json_t *row, size_t at, size_t index,
    struct person_row *ret)
{
	struct slice number, birth, sex;
	struct attributes a = {0};
	struct problem why;

	if (json_at_text(row, at, &number) ||
	    individual_number_parse(number, &ret->number))
		return misfit(turn, index, "the Individual Number");
	if (json_at_text(row, at + 3, &birth) || date_parse(birth, &a.birth))
		return misfit(turn, index, "the date of birth");
	if (json_at_text(row, at + 4, &sex) || sex_parse(sex, &a.sex))
		return misfit(turn, index, "the sex");
	if (json_at_text(row, at + 1, &a.name) ||
	    json_at_text(row, at + 2, &a.kana) ||
	    json_at_text(row, at + 5, &a.address))
		return misfit(turn, index, "the name, kana or address");
	if (attributes_take(turn->arena, &a, &why))
		return problem_set(turn->problem, ERR_INPUT, "items[%zu]: %s",
		    index, why.text);
	if (slice_is_empty(a.name))
		return misfit(turn, index, "the name");
	ret->attributes = a;

	return OK;
}

static enum err
read_row(struct turn *turn, const json_t *items, size_t index, size_t width,
    const json_t **ret_row, struct person_row *ret)
{
	const json_t *row = json_array_get(items, index);

	if (json_array_size(row) != width)
		return misfit(turn, index, "the row");
	if (read_text(
		row, 0, ADDRESSEE_BUSINESS_NUMBER_MAX, &ret->business_number) ||
	    slice_is_empty(ret->business_number))
		return misfit(turn, index, "the business number");
	*ret_row = row;

	return OK;
}

enum err
person_row_parse_registered(struct turn *turn, const json_t *items,
    size_t index, struct person_row *ret)
{
	const json_t *row;
	enum err rc;

	rc = read_row(turn, items, index, 7, &row, ret);
	if (rc)
		return rc;
	ret->event = SLICE("");
	ret->date = SLICE("");

	return read_person(turn, row, 1, index, ret);
}

enum err
person_row_parse_changed(struct turn *turn, const json_t *items, size_t index,
    struct person_row *ret)
{
	const json_t *row;
	struct date date;
	enum err rc;

	rc = read_row(turn, items, index, 9, &row, ret);
	if (rc)
		return rc;
	if (read_text(row, 1, 32, &ret->event) || slice_is_empty(ret->event))
		return misfit(turn, index, "the event");
	if (json_at_text(row, 2, &ret->date) || date_parse(ret->date, &date))
		return misfit(turn, index, "the event's date");

	return read_person(turn, row, 3, index, ret);
}

/* --- What the record holds ----------------------------------------------- */

/* The person under a number. */
struct held_person {
	struct internal_number internal; /* 0: nobody */
	bool linked;
	bool same_birth_and_sex;
};

/* Birth and sex are compared with those of `a`. */
static enum err
find_by_number(struct turn *turn, const struct individual_number *number,
    const struct attributes *a, struct held_person *ret)
{
	struct addressee_person_by_number_row row;
	enum err rc;

	*ret = (struct held_person){0};
	rc = addressee_person_by_number(turn->store, turn->arena, number, &row);
	if (rc == OK)
		*ret = (struct held_person){
		    .internal = row.internal,
		    .linked = row.linked,
		    .same_birth_and_sex =
			slice_equal(row.birth, person_birth(turn, a)) &&
			slice_equal(row.sex, sex_format(a->sex)),
		};

	return rows_end(rc);
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

/* Who a business number stands for, as one system and the others say. */
struct held_link {
	struct internal_number own;   /* 0: this system has no such link */
	struct instant at;            /* of the newest message about `own` */
	struct internal_number other; /* 0: nor has any other system */
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
		if (slice_equal(row.system, system)) {
			ret->own = row.internal;
			ret->at = row.at;
		} else {
			ret->other = row.internal;
		}
	}

	return rows_end(rc);
}

static struct internal_number
linked_person(const struct held_link *link)
{
	return link->own.value != 0 ? link->own : link->other;
}

/* --- Changes of the record ----------------------------------------------- */

static enum err
add_person(struct turn *turn, const struct person_row *row,
    struct internal_number *ret)
{
	struct addressee_person_add person = {
	    .number = &row->number,
	    .name = row->attributes.name,
	    .kana = row->attributes.kana,
	    .birth = person_birth(turn, &row->attributes),
	    .sex = sex_format(row->attributes.sex),
	    .address = row->attributes.address,
	};
	enum err rc;
	int i;

	for (i = 0; i < INTERNAL_TRIES; i++) {
		person.internal = internal_number_random(&turn->random);
		rc = addressee_person_add(turn->store, &person);
		if (rc)
			return rc;
		if (store_changes(turn->store) == 1) {
			*ret = person.internal;
			return OK;
		}
	}

	return problem_set(
	    turn->problem, ERR_INTERNAL, "no free internal number was found");
}

/* The row's business number stands for `internal`, or for nobody yet. */
static enum err
put_link(struct turn *turn, const struct person_row *row,
    struct internal_number internal)
{
	enum err rc;

	rc = addressee_business_number_news(
	    turn->store, row->at, row->business_number, row->system, internal);
	if (rc || store_changes(turn->store) == 1)
		return rc;

	return addressee_business_number_add(
	    turn->store, row->business_number, row->system, internal, row->at);
}

static enum err
update_attributes(struct turn *turn, const struct person_row *row,
    struct internal_number internal)
{
	return addressee_person_update(turn->store,
	    &(struct addressee_person_update){
		.name = row->attributes.name,
		.kana = row->attributes.kana,
		.birth = person_birth(turn, &row->attributes),
		.sex = sex_format(row->attributes.sex),
		.address = row->attributes.address,
		.internal = internal,
	    });
}

static enum err
audit_person(
    struct turn *turn, const char *action, struct internal_number internal)
{
	char text[INTERNAL_NUMBER_DIGITS + 1];

	internal_number_format(internal, text);

	return turn_audit(turn, action, slice_of(text), SLICE(""));
}

/* Whether another system than the row's, the registry, speaks for the person:
 * then an office's attributes are not taken over the registry's. */
static enum err
has_registry(struct turn *turn, struct internal_number internal, bool *ret)
{
	struct addressee_business_numbers_row row;
	struct query q;
	enum err rc;

	*ret = false;
	addressee_business_numbers_rows(turn->store, internal, &q);
	while ((rc = addressee_business_numbers_next(&q, &row)) == OK)
		*ret |= slice_equal_string(row.system, "registry");

	return rows_end(rc);
}

/*
 * May this sender change a person's attributes and number?  The registry
 * may; an office only where no registry speaks for the person, as in the
 * Pension Service.
 */
static enum err
is_authority(struct turn *turn, const struct person_row *row,
    struct internal_number internal, bool *ret)
{
	enum err rc;

	*ret = true;
	if (slice_equal_string(row->system, "registry"))
		return OK;
	rc = has_registry(turn, internal, ret);
	*ret = !*ret;

	return rc;
}

/* --- persons.registered -------------------------------------------------- */

/* The number was never seen: a new person, unless the business number is
 * taken. */
static enum err
register_new(struct turn *turn, const struct person_row *row,
    struct internal_number taken, struct person_outcome *ret)
{
	struct internal_number former, internal;
	enum err rc;

	rc = find_former(turn, &row->number, &former);
	if (rc)
		return rc;
	if (former.value != 0)
		return conflict_add(turn, row, CONFLICT_FORMER_NUMBER, former);
	if (taken.value != 0)
		return conflict_add(turn, row, CONFLICT_OTHER_NUMBER, taken);
	rc = add_person(turn, row, &internal);
	if (rc == OK)
		rc = put_link(turn, row, internal);
	if (rc == OK)
		rc = audit_person(turn, "person.register", internal);
	if (rc == OK)
		*ret = (struct person_outcome){internal, true};

	return rc;
}

/* The number is known. */
static enum err
register_known(struct turn *turn, const struct person_row *row,
    const struct held_person *held, struct internal_number linked,
    struct person_outcome *ret)
{
	bool authority = false;
	enum err rc;

	if (linked.value != 0 && linked.value != held->internal.value)
		return conflict_add(turn, row, CONFLICT_OTHER_NUMBER, linked);
	if (!held->same_birth_and_sex)
		return conflict_add(
		    turn, row, CONFLICT_OTHER_PERSON, held->internal);
	rc = put_link(turn, row, held->internal);
	if (rc == OK)
		rc = is_authority(turn, row, held->internal, &authority);
	if (rc == OK && authority)
		rc = update_attributes(turn, row, held->internal);
	if (rc == OK)
		rc = audit_person(turn, "person.register", held->internal);
	if (rc == OK)
		*ret = (struct person_outcome){held->internal, !held->linked};

	return rc;
}

enum err
person_register(
    struct turn *turn, const struct person_row *row, struct person_outcome *ret)
{
	struct held_person held;
	struct held_link link;
	enum err rc;

	*ret = (struct person_outcome){0};
	rc = find_link(turn, row->system, row->business_number, &link);
	if (rc == OK)
		rc =
		    find_by_number(turn, &row->number, &row->attributes, &held);
	if (rc)
		return rc;
	if (link.own.value != 0 && row->at.ms < link.at.ms)
		return audit_person(turn, "person.late", link.own);
	if (held.internal.value == 0)
		return register_new(turn, row, linked_person(&link), ret);

	return register_known(turn, row, &held, linked_person(&link), ret);
}

/* --- persons.changed ----------------------------------------------------- */

/* The registry reports the number that the person has from now on. */
static enum err
renumber(struct turn *turn, const struct person_row *row,
    struct internal_number internal, const struct individual_number *old)
{
	enum err rc;

	rc = addressee_former_number_add(turn->store, old, internal, row->at);
	if (rc == OK)
		rc = addressee_person_renumber(
		    turn->store, &row->number, internal);
	if (rc)
		return rc;

	return audit_person(turn, "person.renumber", internal);
}

/* Attributes and death, if the sender has the authority for them. */
static enum err
apply_change(struct turn *turn, const struct person_row *row,
    struct internal_number internal)
{
	bool authority = false;
	enum err rc;

	rc = is_authority(turn, row, internal, &authority);
	if (rc || !authority)
		return rc;
	rc = update_attributes(turn, row, internal);
	if (rc || !slice_equal_string(row->event, "death"))
		return rc;

	return addressee_person_deceased(turn->store, row->date, internal);
}

/*
 * The row has another number than the record.  OK with *ret_go false if the
 * row was put aside.
 */
static enum err
change_number(struct turn *turn, const struct person_row *row,
    struct internal_number internal, const struct individual_number *old,
    bool *ret_go)
{
	struct held_person holder;
	struct internal_number former;
	bool authority;
	enum err rc;

	*ret_go = false;
	rc = find_by_number(turn, &row->number, &row->attributes, &holder);
	if (rc == OK)
		rc = find_former(turn, &row->number, &former);
	if (rc == OK)
		rc = is_authority(turn, row, internal, &authority);
	if (rc)
		return rc;
	if (former.value == internal.value) {
		*ret_go = true; /* its old number: an old message's news */
		return OK;
	}
	if (former.value != 0)
		return conflict_add(turn, row, CONFLICT_FORMER_NUMBER, former);
	if (holder.internal.value != 0 || !authority)
		return conflict_add(turn, row, CONFLICT_OTHER_NUMBER, internal);
	*ret_go = true;

	return renumber(turn, row, internal, old);
}

/* A person whom the sender's business number names already. */
static enum err
change_known(struct turn *turn, const struct person_row *row,
    struct internal_number internal, struct person_outcome *ret)
{
	struct addressee_person_number_row held;
	bool go = true;
	enum err rc;

	rc = addressee_person_number(turn->store, internal, &held);
	if (rc)
		return rc;
	if (!individual_number_equal(&held.number, &row->number))
		rc = change_number(turn, row, internal, &held.number, &go);
	individual_number_wipe(&held.number);
	if (rc || !go)
		return rc;
	rc = apply_change(turn, row, internal);
	if (rc == OK)
		rc = put_link(turn, row, internal);
	if (rc == OK)
		rc = audit_person(turn, "person.change", internal);
	if (rc == OK)
		*ret = (struct person_outcome){internal, !held.linked};

	return rc;
}

enum err
person_change(
    struct turn *turn, const struct person_row *row, struct person_outcome *ret)
{
	struct held_link link;
	enum err rc;

	*ret = (struct person_outcome){0};
	rc = find_link(turn, row->system, row->business_number, &link);
	if (rc)
		return rc;
	if (link.own.value != 0 && row->at.ms < link.at.ms)
		return audit_person(turn, "person.late", link.own);
	if (link.own.value != 0)
		return change_known(turn, row, link.own, ret);
	rc = person_register(turn, row, ret);
	if (rc == OK && ret->internal.value != 0)
		rc = apply_change(turn, row, ret->internal);

	return rc;
}

enum err
person_relink(
    struct turn *turn, const struct person_row *row, struct person_outcome *ret)
{
	struct held_person held;
	enum err rc;

	*ret = (struct person_outcome){0};
	rc = find_by_number(turn, &row->number, &row->attributes, &held);
	if (rc == OK && held.internal.value == 0)
		rc = find_former(turn, &row->number, &held.internal);
	if (rc == OK && held.internal.value == 0)
		rc = add_person(turn, row, &held.internal);
	if (rc == OK)
		rc = addressee_business_number_put(turn->store,
		    row->business_number, row->system, held.internal, row->at);
	if (rc == OK)
		rc = audit_person(turn, "person.relink", held.internal);
	if (rc == OK)
		*ret = (struct person_outcome){held.internal, !held.linked};

	return rc;
}

/* --- Looking up ---------------------------------------------------------- */

enum err
person_of_business_number(struct turn *turn, struct slice system,
    struct slice business_number, struct internal_number *ret)
{
	struct held_link link;
	enum err rc;

	rc = find_link(turn, system, business_number, &link);
	if (rc)
		return rc;
	if (linked_person(&link).value == 0)
		return ERR_NOT_FOUND;
	*ret = linked_person(&link);

	return OK;
}

enum err
person_of_number(struct turn *turn, const struct individual_number *number,
    struct internal_number *ret)
{
	static const struct attributes nobody = {0};
	struct held_person held;
	enum err rc;

	rc = find_by_number(turn, number, &nobody, &held);
	if (rc)
		return rc;
	if (held.internal.value == 0)
		return ERR_NOT_FOUND;
	*ret = held.internal;

	return OK;
}

enum err
person_is_deceased(
    struct turn *turn, struct internal_number internal, bool *ret_dead)
{
	struct addressee_person_show_row row;
	enum err rc;

	rc = addressee_person_show(turn->store, turn->arena, internal, &row);
	if (rc == OK)
		*ret_dead = !slice_is_empty(row.deceased);

	return rc;
}

static enum err
describe_links(struct turn *turn, struct internal_number internal, json_t *to)
{
	struct addressee_business_numbers_row link;
	json_t *links = json_array(), *row;
	struct query q;
	enum err rc;

	json_put(to, "business_numbers", links);
	addressee_business_numbers_rows(turn->store, internal, &q);
	while ((rc = addressee_business_numbers_next(&q, &link)) == OK) {
		row = json_object();
		json_put_text(row, "system", link.system);
		json_put_text(row, "business_number", link.business_number);
		json_array_append_new(links, row);
	}

	return rows_end(rc);
}

enum err
addressee_describe(
    struct turn *turn, struct internal_number internal, json_t **ret)
{
	struct addressee_person_show_row row;
	char text[INTERNAL_NUMBER_DIGITS + 1];
	json_t *person;
	enum err rc;

	rc = addressee_person_show(turn->store, turn->arena, internal, &row);
	if (rc)
		return rc;
	person = json_object();
	internal_number_format(internal, text);
	json_put_text(person, "internal_number", slice_of(text));
	json_put_text(person, "name", row.name);
	json_put_text(person, "kana", row.kana);
	json_put_text(person, "birth", row.birth);
	json_put_text(person, "sex", row.sex);
	json_put_text(person, "address", row.address);
	json_put_text(person, "deceased", row.deceased);
	json_put_text(person, "refusal", row.refusal);
	json_put_bool(person, "linked", row.linked);
	rc = describe_links(turn, internal, person);
	if (rc == OK)
		rc = audit_person(turn, "person.read", internal);
	if (rc) {
		json_decref(person);
		return rc;
	}
	*ret = person;

	return OK;
}
