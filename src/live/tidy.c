#include "live/tidy.h"

#include <event2/event.h>

#include "base/time.h"
#include "live/live_internal.h"

/* The time without a batch that wrote, after which the log is overwritten; and
 * the longest time for which erased bytes may stay in it. */
#define REST_MS 1000
#define LATEST_MS 60000

/* After a failure, the next batch that writes brings the next try. */
static void
on_rest(evutil_socket_t fd, short what, void *state)
{
	struct live *live = state;
	struct store *store = node_store(live->options->node);

	(void)fd;
	(void)what;
	live->untidy_since = 0;
	if (store_checkpoint(store))
		live_log(live, "the database's log was not overwritten: %s",
		    store_problem(store)->text);
}

void
tidy_arm(struct live *live)
{
	live->tidy_event = evtimer_new(live->base, on_rest, live);
}

void
tidy_note(struct live *live)
{
	int64_t now = monotonic_ms(), left;
	struct timeval rest = {0};

	if (!store_has_written(node_store(live->options->node)))
		return;
	if (live->untidy_since == 0)
		live->untidy_since = now;
	left = live->untidy_since + LATEST_MS - now;
	if (left > REST_MS)
		left = REST_MS;
	if (left < 0)
		left = 0;
	rest.tv_sec = left / 1000;
	rest.tv_usec = left % 1000 * 1000;
	event_add(live->tidy_event, &rest);
}
