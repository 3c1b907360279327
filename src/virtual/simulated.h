/*
 * The simulated host: a nation in one process, under virtual time.
 *
 * The nodes are those of the live host, with another network, clock and
 * generator: a seed determines every delay, loss, repetition and crash, so that
 * a run can be replayed exactly.  (Signatures and seals are real and therefore
 * differ between runs; nothing depends on their bytes.)
 */
#ifndef BANGO_VIRTUAL_SIMULATED_H
#define BANGO_VIRTUAL_SIMULATED_H

#include "base/json.h"
#include "host/node.h"

struct simulation_faults {
	/* In parts of 1,000 for each delivery of a batch. */
	int lose_request;
	int lose_receipt;
	int repeat;
	int reorder; /* it comes later than others */
	int slow;    /* so late that the sender has given up */
	/* A second batch beside the true one, or another receipt in place of
	 * the true one: altered, old, for others, or signed by others. */
	int lie;
	/* In parts of 1,000 for each posting: the two are cut off from each
	 * other, or the receiver from everybody, for at most cut_max_ms. */
	int cut;
	int isolate;
	int64_t cut_max_ms;
	/* In parts of 1,000 for each commit: the process dies before it, or
	 * after it and before anything leaves; a write or the commit fails, or
	 * its outcome is unknown. */
	int crash_before;
	int crash_after;
	int tear;
	/* The process dies within the commit, of which a part was written. */
	int rip;
	int64_t delay_min_ms, delay_max_ms;
	int64_t skew_ms; /* no clock is further from ours */
	/* In parts of 1,000 for each step of the driver: all machines sleep
	 * for days (simulation_leap()). */
	int sleep;
	/* In parts of 1,000 for each step of the driver: jukinet's database is
	 * lost or put back to an older copy, and adopted (simulation_lose()). */
	int forget;
};

/* The faults by name, at their usual strength.  A set of them is a set of
 * bits. */
enum simulation_fault {
	FAULT_LOSS,
	FAULT_DUPLICATION,
	FAULT_REORDERING,
	FAULT_DELAY,
	FAULT_PARTITION,
	FAULT_CRASH,
	FAULT_TORN,
	FAULT_SLOW,
	FAULT_LYING,
	FAULT_SKEW,
	FAULT_SLEEP,
	FAULT_LOST, /* not among all: it breaks promises that were kept */
	FAULT_COUNT,
};
#define FAULTS_ALL ((1u << FAULT_LOST) - 1)
const char *simulation_fault_name(enum simulation_fault fault);
struct simulation_faults simulation_faults_of(unsigned int set);
/* "all", "none", or names with commas.  ERR_INPUT names the unknown one. */
MUST_USE enum err simulation_faults_parse(
    struct slice list, unsigned int *ret, struct problem *problem);
/* The names of a set; appends. */
void simulation_faults_format(unsigned int set, struct buf *ret);

struct simulation;

/* How often a fault has happened so far. */
uint64_t
simulation_happened(const struct simulation *sim, enum simulation_fault fault);

/* `folder` is for the databases, which must survive a crash. */
MUST_USE enum err simulation_new(uint64_t seed, const char *folder,
    const struct simulation_faults *faults, struct instant start,
    struct simulation **ret, struct problem *problem);
void simulation_free(struct simulation *sim);
/* Add a system; keys are generated; all systems know each other as soon as
 * something happens. */
MUST_USE enum err
simulation_add(struct simulation *sim, const struct system *system,
    const char *id, const struct setting *settings, struct problem *problem);
void simulation_set_faults(
    struct simulation *sim, const struct simulation_faults *faults);

/* Stop a system and start it again on a clock of its own, for tests.  The
 * simulation can only be freed if it does not start. */
MUST_USE enum err simulation_restart(struct simulation *sim, const char *system,
    struct instant clock, struct problem *problem);

/* Add the next epoch of a system's symmetric key of that purpose, and start the
 * system again with it. */
MUST_USE enum err simulation_rotate(struct simulation *sim, const char *system,
    const char *purpose, struct problem *problem);

/* A list of revoked keys in which all keys of a system stand, for this reason
 * (pki/revoked.h), the next one of this simulation: every other system takes it
 * now. */
MUST_USE enum err simulation_revoke(struct simulation *sim, const char *system,
    const char *reason, struct problem *problem);

