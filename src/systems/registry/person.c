#include "systems/registry/person.h"

#include <stdio.h>

#include "base/text.h"

int64_t
date_to_number(struct date date)
{
	return date.year * INT64_C(10000) + date.month * 100 + date.day;
}

struct date
date_of_number(int64_t number)
{
	return (struct date){
	    .year = (int16_t)(number / 10000),
	    .month = (int8_t)(number / 100 % 100),
	    .day = (int8_t)(number % 100),
	};
}

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

struct slice
sex_text(enum sex sex)
{
	switch (sex) {
	case SEX_MALE:
		return SLICE("1");
	case SEX_FEMALE:
		return SLICE("2");
	case SEX_NONE:
		break;
	}

	return (struct slice){0};
}

static bool
is_postal_code(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
	}

	return s.len == 0 || s.len == 7;
}

enum err
person_normalize(struct arena *arena, struct person *p, struct problem *problem)
{
	struct slice *const texts[] = {&p->relation, &p->name, &p->kana,
	    &p->former_surname, &p->alias, &p->address, &p->reason,
	    &p->nationality, &p->status};
	enum err rc;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (slice_is_empty(*texts[i]))
			continue;
		rc = text_normalize(arena, *texts[i], texts[i]);
		if (rc)
			return problem_set(problem, ERR_INPUT,
			    "a text cannot be brought into Unicode's NFC");
	}
	if (!slice_is_empty(p->kana) && !kana_is_valid(p->kana))
		return problem_set(problem, ERR_INPUT,
		    "field kana: expected full-width katakana");
	if (!is_postal_code(p->postal_code))
		return problem_set(
		    problem, ERR_INPUT, "field postal_code: expected 7 digits");

	return OK;
}

static bool
same_date(struct date a, struct date b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

const char *
person_difference(const struct person *a, const struct person *b)
{
	if (!slice_equal(a->name, b->name))
		return "name";
	if (!slice_equal(a->kana, b->kana))
		return "kana";
	if (!slice_equal(a->former_surname, b->former_surname))
		return "former_surname";
	if (!slice_equal(a->alias, b->alias))
		return "alias";
	if (!same_date(a->birth, b->birth))
		return "birth";
	if (a->sex != b->sex)
		return "sex";
	if (!slice_equal(a->postal_code, b->postal_code))
		return "postal_code";
	if (!slice_equal(a->address, b->address))
		return "address";
	if (b->household.value != 0 && a->household.value != b->household.value)
		return "household";
	if (!slice_equal(a->relation, b->relation))
		return "relation";
	if (!same_date(a->became, b->became))
		return "became_resident";
	if (!slice_equal(a->reason, b->reason))
		return "reason";
	if (!slice_equal(a->nationality, b->nationality))
		return "nationality";
	if (!slice_equal(a->status, b->status))
		return "residence_status";
	if (!same_date(a->status_until, b->status_until))
		return "residence_until";

	return NULL;
}

/* Without U+0020 and U+3000. */
static struct slice
without_spaces(struct arena *arena, struct slice s)
{
	char *to = arena_alloc(arena, s.len + 1);
	size_t i, n = 0;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] == ' ')
			continue;
		if (s.len - i >= 3 && (uint8_t)s.data[i] == 0xe3 &&
		    (uint8_t)s.data[i + 1] == 0x80 &&
		    (uint8_t)s.data[i + 2] == 0x80) {
			i += 2;
			continue;
		}
		to[n++] = s.data[i];
	}

	return slice_bytes(to, n);
}

bool
text_is_alike(struct arena *arena, struct slice a, struct slice b)
{
	if (slice_equal(a, b))
		return true;
	a = digits_to_ascii(arena, without_spaces(arena, a));
	b = digits_to_ascii(arena, without_spaces(arena, b));

	return slice_equal(a, b);
}

void
person_bind(struct query *q, const struct person *p)
{
	query_int(q, "household", p->household.value);
	query_text(q, "relation", p->relation);
	query_text(q, "name", p->name);
	query_text(q, "kana", p->kana);
	query_text(q, "former_surname", p->former_surname);
	query_text(q, "alias", p->alias);
	query_int(q, "birth", date_to_number(p->birth));
	query_int(q, "sex", p->sex);
	query_text(q, "postal_code", p->postal_code);
	query_text(q, "address", p->address);
	query_int(q, "became", date_to_number(p->became));
	query_text(q, "reason", p->reason);
	query_text(q, "nationality", p->nationality);
	query_text(q, "status", p->status);
	query_int(q, "status_until", date_to_number(p->status_until));
}

