#include "systems/registry/person.h"

enum err
resident_id_parse(struct slice text, struct resident_id *ret)
{
	uint64_t value;

	if (text.len == 0 || text.len > RESIDENT_DIGITS ||
	    slice_to_u64(text, RESIDENT_MAX, &value) || value == 0)
		return ERR_INPUT;
	ret->value = (int64_t)value;

	return OK;
}

void
resident_id_format(struct resident_id id, char ret[RESIDENT_DIGITS + 1])
{
	int64_t value = id.value;
	int i;

	for (i = RESIDENT_DIGITS - 1; i >= 0; i--) {
		ret[i] = (char)('0' + value % 10);
		value /= 10;
	}
	ret[RESIDENT_DIGITS] = '\0';
}

struct slice
resident_id_text(struct arena *arena, struct resident_id id)
{
	char *text = arena_alloc(arena, RESIDENT_DIGITS + 1);

	resident_id_format(id, text);

	return slice_bytes(text, RESIDENT_DIGITS);
}

enum err
word_take(struct arena *arena, struct slice raw, struct slice *ret,
    const char **ret_why)
{
	return text_take(arena, TEXT_LINE, PERSON_WORD_MAX, raw, ret, ret_why);
}

const char *
person_difference(const struct person *a, const struct person *b)
{
	const char *difference =
	    attributes_difference(&a->attributes, &b->attributes);

	if (difference != NULL)
		return difference;
	if (!slice_equal(a->postal_code, b->postal_code))
		return "postal_code";
	if (b->household.value != 0 && a->household.value != b->household.value)
		return "household";
	if (!slice_equal(a->relation, b->relation))
		return "relation";
	if (date_compare(a->became, b->became) != 0)
		return "became_resident";
	if (!slice_equal(a->reason, b->reason))
		return "reason";
	if (!slice_equal(a->nationality, b->nationality))
		return "nationality";
	if (!slice_equal(a->status, b->status))
		return "residence_status";
	if (date_compare(a->status_until, b->status_until) != 0)
		return "residence_until";

	return NULL;
}

void
person_bind(struct query *q, const struct person *p)
{
	query_int(q, "household", p->household.value);
	query_text(q, "relation", p->relation);
	query_text(q, "name", p->attributes.name);
	query_text(q, "kana", p->attributes.kana);
	query_text(q, "former_surname", p->attributes.former_surname);
	query_text(q, "alias", p->attributes.alias);
	query_int(q, "birth", date_to_int64(p->attributes.birth));
	query_int(q, "sex", p->attributes.sex);
	query_text(q, "postal_code", p->postal_code);
	query_text(q, "address", p->attributes.address);
	query_int(q, "became", date_to_int64(p->became));
	query_text(q, "reason", p->reason);
	query_text(q, "nationality", p->nationality);
	query_text(q, "status", p->status);
	query_int(q, "status_until", date_to_int64(p->status_until));
}

void
person_read(struct query *q, struct arena *arena, struct person *p)
{
	p->household.value = column_int(q, "household");
	p->relation = arena_copy(arena, column_text(q, "relation"));
	p->attributes.name = arena_copy(arena, column_text(q, "name"));
	p->attributes.kana = arena_copy(arena, column_text(q, "kana"));
	p->attributes.former_surname =
	    arena_copy(arena, column_text(q, "former_surname"));
	p->attributes.alias = arena_copy(arena, column_text(q, "alias"));
	p->attributes.birth = date_of_int64(column_int(q, "birth"));
	p->attributes.sex = sex_of_number(column_int(q, "sex"));
	p->postal_code = arena_copy(arena, column_text(q, "postal_code"));
	p->attributes.address = arena_copy(arena, column_text(q, "address"));
	p->became = date_of_int64(column_int(q, "became"));
	p->reason = arena_copy(arena, column_text(q, "reason"));
	p->nationality = arena_copy(arena, column_text(q, "nationality"));
	p->status = arena_copy(arena, column_text(q, "status"));
	p->status_until = date_of_int64(column_int(q, "status_until"));
}

static void
put_date(json_t *object, const char *key, struct date date)
{
	char text[DATE_TEXT_MAX];

	if (date.year == 0)
		return;
	date_format(date, text);
	json_put_text(object, key, slice_of(text));
}

static void
put_given(json_t *object, const char *key, struct slice value)
{
	if (!slice_is_empty(value))
		json_put_text(object, key, value);
}

json_t *
person_to_json(const struct person *p)
{
	json_t *object = json_object();

	json_put_text(object, "name", p->attributes.name);
	json_put_text(object, "kana", p->attributes.kana);
	put_date(object, "birth", p->attributes.birth);
	json_put_text(object, "sex", sex_format(p->attributes.sex));
	json_put_text(object, "address", p->attributes.address);
	put_given(object, "former_surname", p->attributes.former_surname);
	put_given(object, "alias", p->attributes.alias);

	return object;
}

enum err
person_of_json(struct arena *arena, const json_t *json, struct person *ret,
    struct problem *problem)
{
	struct slice birth, sex;
	struct attributes a = {0};
	enum err rc;

	if ((rc = json_get_text(json, "name", &a.name, problem)) ||
	    (rc = json_get_text(json, "kana", &a.kana, problem)) ||
	    (rc = json_get_text(json, "birth", &birth, problem)) ||
	    (rc = json_get_text(json, "sex", &sex, problem)) ||
	    (rc = json_get_text(json, "address", &a.address, problem)) ||
	    (rc = json_get_text_or_empty(
		 json, "former_surname", &a.former_surname, problem)) ||
	    (rc = json_get_text_or_empty(json, "alias", &a.alias, problem)))
		return rc;
	if (sex_parse(sex, &a.sex))
		return problem_set(
		    problem, ERR_INPUT, "field sex: expected \"1\" or \"2\"");
	if (date_parse(birth, &a.birth))
		return problem_set(
		    problem, ERR_INPUT, "field birth: no such day");
	rc = attributes_take(arena, &a, problem);
	if (rc == OK)
		*ret = (struct person){.attributes = a};

	return rc;
}

void
person_describe(const struct person *p, json_t *object)
{
	char household[RESIDENT_DIGITS + 1];

	resident_id_format((struct resident_id){p->household.value}, household);
	json_put_text(object, "household", slice_of(household));
	put_given(object, "relation", p->relation);
	json_put_text(object, "name", p->attributes.name);
	put_given(object, "kana", p->attributes.kana);
	put_given(object, "former_surname", p->attributes.former_surname);
	put_given(object, "alias", p->attributes.alias);
	put_date(object, "birth", p->attributes.birth);
	json_put_text(object, "sex", sex_format(p->attributes.sex));
	put_given(object, "postal_code", p->postal_code);
	json_put_text(object, "address", p->attributes.address);
	put_date(object, "became_resident", p->became);
	put_given(object, "reason", p->reason);
	put_given(object, "nationality", p->nationality);
	put_given(object, "residence_status", p->status);
	put_date(object, "residence_until", p->status_until);
}
