/* The processes of the simulated host: how they start and die. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "virtual/simulated_internal.h"

enum err
simulated_open(
    struct simulation *sim, struct member *m, struct problem *problem)
{
	struct node_options options = {.system = m->system,
	    .id = m->id,
	    .database = m->database,
	    .keys = m->keys,
	    .settings = m->settings,
	    .random = random_seeded(&m->seed, m->seed.seed),
	    .now = simulated_clock(sim, m)};

	/* The generator goes on after a crash; it does not begin again. */
	m->seed.seed = random_u64(&sim->random);

	return node_open(&options, &m->node, problem);
}

/* The process dies; the next one finds `disk`, or, if that is NULL, the files
 * as they are: SQLite does the same work when it closes a database as it does
 * with its log after a kill. */
static void
die(struct simulation *sim, struct member *m, const struct disk *disk)
{
	struct problem problem = {0};
	enum err rc;

	simulated_trace(sim, 'C');
	node_close(m->node);
	m->node = NULL;
	if (disk != NULL)
		disk_write(m, disk);
	memset(m->under_way, 0, sizeof(m->under_way));
	memset(m->not_before, 0, sizeof(m->not_before));
	m->tick.ms = 0;
	rc = simulated_open(sim, m, &problem);
	if (rc) {
		fprintf(stderr, "simulation: %s does not start again: %s\n",
		    m->id.text, problem.text);
		abort();
	}
}

void
simulated_crash(struct simulation *sim, struct member *m)
{
	die(sim, m, NULL);
}

void
simulated_rip(struct simulation *sim, struct member *m)
{
	struct problem problem = {0};
	struct disk before, after;

	disk_read(m, &before);
	if (node_commit(m->node, &problem))
		simulated_trace(sim, 'F');
	disk_read(m, &after);
	disk_tear(sim, &before, &after);
	/* Pages are moved out of the log after a commit: undo that. */
	buf_clear(&after.files[0]);
	buf_add(&after.files[0], buf_slice(&before.files[0]));
	die(sim, m, &after);
	disk_done(&before);
	disk_done(&after);
}
