/*
 * Lines of a file of residents, put on record or rejected.
 *
 * A line is checked against the record before it changes the database, so that a
 * bad line has no effect and does not affect the others.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_APPLY_H
#define BANGO_SYSTEMS_REGISTRY_APPLY_H

#include "systems/registry/job.h"
#include "systems/registry/resident.h"

/* A line that was rejected; kept in memory if the database will be rolled
 * back. */
struct reject {
	int64_t line;
	struct row_fault fault;
};

/* Further rejected lines are counted, not kept. */
#define APPLY_REJECTS_MAX 10000

struct apply {
	struct turn *turn;
	struct registry_job_row *job;
	enum encoding encoding; /* of the job */
	struct tally tally;
	struct columns columns;
	struct date today;
	bool check_only;        /* check the lines only, load nothing */
	struct reject *rejects; /* NULL: write them down at once */
	size_t n_rejects;
};

/* Reads the tally and the job's header line. */
MUST_USE enum err
apply_begin(struct turn *turn, struct registry_job_row *job, struct apply *ret);
/* Apply the records in `text`, the first of which is on `line`.  *ret_line is the
 * line after them. */
MUST_USE enum err apply_lines(
    struct apply *apply, struct slice text, int64_t line, int64_t *ret_line);
/* Writes the tally. */
MUST_USE enum err apply_end(struct apply *apply);

#endif
