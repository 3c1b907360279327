#include "number/notation.h"

#include <assert.h>
#include <string.h>

/* The digit of the body that stands `n`th from the right, n = 1 .. len. */
static unsigned int
from_right(const char *body, size_t len, unsigned int n)
{
	return (unsigned int)(body[len - n] - '0');
}

/*
 *= mic-ordinance-85-of-2014#5
 *# 11 - (the sum of Pn x Qn, n = 1..11, modulo 11); 0 where the remainder is
 *# 1 or less
 *
 * Pn is the nth digit of the body from the right; Qn is n + 1 for n = 1 .. 6
 * and n - 5 for n = 7 .. 11.  As two remainders share the digit 0, one wrong
 * digit is not always found.
 */
static char
individual_check_digit(const char *body, size_t len)
{
	unsigned int n, q, rest, sum = 0;

	for (n = 1; n <= len; n++) {
		q = n <= 6 ? n + 1 : n - 5;
		sum += from_right(body, len, n) * q;
	}
	rest = sum % 11;

	return (char)('0' + (rest <= 1 ? 0 : 11 - rest));
}

/*
 *= mof-ordinance-70-of-2014#2
 *# 9 - (the sum of Pn x Qn, n = 1..12, modulo 9)
 *
 * Qn is 1 for odd n and 2 for even n; products are not summed by digits.  The
 * result is 1 .. 9; a 0 taken for a 9 is not found.
 */
static char
corporate_check_digit(const char *body, size_t len)
{
	unsigned int n, sum = 0;

	for (n = 1; n <= len; n++)
		sum += from_right(body, len, n) * (n % 2 == 1 ? 1 : 2);

	return (char)('0' + 9 - sum % 9);
}

/*
 * AN ASSUMPTION.  The Enforcement Rules of the Basic Resident Registration
 * Act, art. 1, leave the formula to a notice of the Minister that we have not
 * seen.  We take the formula of the Individual Number, whose weights over ten
 * digits are 2 .. 7 and 2 .. 5 from the right.  If the notice says otherwise,
 * only this function has to change.
 */
static char
resident_code_check_digit(const char *body, size_t len)
{
	return individual_check_digit(body, len);
}

/*
 * The check digit of the codes of local governments, as the Ministry's list
 * of codes has it: weights 6 5 4 3 2 from the left; the last digit of
 * 11 - (the sum modulo 11).
 */
static char
government_check_digit(const char *body, size_t len)
{
	unsigned int n, sum = 0;

	for (n = 1; n <= len; n++)
		sum += from_right(body, len, n) * (n + 1);

	return (char)('0' + (11 - sum % 11) % 10);
}

struct rule {
	const char *name;
	size_t digits;
	size_t check_at; /* index of the check digit */
	char (*check_digit)(const char *body, size_t len);
	const char *reason[NOTATION_CHECK_DIGIT + 1];
};

#define REASONS(whole, body)                                                 \
	{                                                                    \
		[NOTATION_FITS] = "valid",                                   \
		[NOTATION_CHARACTERS] = "only the digits 0 to 9 may stand "  \
					"in it",                             \
		[NOTATION_LENGTH] = "not " whole " digits long",             \
		[NOTATION_BODY_LENGTH] =                                     \
		    "not " body " digits long, the check digit left out",    \
		[NOTATION_CHECK_DIGIT] = "the check digit does not fit the " \
					 "others",                           \
	}

static const struct rule rules[NOTATION_COUNT] = {
    [NOTATION_INDIVIDUAL] = {"individual", 12, 11, individual_check_digit,
	REASONS("12", "11")},
    [NOTATION_CORPORATE] = {"corporate", 13, 0, corporate_check_digit,
	REASONS("13", "12")},
    [NOTATION_RESIDENT_CODE] = {"resident-code", 11, 10,
	resident_code_check_digit, REASONS("11", "10")},
    [NOTATION_GOVERNMENT] = {"government", 6, 5, government_check_digit,
	REASONS("6", "5")},
};

static const struct rule *
rule_of(enum notation notation)
{
	assert((unsigned int)notation < NOTATION_COUNT);

	return &rules[notation];
}

static bool
all_digits(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;

	return true;
}

size_t
notation_digits(enum notation notation)
{
	return rule_of(notation)->digits;
}

const char *
notation_name(enum notation notation)
{
	return rule_of(notation)->name;
}

bool
notation_find(const char *name, enum notation *ret)
{
	unsigned int i;

	for (i = 0; i < NOTATION_COUNT; i++)
		if (strcmp(rules[i].name, name) == 0) {
			*ret = (enum notation)i;
			return true;
		}

	return false;
}

enum notation_fault
notation_check(enum notation notation, const char *text, size_t len)
{
	const struct rule *rule = rule_of(notation);
	const char *body;
	char expected;

	if (!all_digits(text, len))
		return NOTATION_CHARACTERS;
	if (len != rule->digits)
		return NOTATION_LENGTH;
	/* The check digit is the first or the last. */
	body = rule->check_at == 0 ? text + 1 : text;
	expected = rule->check_digit(body, rule->digits - 1);
	if (text[rule->check_at] != expected)
		return NOTATION_CHECK_DIGIT;

	return NOTATION_FITS;
}

enum notation_fault
notation_complete(
    enum notation notation, const char *body, size_t len, char *ret)
{
	const struct rule *rule = rule_of(notation);
	char check;

	if (!all_digits(body, len))
		return NOTATION_CHARACTERS;
	if (len != rule->digits - 1)
		return NOTATION_BODY_LENGTH;
	check = rule->check_digit(body, len);
	memmove(rule->check_at == 0 ? ret + 1 : ret, body, len);
	ret[rule->check_at] = check;

	return NOTATION_FITS;
}

void
notation_write(uint64_t value, char *ret, size_t n)
{
	while (n > 0) {
		ret[--n] = (char)('0' + value % 10);
		value /= 10;
	}
	assert(value == 0);
}

uint64_t
notation_read(const char *digits, size_t n)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < n; i++)
		value = value * 10 + (uint64_t)(digits[i] - '0');

	return value;
}

const char *
notation_reason(enum notation notation, enum notation_fault fault)
{
	assert((unsigned int)fault <= NOTATION_CHECK_DIGIT);

	return rule_of(notation)->reason[fault];
}

const char *
notation_token(enum notation_fault fault)
{
	switch (fault) {
	case NOTATION_FITS:
		return "valid";
	case NOTATION_CHARACTERS:
		return "characters";
	case NOTATION_LENGTH:
	case NOTATION_BODY_LENGTH:
		return "length";
	case NOTATION_CHECK_DIGIT:
		return "check-digit";
	}
	assert(false);

	return NULL;
}
