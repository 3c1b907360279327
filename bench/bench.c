#include "bench/bench.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 9

void
bench_add(struct bench_report *report, const struct bench_figure *figure,
    const char *conditions, ...)
{
	struct bench_figure *f = &report->figures[report->n];
	va_list args;

	assert(report->n < BENCH_FIGURES_MAX);
	report->n++;
	*f = *figure;
	if (f->ratio == 0 && f->peer > 0)
		f->ratio = f->measured / f->peer;
	va_start(args, conditions);
	vsnprintf(f->conditions, sizeof(f->conditions), conditions, args);
	va_end(args);
}

/* --- Clocks ---------------------------------------------------------------- */

static double
seconds_of(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);

	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

double
bench_seconds(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

double
bench_processor(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

double
bench_processor_of(pid_t pid)
{
	clockid_t clock;

	return pid > 0 && clock_getcpuclockid(pid, &clock) == 0
	    ? seconds_of(clock)
	    : 0;
}

/* --- Samples --------------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double
bench_median(double *values, int n)
{
	qsort(values, (size_t)n, sizeof(*values), compare);

	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

double
bench_percentile(double *values, int n, int percent)
{
	int i = (n * percent + 99) / 100 - 1; /* rounded up */

	qsort(values, (size_t)n, sizeof(*values), compare);

	return values[i < 0 ? 0 : i];
}

void
bench_pair(struct bench_pairs *pairs, double measured, double peer)
{
	assert(pairs->n < BENCH_PAIRS_MAX);
	pairs->measured[pairs->n] = measured;
	pairs->peer[pairs->n++] = peer;
}

/* The ratio's median and spread. */
static void
settle_ratio(const struct bench_pairs *pairs, struct bench_figure *figure)
{
	double ratios[BENCH_PAIRS_MAX];
	int i, n = pairs->n;

	for (i = 0; i < n; i++)
		ratios[i] = pairs->measured[i] / pairs->peer[i];
	figure->ratio = bench_median(ratios, n);
	figure->low = bench_percentile(ratios, n, 10);
	figure->high = bench_percentile(ratios, n, 90);
}

void
bench_settle(const struct bench_pairs *pairs, const struct bench_pairs *ratios,
    struct bench_figure *figure)
{
	struct bench_pairs sorted = *pairs;

	figure->measured = bench_median(sorted.measured, pairs->n);
	figure->peer = bench_median(sorted.peer, pairs->n);
	settle_ratio(ratios, figure);
}

/* Things a second of a core. */
static double
rate(const struct bench_side *side)
{
	double start = bench_processor();

	side->once(side->state);

	return side->n / (bench_processor() - start);
}

void
bench_compare(const struct bench_side *measured, const struct bench_side *peer,
    struct bench_figure *figure)
{
	struct bench_pairs pairs = {.n = 0};
	double m;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		m = rate(measured);
		bench_pair(&pairs, m, rate(peer));
	}
	bench_settle(&pairs, &pairs, figure);
}
