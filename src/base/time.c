#include "base/time.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_MS (24ll * 3600 * 1000)
#define JAPAN_MS (9ll * 3600 * 1000) /* UTC+9, no summer time since 1951 */

static struct instant
system_now(void *state)
{
	struct timespec ts;

	(void)state;
	clock_gettime(CLOCK_REALTIME, &ts);

	return (struct instant){
	    (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000};
}

struct clock
clock_system(void)
{
	return (struct clock){system_now, NULL};
}

int64_t
monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);

	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

struct instant
instant_plus(struct instant t, int64_t ms)
{
	int64_t sum;

	if (__builtin_add_overflow(t.ms, ms, &sum))
		sum = ms < 0 ? INT64_MIN : INT64_MAX;

	return (struct instant){sum};
}

bool
instant_is_before(struct instant a, struct instant b)
{
	return a.ms < b.ms;
}

int64_t
instant_to_int64(struct instant t)
{
	return t.ms;
}

struct instant
instant_of_int64(int64_t ms)
{
	return (struct instant){ms};
}

/* --- The proleptic Gregorian calendar ------------------------------------ */

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Days since 1970-01-01.  March begins the year, so that the leap day ends
 * it; 146,097 days are 400 years. */
static int64_t
days_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, 400), of_era = y - era * 400;
	int64_t of_year =
	    (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - 719468;
}

static struct date
date_of_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = floor_div(z, 146097), of_era = z - era * 146097;
	int64_t y =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;
	struct date d;

	d.day = (int8_t)(of_year - (153 * m + 2) / 5 + 1);
	d.month = (int8_t)(m < 10 ? m + 3 : m - 9);
	d.year = (int16_t)(y + era * 400 + (d.month <= 2));

	return d;
}

