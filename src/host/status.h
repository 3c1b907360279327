/*
 * The status of a node: its figures, the messages that wait for each peer, the
 * backlogs that are near their bound, and the last refused message.
 *
 * One struct, from which /status writes JSON and /metrics the text format of
 * Prometheus.
 */
#ifndef BANGO_HOST_STATUS_H
#define BANGO_HOST_STATUS_H

#include "host/backlog.h"

#define SANDBOX_COMPLETE "complete"

struct status_waiting {
	struct system_id peer;
	int64_t messages;
	int64_t oldest_seconds;
};

/* Something that ends, and whether that is near: a month, of the authority a
 * year. */
struct status_end {
	const char *what;
	struct instant at;
	const char *state; /* "good", "soon" or "over" */
};
#define STATUS_ENDS_MAX 6

struct status {
	struct slice system, title, version;
	struct instant time;
	struct counting figures;        /* of the host */
	struct counting counts;         /* of the system and its components */
	struct status_waiting *waiting; /* for each peer that has messages */
	size_t n_waiting;
	struct backlog *backlogs; /* that are half full at least */
	size_t n_backlogs;
	int64_t backlog_bound; /* in bytes */
	struct status_end ends[STATUS_ENDS_MAX];
	size_t n_ends;
	bool has_refusal;
	struct system_id refused_by; /* the last message that was refused */
	struct slice refused_type, refused_reason;
	struct instant refused_at;
	int64_t refused;      /* messages in all */
	enum err last_write;  /* the outcome of the last change */
	struct slice halted;  /* why it takes no work; empty: it does */
	struct slice sandbox; /* of node_note_sandbox(); empty: not told */
};

/* Collect the status, in the turn's arena. */
MUST_USE enum err status_take(struct turn *turn, struct status *ret);
/* Write the status as members of an open object. */
void status_write(const struct status *status, struct json_out *o);

#define METRICS_MEDIA_TYPE "text/plain; version=0.0.4; charset=utf-8"

/*
 * The text format of Prometheus, version 0.0.4: each figure as bango_NAME, the
 * counts as bango_count{what="NAME"}, messages that wait for peers as
 * bango_outbox_messages{peer="ID"} and bango_outbox_oldest_seconds{peer="ID"}, the
 * fullest backlog in percent of its bound as bango_backlog_percent, the time until something ends as bango_ends_in_seconds{what="NAME"}.
 * Appends.
 */
void status_write_metrics(const struct status *status, struct buf *ret);

#endif
