/*
 * Lines of a file of residents, put on record or rejected.
 *
 * Whatever a line may contradict is asked before it touches the database, so
 * that a bad line costs nothing and loses no other.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_APPLY_H
#define BANGO_SYSTEMS_REGISTRY_APPLY_H

#include "systems/registry/job.h"
#include "systems/registry/resident.h"

/* A line that was rejected; kept in memory where the database will be
 * undone. */
struct reject {
	int64_t line;
	struct row_fault fault;
};

/* More are counted, not kept. */
#define APPLY_REJECTS_MAX 10000

struct apply {
	struct turn *turn;
	struct registry_job_row *job;
	enum encoding encoding; /* of the job */
	struct tally tally;
	struct columns columns;
	struct date today;
	bool check_only;        /* look at the lines alone: nothing is loaded */
	struct reject *rejects; /* NULL: write them down at once */
	size_t n_rejects;
};

/* Reads the tally and the job's header line. */
MUST_USE enum err
apply_begin(struct turn *turn, struct registry_job_row *job, struct apply *ret);
/* The records in `text`, the first of which is on `line`.  *ret_line is the
 * line behind them. */
MUST_USE enum err apply_lines(
    struct apply *apply, struct slice text, int64_t line, int64_t *ret_line);
/* Writes the tally. */
MUST_USE enum err apply_end(struct apply *apply);

#endif
