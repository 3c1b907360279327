/*
 * Loading a file of residents into a registry, over its HTTP API.
 *
 * The file is sent in chunks of whole lines.  Each chunk is repeated until it
 * is answered; the registry takes no chunk twice.  A registry that dies and is
 * started again by its supervisor therefore costs only time.  An import that is
 * run again goes on where it stopped (docs/formats.md).
 */
#ifndef BANGO_NATION_IMPORT_H
#define BANGO_NATION_IMPORT_H

#include <stdbool.h>

#include "nation/nation.h"

struct import_progress {
	int64_t bytes, size; /* of the file, taken in so far and in all */
	int64_t residents;   /* lines looked at, in this and earlier runs */
	int64_t resumed;     /* bytes that earlier runs had sent */
	int64_t ms;          /* since this run began */
};

struct import_options {
	bool strict;
	const char *encoding; /* "utf-8", "cp932"; NULL: the registry guesses */
	/* File for the rejects, written if there are any; an older one of that
	 * name is removed otherwise (file_remove()).  NULL: none. */
	const char *rejects;
	/* Without an answer; 0: two minutes, and five seconds before the first
	 * one of all, since the nation may not be up. */
	int64_t patience_ms;
	/* After every chunk; NULL: none. */
	void (*progress)(void *state, const struct import_progress *progress);
	/* Once for each call that is not answered and is repeated, for `ms` at
	 * most; NULL: none. */
	void (*waiting)(void *state, const char *why, int64_t ms);
	void *state;
};

struct import_totals {
	int64_t loaded, unchanged, rejected;
	int64_t ms;
	bool was_there; /* imported to its end before: nothing was done */
	bool refused;   /* strict, and nothing was loaded */
};

/*
 * ERR_NOT_FOUND or ERR_IO for the file, ERR_UNREACHABLE if patience ran out,
 * ERR_INPUT or ERR_CONFLICT with the registry's text if the registry refused,
 * ERR_CONFLICT if the file was changed since its digest was made, from which on
 * nothing is sent.
 * Rejected lines are no error.
 */
MUST_USE enum err import_file(struct nation *nation, const char *system_id,
    const char *path, const struct import_options *options,
    struct import_totals *ret, struct problem *problem);

#endif
