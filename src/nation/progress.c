#include "nation/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"

#define BAR 24
#define LABEL 30

/* `what`, padded by its width on the screen, not by its number of bytes. */
static void
label(const struct progress *p)
{
	size_t width = utf8_width(slice_of(p->what));

	fprintf(stderr, "%s%*s", p->what,
	    width < LABEL ? (int)(LABEL - width) : 1, "");
}

static double
rate(const struct progress *p, int64_t done)
{
	int64_t ms = monotonic_ms() - p->started;

	return ms > 0 ? (double)done * 1000 / (double)ms : 0;
}

static void
show(const struct progress *p, int64_t done)
{
	int64_t total = p->total > 0 ? p->total : 1;
	int filled = (int)(done * BAR / total);
	double per_second = rate(p, done);
	char bar[BAR + 1];
	int i;

	for (i = 0; i < BAR; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[BAR] = '\0';
	if (p->terminal)
		fputc('\r', stderr);
	label(p);
	if (p->terminal)
		fprintf(stderr, "[%s] ", bar);
	fprintf(stderr, "%3d%% %9lld %8.0f/s", (int)(done * 100 / total),
	    (long long)done, per_second);
	if (done < p->total && per_second > 0)
		fprintf(stderr, " %4.0f s left",
		    (double)(p->total - done) / per_second);
	else
		fprintf(stderr, "            ");
	if (!p->terminal)
		fputc('\n', stderr);
	fflush(stderr);
}

void
progress_begin(struct progress *p, const char *what, int64_t total)
{
	*p = (struct progress){.what = what,
	    .total = total,
	    .started = monotonic_ms(),
	    .terminal = isatty(STDERR_FILENO) == 1};
}

void
progress_show(struct progress *p, int64_t done)
{
	int64_t now = monotonic_ms();

	if (p->quiet || now - p->shown < (p->terminal ? 100 : 5000) ||
	    (!p->terminal && now - p->started < 5000))
		return;
	p->shown = now;
	show(p, done);
}

void
progress_end(struct progress *p, int64_t done)
{
	if (p->quiet)
		return;
	show(p, done);
	if (p->terminal)
		fputc('\n', stderr);
}
