/*
 * Look-alikes: when two spellings may be one person's.
 *
 * text_is_alike() and attributes_are_alike() ignore differences that carry no
 * meaning, and may identify a person.  name_is_alike() and
 * attributes_may_be_one() go further: they find candidates for a clerk to look
 * at, and must not identify anybody.
 */
#ifndef BANGO_PERSON_ALIKE_H
#define BANGO_PERSON_ALIKE_H

#include "person/attributes.h"

/* Equal but for spaces (U+0020, U+3000) and the width of digits. */
bool text_is_alike(struct arena *arena, struct slice a, struct slice b);

/* The four attributes: birth and sex equal, name and address alike. */
bool attributes_are_alike(struct arena *arena, const struct attributes *a,
    const struct attributes *b);

/* The whole name, or the given name alone (the part after the last space), is
 * the same to text_fold().  An empty name is like no other name. */
bool name_is_alike(struct arena *arena, struct slice a, struct slice b);

/*
 * Somebody's name or alias is like the other's name or alias, or the kana
 * are alike: surnames change, and names are written in another way.  Not
 * compared: birth, sex, address.
 */
bool attributes_may_be_one(struct arena *arena, const struct attributes *a,
    const struct attributes *b);

#endif
