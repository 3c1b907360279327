#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "law/term.h"
#include "tests/support/test_arena.h"

static void
assert_terms(const struct terms *terms, const char *const *expected)
{
	size_t i;

	for (i = 0; expected[i] != NULL; i++) {
		assert_true(i < terms->n);
		if (!slice_equal_string(terms->terms[i].name, expected[i]))
			fail_msg("%.*s, expected %s",
			    SLICE_ARG(terms->terms[i].name), expected[i]);
	}
	assert_int_equal(terms->n, i);
}

static void
assert_kinds(const char *cell, const char *const *expected)
{
	struct terms terms;

	assert_int_equal(term_kinds(arena, slice_of(cell), &terms), OK);
	assert_terms(&terms, expected);
}

static void
assert_names(const char *cell, const char *const *expected)
{
	struct terms terms;

	assert_int_equal(term_names(arena, slice_of(cell), &terms), OK);
	assert_terms(&terms, expected);
}

static void
kinds_come_under_their_abbreviations(void **state)
{
	static const char *const kinds[] = {
	    "地方税関係情報", "住民票関係情報", NULL};

	(void)state;
	assert_kinds(
	    "地方税法（昭和二十五年法律第二百二十六号）その他の地方税（同法第一条"
	    "第一項第四号に規定する地方税をいう。以下この条において同じ。）に"
	    "関する法律に基づく条例の規定により算定した税額若しくはその算定の"
	    "基礎となる事項に関する情報（以下この条において「地方税関係情報」"
	    "という。）又は住民基本台帳法第七条第四号に規定する事項（以下"
	    "「住民票関係情報」という。）であって次条で定めるもの",
	    kinds);
}

static void
separators_within_a_kind_do_not_split_it(void **state)
{
	static const char *const kinds[] = {
	    "母子保健法による養育医療の給付若しくは養育医療に要する費用の支給に"
	    "関する情報",
	    "障害者自立支援給付関係情報", NULL};

	(void)state;
	assert_kinds(
	    "母子保健法（昭和四十年法律第百四十一号）による養育医療の給付若しくは"
	    "養育医療に要する費用の支給に関する情報、障害者自立支援給付関係"
	    "情報であって第四十四条で定めるもの",
	    kinds);
}

static void
names_are_split_where_a_name_ends(void **state)
{
	static const char *const names[] = {"厚生労働大臣", "日本年金機構",
	    "共済組合等", "農林漁業団体職員共済組合", NULL};
	static const char *const one[] = {
	    "健康保険法第五十五条又は第百二十八条に規定する他の法令による給付の支給を"
	    "行うこととされている者",
	    NULL};

	(void)state;
	assert_names(
	    "厚生労働大臣若しくは日本年金機構、共済組合等又は農林漁業団体職員"
	    "共済組合",
	    names);
	assert_names(one[0], one);
}

static void
a_name_may_include_another(void **state)
{
	static const char *const names[] = {
	    "市町村長", "児童手当法第十七条第一項の表の下欄に掲げる者", NULL};
	static const char *const within[] = {
	    "都道府県知事", "保健所を設置する市の長", NULL};

	(void)state;
	assert_names(
	    "市町村長（児童手当法第十七条第一項の表の下欄に掲げる者を含む。）",
	    names);
	assert_names(
	    "都道府県知事又は保健所を設置する市（特別区を含む。）の長", within);
}

static void
a_group_brings_its_members(void **state)
{
	struct terms terms;

	(void)state;
	assert_int_equal(
	    term_names(arena,
		SLICE(
		    "厚生労働大臣又は共済組合等（甲組合又は乙基金をいう。以下この条に"
		    "おいて同じ。）"),
		&terms),
	    OK);
	assert_int_equal(terms.n, 2);
	assert_true(slice_is_empty(terms.terms[0].members));
	assert_true(
	    slice_equal_string(terms.terms[1].members, "甲組合又は乙基金"));
}

static void
an_abbreviation_may_stand_for_all_terms_before_it(void **state)
{
	static const char *const names[] = {"都道府県知事", "市長",
	    "特別区の区長", "福祉に関する事務所を管理する町村長", NULL};
	struct terms terms;

	(void)state;
	assert_int_equal(
	    term_names(arena,
		SLICE(
		    "都道府県知事、市長（特別区の区長を含む。）又は福祉に関する事務所を"
		    "管理する町村長（以下この条において「都道府県知事等」という。）"),
		&terms),
	    OK);
	assert_terms(&terms, names);
	assert_true(
	    slice_equal_string(terms.terms[3].alias_of_all, "都道府県知事等"));
	assert_true(slice_is_empty(terms.terms[0].alias_of_all));
}

static void
a_qualification_stands_before_its_name(void **state)
{
	(void)state;
	assert_true(slice_equal_string(
	    term_unqualified(SLICE("甲法に規定する事業主体である市町村長")),
	    "市町村長"));
	assert_true(slice_equal_string(
	    term_unqualified(SLICE("供給を行う都道府県知事")), "都道府県知事"));
	assert_true(slice_is_empty(term_unqualified(SLICE("市町村長"))));
	assert_true(slice_equal_string(
	    term_example(SLICE("医療保険者その他の法令による者")),
	    "医療保険者"));
	assert_true(slice_is_empty(term_example(SLICE("市町村長"))));
}

static void
cells_that_cannot_be_read_are_refused(void **state)
{
	static const char *const bad[] = {"", "（", "）", "情報（", "（情報）",
	    "、", "であって次条で定めるもの"};
	struct terms terms;
	struct buf many;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    term_kinds(arena, slice_of(bad[i]), &terms), ERR_INPUT);
		assert_int_equal(
		    term_names(arena, slice_of(bad[i]), &terms), ERR_INPUT);
	}
	buf_init(&many);
	for (i = 0; i <= TERMS_MAX; i++)
		buf_add_string(&many, "市長、");
	assert_int_equal(
	    term_names(arena, buf_slice(&many), &terms), ERR_TOO_LARGE);
	buf_done(&many);
	assert_int_equal(
	    term_names(arena,
		(struct slice){arena_alloc(arena, CELL_MAX + 1), CELL_MAX + 1},
		&terms),
	    ERR_TOO_LARGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kinds_come_under_their_abbreviations),
	    cmocka_unit_test(separators_within_a_kind_do_not_split_it),
	    cmocka_unit_test(names_are_split_where_a_name_ends),
	    cmocka_unit_test(a_name_may_include_another),
	    cmocka_unit_test(a_group_brings_its_members),
	    cmocka_unit_test(an_abbreviation_may_stand_for_all_terms_before_it),
	    cmocka_unit_test(a_qualification_stands_before_its_name),
	    cmocka_unit_test(cells_that_cannot_be_read_are_refused),
	};

	return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
