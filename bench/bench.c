#include "bench/bench.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

struct bench_result *
bench_row(struct bench_report *report)
{
	assert(report->n < BENCH_RESULTS_MAX);

	return &report->results[report->n++];
}

double
bench_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);

	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

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
