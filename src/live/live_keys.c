/* When a host uses its keys and certificates anew. */
#include <event2/event.h>

#include "live/live_internal.h"

#define KEYS_SECONDS 60

/* The clock may be set meanwhile: it is looked at every minute. */
void
live_use_keys(struct live *live, enum live_keys what)
{
	const struct live_options *o = live->options;
	struct timeval wait = {.tv_sec = KEYS_SECONDS};
	int64_t ms;

	if (o->keys == NULL)
		return;
	ms = o->keys(o->state, what, o->clock.now(o->clock.state));
	if (ms >= 0 && ms < KEYS_SECONDS * 1000) {
		wait.tv_sec = ms / 1000;
		wait.tv_usec = ms % 1000 * 1000;
	}
	event_add(live->keys_event, &wait);
}
