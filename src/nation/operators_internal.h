/* Shared by the files of operators.h. */
#ifndef BANGO_NATION_OPERATORS_INTERNAL_H
#define BANGO_NATION_OPERATORS_INTERNAL_H

#include "nation/operators.h"

/* The entry of a holder of that name who is not revoked; NULL if there is none.
 * Borrowed. */
json_t *operators_entry(
    const json_t *document, struct slice organisation, struct slice name);
/* An entry without its duties, which are borrowed.  ERR_INPUT. */
MUST_USE enum err operators_read_entry(const json_t *entry,
    const json_t **ret_duties, struct holder *ret, struct problem *problem);

#endif
