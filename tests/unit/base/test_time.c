#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/time.h"
#include "tests/support/dies.h"

static struct date
parsed(const char *text)
{
	struct date d = {0};

	if (date_parse(slice_of(text), &d))
		fail_msg("%s is refused", text);

	return d;
}

static void
assert_date(struct date d, const char *expected)
{
	char text[DATE_TEXT_MAX];

	date_format(d, text);
	assert_string_equal(text, expected);
}

/* Every day of 800 years against the C library's calendar. */
static void
instants_are_written_as_the_c_library_does(void **state)
{
	char text[INSTANT_TEXT_MAX], expected[64];
	struct instant t, back;
	struct tm tm;
	time_t day;

	(void)state;
	for (day = -200000; day < 100000; day++) {
		time_t seconds = day * 86400 + (day * 7919 + 5) % 86400;

		t.ms = (int64_t)seconds * 1000;
		assert_non_null(gmtime_r(&seconds, &tm));
		strftime(
		    expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S.000Z", &tm);
		instant_format(t, text);
		assert_string_equal(text, expected);
		assert_int_equal(instant_parse(slice_of(text), &back), OK);
		assert_true(back.ms == t.ms);
	}
}

static void
milliseconds_are_kept_before_and_after_1970(void **state)
{
	char text[INSTANT_TEXT_MAX];

	(void)state;
	instant_format((struct instant){1795247520123}, text);
	assert_string_equal(text, "2026-11-21T07:52:00.123Z");
	instant_format((struct instant){-1}, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999Z");
	instant_format((struct instant){0}, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000Z");
}

static void
the_first_and_the_last_year_are_read_and_written(void **state)
{
	static const char *const texts[] = {"0000-01-01T00:00:00.000Z",
	    "0000-02-29T23:59:59.999Z", "0000-03-01T00:00:00.000Z",
	    "9999-12-31T23:59:59.999Z"};
	char text[INSTANT_TEXT_MAX];
	struct instant t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(instant_parse(slice_of(texts[i]), &t), OK);
		instant_format(t, text);
		assert_string_equal(text, texts[i]);
	}
	instant_format((struct instant){INT64_MAX}, text);
	assert_string_equal(text, texts[3]);
	instant_format((struct instant){INT64_MIN}, text);
	assert_string_equal(text, texts[0]);
	assert_date(date_in_japan((struct instant){INT64_MAX}), "9999-12-31");
}

static void
an_instant_may_lack_its_milliseconds(void **state)
{
	struct instant t;

	(void)state;
	assert_int_equal(instant_parse(SLICE("1970-01-01T00:00:01Z"), &t), OK);
	assert_int_equal(t.ms, 1000);
}

static void
what_is_no_instant_is_refused(void **state)
{
	static const char *const bad[] = {"", "2026", "2026-11-21",
	    "2026-11-21T07:52:00.123", "2026-11-21T07:52:00.123z",
	    "2026-11-21 07:52:00.123Z", "2026-11-21T07:52:00.12Z",
	    "2026-11-21T07:52:00.1234Z", "2026-11-21T07:52:00.Z",
	    "2026-11-21T07:52:00.123ZZ", "2026-11-21T07:52:00.123+09:00",
	    "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
	    "2026-02-29T00:00:00Z", "2026-11-00T00:00:00Z",
	    "2026-11-31T00:00:00Z", "2026-11-21T24:00:00Z",
	    "2026-11-21T07:60:00Z", "2026-11-21T07:52:60Z",
	    " 2026-11-21T07:52:00Z", "+026-11-21T07:52:00Z", "20261121T075200Z",
	    "2100-02-29T00:00:00Z"};
	struct instant t = {77};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (instant_parse(slice_of(bad[i]), &t) != ERR_INPUT)
			fail_msg("%s is accepted", bad[i]);
	}
	assert_int_equal(t.ms, 77);
}

static void
sums_of_instants_stop_at_the_ends(void **state)
{
	struct instant t = {1000};

	(void)state;
	assert_int_equal(instant_plus(t, -1500).ms, -500);
	assert_true(instant_plus(t, INT64_MAX).ms == INT64_MAX);
	assert_true(
	    instant_plus((struct instant){-2}, INT64_MIN).ms == INT64_MIN);
	assert_true(instant_is_before(t, instant_plus(t, 1)));
	assert_false(instant_is_before(t, t));
	assert_false(instant_is_before(instant_plus(t, 1), t));
}

static void
the_clocks_do_not_run_backwards(void **state)
{
	struct clock clock = clock_system();
	struct instant year_2020 = {1577836800000};
	int64_t before = monotonic_ms();

	(void)state;
	assert_true(instant_is_before(year_2020, clock.now(clock.state)));
	assert_true(monotonic_ms() >= before);
}

static void
the_day_in_japan_begins_at_15_00_utc(void **state)
{
	struct instant t;

	(void)state;
	assert_int_equal(
	    instant_parse(SLICE("2026-11-20T14:59:59.999Z"), &t), OK);
	assert_date(date_in_japan(t), "2026-11-20");
	t.ms++;
	assert_date(date_in_japan(t), "2026-11-21");
	assert_true(date_begin(parsed("2026-11-21")).ms == t.ms);
	assert_date(date_in_japan((struct instant){-32400001}), "1969-12-31");
}

static void
every_day_follows_the_day_before(void **state)
{
	struct date d = parsed("1868-01-01"), next;
	char text[DATE_TEXT_MAX];

	(void)state;
	while (d.year < 2101) {
		next = date_plus_days(d, 1);
		assert_true(date_compare(d, next) < 0);
		assert_true(date_compare(next, d) > 0);
		assert_int_equal(
		    date_begin(next).ms - date_begin(d).ms, 86400000);
		assert_int_equal(date_compare(date_plus_days(next, -1), d), 0);
		assert_int_equal(
		    date_compare(date_in_japan(date_begin(d)), d), 0);
		date_format(d, text);
		assert_int_equal(date_compare(parsed(text), d), 0);
		date_format_era(d, text);
		assert_int_equal(date_compare(parsed(text), d), 0);
		d = next;
	}
	assert_date(date_plus_days(parsed("2026-11-21"), 365), "2027-11-21");
	assert_date(date_plus_days(parsed("2024-02-28"), 1), "2024-02-29");
}

static void
a_date_with_unknown_parts_is_not_known(void **state)
{
	(void)state;
	assert_true(date_is_known(parsed("1943-01-01")));
	assert_false(date_is_known(parsed("1943-01-00")));
	assert_false(date_is_known(parsed("1943-00-00")));
	assert_true(
	    date_compare(parsed("1943-01-00"), parsed("1943-01-01")) < 0);
	assert_true(
	    date_compare(parsed("1943-00-00"), parsed("1943-01-00")) < 0);
	assert_true(
	    date_compare(parsed("1943-00-00"), parsed("1942-12-31")) > 0);
}

static void
a_date_is_before_another_only_if_it_must_be(void **state)
{
	static const struct {
		const char *a, *b;
		bool before;
	} cases[] = {
	    {"1942-12-31", "1943-01-01", true},
	    {"1943-01-01", "1943-01-01", false},
	    {"1943-01-02", "1943-01-01", false},
	    {"1943-01-31", "1943-02-01", true},
	    {"1943-02-01", "1943-01-31", false},
	    {"1942-12-31", "1943-00-00", true},
	    {"1943-00-00", "1943-12-31", false},
	    {"1943-01-01", "1943-00-00", false},
	    {"1943-01-00", "1943-02-00", true},
	    {"1943-01-00", "1943-01-31", false},
	    {"1943-01-01", "1943-01-00", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    date_is_before(parsed(cases[i].a), parsed(cases[i].b)),
		    cases[i].before);
	assert_false(date_is_before((struct date){0}, parsed("1943-01-01")));
	assert_false(date_is_before(parsed("1943-01-01"), (struct date){0}));
}

static void
all_notations_of_a_date_are_read(void **state)
{
	static const char *const same[][2] = {
	    {"20261121", "2026-11-21"},
	    {"R8.11.21", "2026-11-21"},
	    {"R08.11.21", "2026-11-21"},
	    {"R8/11/21", "2026-11-21"},
	    {"令和8年11月21日", "2026-11-21"},
	    {"令和８年１１月２１日", "2026-11-21"},
	    {"令和8年1月2日", "2026-01-02"},
	    {"令和元年5月1日", "2019-05-01"},
	    {"令和1年5月1日", "2019-05-01"},
	    {"H元.1.8", "1989-01-08"},
	    {"H31.4.30", "2019-04-30"},
	    {"S64.1.7", "1989-01-07"},
	    {"昭和元年12月25日", "1926-12-25"},
	    {"大正15年12月24日", "1926-12-24"},
	    {"T1.7.30", "1912-07-30"},
	    {"M45.7.29", "1912-07-29"},
	    {"明治元年1月25日", "1868-01-25"},
	    {"明治5年12月2日", "1872-12-02"},
	    {"S18.0.0", "1943-00-00"},
	    {"昭和18年5月日不詳", "1943-05-00"},
	    {"昭和18年月日不詳", "1943-00-00"},
	    {"19430500", "1943-05-00"},
	    {"2024-02-29", "2024-02-29"},
	    {"9999-12-31", "9999-12-31"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		assert_date(parsed(same[i][0]), same[i][1]);
}

static void
days_that_never_were_are_refused(void **state)
{
	static const char *const bad[] = {"2026-02-29", "2100-02-29",
	    "2026-04-31", "2026-13-01", "2026-11-32", "2026-00-01",
	    "1867-12-31", "0000-00-00", "00000000", "R8.2.29", "R8.13.1",
	    "R8.0.1", "令和8年4月31日"};
	struct date d = {1, 2, 3};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (date_parse(slice_of(bad[i]), &d) != ERR_INPUT)
			fail_msg("%s is accepted", bad[i]);
	}
	assert_int_equal(d.year, 1);
}

static void
days_outside_their_era_are_refused(void **state)
{
	static const char *const bad[] = {"R1.4.30", "R元.1.1", "H31.5.1",
	    "H1.1.7", "H32.1.1", "S64.1.8", "S1.12.24", "S65.1.1", "T15.12.25",
	    "T1.7.29", "T16.1.1", "M45.7.30", "M46.1.1", "平成31年5月日不詳",
	    "令和元年4月日不詳", "R0.1.1", "令和0年1月1日", "大正1年月日不詳x"};
	struct date d = {1, 2, 3};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (date_parse(slice_of(bad[i]), &d) != ERR_INPUT)
			fail_msg("%s is accepted", bad[i]);
	}
	assert_int_equal(d.year, 1);
}

static void
what_is_no_date_is_refused(void **state)
{
	static const char *const bad[] = {"", "R", "R8", "R8.", "R8.11",
	    "R8.11.", "R8.11.21 ", " R8.11.21", "R8.11/21", "R8/11.21",
	    "R8年11.21", "R8.11.21日", "R8.11月21", "R8.11.211", "R8.111.21",
	    "r8.11.21", "X8.11.21", "慶応4年1月1日", "令和8年11月21",
	    "令和8年11月", "令和年11月21日", "令和-8年11月21日", "2026/11/21",
	    "2026-11-2", "2026-1-021", "202611211", "2026112", "2026-11-21 ",
	    "２０２６１１２１", "R8.月日不詳", "R8.5.日不詳", "令\xe5\x92",
	    "R\xef\xbc", "R8.11.2\xef\xbc"};
	struct date d = {1, 2, 3};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (date_parse(slice_of(bad[i]), &d) != ERR_INPUT)
			fail_msg("%s is accepted", bad[i]);
	}
	assert_int_equal(date_parse(slice_of(NULL), &d), ERR_INPUT);
	assert_int_equal(d.year, 1);
}

static void
dates_are_written_in_the_era_of_their_day(void **state)
{
	static const char *const same[][2] = {
	    {"2026-11-21", "令和8年11月21日"},
	    {"2019-05-01", "令和元年5月1日"},
	    {"2019-04-30", "平成31年4月30日"},
	    {"1989-01-08", "平成元年1月8日"},
	    {"1989-01-07", "昭和64年1月7日"},
	    {"1926-12-25", "昭和元年12月25日"},
	    {"1926-12-24", "大正15年12月24日"},
	    {"1912-07-30", "大正元年7月30日"},
	    {"1912-07-29", "明治45年7月29日"},
	    {"1868-01-01", "明治元年1月1日"},
	    {"9999-12-31", "令和7981年12月31日"},
	    {"1943-05-00", "昭和18年5月日不詳"},
	    {"1943-00-00", "昭和18年月日不詳"},
	    /* All of May 2019 was Reiwa; of January 1989, not all Heisei. */
	    {"2019-05-00", "令和元年5月日不詳"},
	    {"1989-01-00", "昭和64年1月日不詳"},
	    {"2019-00-00", "平成31年月日不詳"},
	};
	char text[DATE_TEXT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		date_format_era(parsed(same[i][0]), text);
		assert_string_equal(text, same[i][1]);
	}
}

static void
dates_with_unknown_parts_come_back_from_their_era(void **state)
{
	char text[DATE_TEXT_MAX];
	struct date d = {0};

	(void)state;
	for (d.year = 1868; d.year < 2101; d.year++) {
		for (d.month = 0; d.month <= 12; d.month++) {
			date_format_era(d, text);
			/* 令和100年 and later have three digits: not read. */
			if (d.year < 2118)
				assert_int_equal(
				    date_compare(parsed(text), d), 0);
		}
	}
}

static void
begin_of_an_unknown_day(void)
{
	date_begin((struct date){1943, 5, 0});
}

static void
days_after_an_unknown_month(void)
{
	date_plus_days((struct date){1943, 0, 0}, 1);
}

static void
an_unknown_day_has_no_beginning_and_no_successor(void **state)
{
	(void)state;
	assert_true(dies(begin_of_an_unknown_day, "date_is_known"));
	assert_true(dies(days_after_an_unknown_month, "date_is_known"));
}

static void
what_a_column_holds_comes_back(void **state)
{
	static const struct {
		struct date date;
		int64_t number;
	} dates[] = {{{2026, 11, 21}, 20261121}, {{1943, 0, 0}, 19430000},
	    {{1868, 12, 0}, 18681200}, {{9999, 12, 31}, 99991231},
	    {{0, 0, 0}, 0}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		assert_int_equal(date_to_int64(dates[i].date), dates[i].number);
		assert_int_equal(0,
		    date_compare(
			date_of_int64(dates[i].number), dates[i].date));
	}
	assert_true(instant_of_int64(-1).ms == -1);
	assert_true(instant_to_int64((struct instant){INT64_MIN}) == INT64_MIN);
}

static void
working_days_are_counted_without_weekends(void **state)
{
	static const struct {
		struct date from;
		int n;
		struct date to;
	} cases[] = {
	    {{2026, 11, 20}, 1, {2026, 11, 23}}, /* Friday */
	    {{2026, 11, 21}, 1, {2026, 11, 23}},
	    {{2026, 11, 22}, 5, {2026, 11, 27}},
	    {{2026, 11, 23}, 5, {2026, 11, 30}},
	    {{2026, 11, 23}, 0, {2026, 11, 23}},
	    {{1969, 12, 31}, 3, {1970, 1, 5}}, /* Wednesday */
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(date_to_int64(date_plus_working_days(
				     cases[i].from, cases[i].n)),
		    date_to_int64(cases[i].to));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_date_is_before_another_only_if_it_must_be),
	    cmocka_unit_test(instants_are_written_as_the_c_library_does),
	    cmocka_unit_test(milliseconds_are_kept_before_and_after_1970),
	    cmocka_unit_test(the_first_and_the_last_year_are_read_and_written),
	    cmocka_unit_test(an_instant_may_lack_its_milliseconds),
	    cmocka_unit_test(what_is_no_instant_is_refused),
	    cmocka_unit_test(sums_of_instants_stop_at_the_ends),
	    cmocka_unit_test(the_clocks_do_not_run_backwards),
	    cmocka_unit_test(the_day_in_japan_begins_at_15_00_utc),
	    cmocka_unit_test(every_day_follows_the_day_before),
	    cmocka_unit_test(a_date_with_unknown_parts_is_not_known),
	    cmocka_unit_test(all_notations_of_a_date_are_read),
	    cmocka_unit_test(days_that_never_were_are_refused),
	    cmocka_unit_test(days_outside_their_era_are_refused),
	    cmocka_unit_test(what_is_no_date_is_refused),
	    cmocka_unit_test(dates_are_written_in_the_era_of_their_day),
	    cmocka_unit_test(dates_with_unknown_parts_come_back_from_their_era),
	    cmocka_unit_test(an_unknown_day_has_no_beginning_and_no_successor),
	    cmocka_unit_test(working_days_are_counted_without_weekends),
	    cmocka_unit_test(what_a_column_holds_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
