#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdint.h>
#include <string.h>

#include "base/file.h"
#include "number/notation.h"

struct sample {
	enum notation notation;
	const char *text;
	enum notation_fault fault;
};

/*
 * Individual: public test data of other implementations, and a test card's
 * (537686677188).  Corporate: public test data, and the numbers of the
 * National Tax Agency and of the Ministry of Health.
 */
static const struct sample samples[] = {
    {NOTATION_INDIVIDUAL, "123456789018", NOTATION_FITS},
    {NOTATION_INDIVIDUAL, "537686677188", NOTATION_FITS},
    {NOTATION_INDIVIDUAL, "621498320257", NOTATION_FITS},
    {NOTATION_INDIVIDUAL, "983205673214", NOTATION_FITS},
    {NOTATION_INDIVIDUAL, "123456789019", NOTATION_CHECK_DIGIT},
    {NOTATION_INDIVIDUAL, "621498320258", NOTATION_CHECK_DIGIT},
    {NOTATION_INDIVIDUAL, "", NOTATION_LENGTH},
    {NOTATION_INDIVIDUAL, "12345678901", NOTATION_LENGTH},
    {NOTATION_INDIVIDUAL, "1234567890180", NOTATION_LENGTH},
    {NOTATION_INDIVIDUAL, "1234-5678-9018", NOTATION_CHARACTERS},
    {NOTATION_INDIVIDUAL, "12345678901 ", NOTATION_CHARACTERS},
    {NOTATION_INDIVIDUAL, "+23456789018", NOTATION_CHARACTERS},
    {NOTATION_INDIVIDUAL, "１２３４５６７８９０１８", NOTATION_CHARACTERS},
    {NOTATION_CORPORATE, "5835678256246", NOTATION_FITS},
    {NOTATION_CORPORATE, "7000012050002", NOTATION_FITS},
    {NOTATION_CORPORATE, "1180301018771", NOTATION_FITS},
    {NOTATION_CORPORATE, "6000012070001", NOTATION_FITS},
    {NOTATION_CORPORATE, "5835678256247", NOTATION_CHECK_DIGIT},
    {NOTATION_CORPORATE, "0835678256246", NOTATION_CHECK_DIGIT},
    {NOTATION_CORPORATE, "835678256246", NOTATION_LENGTH},
    {NOTATION_CORPORATE, "T583567825624", NOTATION_CHARACTERS},
    {NOTATION_RESIDENT_CODE, "0123456789", NOTATION_LENGTH},
    {NOTATION_RESIDENT_CODE, "0123456789a", NOTATION_CHARACTERS},
    {NOTATION_GOVERNMENT, "011002", NOTATION_FITS},
    {NOTATION_GOVERNMENT, "131016", NOTATION_FITS},
    {NOTATION_GOVERNMENT, "010006", NOTATION_FITS},
    {NOTATION_GOVERNMENT, "131041", NOTATION_FITS},
    {NOTATION_GOVERNMENT, "131040", NOTATION_CHECK_DIGIT},
    {NOTATION_GOVERNMENT, "13104", NOTATION_LENGTH},
    {NOTATION_GOVERNMENT, "13104x", NOTATION_CHARACTERS},
};

static void
samples_are_judged_with_the_reason(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		assert_int_equal(notation_check(samples[i].notation,
				     samples[i].text, strlen(samples[i].text)),
		    samples[i].fault);
}

/* The rules written down another way: weights from the left. */
static unsigned int
weighted_sum(const char *body, const char *weights)
{
	unsigned int sum = 0;

	for (; *weights != '\0'; body++, weights++)
		sum += (unsigned int)((*body - '0') * (*weights - '0'));

	return sum;
}

static unsigned int
modulus_11(const char *body, const char *weights)
{
	unsigned int rest = weighted_sum(body, weights) % 11;

	return rest < 2 ? 0 : 11 - rest;
}

static unsigned int
expected(enum notation notation, const char *body)
{
	switch (notation) {
	case NOTATION_INDIVIDUAL:
		return modulus_11(body, "65432765432");
	case NOTATION_CORPORATE:
		return 9 - weighted_sum(body, "212121212121") % 9;
	case NOTATION_RESIDENT_CODE:
		return modulus_11(body, "5432765432");
	case NOTATION_GOVERNMENT:
		return (11 - weighted_sum(body, "65432") % 11) % 10;
	}

	return 10;
}

/* A body of pseudo-random digits; a linear congruence is random enough. */
static void
next_body(uint64_t *state, char *body, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		*state = *state * UINT64_C(6364136223846793005) + 1;
		body[i] = (char)('0' + (*state >> 33) % 10);
	}
	body[n] = '\0';
}

/* One of the ten digits fits, it is the expected one, and _complete adds it. */
static void
check_body(enum notation notation, const char *body)
{
	size_t digits = notation_digits(notation), i, fits = 0;
	char whole[NOTATION_DIGITS_MAX], other[NOTATION_DIGITS_MAX];
	size_t at = notation == NOTATION_CORPORATE ? 0 : digits - 1;

	assert_int_equal(
	    notation_complete(notation, body, digits - 1, whole), 0);
	assert_int_equal(whole[at] - '0', expected(notation, body));
	assert_memory_equal(whole + (at == 0), body, digits - 1);
	memcpy(other, whole, digits);
	for (i = 0; i < 10; i++) {
		other[at] = (char)('0' + i);
		if (notation_check(notation, other, digits) == NOTATION_FITS)
			fits++;
	}
	assert_int_equal(fits, 1);
}

