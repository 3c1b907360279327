/*
 * Backlogs: messages that wait in the outbox because another organisation
 * asked for them.
 *
 * The messages for one system that wait, and were left in turns of messages or
 * requests of one system of another organisation, are a backlog.  It has a bound
 * (the setting outbox_mib).  While the backlog is full, a message that would
 * add to it is answered `later`: it waits at its sender, and nobody else does.
 * Messages that cause nothing, and those of our own organisation, its holders
 * and its timers, have no bound.
 *
 * The figures are kept in memory, counted from the outbox at the start, and
 * undone with the turn.  Decision 0053.
 */
#ifndef BANGO_HOST_BACKLOG_H
#define BANGO_HOST_BACKLOG_H

#include "host/turn.h"

/* A message counts as so many bytes at least: its row, its place in an
 * index, and the work to look for it. */
#define BACKLOG_MESSAGE_BYTES 4096
/* The bound, in MiB, where the setting gives none. */
#define BACKLOG_MIB_USUAL 64
#define BACKLOG_MIB_MAX 1048576

struct backlog {
	struct system_id cause, to;
	int64_t messages, bytes;
};

/* Initialised with zero. */
struct backlogs {
	struct backlog *all; /* by cause, then by receiver */
	size_t n, room;
	/* Those of the batch that is open, to be undone. */
	struct backlog *changes;
	size_t n_changes, changes_room;
	int64_t bound; /* of each, in bytes */
};
void backlogs_done(struct backlogs *b);

/* In bytes; `setting` is outbox_mib, empty for the usual one. */
int64_t backlog_bound(struct slice setting);
/* Count the outbox. */
MUST_USE enum err backlogs_load(struct node *node);

/* The system of another organisation whose message or request this turn is;
 * NULL: none.  Borrowed. */
const struct system_id *backlog_cause(const struct turn *turn);
/*
 * A message of `len` bytes is left for `to`: add it to the backlog of the turn's
 * cause, which is not NULL.  *ret_bytes is the number that it counts.  ERR_BUSY if
 * the backlog is full.
 */
MUST_USE enum err backlog_add(struct turn *turn, const struct system_id *to,
    size_t len, int64_t *ret_bytes);
/* A message has left it for good. */
void backlog_take(struct node *node, const struct system_id *cause,
    const struct system_id *to, int64_t bytes);

/* The end of a turn or batch: undo the changes but for the first `n`. */
void backlogs_undo(struct backlogs *b, size_t n);
/* The batch is committed. */
void backlogs_keep(struct backlogs *b);

#endif
