/*
 * A nation that is up for a while: for the demo, the benchmarks and tests.
 *
 * Founds a nation in a folder, starts `bango up` as a child, and stops it.
 */
#ifndef BANGO_MAIN_STAGE_H
#define BANGO_MAIN_STAGE_H

#include <sys/types.h>

#include "main/nation.h"

struct stage {
	char *dir;
	bool temporary; /* remove the folder in the end */
	struct nation *nation;
	pid_t up;
};

/*
 * `dir` NULL makes a temporary folder.  An existing nation in `dir` is used
 * as it is.  Ports that are taken are avoided: the first of a run of free
 * ones, from `port` on, is written into the founding file.
 */
MUST_USE enum err stage_open(const char *dir, uint16_t port, struct stage **ret,
    struct problem *problem);
/* Stop everything and release; a temporary folder goes. */
void stage_close(struct stage *stage);
/* Wait until the systems end, which they do when the supervisor is told to
 * stop. */
MUST_USE enum err stage_wait(struct stage *stage, struct problem *problem);

/* The process id of a system of the stage, 0 if it is not running. */
pid_t stage_system_pid(const struct stage *stage, const char *system_id);

#endif
