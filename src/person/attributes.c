#include "person/attributes.h"

enum err
sex_parse(struct slice text, enum sex *ret)
{
	if (slice_equal_string(text, "1"))
		*ret = SEX_MALE;
	else if (slice_equal_string(text, "2"))
		*ret = SEX_FEMALE;
	else
		return ERR_INPUT;

	return OK;
}

struct slice
sex_format(enum sex sex)
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

enum sex
sex_of_number(int64_t number)
{
	return number == 1 ? SEX_MALE : number == 2 ? SEX_FEMALE : SEX_NONE;
}

bool
attributes_same_birth_and_sex(
    const struct attributes *a, const struct attributes *b)
{
	return a->sex == b->sex && date_compare(a->birth, b->birth) == 0;
}

const char *
attributes_difference(const struct attributes *a, const struct attributes *b)
{
	if (!slice_equal(a->name, b->name))
		return "name";
	if (!slice_equal(a->kana, b->kana))
		return "kana";
	if (!slice_equal(a->former_surname, b->former_surname))
		return "former_surname";
	if (!slice_equal(a->alias, b->alias))
		return "alias";
	if (date_compare(a->birth, b->birth) != 0)
		return "birth";
	if (a->sex != b->sex)
		return "sex";
	if (!slice_equal(a->address, b->address))
		return "address";

	return NULL;
}

struct attributes
attributes_copy(struct arena *arena, const struct attributes *from)
{
	return (struct attributes){
	    .name = arena_copy(arena, from->name),
	    .kana = arena_copy(arena, from->kana),
	    .former_surname = arena_copy(arena, from->former_surname),
	    .alias = arena_copy(arena, from->alias),
	    .birth = from->birth,
	    .sex = from->sex,
	    .address = arena_copy(arena, from->address),
	};
}
