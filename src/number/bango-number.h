/*
 * libbango-number: check and complete the numbers of Japan's My Number
 * scheme.  It is for business systems that need no more than that, and needs
 * the C library alone.
 *
 * The functions are pure: no state, no memory to free, safe in any thread.
 * They check the notation.  Whether a number was ever issued, or to whom,
 * they cannot know.
 *
 * Values of the enums never change their meaning; later versions may add.
 */
#ifndef BANGO_NUMBER_H
#define BANGO_NUMBER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum bango_number_kind {
	/* 個人番号: 11 digits and a check digit */
	BANGO_NUMBER_INDIVIDUAL = 1,
	/* 法人番号: a check digit and 12 digits */
	BANGO_NUMBER_CORPORATE = 2,
	/* 住民票コード: 10 digits and a check digit, whose formula is an
	 * assumption, as the public notice that defines it is not at hand */
	BANGO_NUMBER_RESIDENT_CODE = 3,
	/* 全国地方公共団体コード: 5 digits and a check digit */
	BANGO_NUMBER_GOVERNMENT = 4,
};

enum bango_number_result {
	BANGO_NUMBER_VALID = 0,
	BANGO_NUMBER_BAD_CHARACTER = 1, /* other than ASCII 0 to 9 */
	BANGO_NUMBER_BAD_LENGTH = 2,
	BANGO_NUMBER_BAD_CHECK_DIGIT = 3,
	BANGO_NUMBER_MISUSE = 4, /* NULL, no such kind, or no room */
};

/* The most digits of a whole number, check digit included, without the NUL. */
#define BANGO_NUMBER_DIGITS_MAX 13

/* Digits of a number of that kind; 0 if there is no such kind. */
size_t bango_number_digits(int kind);

/*
 * Is `text` exactly such a number?  Separators, spaces and full-width digits
 * are not allowed: take them out first.  Returns an enum
 * bango_number_result; where several things are wrong, the first in its
 * order.
 */
int bango_number_check(int kind, const char *text);

/*
 * Write the whole number, NUL-terminated, of a body without its check digit
 * into `ret`, which has `size` bytes (BANGO_NUMBER_DIGITS_MAX + 1 always
 * suffice).  Returns an enum bango_number_result; unless it is
 * BANGO_NUMBER_VALID, `ret` is left alone.
 */
int bango_number_complete(int kind, const char *body, char *ret, size_t size);

/* The result in English; never NULL, static. */
const char *bango_number_text(int result);

/* The version of the library that runs, "0.2.0". */
const char *bango_number_version(void);

#ifdef __cplusplus
}
#endif

#endif
