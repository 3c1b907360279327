#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "person/alike.h"
#include "tests/support/test_arena.h"

static bool
is_alike(const char *a, const char *b)
{
	return text_is_alike(arena, slice_of(a), slice_of(b));
}

static bool
is_name(const char *a, const char *b)
{
	return name_is_alike(arena, slice_of(a), slice_of(b));
}

static void
spaces_and_the_width_of_digits_say_nothing(void **state)
{
	(void)state;
	assert_true(is_alike("山田　太郎", "山田 太郎"));
	assert_true(is_alike("山田太郎", "　山田 太郎 "));
	assert_true(is_alike("新宿１－２", "新宿1－2"));
	assert_true(is_alike("", "　"));
	assert_true(is_alike(NULL, ""));
}

static void
other_differences_are_another_person(void **state)
{
	(void)state;
	assert_false(is_alike("山田", "山下"));
	assert_false(is_alike("Yamada", "YAMADA"));
	assert_false(is_alike("ﾔﾏﾀﾞ", "ヤマダ"));
	assert_false(is_alike("新宿12", "新宿1-2"));
	assert_false(is_alike("高橋", "髙橋"));
	assert_false(is_alike("渡\xf3\xa0\x84\x80辺", "渡辺"));
}

static void
attributes_are_alike_if_all_four_are(void **state)
{
	const struct attributes a = {.name = SLICE("山田　花子"),
	    .birth = {1980, 4, 1},
	    .sex = SEX_FEMALE,
	    .address = SLICE("新宿１－１")};
	struct attributes b = a;

	(void)state;
	b.name = SLICE("山田 花子");
	b.address = SLICE("新宿1－1");
	b.kana = SLICE("ヤマダ");
	assert_true(attributes_are_alike(arena, &a, &b));
	b.birth.day = 0;
	assert_false(attributes_are_alike(arena, &a, &b));
	b.birth = a.birth;
	b.sex = SEX_MALE;
	assert_false(attributes_are_alike(arena, &a, &b));
	b.sex = a.sex;
	b.address = SLICE("新宿1－2");
	assert_false(attributes_are_alike(arena, &a, &b));
	b.address = a.address;
	b.name = SLICE("山田");
	assert_false(attributes_are_alike(arena, &a, &b));
}

static void
a_name_is_like_itself_in_other_letters_and_by_the_given_name(void **state)
{
	(void)state;
	assert_true(is_name("NGUYEN THI LAN", "Nguyen　Ｔhi Ｌan"));
	assert_true(is_name("旭川　花子", "新宿 花子"));
	assert_true(is_name("ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダ　ハナコ"));
	assert_true(is_name("山田花子", "山田 花子"));
	assert_false(is_name("山田　花子", "山田　太郎"));
	assert_false(is_name("", ""));
	assert_false(is_name("", "花子"));
	assert_false(is_name(NULL, NULL));
}

static void
name_alias_or_kana_may_be_what_is_alike(void **state)
{
	const struct attributes a = {.name = SLICE("KIM　MINJUN"),
	    .alias = SLICE("金本　民俊"),
	    .kana = SLICE("キム　ミンジュン")};
	struct attributes b = {.name = SLICE("別　人")};

	(void)state;
	assert_false(attributes_may_be_one(arena, &a, &b));
	b.alias = SLICE("kim minjun");
	assert_true(attributes_may_be_one(arena, &a, &b));
	b.alias = a.alias;
	assert_true(attributes_may_be_one(arena, &a, &b));
	b.alias = (struct slice){0};
	b.name = a.alias;
	assert_true(attributes_may_be_one(arena, &a, &b));
	b.name = SLICE("別　人");
	b.kana = SLICE("ｷﾑ ﾐﾝｼﾞｭﾝ");
	assert_true(attributes_may_be_one(arena, &a, &b));
	/* The former surname does not tell. */
	b.kana = (struct slice){0};
	b.former_surname = a.name;
	assert_false(attributes_may_be_one(arena, &a, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spaces_and_the_width_of_digits_say_nothing),
	    cmocka_unit_test(other_differences_are_another_person),
	    cmocka_unit_test(attributes_are_alike_if_all_four_are),
	    cmocka_unit_test(
		a_name_is_like_itself_in_other_letters_and_by_the_given_name),
	    cmocka_unit_test(name_alias_or_kana_may_be_what_is_alike),
	};

	return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
