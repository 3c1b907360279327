/* Inside the simulated host: declarations shared by its own files. */
#ifndef BANGO_VIRTUAL_SIMULATED_INTERNAL_H
#define BANGO_VIRTUAL_SIMULATED_INTERNAL_H

#include "virtual/event_queue.h"
#include "virtual/simulated.h"

#define MEMBERS_MAX 64

#define DISK_FILES 2
#define DISK_LOG 1 /* the write-ahead log */

/* The contents of the files of a database. */
struct disk {
	struct buf files[DISK_FILES];
};

struct member {
	const struct system *system;
	struct system_id id;
	char *database;
	struct keystore *keys;
	struct signing_key *signing; /* the same, for liars */
	json_t *jwk;
	const struct setting *settings;
	struct fingerprint fingerprint;
	struct random_seed seed;
	struct node *node;
	struct mark_place place;
	struct mark mark; /* which lies outside the database */
	bool has_mark;
	bool has_kept; /* simulation_keep() */
	struct disk kept;
	struct mark kept_mark;
	/* For each other member: a batch is under way until it settles. */
	bool under_way[MEMBERS_MAX];
	struct instant not_before[MEMBERS_MAX];
	/* Tells a late time-out from a live one. */
	uint64_t flights[MEMBERS_MAX];
	/* No batch passes to another member before. */
	struct instant cut_until[MEMBERS_MAX];
	struct instant alone_until; /* simulation_isolate() */
	struct instant tick;        /* when a timer event is queued; 0: none */
	int lean; /* -1000..1000, of the greatest skew of a clock */
	struct buf last_receipt; /* a liar may show it again */
};

struct simulation {
	struct random_seed seed;
	struct random random;
	struct simulation_faults faults;
	struct instant now;
	const char *holder, *second; /* they make the calls */
	char *folder;
	struct member members[MEMBERS_MAX];
	size_t n_members;
	size_t n_met; /* members that know each other */
	int64_t revoked_number;
	struct event_queue events;
	uint64_t trace;
	uint64_t n_events;
	/* A batch of some time ago, for liars. */
	struct buf old;
	size_t old_from, old_to;
	struct buf woken; /* NUL-ended keys since the last look */
	simulation_watch_fn *watch;
	void *watch_state;
	simulation_log_fn *log;
	void *log_state;
	uint64_t happened[FAULT_COUNT];
};

/* --- simulated_chance.c --------------------------------------------------- */

/* Add to the digest of the order of events. */
void simulated_trace(struct simulation *sim, uint64_t value);
/* True in `per_mille` of 1,000 cases; the fault is then counted. */
bool simulated_chance(
    struct simulation *sim, enum simulation_fault fault, int per_mille);
/* 0 .. max, both included. */
int64_t simulated_below(struct simulation *sim, int64_t max);
/* The time by a member's clock. */
struct instant
simulated_clock(const struct simulation *sim, const struct member *m);
/* The index of a member; it exists. */
size_t
simulated_member(const struct simulation *sim, const struct system_id *id);

/* --- simulated_disk.c ---------------------------------------------------- */

/* A disk that cannot be read or written ends the program. */
void disk_read(const struct member *m, struct disk *ret);
void disk_write(const struct member *m, const struct disk *disk);
void disk_done(struct disk *disk);
/* Keep a part, never all, of the bytes written between `before` and `after`. */
void disk_tear(
    struct simulation *sim, const struct disk *before, struct disk *after);

/* The database is gone. */
void disk_erase(const struct member *m);

/* --- simulated_member.c --------------------------------------------------- */

/* The operator of all systems becomes known to the member's node. */
MUST_USE enum err simulated_staff(
    struct simulation *sim, struct member *m, struct problem *problem);
/* Start the process: open its node. */
MUST_USE enum err simulated_open(
    struct simulation *sim, struct member *m, struct problem *problem);
/* The same by an officer's decision. */
MUST_USE enum err simulated_adopt(struct simulation *sim, struct member *m,
    const struct adoption *adoption, struct problem *problem);
/* The process is gone, with all that it had in memory. */
void simulated_end(struct simulation *sim, struct member *m);
/* The process dies and is started again. */
void simulated_crash(struct simulation *sim, struct member *m);
/* The process dies within its commit, when a part of it was written. */
void simulated_rip(struct simulation *sim, struct member *m);

/* --- simulated_network.c ------------------------------------------------- */

/* Begin a batch of turns; a write in it may fail.  False if nothing can be
 * done at all. */
bool simulated_perform(struct simulation *sim, size_t index,
    void (*work)(void *state), void *state);
/*
 * End a batch of turns, unless the process dies before or after.  True if its
 * replies and receipts may leave.
 */
bool simulated_commit(struct simulation *sim, size_t index);
/* Post due messages, and make sure that the timers run. */
void simulated_kick(struct simulation *sim, size_t index);
/* Perform one event; false if there is none before `end`. */
bool simulated_step(struct simulation *sim, struct instant end);

/* --- liar.c -------------------------------------------------------------- */

/* Make a lie beside the batch that `e` brings: fills *ret, bytes owned.  False
 * if none was possible. */
bool
liar_batch(struct simulation *sim, const struct event *e, struct event *ret);
/* Make a lie in place of the receipt for the batch that `e` brought. */
void
liar_receipt(struct simulation *sim, const struct event *e, struct buf *ret);

#endif
