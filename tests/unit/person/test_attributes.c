#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "person/kinds.h"
#include "tests/support/test_arena.h"

static const struct attributes hanako = {
    .name = SLICE("山田　花子"),
    .kana = SLICE("ヤマダ　ハナコ"),
    .former_surname = SLICE("田中"),
    .alias = SLICE("HANA"),
    .birth = {1980, 4, 1},
    .sex = SEX_FEMALE,
    .address = SLICE("東京都新宿区四谷１－１"),
};

static void
sex_is_1_or_2_and_nothing_else(void **state)
{
	static const char *const bad[] = {
	    "", "0", "3", "9", "01", "1 ", "男", "male", "１"};
	enum sex sex = SEX_NONE;
	size_t i;

	(void)state;
	assert_int_equal(sex_parse(SLICE("1"), &sex), OK);
	assert_int_equal(sex, SEX_MALE);
	assert_int_equal(sex_parse(SLICE("2"), &sex), OK);
	assert_int_equal(sex, SEX_FEMALE);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(sex_parse(slice_of(bad[i]), &sex), ERR_INPUT);
	assert_int_equal(sex, SEX_FEMALE);
	assert_true(slice_equal_string(sex_format(SEX_MALE), "1"));
	assert_true(slice_equal_string(sex_format(SEX_FEMALE), "2"));
	assert_true(slice_is_empty(sex_format(SEX_NONE)));
	assert_int_equal(sex_of_number(1), SEX_MALE);
	assert_int_equal(sex_of_number(2), SEX_FEMALE);
	assert_int_equal(sex_of_number(3), SEX_NONE);
	assert_int_equal(sex_of_number(INT64_MAX), SEX_NONE);
}

/* Read the attributes as if they came from outside. */
static enum err
take(struct attributes *a, struct problem *problem)
{
	struct json_out o;

	json_out_init(&o, arena);
	shape_write(&attributes_shape, a, &o, NULL);

	return shape_read(
	    &attributes_shape, arena, json_out_finish(&o), a, problem);
}

static void
every_text_is_taken_by_the_rule_of_its_field(void **state)
{
	struct problem problem = {0};
	struct attributes a = {.name = SLICE("　山田　花子 "),
	    .kana = SLICE("ヤマタ\xe3\x82\x99"),
	    .former_surname = SLICE(" 田中"),
	    .alias = SLICE("HANA "),
	    .birth = {1980, 4, 1},
	    .sex = SEX_FEMALE,
	    .address = SLICE("東京\xc2\xa0")};

	(void)state;
	assert_int_equal(take(&a, &problem), OK);
	assert_true(slice_equal_string(a.name, "山田　花子"));
	assert_true(slice_equal_string(a.kana, "ヤマダ"));
	assert_true(slice_equal_string(a.former_surname, "田中"));
	assert_true(slice_equal_string(a.alias, "HANA"));
	assert_true(slice_equal_string(a.address, "東京"));
}

/* The field at `offset` with `text` is refused with this problem. */
static void
assert_refused(size_t offset, struct slice text, const char *expected)
{
	struct attributes a = hanako;
	struct problem problem;

	memcpy((char *)&a + offset, &text, sizeof(text));
	assert_int_equal(take(&a, &problem), ERR_INPUT);
	if (strstr(problem.text, expected) != problem.text)
		fail_msg("%s, expected %s", problem.text, expected);
}

static void
a_refusal_names_the_field_and_the_reason(void **state)
{
#define AT(field) offsetof(struct attributes, field)
	(void)state;
	assert_refused(AT(name), SLICE("山\xe2\x80\xae"),
	    "field name: character 2 is U+202E, a format character");
	assert_refused(AT(name), SLICE("12"), "field name: has no letter");
	assert_refused(AT(kana), SLICE("やまだ"),
	    "field kana: has a character that is not kana");
	assert_refused(AT(kana), SLICE("ー"), "field kana: has no kana");
	assert_refused(AT(former_surname), SLICE("田1\xc2\xad"),
	    "field former_surname: character 3 is U+00AD, a format character");
	assert_refused(AT(alias), SLICE("a\nb"),
	    "field alias: character 2 is U+000A, a control character");
	assert_refused(
	    AT(address), SLICE("1-2-3"), "field address: has no letter");
}

