/*
 * Benchmarks: each one measures a thing that a user waits or pays for, beside
 * a limit or a peer that is measured in the same run: the cryptography that it
 * cannot do without, the same rows written by nothing but inserts, a bare
 * echo.  Another machine, or a busy one, moves both; so the ratio of the two is
 * what is judged, and the absolute figure stands beside it
 * (docs/decisions/0031-figures-are-ratios.md).
 *
 * A benchmark never asserts; `bango bench` prints what it found beside what
 * was asked.
 */
#ifndef BANGO_BENCH_BENCH_H
#define BANGO_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct crypto_tally;

#define BENCH_FIGURES_MAX 12
#define BENCH_CONDITIONS_MAX 400
#define BENCH_PAIRS_MAX 64

enum bench_bound { BENCH_AT_LEAST, BENCH_AT_MOST };

/*
 * One figure.  `peer` is in the same unit as `measured`; without a peer, the
 * figure is itself the limit of others and is not judged.
 */
struct bench_figure {
	const char *name;
	const char *unit; /* "million/s", "ms", "MiB" */
	double measured;
	const char *peer_name;
	double peer;
	/* measured / peer, unless it was measured in another way, which the
	 * conditions then say. */
	double ratio;
	double low, high; /* of the ratio, in 8 of 10 pairs; 0: one alone */
	double asked;     /* of the ratio; 0: nothing */
	enum bench_bound bound;
	char conditions[BENCH_CONDITIONS_MAX];
};

/* How large; 0: as the benchmark likes, so that it takes about a minute. */
struct bench_options {
	int64_t residents;
	int64_t records;
};

struct bench_report {
	const struct bench_options *options;
	struct bench_figure figures[BENCH_FIGURES_MAX];
	int n;
};

/* Copy a figure into the report: its ratio, if it is 0, is computed, and its
 * conditions are formatted. */
__attribute__((format(printf, 3, 4))) void
bench_add(struct bench_report *report, const struct bench_figure *figure,
    const char *conditions, ...);

struct bench {
	const char *name;
	const char *summary;
	enum err (*run)(struct bench_report *report, struct problem *problem);
};

/* --- Measuring ------------------------------------------------------------ */

/* Seconds on a monotonic clock. */
double bench_seconds(void);
/* Seconds of a core that this process has had: what others do on the machine
 * is not in them. */
double bench_processor(void);
/* The same of another process; 0 if it is gone. */
double bench_processor_of(pid_t pid);
/* The median of `n` values, which are sorted in place. */
double bench_median(double *values, int n);
/* The value that `percent` percent of them do not exceed; sorted, too. */
double bench_percentile(double *values, int n, int percent);

/* A figure and the peer it is compared with, measured each time one after the
 * other, so that a disturbance of one disturbs both. */
struct bench_pairs {
	double measured[BENCH_PAIRS_MAX], peer[BENCH_PAIRS_MAX];
	int n;
};
void bench_pair(struct bench_pairs *pairs, double measured, double peer);
/* Fill in the medians of the one, and the ratio's median and spread of the
 * other: the same pairs, or their processor time. */
void bench_settle(const struct bench_pairs *pairs,
    const struct bench_pairs *ratios, struct bench_figure *figure);

/* One side of a comparison in this process. */
struct bench_side {
	void (*once)(void *state);
	void *state;
	double n; /* things done at once, in the figure's unit */
};
/* Both sides in turns, several times: things a second of a core. */
void bench_compare(const struct bench_side *measured,
    const struct bench_side *peer, struct bench_figure *figure);

/* The time of a core for one operation with a key, in microseconds. */
struct bench_key_costs {
	double sign_us, verify_us; /* ES256 */
	double seal_us, open_us;   /* ECDH-ES, A256GCM */
};
MUST_USE enum err bench_measure_keys(struct bench_key_costs *ret);
/* Seconds of a core that were needed for the keys, as they are counted. */
double bench_key_seconds(const struct bench_key_costs *costs,
    const struct crypto_tally *before, const struct crypto_tally *after);

/* --- All of them ----------------------------------------------------------- */

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
extern const struct bench bench_history;  /* a resident's look */
extern const struct bench bench_memory;

#endif
