#include "systems/registry/form.h"

static const struct field form_one_resident_fields[] = {
    FORM_RESIDENT(form_one_resident),
};
const struct shape form_one_resident_shape =
    SHAPE(form_one_resident, form_one_resident_fields);

static const struct field form_after_fields[] = {
    OPTION(form_after, after, INT(0, RESIDENT_MAX),
	"the resident's number after which the list begins"),
};
const struct shape form_after_shape = SHAPE(form_after, form_after_fields);

static void
overwrite(struct slice *to, struct slice given)
{
	if (!slice_is_empty(given))
		*to = given;
}

enum err
form_person(
    struct turn *turn, const struct person *given, struct person *person)
{
	const struct attributes *a = &given->attributes;
	struct attributes *to = &person->attributes;

	TRY(form_past_date(turn, "birth", a->birth));
	overwrite(&to->name, a->name);
	overwrite(&to->kana, a->kana);
	overwrite(&to->former_surname, a->former_surname);
	overwrite(&to->alias, a->alias);
	if (a->birth.year != 0)
		to->birth = a->birth;
	if (a->sex != SEX_NONE)
		to->sex = a->sex;
	overwrite(&person->relation, given->relation);
	overwrite(&person->nationality, given->nationality);
	overwrite(&person->status, given->status);
	if (given->status_until.year != 0)
		person->status_until = given->status_until;
	if (slice_is_empty(to->kana) && slice_is_empty(person->nationality))
		return problem_set(turn->problem, ERR_INPUT,
		    "field kana: missing; only foreign nationals may lack it "
		    "(住民基本台帳法7条1号の2)");

	return OK;
}

void
form_address(const struct person *given, struct person *person)
{
	person->attributes.address = given->attributes.address;
	person->postal_code = given->postal_code;
}

enum err
form_residents(struct turn *turn, const struct resident_id *ids, size_t n)
{
	size_t i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < i; j++) {
			if (ids[j].value == ids[i].value)
				return problem_set(turn->problem, ERR_INPUT,
				    "field residents: one is repeated; "
				    "expected each once");
		}
	}

	return OK;
}

enum err
form_past_date(struct turn *turn, const char *name, struct date date)
{
	if (date_compare(date, date_in_japan(turn->now)) > 0)
		return problem_set(turn->problem, ERR_INPUT,
		    "field %s: a day that is still to come", name);

	return OK;
}

void
form_put_residents(struct json_out *o, const struct resident_id *ids, size_t n)
{
	size_t i;

	json_out_array(o, "residents");
	for (i = 0; i < n; i++)
		json_out_resident(o, NULL, ids[i]);
	json_out_end(o);
}
