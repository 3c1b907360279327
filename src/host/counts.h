/*
 * Figures for status and progress: rows, counted no more often than their
 * number allows.
 *
 * A database counts by reading an index from end to end, and nothing else is
 * done meanwhile.  So what was counted above COUNTS_ALWAYS is kept, and used
 * again for one millisecond of the turn's time for each COUNTS_ROWS_PER_MS
 * rows: whoever looks how often, counting takes a small share of the time.
 *
 * Whoever counts does it in a turn that writes nothing, so that undoing a turn
 * leaves no figure of rows that never were.  What a batch wrote before may be
 * in it: the node forgets all figures with a batch that is undone.
 */
#ifndef BANGO_HOST_COUNTS_H
#define BANGO_HOST_COUNTS_H

#include "host/turn.h"

#define COUNTS_ALWAYS 100000
#define COUNTS_ROWS_PER_MS 1000
/* Different statements in the figures of one node. */
#define COUNTS_MAX 16

/* What a statement counted. */
struct count {
	int statement;
	int64_t rows;
	struct instant at; /* when */
};

/* Zero is a good beginning; nothing to free. */
struct counts {
	struct count of[COUNTS_MAX];
	size_t n;
};

/* The rows of a figure at `now`, or not long before. */
MUST_USE enum err counts_rows(struct counts *counts, struct store *store,
    struct instant now, const struct figure *figure, int64_t *ret);
void counts_forget(struct counts *counts);

#endif
