#include "number/corporate_number.h"

#include <string.h>

enum err
corporate_number_parse(struct slice text, struct corporate_number *ret)
{
	if (notation_check(NOTATION_CORPORATE, text.data, text.len))
		return ERR_INPUT;
	memcpy(ret->digits, text.data, sizeof(ret->digits));

	return OK;
}

enum err
corporate_number_complete(struct slice base, struct corporate_number *ret)
{
	if (notation_complete(
		NOTATION_CORPORATE, base.data, base.len, ret->digits))
		return ERR_INPUT;

	return OK;
}

void
corporate_number_format(const struct corporate_number *number,
    char ret[CORPORATE_NUMBER_DIGITS + 1])
{
	memcpy(ret, number->digits, CORPORATE_NUMBER_DIGITS);
	ret[CORPORATE_NUMBER_DIGITS] = '\0';
}

bool
corporate_number_equal(
    const struct corporate_number *a, const struct corporate_number *b)
{
	return memcmp(a->digits, b->digits, sizeof(a->digits)) == 0;
}
