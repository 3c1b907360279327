/* The policy for text from outside: text_take(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unictype.h>
#include <unistr.h>

#include "base/text.h"
#include "tests/support/test_arena.h"

static const enum text_rule rules[] = {
    TEXT_LINE, TEXT_NAME, TEXT_KANA, TEXT_ADDRESS};

static void
assert_taken(enum text_rule rule, const char *text, const char *expected)
{
	struct slice ret;
	const char *why = NULL;

	if (text_take(arena, rule, 300, slice_of(text), &ret, &why))
		fail_msg("%s: %s", text, why);
	assert_null(why);
	if (!slice_equal_string(ret, expected))
		fail_msg("%.*s, expected %s", SLICE_ARG(ret), expected);
}

/* Every refusal says why, and leaves the output alone. */
static void
assert_refused(enum text_rule rule, struct slice text, const char *reason)
{
	struct slice ret = SLICE("kept");
	const char *why = "";

	assert_int_equal(
	    text_take(arena, rule, 300, text, &ret, &why), ERR_INPUT);
	assert_true(slice_equal_string(ret, "kept"));
	if (strstr(why, reason) == NULL)
		fail_msg("%s, expected %s", why, reason);
}

static void
ordinary_text_stays_where_it_is(void **state)
{
	static const char *const texts[] = {"山田　花子", "𠮷野 太郎",
	    "東京都新宿区西新宿２－８－１ コーポ・山 101", "々",
	    "渡\xf3\xa0\x84\x80辺", "José"};
	struct slice raw, ret;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		raw = slice_of(texts[i]);
		assert_int_equal(
		    text_take(arena, TEXT_NAME, 300, raw, &ret, &why), OK);
		assert_ptr_equal(ret.data, raw.data);
		assert_int_equal(ret.len, raw.len);
	}
	assert_taken(TEXT_KANA, "ヤマダ　ハナコ", "ヤマダ　ハナコ");
	assert_taken(TEXT_KANA, "ジョン・スミー", "ジョン・スミー");
	assert_taken(TEXT_NAME, "Nguyễn Văn A", "Nguyễn Văn A");
	assert_taken(TEXT_LINE, "2026-11-27, #1", "2026-11-27, #1");
}

static void
text_is_composed(void **state)
{
	(void)state;
	assert_taken(TEXT_KANA, "カ\xe3\x82\x99", "ガ");
	assert_taken(TEXT_NAME, "e\xcc\x81", "é");
	/* A name keeps its compatibility ideograph. */
	assert_taken(TEXT_NAME, "\xef\xa8\x99", "\xef\xa8\x99");
}

static void
white_space_of_unicode_is_trimmed(void **state)
{
	static const char *const spaces[] = {" ", "\t", "\r\n", "\v\f",
	    "\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80",
	    "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf",
	    "\xe2\x81\x9f", "\xe3\x80\x80"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		assert_taken(TEXT_NAME,
		    arena_printf(
			arena, "%s %s山　田%s", spaces[i], spaces[i], spaces[i])
			.data,
		    "山　田");
	}
	/* These are no white space, and invisible. */
	assert_refused(TEXT_NAME, SLICE("\xe2\x80\x8b山"), "U+200B");
	assert_refused(TEXT_NAME, SLICE("山\xef\xbb\xbf"), "U+FEFF");
}

static void
an_empty_text_is_for_the_caller_to_judge(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_taken(rules[i], NULL, "");
		assert_taken(rules[i], "", "");
		assert_taken(rules[i], " \xe3\x80\x80\xc2\xa0", "");
	}
}

static void
a_reason_names_kind_code_point_and_place(void **state)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
	    {"山\x1b[2J", "character 2 is U+001B, a control character"},
	    {"山\n田", "character 2 is U+000A, a control character"},
	    {"山\x7f田", "character 2 is U+007F, a control character"},
	    {"山\xc2\x9b田", "character 2 is U+009B, a control character"},
	    {"𠮷\xe2\x80\xae田", "character 2 is U+202E, a format character"},
	    {"é\xc2\xad田", "character 2 is U+00AD, a format character"},
	    {"山\xf3\xa0\x81\x81田", "U+E0041, a format character"},
	    {"山\xe2\x80\xa8田", "character 2 is U+2028, a line separator"},
	    {"山\xe2\x80\xa9田", "U+2029, a paragraph separator"},
	    {"\xe3\x80\x80山\xee\x80\x80", "character 3 is U+E000, a private"},
	    {"山\xf4\x80\x80\x80", "U+100000, a private-use character"},
	    {"山\xcd\xb8", "character 2 is U+0378, an unassigned character"},
	    {"山\xf3\xa0\x80\x80", "U+E0000, an unassigned character"},
	    {"山\xef\xbf\xbe", "U+FFFE, an unassigned character"},
	    {"山\xf0\xaf\xbf\xbf", "U+2FFFF, an unassigned character"},
	    {"山\xe3\x85\xa4", "U+3164, an invisible character"},
	    {"山\xed\xa0\xbd\xed\xb8\x80", "byte 4 begins a surrogate"},
	    {"\xe5\xb1", "byte 1 belongs to no character; expected valid"},
	    {"山\xff", "byte 4 belongs to no character; expected valid"},
	    {"\xc0\x80", "byte 1 belongs to no character"},
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (k = 0; k < 4; k++) {
			assert_refused(
			    rules[k], slice_of(cases[i].text), cases[i].reason);
		}
	}
	assert_refused(TEXT_LINE, SLICE("a\0b"), "character 2 is U+0000");
	assert_refused(TEXT_LINE, SLICE("\0"), "character 1 is U+0000");
}

