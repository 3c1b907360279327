/*
 * Internal addressee numbers (団体内統合宛名番号).
 *
 * Each organisation gives each person one number of its own; 15 decimal
 * digits with leading zeros, as in the files of the relays.  Numbers are
 * random, so that the numbers of one organisation say nothing about those of
 * another.
 *
 * A number is not secret, but personal data: it stands for a person within the
 * organisation, and never leaves the organisation.
 */
#ifndef BANGO_NUMBER_INTERNAL_NUMBER_H
#define BANGO_NUMBER_INTERNAL_NUMBER_H

#include <stdint.h>

#include "base/slice.h"
#include "crypto/random.h"

#define INTERNAL_NUMBER_DIGITS 15
#define INTERNAL_NUMBER_MAX INT64_C(999999999999999)

struct internal_number {
	int64_t value; /* 1 .. INTERNAL_NUMBER_MAX; 0: none */
};

/* Exactly 15 digits, not all zero; ERR_INPUT otherwise. */
MUST_USE enum err
internal_number_parse(struct slice text, struct internal_number *ret);
/* NUL-terminated. */
void internal_number_format(
    struct internal_number number, char ret[INTERNAL_NUMBER_DIGITS + 1]);
/* As a column of a database holds it. */
int64_t internal_number_to_int64(struct internal_number number);
struct internal_number internal_number_of_int64(int64_t value);
/* A random number.  The caller asks the database whether it is taken. */
struct internal_number internal_number_random(const struct random *random);

#endif
