/* The simulated host's chances, clocks and trace. */
#include <stdlib.h>

#include "virtual/simulated_internal.h"

void
simulated_trace(struct simulation *sim, uint64_t value)
{
	sim->trace = (sim->trace ^ value) * 0x100000001b3ull;
}

bool
simulated_chance(
    struct simulation *sim, enum simulation_fault fault, int per_mille)
{
	/* A fault that is switched off draws no random number, so that the
	 * run is the same as without that fault. */
	if (per_mille <= 0 ||
	    random_below(&sim->random, 1000) >= (uint64_t)per_mille)
		return false;
	sim->happened[fault]++;

	return true;
}

int64_t
simulated_below(struct simulation *sim, int64_t max)
{
	return max <= 0
	    ? 0
	    : (int64_t)random_below(&sim->random, (uint64_t)max + 1);
}

struct instant
simulated_clock(const struct simulation *sim, const struct member *m)
{
	return instant_plus(sim->now, sim->faults.skew_ms * m->lean / 1000);
}

size_t
simulated_member(const struct simulation *sim, const struct system_id *id)
{
	size_t i;

	for (i = 0; i < sim->n_members; i++) {
		if (system_id_equal(&sim->members[i].id, id))
			return i;
	}
	abort();
}
