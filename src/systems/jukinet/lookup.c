#include "systems/jukinet/lookup.h"

#include "number/kinds.h"
#include "person/kinds.h"
#include "systems/jukinet/person.h"

#define BASIS SLICE("住民基本台帳法30条の9")

struct jukinet_lookup_input {
	struct individual_number number;
	bool has_number;
	struct resident_code code;
	bool has_code;
	struct attributes person;
};

static const struct field fields[] = {
    MAYBE(jukinet_lookup_input, number, INDIVIDUAL_NUMBER, "個人番号"),
    MAYBE(jukinet_lookup_input, code, RESIDENT_CODE, "住民票コード"),
    OPTION_AS(jukinet_lookup_input, person.name, "name", NAME, "氏名"),
    OPTION_AS(jukinet_lookup_input, person.birth, "birth", DATE_OR_PART,
	"出生の年月日"),
    OPTION_AS(jukinet_lookup_input, person.sex, "sex", SEX, "1 male, 2 female"),
    OPTION_AS(jukinet_lookup_input, person.address, "address", ADDRESS, "住所"),
};
const struct shape jukinet_lookup_input_shape =
    SHAPE(jukinet_lookup_input, fields);

static enum err
by_number(struct turn *turn, const struct individual_number *number,
    struct serial *ret)
{
	struct number_owner owner;

	TRY(numbers_find(turn, number, 1, &owner));
	*ret = owner.serial;

	return owner.serial.value == 0 || !owner.is_current ? ERR_NOT_FOUND
							    : OK;
}

static enum err
by_code(struct turn *turn, const struct resident_code *code, struct serial *ret)
{
	const struct instant long_ago = {0};
	struct person p;

	TRY(person_of_code(turn, code, long_ago, &p));
	*ret = p.serial;

	return OK;
}

/* Find by a number, by a code, or by all four attributes. */
static enum err
find(
    struct turn *turn, const struct jukinet_lookup_input *i, struct serial *ret)
{
	const struct attributes *a = &i->person;
	int n = !slice_is_empty(a->name) + (a->birth.year != 0) +
	    (a->sex != SEX_NONE) + !slice_is_empty(a->address);

	if (i->has_number + i->has_code + (n > 0) != 1)
		return problem_set(turn->problem, ERR_INPUT,
		    "give one of number, code, or the four attributes");
	if (i->has_number)
		return by_number(turn, &i->number, ret);
	if (i->has_code)
		return by_code(turn, &i->code, ret);
	if (n < 4)
		return problem_set(turn->problem, ERR_INPUT,
		    "give a number, a code, or all four of name, birth, sex "
		    "and address; fewer would find the wrong person");

	return person_look_up(turn, a, ret);
}

static void
write_person(struct json_out *o, const struct person *p)
{
	json_out_int(o, "person", p->serial.value);
	json_out_text(o, "municipality", p->municipality);
	json_out_text(o, "state", slice_of(person_state_name(p->state)));
	json_out_text(o, "name", p->attributes.name);
	json_out_text(o, "kana", p->attributes.kana);
	json_out_date(o, "birth", p->attributes.birth);
	json_out_text(o, "sex", sex_format(p->attributes.sex));
	json_out_text(o, "address", p->attributes.address);
}

enum err
lookup_post(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct serial serial;
	struct person p;
	enum err rc = find(turn, INPUT(in, jukinet_lookup_input), &serial);

	if (rc == OK)
		rc = person_find(turn, serial, &p);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "no person has this number, this code or these attributes");
	TRY(rc);
	TRY(person_audit(turn, "person.read", serial, BASIS));
	write_person(reply_object(reply, 200), &p);

	return OK;
}
