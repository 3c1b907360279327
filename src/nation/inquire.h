/*
 * A file of inquiries in, a file of results out, over an office's HTTP API.
 *
 * An inquiry is identified by the file's digest and its line: the same file
 * again asks nothing twice, and so an interrupted run goes on where it stopped.
 */
#ifndef BANGO_NATION_INQUIRE_H
#define BANGO_NATION_INQUIRE_H

#include "nation/nation.h"

struct inquire_options {
	const char *output; /* the file of results */
	const char *unit;   /* the organisation unit that asks */
	bool quiet;
	int64_t patience_ms; /* for the answers; 0: do not wait at all */
};

struct inquire_totals {
	int64_t asked;   /* in this run */
	int64_t known;   /* in earlier runs */
	int64_t waiting; /* without an answer when the results were written */
	int64_t results;
	int64_t unknown; /* of them refused because nobody has that number */
};

/* ERR_INPUT for a malformed file, of which nothing was asked, or for a line that
 * the offices refuse, which the problem names, and whose part of the file was
 * not asked; ERR_NOT_FOUND, ERR_IO, ERR_UNREACHABLE. */
MUST_USE enum err inquire_file(struct nation *nation, const char *system_id,
    const char *path, const struct inquire_options *options,
    struct inquire_totals *ret, struct problem *problem);

#endif
