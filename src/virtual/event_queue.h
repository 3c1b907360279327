/*
 * The coming events of the simulated host, by time; events of the same time are
 * in the order in which they were put.
 */
#ifndef BANGO_VIRTUAL_EVENT_QUEUE_H
#define BANGO_VIRTUAL_EVENT_QUEUE_H

#include <stdbool.h>

#include "base/slice.h"
#include "base/time.h"

enum event_kind { EVENT_BATCH, EVENT_RECEIPT, EVENT_LOST, EVENT_TIMER };

struct event {
	struct instant at;
	uint64_t seq;
	enum event_kind kind;
	size_t from, to; /* members; a timer's owner is `to` */
	uint64_t flight;
	struct buf bytes; /* owned */
};

struct event_queue {
	struct event *heap; /* earliest first */
	size_t n;
	uint64_t seq;
};

void event_queue_done(struct event_queue *queue);
/* Takes the bytes over. */
void event_queue_put(struct event_queue *queue, const struct event *event);
/* The time of the earliest event; false if there is none. */
bool event_queue_next(const struct event_queue *queue, struct instant *ret);
/* Takes the earliest event out; the caller owns its bytes.  The queue must not
 * be empty. */
struct event event_queue_take(struct event_queue *queue);

#endif
