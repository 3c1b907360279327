/* The processes of the simulated host: how they start and die. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "crypto/sign.h"
#include "virtual/simulated_internal.h"

/* --- The mark, in memory --------------------------------------------------- */

static enum err
load_mark(void *state, struct mark *ret, struct problem *problem)
{
	const struct member *m = state;

	(void)problem;
	if (!m->has_mark)
		return ERR_NOT_FOUND;
	*ret = m->mark;

	return OK;
}

static enum err
save_mark(void *state, const struct mark *mark, struct problem *problem)
{
	struct member *m = state;

	(void)problem;
	m->mark = *mark;
	m->has_mark = true;

	return OK;
}

/* --- Starting and dying --------------------------------------------------- */

static void
pass_on(void *state, const char *line)
{
	const struct simulation *sim = state;

	if (sim->log != NULL)
		sim->log(sim->log_state, line);
}

enum err
simulated_adopt(struct simulation *sim, struct member *m,
    const struct adoption *adoption, struct problem *problem)
{
	struct node_options options = {.system = m->system,
	    .id = m->id,
	    .database = m->database,
	    .keys = m->keys,
	    .settings = m->settings,
	    .place = &m->place,
	    .adoption = *adoption,
	    .random = random_seeded(&m->seed, m->seed.seed),
	    .now = simulated_clock(sim, m),
	    .log = pass_on,
	    .log_state = sim};

	m->place = (struct mark_place){.load = load_mark,
	    .save = save_mark,
	    .state = m,
	    .name = "the mark"};
	/* The generator goes on after a crash; it does not begin again. */
	m->seed.seed = random_u64(&sim->random);

	return node_open(&options, &m->node, problem);
}

enum err
simulated_open(
    struct simulation *sim, struct member *m, struct problem *problem)
{
	const struct adoption nothing = {ADOPT_NOTHING, NULL};

	return simulated_adopt(sim, m, &nothing, problem);
}

void
simulated_end(struct simulation *sim, struct member *m)
{
	simulated_trace(sim, 'C');
	node_close(m->node);
	m->node = NULL;
	memset(m->under_way, 0, sizeof(m->under_way));
	memset(m->not_before, 0, sizeof(m->not_before));
	m->tick.ms = 0;
}

/* The process dies; the next one finds `disk`, or, if that is NULL, the files
 * as they are: SQLite does the same work when it closes a database as it does
 * with its log after a kill. */
static void
die(struct simulation *sim, struct member *m, const struct disk *disk)
{
	struct problem problem = {0};
	enum err rc;

	simulated_end(sim, m);
	if (disk != NULL)
		disk_write(m, disk);
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

/* The others take the list, as if its signature had been verified. */
static enum err
take_revoked(struct simulation *sim, const struct member *revoked,
    const struct revoked_list *list, struct problem *problem)
{
	struct member *m;
	enum err rc = OK;

	for (m = sim->members; rc == OK && m < sim->members + sim->n_members;
	     m++) {
		if (m != revoked)
			rc = node_take_revoked(m->node, list, SLICE("a list"),
			    simulated_clock(sim, m), problem);
	}

	return rc;
}

enum err
simulation_revoke(struct simulation *sim, const char *system,
    const char *reason, struct problem *problem)
{
	struct revoked_entry keys[] = {
	    {.system = slice_of(system),
		.since = sim->now,
		.reason = slice_of(reason)},
	    {.system = slice_of(system),
		.since = sim->now,
		.reason = slice_of(reason)},
	};
	struct revoked_list list = {
	    .time = sim->now, .entries = keys, .n_entries = 2};
	const struct member *m;
	struct system_id id;
	struct key_id jwk;
	struct buf spki;
	enum err rc;

	if (system_id_parse(slice_of(system), &id))
		return ERR_INPUT;
	m = &sim->members[simulated_member(sim, &id)];
	jwk = signing_key_id(m->signing);
	buf_init(&spki);
	hex_encode(digest_slice(&m->fingerprint.digest), &spki);
	keys[0].spki = buf_slice(&spki);
	keys[1].jwk = slice_of(jwk.text);
	list.number = ++sim->revoked_number;
	rc = take_revoked(sim, m, &list, problem);
	buf_done(&spki);

	return rc;
}
