/*
 * Resident Record Codes (住民票コード).
 *
 * A code is 11 decimal digits: ten random ones, its body, then a check digit
 * (Enforcement Rules of the Basic Resident Registration Act, art. 1).
 *
 * The Rules leave the check digit's formula to a public notice that we have
 * not seen.  The formula in notation.c is an ASSUMPTION, in one function there
 * and nowhere else.  Codes from outside bango may fail it.
 *
 * A struct resident_code is secret: nobody outside the resident registration
 * may even ask for it (art. 30-37 and 30-38 of the Act).  Never log it, compare
 * it with resident_code_equal() only.  The host wipes the memory of a turn
 * (decision 0032); a copy that outlives its turn is yours to wipe.
 */
#ifndef BANGO_NUMBER_RESIDENT_CODE_H
#define BANGO_NUMBER_RESIDENT_CODE_H

#include <stdint.h>

#include "base/slice.h"
#include "number/notation.h"

#define RESIDENT_CODE_DIGITS 11
#define RESIDENT_CODE_BODIES UINT64_C(10000000000) /* 10^10 */

struct resident_code {
	char digits[RESIDENT_CODE_DIGITS]; /* '0'..'9', no NUL */
};

/* Parse exactly 11 ASCII digits.  ERR_INPUT (notation_check() says why);
 * *ret is then left alone. */
MUST_USE enum err
resident_code_parse(struct slice text, struct resident_code *ret);
/* NUL-terminated: as secret as the code. */
void resident_code_format(
    const struct resident_code *code, char ret[RESIDENT_CODE_DIGITS + 1]);
/* The 11 digits, borrowed: as secret as the code. */
struct slice resident_code_slice(const struct resident_code *code);

/* `body` < RESIDENT_CODE_BODIES. */
struct resident_code resident_code_from_body(uint64_t body);
uint64_t resident_code_body(const struct resident_code *code);

/* All 11 digits as an integer, for a column of a database. */
int64_t resident_code_to_int64(const struct resident_code *code);
/* ERR_INPUT if out of range or with a wrong check digit. */
MUST_USE enum err
resident_code_from_int64(int64_t value, struct resident_code *ret);

/* The time does not depend on the digits. */
bool resident_code_equal(
    const struct resident_code *a, const struct resident_code *b);

#endif
