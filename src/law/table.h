/*
 * A table in a text: TSV, LF, one header line, the same number of columns in
 * every line, UTF-8, no quoting.
 */
#ifndef BANGO_LAW_TABLE_H
#define BANGO_LAW_TABLE_H

#include "base/slice.h"

#define TABLE_COLUMNS_MAX 8

struct table {
	const char *name; /* for problems */
	size_t n_columns;
	struct slice rest;
	unsigned int line; /* of the last row; the header is line 1 */
	struct slice columns[TABLE_COLUMNS_MAX];
};

/* ERR_INPUT unless the first line is `header` (tabs between the names). */
MUST_USE enum err table_open(struct slice text, const char *name,
    const char *header, struct table *ret, struct problem *problem);
/* Read the next row into table->columns, borrowed from the text.  ERR_NOT_FOUND
 * at the end; ERR_INPUT for another number of columns, and for a column that is
 * empty or not printable text (text_is_printable()). */
MUST_USE enum err table_next(struct table *table, struct problem *problem);
/* The same for the next row whose first column is `first`.  The rows before it are
 * passed over without a check. */
MUST_USE enum err
table_next_of(struct table *table, struct slice first, struct problem *problem);

/* Only a to z, 0 to 9 and hyphens stand in it: a name in these files; true for an
 * empty one. */
bool law_is_word(struct slice text);

#endif