/* Planes 2 and 3: a later Unicode may have put the letter there. */
static void
letters_that_unicode_14_does_not_know_are_taken_where_letters_are_added(
    void **state)
{
	(void)state;
	assert_taken(
	    TEXT_NAME, "\xf0\xae\xaf\xb0", "\xf0\xae\xaf\xb0"); /* U+2EBF0 */
	assert_taken(
	    TEXT_NAME, "\xf0\xb2\x8e\xb0", "\xf0\xb2\x8e\xb0"); /* U+323B0 */
	assert_refused(TEXT_NAME, SLICE("山\xf1\x80\x80\x80"), "unassigned");
}

static void
a_variant_is_selected_in_names_alone_and_behind_a_letter(void **state)
{
	(void)state;
	assert_taken(TEXT_NAME, "辻\xf3\xa0\x84\x81子", "辻\xf3\xa0\x84\x81子");
	assert_taken(TEXT_NAME, "神\xef\xb8\x80", "神\xef\xb8\x80");
	assert_refused(TEXT_NAME, SLICE("\xf3\xa0\x84\x81辻"),
	    "character 1 is U+E0101, a variation selector");
	assert_refused(TEXT_NAME, SLICE("辻 \xf3\xa0\x84\x81"), "character 3");
	assert_refused(TEXT_NAME, SLICE("辻\xf3\xa0\x84\x81\xf3\xa0\x84\x81"),
	    "character 3");
	assert_refused(TEXT_ADDRESS, SLICE("辻\xf3\xa0\x84\x81"), "U+E0101");
	assert_refused(TEXT_LINE, SLICE("辻\xf3\xa0\x84\x81"), "U+E0101");
	assert_refused(TEXT_KANA, SLICE("ア\xef\xb8\x80"), "U+FE00");
}

static void
a_name_and_an_address_have_a_letter(void **state)
{
	static const char *const bad[] = {
	    "1", "－", "１２－３", "ー", "・", "\xcc\x81", "。", "!?", "〒"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_refused(TEXT_NAME, slice_of(bad[i]), "has no letter");
		assert_refused(TEXT_ADDRESS, slice_of(bad[i]), "has no letter");
		assert_taken(TEXT_LINE, bad[i], bad[i]);
	}
	assert_taken(TEXT_ADDRESS, "1-2-3 é", "1-2-3 é");
}

static void
kana_are_full_width_and_have_a_kana(void **state)
{
	static const char *const bad[] = {
	    "やまだ", "ﾔﾏﾀﾞ", "山ダ", "Yamada", "ヤ1", "é"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(TEXT_KANA, slice_of(bad[i]), "not kana");
	assert_refused(TEXT_KANA, SLICE("・"), "has no kana");
	assert_refused(TEXT_KANA, SLICE("ー　ー"), "has no kana");
}

static void
a_text_is_bounded_in_characters_and_so_in_bytes(void **state)
{
	static const char *const units[] = {"a", "山", "𠮷", "é", "ヤ"};
	struct slice ret;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		assert_int_equal(text_take(arena, TEXT_NAME, 300,
				     arena_printf(arena, "%s ",
					 repeated(units[i], 300).data),
				     &ret, &why),
		    OK);
		assert_int_equal(utf8_length(ret), 300);
		assert_true(ret.len <= 1200);
		assert_refused(TEXT_NAME, repeated(units[i], 301),
		    "has 301 characters; at most 300 are allowed, in at most "
		    "1200 bytes");
	}
	/* Counted as it is kept: here of 900 characters. */
	assert_int_equal(text_take(arena, TEXT_NAME, 300,
			     repeated("e\xcc\xa3\xcc\x82", 300), &ret, &why),
	    OK);
	assert_int_equal(utf8_length(ret), 300);
	assert_refused(
	    TEXT_NAME, repeated("e\xcc\xa3\xcc\x82", 301), "has 301");
	assert_refused(TEXT_NAME,
	    arena_printf(arena, "%se", repeated("\xcc\x81", 100000).data),
	    "has 1000");
}

