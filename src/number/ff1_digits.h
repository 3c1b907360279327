/*
 * FF1 (ff1.h) for many numbers at once: radix 10, no tweak, AES-256, and
 * numbers of 10 or 11 decimal digits, that is, the bodies of Resident Record
 * Codes and of Individual Numbers.
 *
 * All the numbers of a batch go through a round together, so that AES is
 * called once a round and not once a number.  The result is FF1's, numeral
 * for numeral; the time does not depend on key or numbers.
 *
 * A struct ff1_digits holds a key and scratch memory of its own (about 25 KiB
 * of heap): ff1_digits_free() wipes both.  Not for two threads at once.
 */
#ifndef BANGO_NUMBER_FF1_DIGITS_H
#define BANGO_NUMBER_FF1_DIGITS_H

#include <stdint.h>

#include "base/slice.h"

#define FF1_DIGITS_KEY_LEN 32

enum ff1_length {
	FF1_LENGTH_10 = 10, /* values < 10^10 */
	FF1_LENGTH_11 = 11, /* values < 10^11 */
};

struct ff1_digits;

/* `key` of exactly 32 bytes; ERR_INPUT otherwise. */
MUST_USE enum err ff1_digits_new(
    struct slice key, enum ff1_length length, struct ff1_digits **ret);
void ff1_digits_free(struct ff1_digits *ff1); /* NULL is fine */

/* In place, `n` values, each below 10^length: the caller's duty, a greater
 * one ends the process. */
void ff1_digits_encrypt(struct ff1_digits *ff1, uint64_t *values, size_t n);
void ff1_digits_decrypt(struct ff1_digits *ff1, uint64_t *values, size_t n);

#endif
