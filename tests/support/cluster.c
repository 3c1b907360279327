#include "tests/support/cluster.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

/* A line for each start of the server. */
static off_t
starts(void)
{
	struct stat st;
	char path[200];

	snprintf(path, sizeof(path), "%s/starts", getenv("PGHOST"));
	return stat(path, &st) == 0 ? st.st_size : -1;
}

void
cluster_restart(enum cluster_stop how)
{
	struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
	off_t before = starts();

	kill((pid_t)strtol(getenv("BANGO_TEST_CLUSTER"), NULL, 10),
	    how == CLUSTER_CRASH ? SIGUSR2 : SIGUSR1);
	while (starts() == before)
		nanosleep(&moment, NULL);
}
