/*
 * The notations of the scheme's numbers: how many digits, and which of them
 * is the check digit of the others.
 *
 * This is the one implementation for the types of this layer
 * (individual_number.h and its neighbours), for the commands and for
 * libbango-number.  Because of the library it needs the C library alone and
 * includes nothing of base.
 *
 * A notation says nothing about whether a number was ever issued.
 */
#ifndef BANGO_NUMBER_NOTATION_H
#define BANGO_NUMBER_NOTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum notation {
	NOTATION_INDIVIDUAL,    /* 個人番号, 11 digits and a check digit */
	NOTATION_CORPORATE,     /* 法人番号, a check digit and 12 digits */
	NOTATION_RESIDENT_CODE, /* 住民票コード, 10 digits, a check digit */
	NOTATION_GOVERNMENT,    /* 全国地方公共団体コード, 5 and 1 */
};
#define NOTATION_COUNT (NOTATION_GOVERNMENT + 1)
#define NOTATION_DIGITS_MAX 13

enum notation_fault {
	NOTATION_FITS = 0,
	NOTATION_CHARACTERS,  /* something other than 0 to 9 */
	NOTATION_LENGTH,      /* not as many digits as the number has */
	NOTATION_BODY_LENGTH, /* the same of a number without check digit */
	NOTATION_CHECK_DIGIT, /* the check digit does not fit the others */
};

/* Digits of the whole number, check digit included. */
size_t notation_digits(enum notation notation);
/* The name in commands: "individual", "corporate", "resident-code",
 * "government". */
const char *notation_name(enum notation notation);
/* False if no notation has that name; *ret is then left alone. */
bool notation_find(const char *name, enum notation *ret);

/*
 * Is `text` exactly such a number, in ASCII digits without separators?
 * Where several things are wrong, the first of: characters, length, check
 * digit.
 */
enum notation_fault
notation_check(enum notation notation, const char *text, size_t len);
/*
 * The whole number of a body without check digit, notation_digits() many
 * characters, not NUL-terminated.  On a fault *ret is left alone.
 */
enum notation_fault notation_complete(
    enum notation notation, const char *body, size_t len, char *ret);

/* `n` decimal digits of `value`, leading zeros included, and back; 0 < n < 20.
 * The caller sees to it that the value fits. */
void notation_write(uint64_t value, char *ret, size_t n);
uint64_t notation_read(const char *digits, size_t n);

/* Why, for people: "not 12 digits long".  Static; names no digit. */
const char *notation_reason(enum notation notation, enum notation_fault fault);
/* Why, for programs: "check-digit".  Static and stable. */
const char *notation_token(enum notation_fault fault);

#endif
