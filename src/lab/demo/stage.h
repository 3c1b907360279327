/*
 * A nation that is up for a while: for the demo, the benchmarks and tests.
 *
 * Founds a nation in a folder, starts `bango up` as a child, and stops it.
 */
#ifndef BANGO_LAB_STAGE_H
#define BANGO_LAB_STAGE_H

#include <sys/types.h>

#include "nation/nation.h"

struct stage {
	char *dir;
	bool temporary; /* remove the folder in the end */
	struct nation *nation;
	pid_t up;
};

struct stage_options {
	/* The folder; NULL makes a temporary one.  An existing nation in it is
	 * used as it is. */
	const char *dir;
	/* The first port to try: a run of free ones from there on is written
	 * into the founding file.  0: anywhere. */
	uint16_t port;
	/* As in a founding file; NULL: SQLite.  Databases on PostgreSQL are
	 * not removed. */
	const char *database;
	/* The path of bango, which runs the systems; NULL: the one beside
	 * this program. */
	const char *program;
};

MUST_USE enum err stage_open(const struct stage_options *options,
    struct stage **ret, struct problem *problem);
/* Stop the systems and keep the files, which may be read then. */
void stage_stop(struct stage *stage);
/* Stop everything and free the stage; a temporary folder is removed. */
void stage_close(struct stage *stage);

/* Kill a system, which stays down: its supervisor is stopped until
 * stage_go_on().  ERR_NOT_FOUND if the system is not running. */
MUST_USE enum err
stage_kill(struct stage *stage, const char *system_id, struct problem *problem);
void stage_go_on(struct stage *stage);

/* The process id of a system of the stage, 0 if it is not running. */
pid_t stage_system_pid(const struct stage *stage, const char *system_id);

#endif
