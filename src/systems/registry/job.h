/*
 * An import's row: which file, how far it is, what came of it.
 *
 * The import's id is the first half of the file's digest, so that the same
 * file is the same import.  The digest is the caller's word: it says which
 * import is meant, not that nothing was altered on the way.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_JOB_H
#define BANGO_SYSTEMS_REGISTRY_JOB_H

#include "host/turn.h"
#include "systems/registry/row.h"

enum job_state {
	JOB_OPEN,
	JOB_FINISHED,
	JOB_REFUSED, /* strict, and something was rejected: nothing loaded */
};

struct job {
	struct slice id; /* 32 hex digits */
	struct slice digest;
	struct slice name;
	int64_t size;
	bool strict;
	enum job_state state;
	enum encoding encoding;
	struct slice header; /* the first line as it came; empty: not yet */
	int64_t next_offset;
	int64_t next_line;
	int64_t loaded;
	int64_t unchanged;
	int64_t rejected;
	struct instant started;
	struct instant finished; /* 0: not */
};

/* Copied into the turn's arena.  ERR_NOT_FOUND, with a problem. */
MUST_USE enum err job_load(struct turn *turn, struct slice id, struct job *ret);
MUST_USE enum err job_add(struct turn *turn, const struct job *job);
MUST_USE enum err job_store(struct turn *turn, const struct job *job);

/* Record that a line was not loaded; counts. */
MUST_USE enum err job_reject(struct turn *turn, struct job *job, int64_t line,
    const struct row_fault *fault);
/* Forget rejects and staged chunks. */
MUST_USE enum err job_forget(struct turn *turn, const struct job *job);

json_t *job_to_json(const struct job *job);

#endif
