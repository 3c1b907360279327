/*
 * Linkage codes (情報提供用個人識別符号, 符号).
 *
 * The name of a person in the network for one organisation: 128 bits, another
 * code for each organisation, so that two organisations cannot tell from their
 * codes that they speak of the same person.  Legally a code is an Individual
 * Number in the wide sense (番号法2条9項).  The network alone knows how codes
 * are made and converted; to everybody else they are opaque.
 *
 * A struct linkage_code is secret: never log it, never put it in an error,
 * compare it with linkage_code_equal() only.  The host wipes the memory of a
 * turn (decision 0032); a copy that outlives its turn is yours to wipe.
 */
#ifndef BANGO_NUMBER_LINKAGE_CODE_H
#define BANGO_NUMBER_LINKAGE_CODE_H

#include <stdint.h>

#include "base/slice.h"

#define LINKAGE_CODE_LEN 16
#define LINKAGE_CODE_DIGITS (2 * LINKAGE_CODE_LEN)

struct linkage_code {
	uint8_t bytes[LINKAGE_CODE_LEN];
};

/* Parse exactly 32 lower-case hex digits, one text for each code.  ERR_INPUT
 * otherwise; *ret is then left alone. */
MUST_USE enum err
linkage_code_parse(struct slice text, struct linkage_code *ret);
/* The 16 bytes, as linkage_code_slice() gave them; ERR_INPUT if they are not
 * 16. */
MUST_USE enum err
linkage_code_from_bytes(struct slice bytes, struct linkage_code *ret);
/* NUL-terminated: as secret as the code. */
void linkage_code_format(
    const struct linkage_code *code, char ret[LINKAGE_CODE_DIGITS + 1]);
/* The 16 bytes, borrowed: as secret as the code. */
struct slice linkage_code_slice(const struct linkage_code *code);
/* The time does not depend on the bytes. */
bool
linkage_code_equal(const struct linkage_code *a, const struct linkage_code *b);

#endif
