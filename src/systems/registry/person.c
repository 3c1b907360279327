#include "systems/registry/person.h"

#include "person/kinds.h"

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

enum err
person_check_fit(struct arena *arena, const struct attributes *a,
    const char *route, struct problem *problem)
{
	struct problem why;
	struct slice text;
	enum err rc = shape_text(&attributes_shape, arena, a, &text, &why);

	return rc ? problem_set(problem, rc, "%s; correct it first: %s",
			why.text, route)
		  : OK;
}

static void
put_date(struct json_out *o, const char *key, struct date date)
{
	if (date.year != 0)
		json_out_date(o, key, date);
}

static void
put_given(struct json_out *o, const char *key, struct slice value)
{
	if (!slice_is_empty(value))
		json_out_text(o, key, value);
}

void
person_describe(const struct person *p, struct json_out *o)
{
	const struct attributes *a = &p->attributes;

	json_out_resident(
	    o, "household", (struct resident_id){p->household.value});
	put_given(o, "relation", p->relation);
	json_out_text(o, "name", a->name);
	put_given(o, "kana", a->kana);
	put_given(o, "former_surname", a->former_surname);
	put_given(o, "alias", a->alias);
	put_date(o, "birth", a->birth);
	json_out_text(o, "sex", sex_format(a->sex));
	put_given(o, "postal_code", p->postal_code);
	json_out_text(o, "address", a->address);
	put_date(o, "became_resident", p->became);
	put_given(o, "reason", p->reason);
	put_given(o, "nationality", p->nationality);
	put_given(o, "residence_status", p->status);
	put_date(o, "residence_until", p->status_until);
}
