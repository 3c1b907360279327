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

/* A holder's folder, in `ret`, emptied first. */
void operators_folder(struct buf *ret, const char *dir,
    struct slice organisation, struct slice name);

struct operators_renewal {
	struct authority *ca;
	const char *dir;
	const char *organisation; /* NULL: all */
	struct config *config;
	struct instant now;
	int64_t before_ms;    /* an end within this time is due */
	struct instant until; /* the new end */
	bool ended;           /* also those that have ended */
	struct buf *told;     /* gets a line for each holder */
};
/* Renew certificates and duties that are due; the keys stay.  Adds to the numbers
 * of those that were renewed, and of those that have ended. */
MUST_USE enum err operators_renew(const struct operators_renewal *renewal,
    size_t *ret_n, size_t *ret_ended, struct problem *problem);

#endif
