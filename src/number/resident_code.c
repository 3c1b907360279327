#include "number/resident_code.h"

#include <assert.h>
#include <string.h>

#include "base/secret.h"
#include "crypto/hash.h"

enum err
resident_code_parse(struct slice text, struct resident_code *ret)
{
	if (notation_check(NOTATION_RESIDENT_CODE, text.data, text.len))
		return ERR_INPUT;
	memcpy(ret->digits, text.data, sizeof(ret->digits));

	return OK;
}

void
resident_code_format(
    const struct resident_code *code, char ret[RESIDENT_CODE_DIGITS + 1])
{
	memcpy(ret, code->digits, RESIDENT_CODE_DIGITS);
	ret[RESIDENT_CODE_DIGITS] = '\0';
}

struct slice
resident_code_slice(const struct resident_code *code)
{
	return slice_bytes(code->digits, sizeof(code->digits));
}

struct resident_code
resident_code_from_body(uint64_t body)
{
	struct resident_code code;
	enum notation_fault fault;

	assert(body < RESIDENT_CODE_BODIES);
	notation_write(body, code.digits, RESIDENT_CODE_DIGITS - 1);
	fault = notation_complete(NOTATION_RESIDENT_CODE, code.digits,
	    RESIDENT_CODE_DIGITS - 1, code.digits);
	assert(fault == NOTATION_FITS);

	return code;
}

uint64_t
resident_code_body(const struct resident_code *code)
{
	return notation_read(code->digits, RESIDENT_CODE_DIGITS - 1);
}

int64_t
resident_code_to_int64(const struct resident_code *code)
{
	return (int64_t)notation_read(code->digits, RESIDENT_CODE_DIGITS);
}

enum err
resident_code_from_int64(int64_t value, struct resident_code *ret)
{
	char digits[RESIDENT_CODE_DIGITS];
	enum err rc;

	if (value < 0 || (uint64_t)value >= 10 * RESIDENT_CODE_BODIES)
		return ERR_INPUT;
	notation_write((uint64_t)value, digits, sizeof(digits));
	rc = resident_code_parse(slice_bytes(digits, sizeof(digits)), ret);
	secret_wipe(digits, sizeof(digits));

	return rc;
}

bool
resident_code_equal(
    const struct resident_code *a, const struct resident_code *b)
{
	return secret_equal(a->digits, b->digits, sizeof(a->digits));
}
