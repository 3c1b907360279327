/*
 * Corporate Numbers (法人番号).
 *
 * A number is 13 decimal digits, the first of which is a check digit, 1 to 9,
 * over the other 12, its base number (基礎番号).  Public data, not secret.
 *
 * This module knows the notation alone.  The National Tax Agency knows whether
 * a corporation has the number.
 */
#ifndef BANGO_NUMBER_CORPORATE_NUMBER_H
#define BANGO_NUMBER_CORPORATE_NUMBER_H

#include "base/slice.h"
#include "number/notation.h"

#define CORPORATE_NUMBER_DIGITS 13

struct corporate_number {
	char digits[CORPORATE_NUMBER_DIGITS]; /* '0'..'9', no NUL */
};

/* Parse exactly 13 ASCII digits.  ERR_INPUT (notation_check() says why);
 * *ret is then left alone. */
MUST_USE enum err
corporate_number_parse(struct slice text, struct corporate_number *ret);
/* Put the check digit before a base number of exactly 12 ASCII digits;
 * ERR_INPUT. */
MUST_USE enum err
corporate_number_complete(struct slice base, struct corporate_number *ret);
/* NUL-terminated. */
void corporate_number_format(const struct corporate_number *number,
    char ret[CORPORATE_NUMBER_DIGITS + 1]);
bool corporate_number_equal(
    const struct corporate_number *a, const struct corporate_number *b);

#endif
