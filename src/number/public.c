/* libbango-number.  Built of this file and notation.c, and nothing else. */
#include "number/bango-number.h"

#include <string.h>

#include "number/notation.h"

#if NOTATION_DIGITS_MAX != BANGO_NUMBER_DIGITS_MAX
#error "the public header promises less room than a number takes"
#endif

static bool
notation_of(int kind, enum notation *ret)
{
	switch (kind) {
	case BANGO_NUMBER_INDIVIDUAL:
		*ret = NOTATION_INDIVIDUAL;
		return true;
	case BANGO_NUMBER_CORPORATE:
		*ret = NOTATION_CORPORATE;
		return true;
	case BANGO_NUMBER_RESIDENT_CODE:
		*ret = NOTATION_RESIDENT_CODE;
		return true;
	case BANGO_NUMBER_GOVERNMENT:
		*ret = NOTATION_GOVERNMENT;
		return true;
	default: /* an int from outside, not an enum */
		return false;
	}
}

static int
result_of(enum notation_fault fault)
{
	switch (fault) {
	case NOTATION_FITS:
		return BANGO_NUMBER_VALID;
	case NOTATION_CHARACTERS:
		return BANGO_NUMBER_BAD_CHARACTER;
	case NOTATION_LENGTH:
	case NOTATION_BODY_LENGTH:
		return BANGO_NUMBER_BAD_LENGTH;
	case NOTATION_CHECK_DIGIT:
		return BANGO_NUMBER_BAD_CHECK_DIGIT;
	}

	return BANGO_NUMBER_MISUSE;
}

size_t
bango_number_digits(int kind)
{
	enum notation notation;

	return notation_of(kind, &notation) ? notation_digits(notation) : 0;
}

int
bango_number_check(int kind, const char *text)
{
	enum notation notation;

	if (text == NULL || !notation_of(kind, &notation))
		return BANGO_NUMBER_MISUSE;

	return result_of(notation_check(notation, text, strlen(text)));
}

int
bango_number_complete(int kind, const char *body, char *ret, size_t size)
{
	enum notation_fault fault;
	enum notation notation;

	if (body == NULL || ret == NULL || !notation_of(kind, &notation) ||
	    size <= notation_digits(notation))
		return BANGO_NUMBER_MISUSE;
	fault = notation_complete(notation, body, strlen(body), ret);
	if (fault == NOTATION_FITS)
		ret[notation_digits(notation)] = '\0';

	return result_of(fault);
}

const char *
bango_number_text(int result)
{
	switch (result) {
	case BANGO_NUMBER_VALID:
		return "valid";
	case BANGO_NUMBER_BAD_CHARACTER:
		return "a character other than the digits 0 to 9";
	case BANGO_NUMBER_BAD_LENGTH:
		return "not as many digits as such a number has";
	case BANGO_NUMBER_BAD_CHECK_DIGIT:
		return "the check digit does not fit the others";
	default: /* an int from outside, not an enum */
		return "wrong use of the library";
	}
}

const char *
bango_number_version(void)
{
	return BANGO_VERSION;
}
