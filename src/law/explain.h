/* Decisions explained to people: the missing part, and values that fit. */
#ifndef BANGO_LAW_EXPLAIN_H
#define BANGO_LAW_EXPLAIN_H

#include "law/law.h"

/* "affair", "inquirer", "item", "provider", or empty; static. */
const char *law_missing_name(enum law_missing missing);
/* The names of a set, with 「、」 between; appended. */
void law_put_names(
    struct buf *to, const struct law *law, const struct law_names *names);
/* Append the values that would fit in the place of the missing part; nothing if
 * there are none. */
void law_put_fitting(struct buf *to, const struct law *law,
    const struct law_question *question, enum law_missing missing);

#endif
