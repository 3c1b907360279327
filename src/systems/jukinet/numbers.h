/*
 * Individual Numbers and their owners (番号法8条, 施行令6条).
 *
 * No number is stored.  A person's number follows from the code, the
 * generation (0 for the first number, one more with each change) and the
 * epoch of the key; decrypting a number tells whose it is.  Under a newer epoch,
 * a generation is left out if an older epoch has made the same number for
 * somebody.
 *
 * The code is the one that the person had when the number was made: a person who
 * gets another code keeps the number (docs/decisions/0013-a-changed-code.md).
 */
#ifndef BANGO_SYSTEMS_JUKINET_NUMBERS_H
#define BANGO_SYSTEMS_JUKINET_NUMBERS_H

#include "number/individual_number.h"
#include "person/attributes.h"
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
 * For each of `n` codes, make the first number from generation `first` on that
 * was never given.  If a code has none left, its generation in ret_generations
 * is GENERATION_MAX + 1.
 */
MUST_USE enum err numbers_make(struct turn *turn, const uint64_t *code_bodies,
    size_t n, int64_t first, struct generation *ret_generations,
    struct individual_number *ret);

/* The owner of a number, and the row that was read, in the arena. */
struct number_owner {
	struct serial serial; /* 0: never generated */
	struct serial code;   /* the person's current one */
	uint64_t code_body;   /* its body */
	bool is_current;      /* false: the person has another one now */
	struct serial read;   /* the row's; 0: none was read */
	struct slice municipality;
	struct attributes attributes; /* without the address */
};
MUST_USE enum err
numbers_find(struct turn *turn, const struct individual_number *numbers,
    size_t n, struct number_owner *ret);
/*
 * Do for a number that will be refused what was not done for it yet of the work
 * for any other: read a decoy row (serial 1) where there was none to read, and
 * look for a former number.  `owner->serial` and `is_current` stay.
 */
MUST_USE enum err
numbers_work_alike(struct turn *turn, struct number_owner *owner);

#endif
