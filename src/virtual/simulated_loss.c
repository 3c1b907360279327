/* Databases that are lost or put back to an older copy, and adopted. */
#include <stdlib.h>

#include "virtual/simulated_internal.h"

static struct member *
member_of(struct simulation *sim, const char *system)
{
	struct system_id id;

	if (system_id_parse(slice_of(system), &id))
		abort();

	return &sim->members[simulated_member(sim, &id)];
}

/* The copy, if there is one. */
static void
forget(struct member *m)
{
	if (m->has_kept)
		disk_done(&m->kept);
	m->has_kept = false;
}

void
simulation_keep(struct simulation *sim, const char *system)
{
	struct member *m = member_of(sim, system);

	forget(m);
	disk_read(m, &m->kept);
	m->kept_mark = m->mark;
	m->has_kept = true;
}

/* The files as they are found after the loss. */
static void
lose(struct member *m, enum simulation_loss loss)
{
	disk_erase(m);
	if (loss == LOSS_OF_ALL) {
		/* Another one takes its place: the copies are useless. */
		forget(m);
		return;
	}
	disk_write(m, &m->kept);
	if (loss == LOSS_OF_MACHINE)
		m->mark = m->kept_mark;
}

enum err
simulation_adopt(
    struct simulation *sim, const char *system, struct problem *problem)
{
	const struct adoption adoption = {ADOPT_OLDER, "it was put back"};
	struct member *m = member_of(sim, system);

	simulated_end(sim, m);
	TRY(simulated_adopt(sim, m, &adoption, problem));
	simulated_kick(sim, (size_t)(m - sim->members));

	return OK;
}

enum err
simulation_lose(struct simulation *sim, const char *system,
    enum simulation_loss loss, struct problem *refusal)
{
	struct member *m = member_of(sim, system);
	struct adoption adoption = {.reason = "it was lost"};
	struct problem problem = {0};
	enum err rc;

	if (!m->has_kept)
		loss = LOSS_OF_ALL;
	adoption.what = loss == LOSS_OF_ALL ? ADOPT_EMPTY : ADOPT_OLDER;
	sim->happened[FAULT_LOST]++;
	simulated_end(sim, m);
	lose(m, loss);
	problem_clear(refusal);
	rc = simulated_open(sim, m, refusal);
	if (rc)
		rc = simulated_adopt(sim, m, &adoption, &problem);
	if (rc == OK)
		rc = simulated_staff(sim, m, &problem);
	if (rc) {
		*refusal = problem;
		return rc;
	}
	sim->n_met = 0; /* an empty database knows nobody */
	simulated_kick(sim, (size_t)(m - sim->members));

	return OK;
}