/*
 * Each system has the holders clerk and chief of its own organisation, with all
 * duties, and two of the Commission, who have theirs at a network whose setting
 * "commission" is SIMULATION_COMMISSION.  Each has an entry in the audit.
 */
#define SIMULATION_HOLDERS 4
/* The entries of a system that has been up for some seconds: those, and that it
 * knows its peers, and which rows it has. */
#define SIMULATION_ENTRIES (SIMULATION_HOLDERS + 2)
#define SIMULATION_CLERK "operator"
#define SIMULATION_CHIEF "chief"
#define SIMULATION_COMMISSION "ppc"
#define SIMULATION_COMMISSIONER "commissioner"
#define SIMULATION_VICE "vice-commissioner"
/*
 * Make calls as `holder` from now on, and have `second` confirm those that need
 * a second holder; NULL: nobody does.  Borrowed.  Clerk and chief begin.
 */
void simulation_act_as(
    struct simulation *sim, const char *holder, const char *second);
/* How a system loses its database.  Its mark lies outside. */
enum simulation_loss {
	LOSS_OF_ALL,     /* it is gone */
	LOSS_OF_NEWEST,  /* it is what simulation_keep() kept */
	LOSS_OF_MACHINE, /* the same, and so is the mark */
};
/* Keep a copy of a system's database and mark as they are now. */
void simulation_keep(struct simulation *sim, const char *system);
/*
 * The process dies and finds such a database.  If it refuses to start, *refusal
 * says why, and an officer adopts the database; otherwise it is empty.  ERR_* if
 * it starts under no circumstances: the simulation can only be freed then.
 */
MUST_USE enum err simulation_lose(struct simulation *sim, const char *system,
    enum simulation_loss loss, struct problem *refusal);

/* An officer starts a system again that its witness has halted. */
MUST_USE enum err simulation_adopt(
    struct simulation *sim, const char *system, struct problem *problem);

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

/* No batch or receipt comes to or from the system for `ms`, whatever the faults. */
void simulation_isolate(struct simulation *sim, const char *system, int64_t ms);

/* Run for `ms` of virtual time. */
void simulation_run(struct simulation *sim, int64_t ms);
/* Run until no message is under way or in an outbox, at most `ms`; ERR_BUSY if
 * one still is. */
MUST_USE enum err simulation_settle(struct simulation *sim, int64_t ms);
struct instant simulation_now(const struct simulation *sim);
struct node *simulation_node(struct simulation *sim, const char *system);
/*
 * A system sends a message that its program did not: the body is not looked at,
 * the keys are the system's, and the id begins with LIE_PREFIX.  Nobody waits
 * for its receipt, nor does the watch see it.
 */
void simulation_say(struct simulation *sim, const struct system_id *from,
    const struct system_id *to, const struct message_type *type,
    struct slice body);
/* All machines sleep for `ms`: no timer runs, and batches under way arrive
 * afterwards. */
void simulation_leap(struct simulation *sim, int64_t ms);
/* Events so far. */
uint64_t simulation_events(const struct simulation *sim);
/* Called with every batch of envelopes before it is delivered, except lies. */
typedef void simulation_watch_fn(void *state, const struct system_id *from,
    const struct system_id *to, struct slice batch);
void simulation_watch(
    struct simulation *sim, simulation_watch_fn *watch, void *state);
/* Called with each line that a system writes into its log; NULL: not at all. */
typedef void simulation_log_fn(void *state, const char *line);
void
simulation_listen(struct simulation *sim, simulation_log_fn *log, void *state);
/*
 * End the simulation: stop all members, and return the contents of all
 * databases, by system and table (store/dump.h); a new reference.  Afterwards
 * only simulation_verify_*() and simulation_free() may be called.
 */
MUST_USE enum err
simulation_dump(struct simulation *sim, json_t **ret, struct problem *problem);
/*
 * After simulation_dump(): compute every ledger again (ledger_verify()), check
 * that it has every entry of the audit, and compare it with the checkpoints
 * that its witnesses have signed.  ERR_CORRUPT names the ledger that does not
 * fit.
 */
MUST_USE enum err
simulation_verify_ledgers(struct simulation *sim, struct problem *problem);
MUST_USE enum err
simulation_verify_witnesses(struct simulation *sim, struct problem *problem);
/* A message that a liar made anew has an id that begins like this. */
#define LIE_PREFIX "11e511e511e511e5"
/* Digest of the order of all events so far: equal for equal seeds. */
uint64_t simulation_trace(const struct simulation *sim);

#endif
