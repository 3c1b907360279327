/*
 * A table of tab-separated values in memory: rows of slices.
 *
 * For the tables of data/, which are well-formed: UTF-8, LF, one header line,
 * no quoting.
 */
#ifndef BANGO_LAB_TABLE_H
#define BANGO_LAB_TABLE_H

#include "base/slice.h"

#define TABLE_COLUMNS_MAX 6

struct table {
	struct slice (*rows)[TABLE_COLUMNS_MAX];
	size_t n;
};

/* Cut `text` into rows, without the header; a row for which `keep` (may be
 * NULL) returns false is left out.  The slices point into `text`. */
void table_read(struct table *ret, struct slice text,
    bool (*keep)(const struct slice *row, const void *state),
    const void *state);
void table_done(struct table *table);

/* The tables inside the program (embedded.S). */
struct slice table_family_names(void);
struct slice table_given_names(void);
struct slice table_towns(void);
struct slice table_local_governments(void);

#endif
