/*
 * Individual Numbers: which number is whose (番号法8条, 施行令6条).
 *
 * No number is stored.  A person's number follows from the code, the
 * generation (0 for the first number, one more with each change) and the
 * epoch of the key; whose a number is, is decided by decrypting it.  Under a
 * newer epoch a generation is left out whose number an older epoch has made
 * for somebody.
 *
 * The code is the one that the person had when the number was made: who gets
 * another code keeps the number (docs/decisions/0013-a-changed-code.md).
 */
#ifndef BANGO_SYSTEMS_JUKINET_NUMBERS_H
#define BANGO_SYSTEMS_JUKINET_NUMBERS_H

#include "number/individual_number.h"
#include "systems/jukinet/designation.h"

#define GENERATION_MAX 9 /* one digit: ten numbers of a code */

struct generation {
	int64_t generation;
	int64_t epoch;
};

/* The number of a code's body in a generation that was made before. */
struct individual_number numbers_of(
    const struct turn *turn, uint64_t code_body, struct generation generation);

/*
 * Make the first number from generation `first` on that is nobody's, for
 * each of `n` codes.  Where there is none left, ret_generations has
 * GENERATION_MAX + 1.
 */
MUST_USE enum err numbers_make(struct turn *turn, const uint64_t *code_bodies,
    size_t n, int64_t first, struct generation *ret_generations,
    struct individual_number *ret);

/* Whose number it is. */
struct number_owner {
	struct serial serial; /* 0: never generated */
	struct serial code;   /* the person's of today */
	uint64_t code_body;   /* the same */
	bool is_current;      /* false: the person has another one now */
};
MUST_USE enum err
numbers_find(struct turn *turn, const struct individual_number *numbers,
    size_t n, struct number_owner *ret);

#endif
