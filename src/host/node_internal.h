/* Declarations shared by the host's own files.  Not for systems. */
#ifndef BANGO_HOST_NODE_INTERNAL_H
#define BANGO_HOST_NODE_INTERNAL_H

#include "host/backlog.h"
#include "host/counts.h"
#include "host/directory.h"
#include "host/gate.h"
#include "host/guesses.h"
#include "host/mark.h"
#include "host/node.h"
#include "host_statements.h"
#include "wire/sheet.h"

/* A component of a running node. */
struct part {
	const struct component *component;
	void *state; /* made by its start; NULL without one */
};

struct timer_state {
	const struct timer *timer;
	const struct part *part;
	bool is_patient;
	struct instant due; /* 0: not */
	struct instant was; /* when the batch that is open began */
	bool ran;           /* in the batch that is open */
};

/* Counted since the start; undone with the batch. */
struct tallies {
	uint64_t requests, messages, denied, left_out, put_off;
};

/* The questions of this batch that are not signed for yet (sheet.c). */
struct open_sheet {
	struct message_id id, envelope_id;
	struct system_id to;
	int64_t seq; /* of its message in the outbox */
	struct digest questions[SHEET_QUESTIONS_MAX];
	size_t n; /* 0: there is none */
};

struct node {
	const struct system *system;
	struct system_id id;
	struct store *store;
	const struct keystore *keys;
	struct signing_key *signing;
	const struct setting *settings;
	struct random random;
	struct part *parts; /* the components, the system as the last one */
	size_t n_parts;
	struct directory *directory;
	struct arena *arena; /* of the turn under way */
	struct arena *batch; /* of the batch under way */
	struct instant now;  /* of the batch under way */
	struct timer_state *timers;
	size_t n_timers;
	struct buf wakes;           /* NUL-ended keys, one after another */
	struct tallies n, n_before; /* the batch that is open */
	uint64_t n_batches, n_repeated;
	unsigned int n_turns;                  /* of the batch that is open */
	struct open_sheet sheet, sheet_before; /* before the turn */
	struct backlogs backlogs;
	size_t backlog_changes;    /* before the turn */
	struct store_written told; /* turn_tell_written(), in this turn */
	struct surroundings around;
	struct guesses *guesses;
	char sandbox[PROBLEM_TEXT_MAX]; /* empty: not told */
	struct node_ends ends;
	struct counts counts;
	enum err last_write;            /* its outcome */
	const struct mark_place *place; /* may be NULL */
	const char *database;           /* during the start, for errors */
	struct mark mark;               /* as it lies there */
	int64_t floors[MARK_KINDS]; /* nothing below is given; 0: not known */
	bool worked_before;         /* another start has */
	bool is_adopted;            /* the database */
	const struct adoption *adoption; /* during the start */
	enum gate gate;
	char gate_why[PROBLEM_TEXT_MAX];
	uint8_t *forgotten; /* turn_mark_forgot(): a bit for each value */
	size_t n_forgotten_bytes;
	int64_t n_forgotten;
	bool is_renewed; /* in the batch that is open, to: */
	struct merkle_tree renewed;
	void (*log)(void *state, const char *line); /* may be NULL */
	void *log_state;
};

/*
 * A turn within the batch: `turn_open` sets a mark; `turn_close` keeps the
 * handler's changes if `err` is OK and the audit rule holds, and undoes them
 * otherwise.  turn_close() returns the outcome of the turn.
 */
enum err turn_open(struct node *node, const struct caller *caller,
    struct problem *problem, struct turn *ret);
enum err turn_close(struct turn *turn, enum err err);

/* The envelope that a turn took, as it was received. */
struct taken {
	struct slice envelope;
	const struct envelope *read; /* the same, read */
	struct slice waybill;
	struct instant signed_at; /* the waybill, by its signer */
	int64_t waybill_seq;      /* 0: not stored yet */
};

/*
 * ERR_BUSY if the signer of `what`, which is to be evidence, says that it signed
 * at a time that is more than a day from ours: its certificate need not have been
 * valid at such a time, and the evidence would be worth nothing.
 */
