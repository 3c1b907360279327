#include "number/individual_number.h"

#include <assert.h>
#include <string.h>

#include "base/secret.h"
#include "crypto/hash.h"

enum err
individual_number_parse(struct slice text, struct individual_number *ret)
{
	if (notation_check(NOTATION_INDIVIDUAL, text.data, text.len))
		return ERR_INPUT;
	memcpy(ret->digits, text.data, sizeof(ret->digits));

	return OK;
}

void
individual_number_format(const struct individual_number *number,
    char ret[INDIVIDUAL_NUMBER_DIGITS + 1])
{
	memcpy(ret, number->digits, INDIVIDUAL_NUMBER_DIGITS);
	ret[INDIVIDUAL_NUMBER_DIGITS] = '\0';
}

struct slice
individual_number_slice(const struct individual_number *number)
{
	return slice_bytes(number->digits, sizeof(number->digits));
}

struct individual_number
individual_number_from_body(uint64_t body)
{
	struct individual_number number;
	enum notation_fault fault;

	assert(body < INDIVIDUAL_NUMBER_BODIES);
	notation_write(body, number.digits, INDIVIDUAL_NUMBER_DIGITS - 1);
	fault = notation_complete(NOTATION_INDIVIDUAL, number.digits,
	    INDIVIDUAL_NUMBER_DIGITS - 1, number.digits);
	assert(fault == NOTATION_FITS);

	return number;
}

uint64_t
individual_number_body(const struct individual_number *number)
{
	return notation_read(number->digits, INDIVIDUAL_NUMBER_DIGITS - 1);
}

int64_t
individual_number_to_int64(const struct individual_number *number)
{
	return (int64_t)notation_read(number->digits, INDIVIDUAL_NUMBER_DIGITS);
}

enum err
individual_number_from_int64(int64_t value, struct individual_number *ret)
{
	char digits[INDIVIDUAL_NUMBER_DIGITS];
	enum err rc;

	if (value < 0 || (uint64_t)value >= 10 * INDIVIDUAL_NUMBER_BODIES)
		return ERR_INPUT;
	notation_write((uint64_t)value, digits, sizeof(digits));
	rc = individual_number_parse(slice_bytes(digits, sizeof(digits)), ret);
	secret_wipe(digits, sizeof(digits));

	return rc;
}

bool
individual_number_equal(
    const struct individual_number *a, const struct individual_number *b)
{
	return secret_equal(a->digits, b->digits, sizeof(a->digits));
}
