/*
 * A nation in one process with random events in the lives of its residents,
 * under faults; and the invariants that must hold whatever happened.
 *
 * The seed decides everything: births, moves, deaths and inquiries, and each
 * delay, loss, lie and crash.  The driver remembers every answer: a request
 * that was answered must hold for ever; one that was not answered may or may
 * not have happened.  docs/simulator.md has the invariants.
 */
#ifndef BANGO_LAB_SIMULATE_H
#define BANGO_LAB_SIMULATE_H

#include "base/bug.h"
#include "virtual/simulated.h"

#define SIMULATE_CITIES_MAX 12 /* municipalities of a nation */

struct simulate_options {
	uint64_t seed;
	int steps;
	/* Municipalities: those in which people live, at least 2, and those
	 * that are the enemy; together at most SIMULATE_CITIES_MAX. */
	int organisations, insiders;
	unsigned int faults; /* set of enum simulation_fault */
	enum bug bug;
	/* An invariant that is not looked at: does another one find the bug?
	 * NULL for none. */
	const char *blind;
};

struct simulate_report {
	uint64_t trace; /* equal for equal options */
	uint64_t events;
	int64_t virtual_ms;
	int residents, exchanges, refusals, attacks;
	uint64_t happened[FAULT_COUNT]; /* how often each fault has */
	/* The first invariant that was broken; empty if none was. */
	char invariant[48];
	char finding[400];
	uint64_t at_event;
};

/* ERR_IO and the like if it cannot be run at all; a broken invariant is in
 * the report. */
MUST_USE enum err simulate_run(const struct simulate_options *options,
    struct simulate_report *ret, struct problem *problem);

/*
 * The shortest replay that still breaks the same invariant: fewer steps, then
 * fewer faults, then fewer municipalities, by running it again and again.
 * *options are those that broke it, and become the shortest.
 */
MUST_USE enum err simulate_shrink(struct simulate_options *options,
    struct simulate_report *report, struct problem *problem);

/* The invariants by name, for documents and tests; NULL ends. */
extern const char *const simulate_invariants[];

#endif
