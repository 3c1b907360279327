#include "systems/registry/form.h"

static void
take_text(const struct input *in, const char *name, struct slice *to)
{
	if (input_has(in, name))
		*to = input_text(in, name);
}

static enum err
take_sex(struct turn *turn, const struct input *in, enum sex *to)
{
	struct slice text = input_text(in, "sex");

	if (slice_equal_string(text, "1"))
		*to = SEX_MALE;
	else if (slice_equal_string(text, "2"))
		*to = SEX_FEMALE;
	else if (input_has(in, "sex"))
		return problem_set(turn->problem, ERR_INPUT,
		    "field sex: expected \"1\" or \"2\"");

	return OK;
}

enum err
form_person(struct turn *turn, const struct input *in, struct person *person)
{
	enum err rc;

	take_text(in, "name", &person->name);
	take_text(in, "kana", &person->kana);
	take_text(in, "former_surname", &person->former_surname);
	take_text(in, "alias", &person->alias);
	take_text(in, "relation", &person->relation);
	take_text(in, "nationality", &person->nationality);
	take_text(in, "residence_status", &person->status);
	if (input_has(in, "residence_until"))
		person->status_until = input_date(in, "residence_until");
	if (input_has(in, "birth") &&
	    (rc = form_past_date(turn, in, "birth", &person->birth)))
		return rc;
	if ((rc = take_sex(turn, in, &person->sex)))
		return rc;
	if (slice_is_empty(person->kana) && slice_is_empty(person->nationality))
		return problem_set(turn->problem, ERR_INPUT,
		    "field kana: missing; only foreign nationals may lack it "
		    "(住民基本台帳法7条1号の2)");

	return person_normalize(turn->arena, person, turn->problem);
}

static enum err
parse_resident(struct turn *turn, struct slice text, struct resident_id *ret)
{
	if (resident_id_parse(text, ret))
		return problem_set(turn->problem, ERR_INPUT,
		    "a resident's number has 1 to 10 digits");

	return OK;
}

enum err
form_resident(struct turn *turn, const struct input *in, const char *name,
    struct resident_id *ret)
{
	ret->value = 0;
	if (!input_has(in, name))
		return OK;

	return parse_resident(turn, input_text(in, name), ret);
}

enum err
form_residents(struct turn *turn, const struct input *in,
    struct resident_id *ret, size_t max, size_t *ret_n)
{
	const json_t *array = input_json(in, "residents");
	size_t n = json_array_size(array), i, j;
	struct slice text;
	enum err rc;

	if (n == 0 || n > max)
		return problem_set(turn->problem, ERR_INPUT,
		    "field residents: expected 1 to %zu residents", max);
	for (i = 0; i < n; i++) {
		if (json_at_text(array, i, &text))
			text = (struct slice){0};
		rc = parse_resident(turn, text, &ret[i]);
		for (j = 0; rc == OK && j < i; j++) {
			if (ret[j].value == ret[i].value)
				rc = problem_set(turn->problem, ERR_INPUT,
				    "field residents: one is there twice");
		}
		if (rc)
			return rc;
	}
	*ret_n = n;

	return OK;
}

enum err
form_past_date(struct turn *turn, const struct input *in, const char *name,
    struct date *ret)
{
	struct date date = input_date(in, name);

	if (date_compare(date, date_in_japan(turn->now)) > 0)
		return problem_set(turn->problem, ERR_INPUT,
		    "field %s: a day that is still to come", name);
	*ret = date;

	return OK;
}

enum err
form_address(struct turn *turn, const struct input *in, struct person *person)
{
	person->address = input_text(in, "address");
	person->postal_code = input_text(in, "postal_code");

	return person_normalize(turn->arena, person, turn->problem);
}

json_t *
form_residents_json(struct turn *turn, const struct resident_id *ids, size_t n)
{
	json_t *object = json_object(), *array = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_push_text(array, resident_id_text(turn->arena, ids[i]));
	json_put(object, "residents", array);

	return object;
}
