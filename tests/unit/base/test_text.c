#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/text.h"
#include "tests/support/test_arena.h"

static void
assert_slice(struct slice s, const char *expected)
{
	if (!slice_equal_string(s, expected))
		fail_msg("%.*s, expected %s", SLICE_ARG(s), expected);
}

static void
well_formed_text_is_valid(void **state)
{
	static const char *const good[] = {"", "abc", "番号", "é", "𠮷野家",
	    "\x01\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
	    "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
	    "\xf4\x8f\xbf\xbf"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(utf8_is_valid(slice_of(good[i])));
	assert_true(utf8_is_valid(slice_of(NULL)));
}

/* RFC 3629: no overlong forms, surrogates, or code points over U+10FFFF. */
static void
malformed_text_is_not_valid(void **state)
{
	static const char *const bad[] = {"\x80", "\xbf", "\xc0\x80",
	    "\xc1\xbf", "\xc2", "\xc2x", "\xe0\x9f\xbf", "\xe3\x81",
	    "\xe3\x81x", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
	    "\xf0\x9f\x98", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe",
	    "\xff"};
	char text[64];
	size_t i, at, len;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		len = strlen(bad[i]);
		for (at = 0; at < 40; at++) {
			memset(text, 'a', sizeof(text));
			memcpy(text + at, bad[i], len);
			assert_false(
			    utf8_is_valid(slice_bytes(text, at + len)));
			assert_false(utf8_is_valid(slice_bytes(text, 60)));
		}
	}
	assert_false(utf8_is_valid(SLICE("a\0b")));
	assert_false(utf8_is_valid(SLICE("\0")));
	assert_false(utf8_is_valid(SLICE("番\0")));
}

static void
length_and_width_are_those_of_characters(void **state)
{
	(void)state;
	assert_int_equal(utf8_length(SLICE("a番𠮷é")), 4);
	assert_int_equal(utf8_length(SLICE("")), 0);
	assert_int_equal(utf8_width(SLICE("a番ｱＡ")), 6);
	assert_int_equal(utf8_width(SLICE("か\xe3\x82\x99")), 2);
	assert_int_equal(utf8_width(slice_of(NULL)), 0);
}

static void
a_cut_never_splits_a_character(void **state)
{
	struct slice s = SLICE("a番𠮷");

	(void)state;
	static const size_t expected[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 8};
	size_t max;

	for (max = 0; max < 10; max++)
		assert_int_equal(utf8_cut(s, max).len, expected[max]);
	assert_int_equal(utf8_cut(slice_of(NULL), 5).len, 0);
}

static void
a_mark_is_dropped_at_the_beginning_alone(void **state)
{
	(void)state;
	assert_slice(utf8_without_mark(SLICE("\xef\xbb\xbfx")), "x");
	assert_slice(
	    utf8_without_mark(SLICE("x\xef\xbb\xbf")), "x\xef\xbb\xbf");
	assert_slice(utf8_without_mark(SLICE("\xef\xbb")), "\xef\xbb");
	assert_slice(utf8_without_mark(slice_of(NULL)), "");
}

static void
a_line_that_is_no_text_says_what_it_is(void **state)
{
	(void)state;
	assert_null(text_misfit(slice_of(NULL)));
	assert_null(text_misfit(SLICE("a\r\nb\rc")));
	assert_null(text_misfit(SLICE("a\r")));
	assert_null(text_misfit(SLICE("a\n\0")));
	assert_null(text_misfit(SLICE("\xef\xbb\xbf\x8e\x96\n")));
	assert_non_null(strstr(text_misfit(SLICE("\xff\xfeX\0")), "UTF-16;"));
	assert_non_null(strstr(text_misfit(SLICE("\xfe\xff\0X")), "UTF-16;"));
	assert_non_null(strstr(text_misfit(SLICE("a\0")), "NUL"));
	assert_non_null(strstr(text_misfit(SLICE("a\rb\n")), "CR alone"));
}

static void
text_that_no_rule_takes_is_not_printable(void **state)
{
	char c0[2] = "x", c1[3] = "\xc2\x80";
	int c;

	(void)state;
	for (c = 1; c < 0x80; c++) {
		c0[0] = (char)c;
		assert_int_equal(
		    text_is_printable(slice_of(c0)), c >= 0x20 && c != 0x7f);
	}
	for (c = 0x80; c < 0xc0; c++) {
		c1[1] = (char)c;
		assert_int_equal(
		    text_is_printable(slice_of(c1)), c >= 0xa0 && c != 0xad);
	}
	assert_false(text_is_printable(SLICE("a\0")));
	assert_false(text_is_printable(SLICE("a\xff")));
	assert_false(text_is_printable(SLICE("山\xe2\x80\xae田")));
	assert_false(text_is_printable(SLICE("山\xee\x80\x80")));
	assert_true(text_is_printable(SLICE(" 山田　花子 Ā ")));
	assert_true(text_is_printable(SLICE("辻\xf3\xa0\x84\x81")));
	assert_true(text_is_printable(slice_of(NULL)));
}

