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
#define ROUNDS 5

/* --- Inquiries a second ----------------------------------------------------- */

static enum err
run_bulk(struct bench_report *report, struct problem *problem)
{
	struct bench_result *r;
	double seconds = 1, processor = 0;
	struct prepared p;
	enum err rc;

	rc = prepared_open(FEW, &p, problem);
	if (rc == OK)
		rc = prepared_inquire(
		    &p, WARM_UP, &seconds, &processor, problem);
	if (rc == OK)
		rc = prepared_inquire(
		    &p, FILE_LINES, &seconds, &processor, problem);
	prepared_close(&p);
	if (rc)
		return rc;
	r = bench_row(report);
	r->what = "bulk inquiries, file in to file out";
	r->value = FILE_LINES / seconds;
	r->unit = "/s";
	r->target = 1500;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d lines, by `bango inquire`, residents chosen at random out of "
	    "%d; all systems on this machine, %.2f ms of a core each; mutual "
	    "TLS, durable, signed, sealed",
	    FILE_LINES, FEW, processor * 1000 / FILE_LINES);

	return OK;
}

const struct bench bench_bulk = {
    "bulk", "a file of inquiries in, a file of results out", run_bulk};

/* --- Cost at size ------------------------------------------------------------ */

/* Medians of the rounds, in ms for each exchange. */
struct cost {
	double wall, processor;
	double walls[ROUNDS], processors[ROUNDS];
};

static enum err
one_round(struct prepared *p, struct cost *cost, int i, struct problem *problem)
{
	double seconds = 0, processor = 0;
	enum err rc;

	rc = prepared_inquire(p, ROUND_LINES, &seconds, &processor, problem);
	cost->walls[i] = seconds * 1000 / ROUND_LINES;
	cost->processors[i] = processor * 1000 / ROUND_LINES;

	return rc;
}

/* In turns, so that what disturbs one disturbs the other. */
static enum err
both(struct prepared *few, struct prepared *many, struct cost cost[2],
    struct problem *problem)
{
	double unused;
	enum err rc;
	int i;

	rc = prepared_inquire(few, WARM_UP, &unused, &unused, problem);
	if (rc == OK)
		rc = prepared_inquire(many, WARM_UP, &unused, &unused, problem);
	for (i = 0; rc == OK && i < ROUNDS; i++) {
		rc = one_round(few, &cost[0], i, problem);
		if (rc == OK)
			rc = one_round(many, &cost[1], i, problem);
	}
	for (i = 0; i < 2; i++) {
		cost[i].wall = bench_median(cost[i].walls, ROUNDS);
		cost[i].processor = bench_median(cost[i].processors, ROUNDS);
	}

	return rc;
}

static void
put_cost(struct bench_report *report, const char *what, int64_t residents,
    const struct cost *cost)
{
	struct bench_result *r = bench_row(report);

	r->what = what;
	r->value = cost->wall;
	r->unit = "ms";
	snprintf(r->conditions, sizeof(r->conditions),
	    "%lld residents with codes in network, relays and addressee; files "
	    "of %d inquiries about residents chosen at random, median of %d; "
	    "%.2f ms of a core",
	    (long long)residents, ROUND_LINES, ROUNDS, cost->processor);
}

static enum err
run_size(struct bench_report *report, struct problem *problem)
{
	int64_t n = report->options->residents > 0 ? report->options->residents
						   : MANY_DEFAULT;
	struct prepared few, many = {.residents = n};
	struct cost cost[2] = {{.wall = 0}, {.wall = 0}};
	struct bench_result *r;
	enum err rc;

	rc = prepared_open(FEW, &few, problem);
	if (rc == OK)
		rc = prepared_open(n, &many, problem);
	if (rc == OK)
		rc = both(&few, &many, cost, problem);
	prepared_close(&few);
	prepared_close(&many);
	if (rc)
		return rc;
	put_cost(report, "one exchange among few residents", FEW, &cost[0]);
	put_cost(report, "one exchange among many residents", n, &cost[1]);
	r = bench_row(report);
	r->what = "cost of an exchange, many against few";
	r->value = cost[1].wall / cost[0].wall;
	r->unit = "times";
	r->target = 1.3;
	r->at_most = true;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%lld against %d residents, in turns, by the clock; by processor "
	    "time %.2f times%s",
	    (long long)n, FEW, cost[1].processor / cost[0].processor,
	    n < 10000000 ? "; asked at --residents 10000000" : "");

	return OK;
}

const struct bench bench_size = {
    "size", "cost of an exchange among many residents and few", run_size};