static enum sex
sex_of_number(int64_t number)
{
	return number == 1 ? SEX_MALE : number == 2 ? SEX_FEMALE : SEX_NONE;
}

void
person_read(struct query *q, struct arena *arena, struct person *p)
{
	p->household.value = column_int(q, "household");
	p->relation = arena_copy(arena, column_text(q, "relation"));
	p->name = arena_copy(arena, column_text(q, "name"));
	p->kana = arena_copy(arena, column_text(q, "kana"));
	p->former_surname = arena_copy(arena, column_text(q, "former_surname"));
	p->alias = arena_copy(arena, column_text(q, "alias"));
	p->birth = date_of_number(column_int(q, "birth"));
	p->sex = sex_of_number(column_int(q, "sex"));
	p->postal_code = arena_copy(arena, column_text(q, "postal_code"));
	p->address = arena_copy(arena, column_text(q, "address"));
	p->became = date_of_number(column_int(q, "became"));
	p->reason = arena_copy(arena, column_text(q, "reason"));
	p->nationality = arena_copy(arena, column_text(q, "nationality"));
	p->status = arena_copy(arena, column_text(q, "status"));
	p->status_until = date_of_number(column_int(q, "status_until"));
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

	json_put_text(object, "name", p->name);
	json_put_text(object, "kana", p->kana);
	put_date(object, "birth", p->birth);
	json_put_text(object, "sex", sex_text(p->sex));
	json_put_text(object, "address", p->address);
	put_given(object, "former_surname", p->former_surname);
	put_given(object, "alias", p->alias);

	return object;
}

static enum err
sex_parse(struct slice text, enum sex *ret, struct problem *problem)
{
	if (slice_equal_string(text, "1"))
		*ret = SEX_MALE;
	else if (slice_equal_string(text, "2"))
		*ret = SEX_FEMALE;
	else
		return problem_set(
		    problem, ERR_INPUT, "field sex: expected \"1\" or \"2\"");

	return OK;
}

enum err
person_of_json(struct arena *arena, const json_t *json, struct person *ret,
    struct problem *problem)
{
	struct slice birth, sex;
	struct person p = {0};
	enum err rc;

	if ((rc = json_get_text(json, "name", &p.name, problem)) ||
	    (rc = json_get_text(json, "kana", &p.kana, problem)) ||
	    (rc = json_get_text(json, "birth", &birth, problem)) ||
	    (rc = json_get_text(json, "sex", &sex, problem)) ||
	    (rc = json_get_text(json, "address", &p.address, problem)) ||
	    (rc = json_get_text_or_empty(
		 json, "former_surname", &p.former_surname, problem)) ||
	    (rc = json_get_text_or_empty(json, "alias", &p.alias, problem)))
		return rc;
	if ((rc = sex_parse(sex, &p.sex, problem)))
		return rc;
	if (date_parse(birth, &p.birth))
		return problem_set(
		    problem, ERR_INPUT, "field birth: no such day");
	if (p.name.len > PERSON_NAME_MAX || p.kana.len > PERSON_KANA_MAX ||
	    p.address.len > PERSON_ADDRESS_MAX ||
	    p.former_surname.len > PERSON_NAME_MAX ||
	    p.alias.len > PERSON_NAME_MAX)
		return problem_set(problem, ERR_TOO_LARGE,
		    "a person's name or address is too long");
	rc = person_normalize(arena, &p, problem);
	if (rc == OK)
		*ret = p;

	return rc;
}

void
person_describe(const struct person *p, json_t *object)
{
	char household[RESIDENT_DIGITS + 1];

	resident_id_format((struct resident_id){p->household.value}, household);
	json_put_text(object, "household", slice_of(household));
	put_given(object, "relation", p->relation);
	json_put_text(object, "name", p->name);
	put_given(object, "kana", p->kana);
	put_given(object, "former_surname", p->former_surname);
	put_given(object, "alias", p->alias);
	put_date(object, "birth", p->birth);
	json_put_text(object, "sex", sex_text(p->sex));
	put_given(object, "postal_code", p->postal_code);
	json_put_text(object, "address", p->address);
	put_date(object, "became_resident", p->became);
	put_given(object, "reason", p->reason);
	put_given(object, "nationality", p->nationality);
	put_given(object, "residence_status", p->status);
	put_date(object, "residence_until", p->status_until);
}
