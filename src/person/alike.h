/*
 * Look-alikes: when two spellings may be one person's.
 *
 * text_is_alike() and attributes_are_alike() ignore differences that carry no
 * meaning, and may identify a person.  attributes_confirm() judges the owner
 * whom a number has found, and finds nobody itself.  name_is_alike() and
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

/*
 * Whether somebody who believes `said` about the owner of a number means the
 * person of the record `held`: birth and sex are equal, and the name that was
 * said is the name, the alias, or the former surname with the given name, or
 * both have the same kana; all as text_fold() writes them.  The address is not
 * compared.  A refusal takes the same work, whichever attribute differs.
 */
bool attributes_confirm(struct arena *arena, const struct attributes *said,
    const struct attributes *held);

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
