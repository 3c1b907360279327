/*
 * The simulated host: a nation in one process, under virtual time.
 *
 * The same nodes as in earnest, with another network, clock and generator:
 * a seed determines every delay, loss, repetition and crash, so that a run
 * can be replayed exactly.  (Signatures and seals are real and therefore
 * differ between runs; nothing depends on their bytes.)
 */
#ifndef BANGO_HOST_SIMULATED_H
#define BANGO_HOST_SIMULATED_H

#include "host/node.h"

struct simulation_faults {
	/* In parts of 1,000 for each delivery of a batch. */
	int lose_request;
	int lose_receipt;
	int repeat;
	/* In parts of 1,000 for each commit: the process dies before it, or
	 * after it and before anything leaves. */
	int crash_before;
	int crash_after;
	int64_t delay_min_ms, delay_max_ms;
};

struct simulation;

/* `folder` is for the databases: a crash must survive in them. */
MUST_USE enum err simulation_new(uint64_t seed, const char *folder,
    const struct simulation_faults *faults, struct instant start,
    struct simulation **ret, struct problem *problem);
void simulation_free(struct simulation *sim);
/* Add a system; keys are generated; all systems know each other. */
MUST_USE enum err
simulation_add(struct simulation *sim, const struct system *system,
    const char *id, const struct setting *settings, struct problem *problem);
void simulation_set_faults(
    struct simulation *sim, const struct simulation_faults *faults);

/* Stop a system and start it again on a clock of its own, for tests.  The
 * simulation can only be freed if it does not start. */
MUST_USE enum err simulation_restart(struct simulation *sim, const char *system,
    struct instant clock, struct problem *problem);

/* An operator's request; virtual time runs until its answer is there.  The
 * body may be NULL and is stolen.  *ret is a new reference or NULL. */
MUST_USE enum err simulation_call(struct simulation *sim, const char *system,
    enum http_method method, const char *path, json_t *body, int *ret_status,
    json_t **ret);
/* The same with a bearer token or a body that is not JSON. */
MUST_USE enum err
simulation_call_raw(struct simulation *sim, const char *system,
    enum http_method method, const char *path, struct slice body,
    struct slice token, int *ret_status, struct buf *ret_body);

/* Run for `ms` of virtual time. */
void simulation_run(struct simulation *sim, int64_t ms);
/* Run until nothing is under way or waiting in an outbox, at most `ms`;
 * ERR_BUSY if something still is. */
MUST_USE enum err simulation_settle(struct simulation *sim, int64_t ms);
struct instant simulation_now(const struct simulation *sim);
struct node *simulation_node(struct simulation *sim, const char *system);
/* Digest of the order of all events so far: equal for equal seeds. */
uint64_t simulation_trace(const struct simulation *sim);

#endif