static void
exactly_one_check_digit_fits_a_body(void **state)
{
	char body[NOTATION_DIGITS_MAX + 1];
	uint64_t seed = 20151005;
	unsigned int k, i;

	(void)state;
	for (k = 0; k < NOTATION_COUNT; k++)
		for (i = 0; i < 20000; i++) {
			next_body(
			    &seed, body, notation_digits((enum notation)k) - 1);
			check_body((enum notation)k, body);
		}
}

static void
every_code_of_five_digits_has_its_check_digit(void **state)
{
	char body[6];
	uint64_t i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		notation_write(i, body, 5);
		body[5] = '\0';
		check_body(NOTATION_GOVERNMENT, body);
	}
}

/* The file of the repository: every government that there is. */
static void
all_real_codes_of_governments_fit(void **state)
{
	struct slice rest, line, text;
	struct buf file;
	size_t codes = 0;

	(void)state;
	buf_init(&file);
	assert_int_equal(
	    file_read("data/local_governments.tsv", 1 << 20, &file, NULL), OK);
	rest = buf_slice(&file);
	slice_cut(&rest, '\n'); /* the head line */
	while (rest.len > 0) {
		line = slice_cut(&rest, '\n');
		text = slice_cut(&line, '\t');
		assert_int_equal(
		    notation_check(NOTATION_GOVERNMENT, text.data, text.len),
		    NOTATION_FITS);
		codes++;
	}
	assert_int_equal(codes, 1969);
	buf_done(&file);
}

/* How many other digits at one place of an Individual Number are taken. */
static unsigned int
missed_at(char *whole, unsigned int at)
{
	char right = whole[at];
	unsigned int missed = 0;

	for (whole[at] = '0'; whole[at] <= '9'; whole[at]++) {
		if (whole[at] == right ||
		    notation_check(NOTATION_INDIVIDUAL, whole, 12) != 0)
			continue;
		assert_int_equal(whole[11], '0');
		missed++;
	}
	whole[at] = right;

	return missed;
}

/*
 * The rule of the Individual Number finds a wrong digit, unless the sum modulo
 * 11 goes between 0 and 1, which both have the check digit 0.
 */
static void
a_wrong_digit_is_found_unless_the_check_digit_is_0(void **state)
{
	char body[12], whole[12];
	uint64_t seed = 1;
	unsigned int i, at, missed = 0;

	(void)state;
	for (i = 0; i < 5000; i++) {
		next_body(&seed, body, 11);
		assert_int_equal(
		    notation_complete(NOTATION_INDIVIDUAL, body, 11, whole), 0);
		for (at = 0; at < 11; at++)
			missed += missed_at(whole, at);
	}
	assert_true(missed > 0);
}

static void
a_body_that_is_none_is_refused(void **state)
{
	char ret[NOTATION_DIGITS_MAX] = "untouched";
	unsigned int k;

	(void)state;
	for (k = 0; k < NOTATION_COUNT; k++) {
		assert_int_equal(
		    notation_complete((enum notation)k, "1234", 4, ret),
		    NOTATION_BODY_LENGTH);
		assert_int_equal(notation_complete((enum notation)k,
				     "12345678901234", 14, ret),
		    NOTATION_BODY_LENGTH);
		assert_int_equal(
		    notation_complete((enum notation)k, "1234x", 5, ret),
		    NOTATION_CHARACTERS);
		assert_string_equal(ret, "untouched");
	}
}

static void
names_are_found_and_others_are_not(void **state)
{
	enum notation found = NOTATION_CORPORATE;
	unsigned int k;

	(void)state;
	assert_false(notation_find("", &found));
	assert_false(notation_find("Individual", &found));
	assert_false(notation_find("individual ", &found));
	assert_int_equal(found, NOTATION_CORPORATE);
	for (k = 0; k < NOTATION_COUNT; k++) {
		assert_true(
		    notation_find(notation_name((enum notation)k), &found));
		assert_int_equal(found, k);
	}
}

static void
a_reason_names_the_length_that_is_wanted(void **state)
{
	(void)state;
	assert_string_equal(
	    notation_reason(NOTATION_CORPORATE, NOTATION_LENGTH),
	    "not 13 digits long");
	assert_string_equal(
	    notation_reason(NOTATION_GOVERNMENT, NOTATION_BODY_LENGTH),
	    "not 5 digits long, the check digit left out");
	assert_string_equal(notation_token(NOTATION_LENGTH), "length");
	assert_string_equal(notation_token(NOTATION_BODY_LENGTH), "length");
	assert_string_equal(
	    notation_token(NOTATION_CHECK_DIGIT), "check-digit");
	assert_string_equal(notation_token(NOTATION_CHARACTERS), "characters");
	assert_string_equal(notation_token(NOTATION_FITS), "valid");
}

static void
written_digits_are_read_back(void **state)
{
	char digits[19];

	(void)state;
	notation_write(42, digits, 5);
	assert_memory_equal(digits, "00042", 5);
	notation_write(UINT64_C(9999999999999999999) / 10, digits, 19);
	assert_true(notation_read(digits, 19) == UINT64_C(999999999999999999));
	assert_true(notation_read("007", 3) == 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(samples_are_judged_with_the_reason),
	    cmocka_unit_test(exactly_one_check_digit_fits_a_body),
	    cmocka_unit_test(every_code_of_five_digits_has_its_check_digit),
	    cmocka_unit_test(all_real_codes_of_governments_fit),
	    cmocka_unit_test(
		a_wrong_digit_is_found_unless_the_check_digit_is_0),
	    cmocka_unit_test(a_body_that_is_none_is_refused),
	    cmocka_unit_test(names_are_found_and_others_are_not),
	    cmocka_unit_test(a_reason_names_the_length_that_is_wanted),
	    cmocka_unit_test(written_digits_are_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
