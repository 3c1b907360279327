#include "number/government_code.h"

#include <string.h>

enum err
government_code_parse(struct slice text, struct government_code *ret)
{
	if (notation_check(NOTATION_GOVERNMENT, text.data, text.len))
		return ERR_INPUT;
	memcpy(ret->digits, text.data, sizeof(ret->digits));

	return OK;
}

enum err
government_code_complete(struct slice body, struct government_code *ret)
{
	if (notation_complete(
		NOTATION_GOVERNMENT, body.data, body.len, ret->digits))
		return ERR_INPUT;

	return OK;
}

void
government_code_format(
    const struct government_code *code, char ret[GOVERNMENT_CODE_DIGITS + 1])
{
	memcpy(ret, code->digits, GOVERNMENT_CODE_DIGITS);
	ret[GOVERNMENT_CODE_DIGITS] = '\0';
}

bool
government_code_equal(
    const struct government_code *a, const struct government_code *b)
{
	return memcmp(a->digits, b->digits, sizeof(a->digits)) == 0;
}

unsigned int
government_code_prefecture(const struct government_code *code)
{
	return (unsigned int)((code->digits[0] - '0') * 10 +
	    (code->digits[1] - '0'));
}
