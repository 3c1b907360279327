/*
 * One process for each system of a nation: start them, wait until they are
 * ready, start those that die again, stop them cleanly.
 */
#ifndef BANGO_NATION_SUPERVISOR_H
#define BANGO_NATION_SUPERVISOR_H

#include "nation/nation.h"

struct supervisor_options {
	const char *dir;
	struct passphrase_place passphrase; /* as for each system */
	const char *user; /* account_find(); NULL: the one that we are */
	int ready_fd;     /* gets one byte when all are ready; -1 */
	bool quiet;
	bool clock_was_ahead; /* as in struct node_options */
	/* The same; for the first start of each system, and not for one that
	 * died later. */
	struct adoption adoption;
};

/*
 * Run until SIGTERM or SIGINT.  SIGHUP is passed on.  ERR_BUSY if the nation
 * is up already; another error, with the text of the system's log, if a system
 * cannot start at all.
 */
MUST_USE enum err
supervise(const struct supervisor_options *options, struct problem *problem);

/* The process id in DIR/up.pid if that supervisor runs; 0 otherwise. */
int supervisor_pid(const char *dir);

#endif