static void
text_is_made_printable_in_place(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
	    {"", ""},
	    {"山田　花子", "山田　花子"},
	    {"a\x1b[31mb", "a?[31mb"},
	    {"a\r\nb\tc\xe2\x80\xa8"
	     "d",
		"a  b c d"},
	    {"\xff\xfe"
	     "番",
		"??番"},
	    {"a\xe7\x95", "a?"},
	    {"\xe2\x80\xae番\xf3\xa0\x81\x81", "?番?"},
	};
	char text[32];
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		len = strlen(cases[i].text);
		memcpy(text, cases[i].text, len);
		len = text_make_printable(text, len);
		assert_slice(slice_bytes(text, len), cases[i].expected);
		assert_true(text_is_printable(slice_bytes(text, len)));
	}
}

static void
text_in_nfc_stays_where_it_is(void **state)
{
	struct slice s = SLICE("東京都新宿区西新宿２－８－１ ガギグ é 𠮷"), ret;

	(void)state;
	assert_int_equal(text_normalize(arena, s, &ret), OK);
	assert_ptr_equal(ret.data, s.data);
	assert_int_equal(ret.len, s.len);
	assert_int_equal(text_normalize(arena, slice_of(NULL), &ret), OK);
	assert_int_equal(ret.len, 0);
}

static void
other_text_is_composed(void **state)
{
	struct slice ret;

	(void)state;
	assert_int_equal(
	    text_normalize(arena, SLICE("か\xe3\x82\x99"), &ret), OK);
	assert_slice(ret, "が");
	assert_int_equal(text_normalize(arena, SLICE("e\xcc\x81"), &ret), OK);
	assert_slice(ret, "é");
	assert_int_equal(
	    text_normalize(arena, SLICE("\xef\xa8\x99"), &ret), OK);
	/* U+FA19: a name keeps its character, and its neighbours are composed. */
	assert_slice(ret, "\xef\xa8\x99");
	assert_int_equal(
	    text_normalize(
		arena, SLICE("か\xe3\x82\x99\xef\xa8\x99か\xe3\x82\x99"), &ret),
	    OK);
	assert_slice(ret, "が\xef\xa8\x99が");
}

static void
malformed_text_is_not_normalised(void **state)
{
	struct slice ret = SLICE("kept");

	(void)state;
	assert_int_equal(
	    text_normalize(arena, SLICE("番\xe3\x81"), &ret), ERR_INPUT);
	assert_int_equal(text_normalize(arena, SLICE("\0"), &ret), ERR_INPUT);
	assert_slice(ret, "kept");
}

/* The text of `n` code points in NFC, by the library and by ours. */
static void
assert_like_library(const ucs4_t *points, size_t n)
{
	uint8_t text[32], out[128];
	size_t i, len = 0, out_len = sizeof(out);
	struct slice ret;

	for (i = 0; i < n; i++) {
		/* Kept as they are, unlike the library. */
		if ((points[i] >= 0xf900 && points[i] <= 0xfaff) ||
		    (points[i] >= 0x2f800 && points[i] <= 0x2fa1f))
			return;
		len += (size_t)u8_uctomb(
		    text + len, points[i], (int)(sizeof(text) - len));
	}
	assert_ptr_equal(
	    u8_normalize(UNINORM_NFC, text, len, out, &out_len), out);
	assert_int_equal(
	    text_normalize(arena, slice_bytes(text, len), &ret), OK);
	if (!slice_equal(ret, slice_bytes(out, out_len)))
		fail_msg("differs at U+%04X", points[0]);
}

/*
 * The short cut against the library: every character alone, after a base
 * that composes, before marks that compose or reorder, and twice with a mark
 * of a lower class.
 */
