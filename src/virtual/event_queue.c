#include "virtual/event_queue.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"

static bool
earlier(const struct event *a, const struct event *b)
{
	if (a->at.ms != b->at.ms)
		return a->at.ms < b->at.ms;

	return a->seq < b->seq;
}

static void
swap(struct event *a, struct event *b)
{
	struct event t = *a;

	*a = *b;
	*b = t;
}

void
event_queue_done(struct event_queue *queue)
{
	size_t i;

	for (i = 0; i < queue->n; i++)
		buf_done(&queue->heap[i].bytes);
	free(queue->heap);
	*queue = (struct event_queue){0};
}

void
event_queue_put(struct event_queue *queue, const struct event *event)
{
	size_t i = queue->n;
	struct event *heap;

	heap = queue->heap = heap_grow(queue->heap, i + 1, sizeof(*heap));
	heap[i] = *event;
	heap[i].seq = queue->seq++;
	queue->n++;
	for (; i > 0 && earlier(&heap[i], &heap[(i - 1) / 2]); i = (i - 1) / 2)
		swap(&heap[i], &heap[(i - 1) / 2]);
}

bool
event_queue_next(const struct event_queue *queue, struct instant *ret)
{
	if (queue->n == 0)
		return false;
	*ret = queue->heap[0].at;

	return true;
}

struct event
event_queue_take(struct event_queue *queue)
{
	struct event *heap = queue->heap, first;
	size_t i = 0, child;

	assert(queue->n > 0);
	first = heap[0];
	heap[0] = heap[--queue->n];
	for (;;) {
		child = 2 * i + 1;
		if (child >= queue->n)
			return first;
		if (child + 1 < queue->n &&
		    earlier(&heap[child + 1], &heap[child]))
			child++;
		if (!earlier(&heap[child], &heap[i]))
			return first;
		swap(&heap[i], &heap[child]);
		i = child;
	}
}
