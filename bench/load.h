/*
 * Inquiries that arrive at a fixed rate, whether or not those before are
 * answered, as those of many offices do.  The time of an answer is counted
 * from when its inquiry was to arrive, so that a system that stands still for
 * a second is charged for all that arrived in it.
 */
#ifndef BANGO_BENCH_LOAD_H
#define BANGO_BENCH_LOAD_H

#include "bench/prepared.h"

struct load_result {
	double p50, p99, worst; /* ms */
	int n;                  /* inquiries */
	int at_once;            /* most without an answer at a time */
};

/* An inquiry of a number of its own, as Shinjuku's office asks it, who waits so
 * many seconds for the answer. */
json_t *load_inquiry(const struct prepared *p, int number, int wait);

/* `rate` inquiries a second for some seconds, numbered from `first` on. */
MUST_USE enum err load_run(const struct prepared *p, double rate, int seconds,
    int first, struct load_result *ret, struct problem *problem);

#endif