static void
every_character_is_normalised_like_the_library_does(void **state)
{
	ucs4_t c;

	(void)state;
	for (c = 1; c < 0x110000; c++) {
		if (c >= 0xd800 && c < 0xe000)
			continue;
		/* Planes without characters: one in a hundred. */
		if (c >= 0x32000 && c < 0xe0000 && c % 100 != 0)
			continue;
		assert_like_library((ucs4_t[]){c}, 1);
		assert_like_library((ucs4_t[]){'e', c}, 2);
		assert_like_library((ucs4_t[]){0x304b, c, 0x302a}, 3);
		assert_like_library((ucs4_t[]){c, 0x3099, c}, 3);
		assert_like_library((ucs4_t[]){0x302e, c, 0x302a}, 3);
		if (c % 64 == 0)
			arena_reset(arena);
	}
}

static void
cp932_is_read_as_windows_31j(void **state)
{
	struct slice ret;

	(void)state;
	assert_int_equal(
	    cp932_decode(arena, SLICE("\x8e\x52\x93\x63\xb1,A"), &ret), OK);
	assert_slice(ret, "山田ｱ,A");
	/* The wave dash of JIS is U+FF5E here; NEC and IBM extensions. */
	assert_int_equal(
	    cp932_decode(arena, SLICE("\x81\x60\x87\x40\xfa\xb1"), &ret), OK);
	assert_slice(ret, "～①﨑");
	assert_int_equal(cp932_decode(arena, SLICE("plain"), &ret), OK);
	assert_slice(ret, "plain");
	assert_int_equal(cp932_decode(arena, slice_of(NULL), &ret), OK);
	assert_int_equal(ret.len, 0);
}

static void
bytes_without_a_character_are_refused(void **state)
{
	static const char *const bad[] = {"\x81", "a\x8e", "\x80x", "\xa0x",
	    "\xfdx", "\xff", "\x81\x20", "\x81\xfd", "\x82\x40", "\x85\x40"};
	struct slice ret = SLICE("kept");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (cp932_decode(arena, slice_of(bad[i]), &ret) != ERR_INPUT)
			fail_msg("%zu is accepted", i);
	}
	assert_slice(ret, "kept");
}

/* An error must not disturb the next conversion. */
static void
a_refusal_is_forgotten_by_the_next_conversion(void **state)
{
	struct slice ret;

	(void)state;
	assert_int_equal(cp932_decode(arena, SLICE("\x8e"), &ret), ERR_INPUT);
	assert_int_equal(cp932_decode(arena, SLICE("\x52\x93\x63"), &ret), OK);
	assert_slice(ret, "R田");
	assert_int_equal(cp932_encode(arena, SLICE("𠮷"), &ret), ERR_INPUT);
	assert_int_equal(cp932_encode(arena, SLICE("田"), &ret), OK);
	assert_slice(ret, "\x93\x63");
}

/* All two-byte characters: what can be read can be written, and read back. */
static void
every_character_of_cp932_comes_back(void **state)
{
	struct slice text, bytes, again;
	char two[2];
	int lead, trail, n = 0;

	(void)state;
	for (lead = 0x81; lead < 0xfd; lead++) {
		for (trail = 0x40; trail < 0xfd; trail++) {
			two[0] = (char)lead;
			two[1] = (char)trail;
			if ((lead >= 0xa0 && lead < 0xe0) ||
			    cp932_decode(arena, slice_bytes(two, 2), &text))
				continue;
			assert_true(utf8_is_valid(text));
			assert_int_equal(utf8_length(text), 1);
			assert_int_equal(cp932_encode(arena, text, &bytes), OK);
			assert_int_equal(
			    cp932_decode(arena, bytes, &again), OK);
			assert_true(slice_equal(text, again));
			n++;
		}
	}
	assert_true(n > 7000);
}

/* A yen sign must not come out as a backslash. */
static void
characters_without_bytes_are_refused(void **state)
{
	static const char *const bad[] = {"𠮷", "é", "田¥", "‾", "¢", "£", "¬",
	    "\xf3\xa0\x81\x81", "葛\xf3\xa0\x84\x80", "한", "\xe3\x82\x99",
	    "\xe7"};
	struct slice ret = SLICE("kept");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (cp932_encode(arena, slice_of(bad[i]), &ret) != ERR_INPUT)
			fail_msg("%s is accepted", bad[i]);
	}
	assert_slice(ret, "kept");
}

static void
twins_of_jis_are_written(void **state)
{
	struct slice ret;

	(void)state;
	assert_int_equal(cp932_encode(arena, SLICE("〜−‖—"), &ret), OK);
	assert_slice(ret, "\x81\x60\x81\x7c\x81\x61\x81\x5c");
}

