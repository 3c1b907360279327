#include "systems/registry/form.h"

/* The text field, if it is given, over what is on record. */
static enum err
take_text(struct turn *turn, const struct input *in, const char *name,
    take_function *take, struct slice *to)
{
	struct slice text;
	const char *why = "is blank";

	if (!input_has(in, name))
		return OK;
	if (take(turn->arena, input_text(in, name), &text, &why) ||
	    slice_is_empty(text))
		return problem_set(
		    turn->problem, ERR_INPUT, "field %s: %s", name, why);
	*to = text;

	return OK;
}

static enum err
take_attributes(struct turn *turn, const struct input *in, struct attributes *a)
{
	enum err rc;

	if ((rc = take_text(turn, in, "name", name_take, &a->name)) ||
	    (rc = take_text(turn, in, "kana", kana_take, &a->kana)) ||
	    (rc = take_text(
		 turn, in, "former_surname", name_take, &a->former_surname)) ||
	    (rc = take_text(turn, in, "alias", name_take, &a->alias)))
		return rc;
	if (input_has(in, "sex") && sex_parse(input_text(in, "sex"), &a->sex))
		return problem_set(turn->problem, ERR_INPUT,
		    "field sex: expected \"1\" or \"2\"");

	return input_has(in, "birth")
	    ? form_past_date(turn, in, "birth", &a->birth)
	    : OK;
}

enum err
form_person(struct turn *turn, const struct input *in, struct person *person)
{
	enum err rc;

	if ((rc = take_attributes(turn, in, &person->attributes)) ||
	    (rc = take_text(
		 turn, in, "relation", word_take, &person->relation)) ||
	    (rc = take_text(
		 turn, in, "nationality", word_take, &person->nationality)) ||
	    (rc = take_text(
		 turn, in, "residence_status", word_take, &person->status)))
		return rc;
	if (input_has(in, "residence_until"))
		person->status_until = input_date(in, "residence_until");
	if (slice_is_empty(person->attributes.kana) &&
	    slice_is_empty(person->nationality))
		return problem_set(turn->problem, ERR_INPUT,
		    "field kana: missing; only foreign nationals may lack it "
		    "(住民基本台帳法7条1号の2)");

	return OK;
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

static bool
is_postal_code(struct slice s)
{
	uint64_t any;

	return s.len == 0 ||
	    (s.len == 7 && slice_to_u64(s, UINT64_MAX, &any) == OK);
}

enum err
form_address(struct turn *turn, const struct input *in, struct person *person)
{
	person->postal_code = input_text(in, "postal_code");
	if (!is_postal_code(person->postal_code))
		return problem_set(turn->problem, ERR_INPUT,
		    "field postal_code: expected 7 digits");

	return take_text(
	    turn, in, "address", address_take, &person->attributes.address);
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
