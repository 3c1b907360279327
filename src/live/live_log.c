/* Lines of a live host's log. */
#include <stdio.h>

#include "live/live_internal.h"

/* Lines of the log in a second about strangers and callers who were turned
 * away. */
#define TOLD_MAX 20

void
live_log(const struct live *live, const char *fmt, ...)
{
	struct buf line;
	va_list ap;
	char text[512];

	if (live->options->log == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_init(&line);
	buf_add_string(&line, text);
	live->options->log(live->options->state, line.data);
	buf_done(&line);
}

bool
live_may_tell(struct live *live)
{
	int64_t second = monotonic_ms() / 1000;

	if (second != live->second) {
		if (live->untold > 0)
			live_log(live, "refused %lld others in one second",
			    (long long)live->untold);
		live->second = second;
		live->untold = 0;
		live->told = 0;
	}
	if (live->told++ < TOLD_MAX)
		return true;
	live->untold++;

	return false;
}

void
live_refused(void *state, struct slice remote, const char *what)
{
	struct live *live = state;

	live->turned_away++;
	if (live_may_tell(live))
		live_log(live, "refused %.*s: %s", SLICE_ARG(remote), what);
}