static void *
convert_often(void *unused)
{
	struct arena *own = arena_new();
	struct slice ret;
	intptr_t wrong = 0;
	int i;

	(void)unused;
	for (i = 0; i < 2000; i++) {
		if (cp932_decode(own, SLICE("\x8e"), &ret) != ERR_INPUT ||
		    cp932_decode(own, SLICE("\x8e\x52\x93\x63"), &ret) ||
		    !slice_equal_string(ret, "山田"))
			wrong++;
	}
	arena_free(own);

	return (void *)wrong;
}

static void
threads_convert_without_disturbing_each_other(void **state)
{
	pthread_t threads[4];
	void *wrong;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, convert_often, NULL), 0);
	for (i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
}

static void
kana_are_full_width_katakana(void **state)
{
	static const char *const good[] = {"ヤマダ ハナコ", "ヤマダ　ハナコ",
	    "ジョン・スミス", "アー", "ヴヵヶヷヺァ"};
	static const char *const bad[] = {"", "やまだ", "ﾔﾏﾀﾞ", "山田",
	    "ヤマダA", "ヤマダ1", "ヤマダ、", "ヤマ゠ダ", "ヽ", "ヤマダ\n",
	    "ヤ\xe3\x83", "ハ\xe3\x82\x99"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(kana_is_valid(slice_of(good[i])));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (kana_is_valid(slice_of(bad[i])))
			fail_msg("%s is accepted", bad[i]);
	}
	assert_false(kana_is_valid(slice_of(NULL)));
}

static void
full_width_digits_become_ascii_and_nothing_else(void **state)
{
	(void)state;
	assert_slice(digits_to_ascii(arena, SLICE("０１２３４５６７８９")),
	    "0123456789");
	assert_slice(digits_to_ascii(arena, SLICE("昭和４年Ａ：／①4")),
	    "昭和4年Ａ：／①4");
	assert_slice(digits_to_ascii(arena, SLICE("12")), "12");
	assert_slice(digits_to_ascii(arena, slice_of(NULL)), "");
	/* Even of half a character nothing is lost. */
	assert_slice(digits_to_ascii(arena, SLICE("\xef\xbc")), "\xef\xbc");
}

static void
folded_text_minds_neither_width_nor_case_nor_spaces(void **state)
{
	(void)state;
	assert_slice(text_fold(arena, SLICE("Nguyen　Ｖan　Ａ")), "nguyenvana");
	assert_slice(text_fold(arena, SLICE("ﾔﾏﾀﾞ ﾊﾅｺ")), "ヤマダハナコ");
	/* A compatibility ideograph finds the unified one. */
	assert_slice(text_fold(arena, SLICE("\xef\xa8\x99")), "神");
	assert_slice(text_fold(arena, SLICE("渡邊")), "渡邊");
	assert_slice(text_fold(arena, SLICE("　 ")), "");
	assert_slice(text_fold(arena, slice_of(NULL)), "");
	assert_slice(text_fold(arena, SLICE("\xe3\x81")), "\xe3\x81");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(well_formed_text_is_valid),
	    cmocka_unit_test(malformed_text_is_not_valid),
	    cmocka_unit_test(length_and_width_are_those_of_characters),
	    cmocka_unit_test(a_cut_never_splits_a_character),
	    cmocka_unit_test(a_line_that_is_no_text_says_what_it_is),
	    cmocka_unit_test(a_mark_is_dropped_at_the_beginning_alone),
	    cmocka_unit_test(text_that_no_rule_takes_is_not_printable),
	    cmocka_unit_test(text_is_made_printable_in_place),
	    cmocka_unit_test(text_in_nfc_stays_where_it_is),
	    cmocka_unit_test(other_text_is_composed),
	    cmocka_unit_test(malformed_text_is_not_normalised),
	    cmocka_unit_test(
		every_character_is_normalised_like_the_library_does),
	    cmocka_unit_test(cp932_is_read_as_windows_31j),
	    cmocka_unit_test(bytes_without_a_character_are_refused),
	    cmocka_unit_test(a_refusal_is_forgotten_by_the_next_conversion),
	    cmocka_unit_test(every_character_of_cp932_comes_back),
	    cmocka_unit_test(characters_without_bytes_are_refused),
	    cmocka_unit_test(twins_of_jis_are_written),
	    cmocka_unit_test(threads_convert_without_disturbing_each_other),
	    cmocka_unit_test(kana_are_full_width_katakana),
	    cmocka_unit_test(full_width_digits_become_ascii_and_nothing_else),
	    cmocka_unit_test(
		folded_text_minds_neither_width_nor_case_nor_spaces),
	};

	return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
