/*
 * The status of a node: its figures, the messages that wait for each peer, and
 * the last refused message.
 *
 * One struct, from which /status writes JSON and /metrics the text format of
 * Prometheus.
 */
#ifndef BANGO_HOST_STATUS_H
#define BANGO_HOST_STATUS_H

#include "host/turn.h"

#define SANDBOX_COMPLETE "complete"

struct status_waiting {
	struct system_id peer;
	int64_t messages;
	int64_t oldest_seconds;
};

struct status {
	struct slice system, title, version;
	struct instant time;
	struct counting figures;        /* of the host */
	struct counting counts;         /* of the system and its components */
	struct status_waiting *waiting; /* for each peer that has messages */
	size_t n_waiting;
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
 * bango_outbox_messages{peer="ID"} and bango_outbox_oldest_seconds{peer="ID"}.
 * Appends.
 */
void status_write_metrics(const struct status *status, struct buf *ret);

#endif