static void
names_have_300_characters_and_addresses_600(void **state)
{
	struct attributes a = hanako;
	struct problem problem = {0};

	(void)state;
	a.name = a.former_surname = a.alias = repeated("𠮷", 300);
	a.kana = repeated("ア", 300);
	a.address = repeated("𠮷", 600);
	assert_int_equal(take(&a, &problem), OK);
	assert_int_equal(a.name.len, PERSON_BYTES(PERSON_NAME_MAX));
	assert_int_equal(a.address.len, PERSON_BYTES(PERSON_ADDRESS_MAX));
	assert_refused(AT(name), repeated("𠮷", 301), "field name: has 301");
	assert_refused(AT(alias), repeated("𠮷", 301), "field alias: has 301");
	assert_refused(AT(kana), repeated("ア", 301), "field kana: has 301");
	assert_refused(
	    AT(address), repeated("𠮷", 601), "field address: has 601");
}

static void
the_first_field_that_differs_is_named(void **state)
{
	struct attributes b = hanako;

	(void)state;
	assert_null(attributes_difference(&hanako, &b));
	b.address = SLICE("東京都");
	assert_string_equal(attributes_difference(&hanako, &b), "address");
	b.sex = SEX_MALE;
	assert_string_equal(attributes_difference(&hanako, &b), "sex");
	b.birth.day = 0;
	assert_string_equal(attributes_difference(&hanako, &b), "birth");
	b.alias = SLICE("");
	assert_string_equal(attributes_difference(&hanako, &b), "alias");
	b.former_surname = SLICE("");
	assert_string_equal(
	    attributes_difference(&hanako, &b), "former_surname");
	b.kana = SLICE("ヤマダ");
	assert_string_equal(attributes_difference(&hanako, &b), "kana");
	b.name = SLICE("山田");
	assert_string_equal(attributes_difference(&hanako, &b), "name");
}

static void
a_copy_shares_nothing(void **state)
{
	struct attributes b = attributes_copy(arena, &hanako);

	(void)state;
	assert_null(attributes_difference(&hanako, &b));
	assert_ptr_not_equal(b.name.data, hanako.name.data);
	assert_ptr_not_equal(b.kana.data, hanako.kana.data);
	assert_ptr_not_equal(b.former_surname.data, hanako.former_surname.data);
	assert_ptr_not_equal(b.alias.data, hanako.alias.data);
	assert_ptr_not_equal(b.address.data, hanako.address.data);
}

static void
birth_and_sex_are_compared_alone(void **state)
{
	struct attributes a = hanako, b = hanako;

	(void)state;
	b.name = SLICE("another");
	b.address = SLICE("");
	assert_true(attributes_same_birth_and_sex(&a, &b));
	b.sex = SEX_MALE;
	assert_false(attributes_same_birth_and_sex(&a, &b));
	b = hanako;
	b.birth.day = 0;
	assert_false(attributes_same_birth_and_sex(&a, &b));
	a.birth.day = 0;
	assert_true(attributes_same_birth_and_sex(&a, &b));
}

static void
attributes_go_into_columns_and_come_back(void **state)
{
	struct row {
		struct slice name, kana, former_surname, alias, address;
		struct date birth;
		int64_t sex;
	} row = {ATTRIBUTES_COLUMNS(&hanako)};
	struct attributes back = ATTRIBUTES_OF(row);

	(void)state;
	assert_null(attributes_difference(&back, &hanako));
	back = ATTRIBUTES_SHORT_OF(row);
	assert_string_equal(
	    attributes_difference(&back, &hanako), "former_surname");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sex_is_1_or_2_and_nothing_else),
	    cmocka_unit_test(birth_and_sex_are_compared_alone),
	    cmocka_unit_test(attributes_go_into_columns_and_come_back),
	    cmocka_unit_test(every_text_is_taken_by_the_rule_of_its_field),
	    cmocka_unit_test(a_refusal_names_the_field_and_the_reason),
	    cmocka_unit_test(names_have_300_characters_and_addresses_600),
	    cmocka_unit_test(the_first_field_that_differs_is_named),
	    cmocka_unit_test(a_copy_shares_nothing),
	};

	return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
