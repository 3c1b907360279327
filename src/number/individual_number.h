/*
 * Individual Numbers (個人番号).
 *
 * A number is 12 decimal digits, the last of which is a check digit over the
 * other 11, its body.  The body must be unique (Cabinet Order for the Number
 * Act, art. 6).
 *
 * This module knows the notation and nothing else: it does not know whether
 * a well-formed number was ever issued, or to whom.
 *
 * A struct individual_number is secret: never log it, never put it in an
 * error, compare it with individual_number_equal() only.  The host wipes the
 * memory of a turn (decision 0032); a copy that outlives its turn is yours to
 * wipe.
 */
#ifndef BANGO_NUMBER_INDIVIDUAL_NUMBER_H
#define BANGO_NUMBER_INDIVIDUAL_NUMBER_H

#include <stdint.h>

#include "base/slice.h"
#include "number/notation.h"

#define INDIVIDUAL_NUMBER_DIGITS 12
#define INDIVIDUAL_NUMBER_BODIES UINT64_C(100000000000) /* 10^11 */

struct individual_number {
	char digits[INDIVIDUAL_NUMBER_DIGITS]; /* '0'..'9', no NUL */
};

/*
 * Parse exactly 12 ASCII digits.  ERR_INPUT if the length, a character or
 * the check digit is wrong (notation_check() says which); *ret is then left
 * alone.
 */
MUST_USE enum err
individual_number_parse(struct slice text, struct individual_number *ret);
/* NUL-terminated: as secret as the number. */
void individual_number_format(const struct individual_number *number,
    char ret[INDIVIDUAL_NUMBER_DIGITS + 1]);
/* The 12 digits, borrowed: as secret as the number. */
struct slice individual_number_slice(const struct individual_number *number);

/* `body` < INDIVIDUAL_NUMBER_BODIES. */
struct individual_number individual_number_from_body(uint64_t body);
uint64_t individual_number_body(const struct individual_number *number);

/* All 12 digits as an integer, for a column of a database. */
int64_t individual_number_to_int64(const struct individual_number *number);
/* ERR_INPUT if out of range or with a wrong check digit. */
MUST_USE enum err
individual_number_from_int64(int64_t value, struct individual_number *ret);

/* The time does not depend on the digits. */
bool individual_number_equal(
    const struct individual_number *a, const struct individual_number *b);

#endif
