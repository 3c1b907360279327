/*
 * Where benchmarks are made: temporary folders, and a process of their own,
 * so that nothing is left of them whatever ends them.
 */
#ifndef BANGO_BENCH_WORKSHOP_H
#define BANGO_BENCH_WORKSHOP_H

#include "base/err.h"

#define WORKSHOP_PATH_MAX 96

/*
 * Do `work` in a child; its result.  When it has ended, or on SIGINT or
 * SIGTERM, all processes that it left are ended and all its folders removed.
 */
int workshop_run(int (*work)(void *state), void *state);

/* A new folder on the disk of TMPDIR, or of /tmp; within the work. */
MUST_USE enum err
workshop_folder(char ret[WORKSHOP_PATH_MAX], struct problem *problem);
/* The same in memory. */
MUST_USE enum err
workshop_memory(char ret[WORKSHOP_PATH_MAX], struct problem *problem);
/* Remove one before the end. */
void workshop_remove(const char *folder);

#endif
