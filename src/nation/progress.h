/*
 * Progress of long work on standard error: a bar with count, rate and time
 * left on a terminal; a plain line every few seconds elsewhere.
 */
#ifndef BANGO_NATION_PROGRESS_H
#define BANGO_NATION_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what;
	int64_t total;
	int64_t started; /* monotonic ms */
	int64_t shown;
	bool terminal;
	bool quiet; /* show nothing: for the caller to set, once it has begun */
};

/* `total` in the unit that is counted; `what` is borrowed. */
void progress_begin(struct progress *p, const char *what, int64_t total);
/* Shows at most ten times a second, or every five seconds off a terminal. */
void progress_show(struct progress *p, int64_t done);
/* The last line, with the rate over all. */
void progress_end(struct progress *p, int64_t done);

#endif
