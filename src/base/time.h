/*
 * Instants and civil dates.
 *
 * An instant is a moment in UTC, in milliseconds; it is passed in.  Only the
 * owner of a struct clock looks it up.  A civil date is a day on the calendar
 * of Japan, whose month or day may be unknown (a resident record can say "year
 * 1943, day unknown").
 */
#ifndef BANGO_BASE_TIME_H
#define BANGO_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct instant {
	int64_t ms; /* since 1970-01-01T00:00:00Z; 0 is "never" */
};

struct clock {
	struct instant (*now)(void *state);
	void *state;
};

/* The machine's clock; live hosts and commands only. */
struct clock clock_system(void);
/* Monotonic milliseconds, for durations and time-outs; not a date. */
int64_t monotonic_ms(void);

/* Stops at the first and the last instant instead of overflowing. */
struct instant instant_plus(struct instant t, int64_t ms);
bool instant_is_before(struct instant a, struct instant b);
/* As a column of a database holds it: milliseconds. */
int64_t instant_to_int64(struct instant t);
struct instant instant_of_int64(int64_t ms);

#define INSTANT_TEXT_MAX 48
/* "2026-11-21T07:52:00.123Z", NUL-terminated; years 0000 to 9999. */
void instant_format(struct instant t, char ret[INSTANT_TEXT_MAX]);
MUST_USE enum err instant_parse(struct slice s, struct instant *ret);

struct date {
	int16_t year; /* 1868..9999 */
	int8_t month; /* 1..12, 0 unknown */
	int8_t day;   /* 1..31, 0 unknown; unknown whenever month is */
};

/* The calendar day in Japan (UTC+9, no summer time) at `t`. */
struct date date_in_japan(struct instant t);
/* Midnight in Japan at the beginning of a fully known day. */
struct instant date_begin(struct date d);
bool date_is_known(struct date d);
/* <0, 0, >0; an unknown part sorts before every known one. */
int date_compare(struct date a, struct date b);
/* Is `a` earlier than `b`, whatever their unknown parts are?  No date is before
 * or after none. */
bool date_is_before(struct date a, struct date b);
struct date date_plus_days(struct date d, int days);
/* The n-th working day after a fully known day: Monday to Friday.  [National
 * holidays and the days about New Year are not left out yet: in such a week, a term
 * in working days ends too early.] */
struct date date_plus_working_days(struct date d, int n);
/* As a column of a database holds it: 20261121, with 00 for an unknown part;
 * 0 is no date.  date_of_int64() expects a number from date_to_int64(). */
int64_t date_to_int64(struct date d);
struct date date_of_int64(int64_t number);

#define DATE_TEXT_MAX 64
/* "2026-11-21", "1943-00-00" with unknown parts. */
void date_format(struct date d, char ret[DATE_TEXT_MAX]);
/*
 * "2026-11-21", "20261121", or an era form: "R8.11.21", "R8/11/21",
 * "令和8年11月21日", "昭和元年…", digits of either width, and the forms of
 * date_format_era().  ERR_INPUT for a day that did not exist or an era that
 * had not begun or had ended.
 */
MUST_USE enum err date_parse(struct slice s, struct date *ret);
/* "令和8年11月21日"; "昭和18年日不詳" style for unknown parts. */
void date_format_era(struct date d, char ret[DATE_TEXT_MAX]);

#endif