static int
days_in_month(int year, int month)
{
	static const int8_t days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

/* The nearest moment whose year can be written with four digits. */
static int64_t
bounded(struct instant t)
{
	const int64_t first = -62167219200000, last = 253402300799999;

	if (t.ms < first)
		return first;

	return t.ms > last ? last : t.ms;
}

static void
put_digits(char *to, int n, int value)
{
	for (; n > 0; n--) {
		to[n - 1] = (char)('0' + value % 10);
		value /= 10;
	}
}

/* Without snprintf: it is done for every row of every message. */
void
instant_format(struct instant t, char ret[INSTANT_TEXT_MAX])
{
	static const char form[] = "0000-00-00T00:00:00.000Z";
	int64_t whole = bounded(t), days = floor_div(whole, DAY_MS);
	int ms = (int)(whole - days * DAY_MS);
	struct date d = date_of_days(days);

	memcpy(ret, form, sizeof(form));
	put_digits(ret, 4, d.year);
	put_digits(ret + 5, 2, d.month);
	put_digits(ret + 8, 2, d.day);
	put_digits(ret + 11, 2, ms / 3600000);
	put_digits(ret + 14, 2, ms / 60000 % 60);
	put_digits(ret + 17, 2, ms / 1000 % 60);
	put_digits(ret + 20, 3, ms % 1000);
}

/* `n` digits at `*at`, which then moves on; -1 if they are not there. */
static int
digits(struct slice s, size_t *at, int n)
{
	int value = 0;

	for (; n > 0; n--, (*at)++) {
		if (*at >= s.len || s.data[*at] < '0' || s.data[*at] > '9')
			return -1;
		value = value * 10 + (s.data[*at] - '0');
	}

	return value;
}

static bool
literal(struct slice s, size_t *at, char c)
{
	if (*at >= s.len || s.data[*at] != c)
		return false;
	(*at)++;

	return true;
}

enum err
instant_parse(struct slice s, struct instant *ret)
{
	int year, month, day, hour, minute, second, ms = 0;
	size_t at = 0;

	year = digits(s, &at, 4);
	if (year < 0 || !literal(s, &at, '-'))
		return ERR_INPUT;
	month = digits(s, &at, 2);
	if (month < 1 || month > 12 || !literal(s, &at, '-'))
		return ERR_INPUT;
	day = digits(s, &at, 2);
	if (day < 1 || day > days_in_month(year, month) ||
	    !literal(s, &at, 'T'))
		return ERR_INPUT;
	hour = digits(s, &at, 2);
	if (hour < 0 || hour > 23 || !literal(s, &at, ':'))
		return ERR_INPUT;
	minute = digits(s, &at, 2);
	if (minute < 0 || minute > 59 || !literal(s, &at, ':'))
		return ERR_INPUT;
	second = digits(s, &at, 2);
	if (second < 0 || second > 59)
		return ERR_INPUT;
	if (at < s.len && s.data[at] == '.') {
		at++;
		ms = digits(s, &at, 3);
	}
	if (ms < 0 || !literal(s, &at, 'Z') || at != s.len)
		return ERR_INPUT;
	ret->ms = days_of(year, month, day) * DAY_MS + hour * 3600000ll +
	    minute * 60000ll + second * 1000ll + ms;

	return OK;
}

/* --- Civil dates --------------------------------------------------------- */

struct date
date_in_japan(struct instant t)
{
	t = instant_plus(t, JAPAN_MS);

	return date_of_days(floor_div(bounded(t), DAY_MS));
}

struct instant
date_begin(struct date d)
{
	assert(date_is_known(d));

	return (struct instant){
	    days_of(d.year, d.month, d.day) * DAY_MS - JAPAN_MS};
}

bool
date_is_known(struct date d)
{
	return d.month != 0 && d.day != 0;
}

int
date_compare(struct date a, struct date b)
{
	if (a.year != b.year)
		return a.year - b.year;
	if (a.month != b.month)
		return a.month - b.month;

	return a.day - b.day;
}

bool
date_is_before(struct date a, struct date b)
{
	if (a.year == 0 || b.year == 0)
		return false;
	if (a.year != b.year)
		return a.year < b.year;
	if (a.month == 0 || b.month == 0)
		return false;
	if (a.month != b.month)
		return a.month < b.month;

	return a.day != 0 && b.day != 0 && a.day < b.day;
}

struct date
date_plus_days(struct date d, int days)
{
	assert(date_is_known(d));

	return date_of_days(days_of(d.year, d.month, d.day) + days);
}

/* 1970-01-01 was a Thursday. */
static bool
is_working_day(struct date d)
{
	const int64_t day = days_of(d.year, d.month, d.day) + 3;
	const int64_t since_monday = day - 7 * floor_div(day, 7);

	return since_monday < 5;
}

struct date
date_plus_working_days(struct date d, int n)
{
	while (n > 0) {
		d = date_plus_days(d, 1);
		n -= is_working_day(d);
	}

	return d;
}

int64_t
date_to_int64(struct date d)
{
	return d.year * INT64_C(10000) + d.month * 100 + d.day;
}

struct date
date_of_int64(int64_t number)
{
	return (struct date){
	    .year = (int16_t)(number / 10000),
	    .month = (int8_t)(number / 100 % 100),
	    .day = (int8_t)(number % 100),
	};
}

static bool
date_exists(int year, int month, int day)
{
	if (year < 1868 || year > 9999 || month < 0 || month > 12 || day < 0)
		return false;
	if (month == 0)
		return day == 0;

	return day <= days_in_month(year, month);
}

struct era {
	const char *name;
	char letter;
	struct date begin;
};

/* Newest first.  Meiji counts from the beginning of 1868, as the law of its
 * change (明治改元) said; the Gregorian calendar came in 1873. */
static const struct era eras[] = {
    {"令和", 'R', {2019, 5, 1}},
    {"平成", 'H', {1989, 1, 8}},
    {"昭和", 'S', {1926, 12, 25}},
    {"大正", 'T', {1912, 7, 30}},
    {"明治", 'M', {1868, 1, 1}},
};
#define ERAS (sizeof(eras) / sizeof(eras[0]))

/* The first day that a date with unknown parts can mean. */
static struct date
earliest(struct date d)
{
	d.month = d.month != 0 ? d.month : 1;
	d.day = d.day != 0 ? d.day : 1;

	return d;
}

/* Does a day with unknown parts touch the era? */
static bool
is_in_era(size_t era, struct date d)
{
	struct date last = d;

	last.month = d.month != 0 ? d.month : 12;
	last.day = d.day != 0 ? d.day : 31;
	if (date_compare(last, eras[era].begin) < 0)
		return false;

	return era == 0 || date_compare(earliest(d), eras[era - 1].begin) < 0;
}

static void
skip(struct slice *s, size_t n)
{
	s->data += n;
	s->len -= n;
}

static bool
take(struct slice *s, const char *word)
{
	if (!slice_has_prefix(*s, slice_of(word)))
		return false;
	skip(s, strlen(word));

	return true;
}

/* One or two digits, ASCII or full-width; -1 without. */
static int
take_number(struct slice *s)
{
	int value = -1, n;

	for (n = 0; n < 2 && s->len > 0; n++) {
		int digit = -1;

		if (s->data[0] >= '0' && s->data[0] <= '9') {
			digit = s->data[0] - '0';
			skip(s, 1);
		} else if (s->len >= 3 && (uint8_t)s->data[0] == 0xef &&
		    (uint8_t)s->data[1] == 0xbc &&
		    (uint8_t)s->data[2] >= 0x90 &&
		    (uint8_t)s->data[2] <= 0x99) {
			digit = (uint8_t)s->data[2] - 0x90;
			skip(s, 3);
		}
		if (digit < 0)
			break;
		value = (value < 0 ? 0 : value) * 10 + digit;
	}

	return value;
}

/* The marks after year, month and day. */
static const char *const notations[][3] = {
    {"年", "月", "日"},
    {".", ".", ""},
    {"/", "/", ""},
};

/* "11月21日" by `marks`, or "11月日不詳" and "月日不詳"; -1 for a part that
 * is not there. */
static void
parse_rest(
    struct slice *s, const char *const marks[3], int *ret_month, int *ret_day)
{
	bool kanji = marks == notations[0];

	*ret_month = *ret_day = 0;
	if (kanji && take(s, "月日不詳"))
		return;
	*ret_month = take_number(s);
	if (!take(s, marks[1]))
		*ret_month = -1;
	if (kanji && take(s, "日不詳"))
		return;
	*ret_day = take_number(s);
	if (!take(s, marks[2]))
		*ret_day = -1;
}

/* "8年11月21日", "8.11.21", "元年5月1日" after the era's name. */
static enum err
parse_in_era(size_t era, struct slice s, struct date *ret)
{
	int year, month, day;
	struct date d;
	size_t i;

	year = take(&s, "元") ? 1 : take_number(&s);
	for (i = 0; i < 3 && !take(&s, notations[i][0]); i++)
		;
	if (year < 1 || i == 3)
		return ERR_INPUT;
	parse_rest(&s, notations[i], &month, &day);
	if (month < 0 || day < 0 || s.len != 0)
		return ERR_INPUT;
	year += eras[era].begin.year - 1;
	if (!date_exists(year, month, day))
		return ERR_INPUT;
	d = (struct date){(int16_t)year, (int8_t)month, (int8_t)day};
	if (!is_in_era(era, d))
		return ERR_INPUT;
	*ret = d;

	return OK;
}

static enum err
parse_western(struct slice s, struct date *ret)
{
	bool dashes = s.len == 10 && s.data[4] == '-' && s.data[7] == '-';
	int year, month, day;
	size_t at = 0;

	if (s.len != 8 && !dashes)
		return ERR_INPUT;
	year = digits(s, &at, 4);
	at += dashes;
	month = digits(s, &at, 2);
	at += dashes;
	day = digits(s, &at, 2);
	if (year < 0 || month < 0 || day < 0 || !date_exists(year, month, day))
		return ERR_INPUT;
	*ret = (struct date){(int16_t)year, (int8_t)month, (int8_t)day};

	return OK;
}

enum err
date_parse(struct slice s, struct date *ret)
{
	size_t i;

	if (s.len > 0 && s.data[0] >= '0' && s.data[0] <= '9')
		return parse_western(s, ret);
	for (i = 0; i < ERAS; i++) {
		if (take(&s, eras[i].name))
			return parse_in_era(i, s, ret);
		if (s.len > 0 && s.data[0] == eras[i].letter) {
			skip(&s, 1);
			return parse_in_era(i, s, ret);
		}
	}

	return ERR_INPUT;
}

/* As instant_format(). */
void
date_format(struct date d, char ret[DATE_TEXT_MAX])
{
	memcpy(ret, "0000-00-00", sizeof("0000-00-00"));
	put_digits(ret, 4, d.year);
	put_digits(ret + 5, 2, d.month);
	put_digits(ret + 8, 2, d.day);
}

void
date_format_era(struct date d, char ret[DATE_TEXT_MAX])
{
	char year[16], month[16], day[16];
	size_t i;
	int n;

	for (i = 0; i < ERAS - 1; i++) {
		if (date_compare(earliest(d), eras[i].begin) >= 0)
			break;
	}
	n = d.year - eras[i].begin.year + 1;
	if (n == 1)
		snprintf(year, sizeof(year), "元");
	else
		snprintf(year, sizeof(year), "%d", n);
	snprintf(month, sizeof(month), "%d月", d.month);
	if (d.day == 0)
		snprintf(day, sizeof(day), "日不詳");
	else
		snprintf(day, sizeof(day), "%d日", d.day);
	if (d.month == 0)
		snprintf(
		    ret, DATE_TEXT_MAX, "%s%s年月日不詳", eras[i].name, year);
	else
		snprintf(ret, DATE_TEXT_MAX, "%s%s年%s%s", eras[i].name, year,
		    month, day);
}