enum err evidence_check_time(
    struct turn *turn, const char *what, struct instant signed_at);

/* The newest entry of the audit is the one that is kept with evidence of this
 * turn. */
enum err evidence_note_entry(struct turn *turn);

/* A turn is that of `organisation`: tell the components' hook `wrote` how much it
 * wrote since it began, or since the last call, if that organisation is not ours.
 * ERR_BUSY is to undo the turn. */
enum err turn_tell_written(struct turn *turn, struct slice organisation);

/* Write a line to the log: the event, the thing that it happened to, and the
 * problem's two texts. */
void node_note(struct node *node, const char *what, struct slice which,
    const struct problem *problem);

/* Do the request that waited for a second holder in this turn, whose caller has
 * the right to it (host/pending.h). */
MUST_USE enum err request_repeat(
    struct turn *turn, const struct http_call *call, struct reply *reply);

/* turn_setting() of the node. */
struct slice node_setting(const struct node *node, const char *name);

/* Whether the peer is "ORGANISATION/name", of any organisation. */
bool peer_is_called(const struct system_id *peer, const char *name);
/* `by` refused this envelope of ours for good, for this reason: call the row of
 * a component's table `refused`, if there is one.  Errors are passing ones. */
enum err refused_tell(struct turn *turn, const struct system_id *by,
    struct slice envelope, struct slice reason);

/* Tell the components' hook `audited` that an entry comes. */
void turn_tell_audited(struct turn *turn);
/* Before a commit: a change of a protected table that no entry of the audit tells
 * of gets one, so that the ledger takes its new state (components/audit/
 * state.h). */
enum err node_enter_change(struct node *node);

/* Sign for the open sheet, and fill in its message. */
enum err sheet_close(struct node *node, struct arena *arena);

/* For so long the inbox knows the id of an envelope that it took. */
#define INBOX_KEEP_MS (90 * 24 * 3600ll * 1000)

/* turn_new_id() as bytes. */
struct message_id turn_make_id(struct turn *turn);

/* A statement that erases the oldest rows, if they are old enough. */
typedef enum err
erase_function(struct store *store, int64_t limit, struct instant before);
/* Run the statement; *ret_more becomes true if there may be more rows. */
enum err turn_erase(struct turn *turn, erase_function *erase,
    struct instant before, bool *ret_more);

/* The id of the request or message as text, in the arena. */
struct slice message_id_text(struct arena *arena, const struct message_id *id);

/* --- The gate (gate.c) --------------------------------------------------- */

/* ERR_BUSY if it is closed to a message for this part. */
enum err gate_check(
    const struct node *node, const struct part *part, struct problem *problem);

/* --- The mark (identity.c) ----------------------------------------------- */

/* Write the mark, and have it so in memory. */
enum err
mark_keep(struct node *node, const struct mark *mark, struct problem *problem);
/* Before the database is opened. */
enum err mark_load(struct node *node, struct problem *problem);
/* Whether the database is the one of the mark; gives a new one its identity.
 * ERR_CONFLICT if it is not, and is not adopted. */
enum err identity_check(struct turn *turn, const struct adoption *adoption);
/* A timer: the mark names the ledger as it is after this batch. */
enum err mark_renew(struct turn *turn);
#define TIMER_MARK "host.mark"
/* The batch was committed, or not. */
void mark_committed(struct node *node, enum err committed);

/* --- Timers (timers.c) --------------------------------------------------- */

/* Make all timers of all parts due now. */
void timers_arm(struct node *node);
/* A batch begins: note when the timers are due. */
void timers_begin(struct node *node);
/* The batch was undone: each timer is due when it was before the batch. */
void timers_forget(struct node *node);
/* The batch was not committed: the timers that ran in it run again soon. */
void timers_repeat(struct node *node);
/* The timer of this name, which a component has, is due at `latest`, or before
 * that if it was. */
void timers_hurry(struct node *node, const char *name, struct instant latest);
#define TIMER_WRITE "host.write" /* due after a write that failed */
#define AGAIN_MS 1000            /* from a failure to the next try */
/* A turn for each patient timer that has work, due or not; true if one of them
 * has more. */
bool timers_finish(struct node *node);

#endif