/* The same text decided at once, and behind a blank, which is taken away, but
 * makes the text be looked up in the library. */
static void
assert_decided_alike(enum text_rule rule, ucs4_t c, struct slice near)
{
	struct slice far = arena_printf(arena, " %.*s", SLICE_ARG(near));
	struct slice at_once = {0}, looked_up = {0};
	const char *why;
	enum err rc = text_take(arena, rule, 300, near, &at_once, &why);

	if (rc != text_take(arena, rule, 300, far, &looked_up, &why) ||
	    !slice_equal(at_once, looked_up))
		fail_msg("U+%04X in \"%.*s\", rule %d: %s at once alone", c,
		    SLICE_ARG(near), (int)rule, rc ? "refused" : "taken");
}

static void
assert_alone_is_a_letter(enum text_rule rule, ucs4_t c, struct slice alone)
{
	struct slice ret;
	const char *why;

	if (rule == TEXT_LINE || rule == TEXT_KANA || c >> 16 == 2 ||
	    c >> 16 == 3 || uc_is_general_category(c, UC_LETTER))
		return;
	if (text_take(arena, rule, 300, alone, &ret, &why) == OK && ret.len > 0)
		fail_msg("U+%04X is no letter", c);
}

static void
assert_decided_alike_everywhere(enum text_rule rule, ucs4_t c)
{
	static const char *const beside[][2] = {{"", ""}, {"山", "山"},
	    {"ア", "ア"}, {"", " -"}, {"- ", ""}, {"ア　", "　ア"}, {"", " "}};
	char text[8] = {0};
	struct slice near;
	size_t i;

	text[u8_uctomb((uint8_t *)text, c, 7)] = '\0';
	assert_alone_is_a_letter(rule, c, slice_of(text));
	for (i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		near = arena_printf(
		    arena, "%s%s%s", beside[i][0], text, beside[i][1]);
		assert_decided_alike(rule, c, near);
	}
}

/* In halfwidth forms the marks are characters of their own. */
static void
a_mark_of_sound_or_length_alone_is_no_name(void **state)
{
	static const char *const marks[] = {
	    "\u30fc", "\uff70", "\uff9e", "\uff9f", "\uff70\uff9e", "\uff9e-"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		assert_refused(TEXT_NAME, slice_of(marks[i]), "has no letter");
	assert_taken(TEXT_NAME, "\uff76\uff9e", "\uff76\uff9e");
}

static void
what_is_decided_at_once_is_decided_like_the_library_does(void **state)
{
	ucs4_t c;
	size_t k;

	(void)state;
	for (c = 1; c < 0x110000; c++) {
		if (c >= 0xd800 && c < 0xe000)
			continue;
		if (c >= 0x10000 && c % 100 != 0)
			continue;
		for (k = 0; k < 4; k++)
			assert_decided_alike_everywhere(rules[k], c);
		if (c % 64 == 0)
			arena_reset(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		ordinary_text_stays_where_it_is, arena_begin, arena_end),
	    cmocka_unit_test_setup_teardown(
		text_is_composed, arena_begin, arena_end),
	    cmocka_unit_test_setup_teardown(
		white_space_of_unicode_is_trimmed, arena_begin, arena_end),
	    cmocka_unit_test_setup_teardown(
		an_empty_text_is_for_the_caller_to_judge, arena_begin,
		arena_end),
	    cmocka_unit_test_setup_teardown(
		a_reason_names_kind_code_point_and_place, arena_begin,
		arena_end),
	    cmocka_unit_test_setup_teardown(
		letters_that_unicode_14_does_not_know_are_taken_where_letters_are_added,
		arena_begin, arena_end),
	    cmocka_unit_test_setup_teardown(
		a_variant_is_selected_in_names_alone_and_behind_a_letter,
		arena_begin, arena_end),
	    cmocka_unit_test_setup_teardown(
		a_name_and_an_address_have_a_letter, arena_begin, arena_end),
	    cmocka_unit_test_setup_teardown(
		kana_are_full_width_and_have_a_kana, arena_begin, arena_end),
	    cmocka_unit_test_setup_teardown(
		a_text_is_bounded_in_characters_and_so_in_bytes, arena_begin,
		arena_end),
	    cmocka_unit_test_setup_teardown(
		a_mark_of_sound_or_length_alone_is_no_name, arena_begin,
		arena_end),
	    cmocka_unit_test_setup_teardown(
		what_is_decided_at_once_is_decided_like_the_library_does,
		arena_begin, arena_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
