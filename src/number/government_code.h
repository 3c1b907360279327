/*
 * Codes of local governments (全国地方公共団体コード).
 *
 * A code is 6 decimal digits: two of the prefecture (JIS X 0401), three of
 * the municipality (JIS X 0402), and a check digit.  Public data, not secret.
 *
 * This module knows the notation alone.  data/local_governments.tsv lists the
 * governments that exist.
 */
#ifndef BANGO_NUMBER_GOVERNMENT_CODE_H
#define BANGO_NUMBER_GOVERNMENT_CODE_H

#include "base/slice.h"
#include "number/notation.h"

#define GOVERNMENT_CODE_DIGITS 6

struct government_code {
	char digits[GOVERNMENT_CODE_DIGITS]; /* '0'..'9', no NUL */
};

/* Parse exactly 6 ASCII digits.  ERR_INPUT (notation_check() says why);
 * *ret is then left alone. */
MUST_USE enum err
government_code_parse(struct slice text, struct government_code *ret);
/* Add the check digit to a body of exactly 5 ASCII digits; ERR_INPUT. */
MUST_USE enum err
government_code_complete(struct slice body, struct government_code *ret);
/* NUL-terminated. */
void government_code_format(
    const struct government_code *code, char ret[GOVERNMENT_CODE_DIGITS + 1]);
bool government_code_equal(
    const struct government_code *a, const struct government_code *b);
/* The first two digits: 1 is Hokkaido, 47 Okinawa. */
unsigned int government_code_prefecture(const struct government_code *code);

#endif
