/*
 * Benchmarks: each one measures a thing that a user waits or pays for, says
 * under which conditions, and names the least that we want of it.
 *
 * A benchmark never asserts; `bango bench` prints what it found beside what
 * was asked.
 */
#ifndef BANGO_BENCH_BENCH_H
#define BANGO_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define BENCH_RESULTS_MAX 8
#define BENCH_CONDITIONS_MAX 280

struct bench_result {
	const char *what;
	double value;
	const char *unit; /* "numbers/s", "ms median", "MiB" */
	double target;    /* 0: none was set */
	bool at_most;     /* the target is a ceiling, not a floor */
	char conditions[BENCH_CONDITIONS_MAX];
};

/* How large; 0: as the benchmark likes, so that it takes about a minute. */
struct bench_options {
	int64_t residents;
	int64_t records;
};

struct bench_report {
	const struct bench_options *options;
	struct bench_result results[BENCH_RESULTS_MAX];
	int n;
};

/* A new row of the report, to be filled in. */
struct bench_result *bench_row(struct bench_report *report);

struct bench {
	const char *name;
	const char *summary;
	enum err (*run)(struct bench_report *report, struct problem *problem);
};

extern const struct bench *const all_benches[]; /* NULL ends */

/* Seconds on a monotonic clock. */
double bench_seconds(void);
/* The median of `n` values, which are sorted in place. */
double bench_median(double *values, int n);
/* What so many percent of them do not exceed; the same. */
double bench_percentile(double *values, int n, int percent);

/* What a core needs for one, in microseconds. */
struct bench_key_costs {
	double sign_us, verify_us; /* ES256 */
	double seal_us, open_us;   /* ECDH-ES, A256GCM */
};
MUST_USE enum err bench_measure_keys(struct bench_key_costs *ret);

/* In memory. */
extern const struct bench bench_ff1;
extern const struct bench bench_conversion;
extern const struct bench bench_law;
extern const struct bench bench_signatures;
/* A nation in this process. */
extern const struct bench bench_simulate;
/* On this disk. */
extern const struct bench bench_ledger;
/* Between two processes. */
extern const struct bench bench_http;
/* On a live nation of its own, in a temporary folder. */
extern const struct bench bench_registry; /* import, numbering, birth */
extern const struct bench bench_exchange; /* inquiries; latency; limit */
extern const struct bench bench_bulk;     /* a file of them */
extern const struct bench bench_size;     /* among many residents */
extern const struct bench bench_history;  /* what a resident sees */
extern const struct bench bench_memory;

#endif
