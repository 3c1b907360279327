/*
 * Figures for status and progress: rows, counted no more often than their
 * number allows.
 *
 * A database counts by reading an index from end to end, and nothing else is
 * done meanwhile.  A figure above COUNTS_ALWAYS is therefore kept, and used
 * again for one millisecond of the turn's time for each COUNTS_ROWS_PER_MS
 * rows: counting takes a small share of the time, however often it is asked
 * for.
 *
 * Rows are counted in a turn that writes nothing, so that undoing a turn
 * leaves no figure of rows that never existed.  A figure may include rows that
 * earlier turns of the batch wrote: a node that undoes a batch forgets all
 * figures.
 */
#ifndef BANGO_HOST_COUNTS_H
#define BANGO_HOST_COUNTS_H

#include "host/turn.h"

#define COUNTS_ALWAYS 100000
#define COUNTS_ROWS_PER_MS 1000
/* Different statements in the figures of one node. */
#define COUNTS_MAX 16

/* The number of rows that a statement counted. */
struct count {
	int statement;
	int64_t rows;
	struct instant at; /* when */
};

/* Initialised with zero; nothing to free. */
struct counts {
	struct count of[COUNTS_MAX];
	size_t n;
};

/* The number of rows of a figure at `now`, or not long before. */
MUST_USE enum err counts_rows(struct counts *counts, struct store *store,
    struct instant now, const struct figure *figure, int64_t *ret);
void counts_forget(struct counts *counts);

#endif
