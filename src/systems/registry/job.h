/*
 * An import's row: the file, the progress and the result.
 *
 * The import's id is the first half of the file's digest, so that the same file
 * is the same import.  The digest is stated by the caller and not checked: it
 * identifies the import, and does not prove that the file was not altered.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_JOB_H
#define BANGO_SYSTEMS_REGISTRY_JOB_H

#include "host/system.h"
#include "registry_rows.h"
#include "systems/registry/row.h"

#define JOB_OPEN SLICE("open")
#define JOB_FINISHED SLICE("finished")
/* A strict import with a rejected line: nothing was loaded. */
#define JOB_REFUSED SLICE("refused")

/* Copied into the turn's arena.  ERR_NOT_FOUND, with a problem. */
MUST_USE enum err
job_load(struct turn *turn, struct slice id, struct registry_job_row *ret);
MUST_USE enum err
job_add(struct turn *turn, const struct registry_job_row *job);
MUST_USE enum err
job_store(struct turn *turn, const struct registry_job_row *job);
bool job_is(const struct registry_job_row *job, struct slice state);

/* Record that a line was not loaded, and count it. */
MUST_USE enum err job_reject(struct turn *turn, struct registry_job_row *job,
    int64_t line, const struct row_fault *fault);
/* Delete rejects and staged chunks. */
MUST_USE enum err
job_forget(struct turn *turn, const struct registry_job_row *job);

/* Answer 200 with the import's progress. */
void job_answer(const struct registry_job_row *job, struct reply *reply);

#endif
