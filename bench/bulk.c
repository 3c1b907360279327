/*
 * Files of inquiries: how many a second, and what one costs among many
 * residents against few.
 */
#include <stdio.h>

#include "bench/bench.h"
#include "bench/prepared.h"

#define FEW 10000
#define MANY_DEFAULT 1000000
#define WARM_UP 500
#define FILE_LINES 6000
#define ROUND_LINES 2000
#define ROUNDS 9

/* --- Inquiries a second ----------------------------------------------------- */

static enum err
run_bulk(struct bench_report *report, struct problem *problem)
{
	struct bench_result *r;
	struct prepared_cost cost = {.seconds = 1};
	struct prepared p;
	enum err rc;

	rc = prepared_open(FEW, &p, problem);
	if (rc == OK)
		rc = prepared_inquire(&p, WARM_UP, &cost, problem);
	if (rc == OK)
		rc = prepared_inquire(&p, FILE_LINES, &cost, problem);
	prepared_close(&p);
	if (rc)
		return rc;
	r = bench_row(report);
	r->what = "bulk inquiries, file in to file out";
	r->value = FILE_LINES / cost.seconds;
	r->unit = "/s";
	r->target = 1500;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d lines, by `bango inquire`, residents chosen at random out of "
	    "%d; all systems on this machine, %.2f ms of a core each; mutual "
	    "TLS, durable, signed, sealed",
	    FILE_LINES, FEW, cost.processor * 1000 / FILE_LINES);

	return OK;
}

const struct bench bench_bulk = {
    "bulk", "a file of inquiries in, a file of results out", run_bulk};

/* --- Cost at size ------------------------------------------------------------ */

/* Among whom, and what the kernel remembers of them. */
enum { FEW_REMEMBERED, MANY_REMEMBERED, MANY_FORGOTTEN, WAYS };

/* For each exchange; medians of the rounds. */
struct cost {
	double wall, processor; /* ms */
	double disk;            /* KiB */
	double walls[ROUNDS], processors[ROUNDS], disks[ROUNDS];
};

static enum err
one_round(struct prepared *p, enum prepared_memory memory, struct cost *cost,
    int i, struct problem *problem)
{
	struct prepared_cost took = {0};
	enum err rc;

	rc = prepared_remember(p, memory, problem);
	if (rc == OK)
		rc = prepared_inquire(p, ROUND_LINES, &took, problem);
	cost->walls[i] = took.seconds * 1000 / ROUND_LINES;
	cost->processors[i] = took.processor * 1000 / ROUND_LINES;
	cost->disks[i] = took.disk / 1024 / ROUND_LINES;

	return rc;
}

static void
take_medians(struct cost *cost)
{
	cost->wall = bench_median(cost->walls, ROUNDS);
	cost->processor = bench_median(cost->processors, ROUNDS);
	cost->disk = bench_median(cost->disks, ROUNDS);
}

/* In turns, so that what disturbs one disturbs the other. */
static enum err
all_rounds(struct prepared *few, struct prepared *many, struct cost cost[WAYS],
    struct problem *problem)
{
	struct prepared_cost unused;
	enum err rc;
	int i;

	rc = prepared_inquire(few, WARM_UP, &unused, problem);
	if (rc == OK)
		rc = prepared_inquire(many, WARM_UP, &unused, problem);
	for (i = 0; rc == OK && i < ROUNDS; i++) {
		rc = one_round(few, PREPARED_REMEMBERED, &cost[FEW_REMEMBERED],
		    i, problem);
		if (rc == OK)
			rc = one_round(many, PREPARED_REMEMBERED,
			    &cost[MANY_REMEMBERED], i, problem);
	}
	/* What is forgotten leaves its traces in the kernel; so, last. */
	for (i = 0; rc == OK && i < ROUNDS; i++)
		rc = one_round(many, PREPARED_FORGOTTEN, &cost[MANY_FORGOTTEN],
		    i, problem);
	for (i = 0; i < WAYS; i++)
		take_medians(&cost[i]);

	return rc;
}

static void
put_cost(struct bench_report *report, const char *what, const char *where,
    int64_t residents, const struct cost *cost)
{
	struct bench_result *r = bench_row(report);

	r->what = what;
	r->value = cost->wall;
	r->unit = "ms";
	snprintf(r->conditions, sizeof(r->conditions),
	    "%lld residents with codes in network, relays and addressee; %s; "
	    "files of %d inquiries about residents chosen at random, median of "
	    "%d; %.2f ms of a core, %.0f KiB from the disk",
	    (long long)residents, where, ROUND_LINES, ROUNDS, cost->processor,
	    cost->disk);
}

static struct bench_result *
put_ratio(struct bench_report *report, const char *what, const char *order,
    int64_t residents, const struct cost *many, const struct cost *few)
{
	struct bench_result *r = bench_row(report);

	r->what = what;
	r->value = many->wall / few->wall;
	r->unit = "times";
	snprintf(r->conditions, sizeof(r->conditions),
	    "%lld against %d residents, %s, by the clock; by processor time "
	    "%.2f times%s",
	    (long long)residents, FEW, order, many->processor / few->processor,
	    residents < 10000000 ? "; asked at --residents 10000000" : "");

	return r;
}

static void
put_costs(struct bench_report *report, int64_t n, const struct cost cost[WAYS])
{
	static const char in_memory[] = "databases in the kernel's memory";
	static const char on_disk[] =
	    "databases on the disk alone when a file of inquiries begins";
	const struct cost *few = &cost[FEW_REMEMBERED];
	struct bench_result *r;

	put_cost(
	    report, "one exchange among few residents", in_memory, FEW, few);
	put_cost(report, "one exchange among many residents", in_memory, n,
	    &cost[MANY_REMEMBERED]);
	r = put_ratio(report, "cost of an exchange, many against few",
	    "in turns", n, &cost[MANY_REMEMBERED], few);
	r->target = 1.3;
	r->at_most = true;
	put_cost(report, "the first look at each, from the disk", on_disk, n,
	    &cost[MANY_FORGOTTEN]);
	put_ratio(report, "the same, from the disk against few in memory",
	    "one after the other", n, &cost[MANY_FORGOTTEN], few);
}

static enum err
run_size(struct bench_report *report, struct problem *problem)
{
	int64_t n = report->options->residents > 0 ? report->options->residents
						   : MANY_DEFAULT;
	struct prepared few, many = {.residents = n};
	struct cost cost[WAYS] = {{.wall = 0}};
	enum err rc;

	rc = prepared_open(FEW, &few, problem);
	if (rc == OK)
		rc = prepared_open(n, &many, problem);
	if (rc == OK)
		rc = all_rounds(&few, &many, cost, problem);
	prepared_close(&few);
	prepared_close(&many);
	if (rc == OK)
		put_costs(report, n, cost);

	return rc;
}

const struct bench bench_size = {
    "size", "cost of an exchange among many residents and few", run_size};
