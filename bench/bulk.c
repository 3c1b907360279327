/*
 * Files of inquiries: how many a second against the limit that the keys alone
 * set, and what one costs among many residents against few.
 */
#include <unistd.h>

#include "bench/bench.h"
#include "bench/prepared.h"

#define FEW 10000
#define MANY_DEFAULT 1000000
#define WARM_UP 500
#define FILE_LINES 6000
#define ROUND_LINES 2000
#define ROUNDS 9
#define LIMIT "limit: the signatures and seals that it needs"

/* --- Inquiries a second ----------------------------------------------------- */

static enum err
inquire_counted(struct prepared *p, struct prepared_cost *cost, double *keys,
    struct problem *problem)
{
	struct crypto_tally before, after;
	struct bench_key_costs costs;
	enum err rc;

	rc = prepared_inquire(p, WARM_UP, cost, problem);
	if (rc == OK)
		rc = prepared_tally(p, &before, problem);
	if (rc == OK)
		rc = prepared_inquire(p, FILE_LINES, cost, problem);
	if (rc == OK)
		rc = prepared_tally(p, &after, problem);
	if (rc == OK && bench_measure_keys(&costs))
		rc = problem_set(problem, ERR_CRYPTO, "a key failed");
	if (rc == OK)
		*keys = bench_key_seconds(&costs, &before, &after);

	return rc;
}

static enum err
run_bulk(struct bench_report *report, struct problem *problem)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct prepared_cost cost = {.seconds = 1};
	struct prepared p;
	double keys = 1;
	enum err rc;

	rc = prepared_open(FEW, &p, problem);
	if (rc == OK)
		rc = inquire_counted(&p, &cost, &keys, problem);
	prepared_close(&p);
	if (rc)
		return rc;
	bench_add(report,
	    &(struct bench_figure){
		.name = "bulk inquiries, file in to file out",
		.unit = "/s",
		.measured = FILE_LINES / cost.seconds,
		.peer_name = LIMIT,
		.peer = (double)cores * FILE_LINES / keys,
		.asked = 0.1},
	    "%d lines, by `bango inquire`, residents chosen at random out of "
	    "%d; all systems on this machine; mutual TLS, durable, signed, "
	    "sealed",
	    FILE_LINES, FEW);
	bench_add(report,
	    &(struct bench_figure){.name = "processor time of a bulk inquiry",
		.unit = "ms",
		.measured = 1000 * cost.processor / FILE_LINES,
		.peer_name = LIMIT,
		.peer = 1000 * keys / FILE_LINES,
		.asked = 6.2,
		.bound = BENCH_AT_MOST},
	    "of the same, all systems together");

	return OK;
}

const struct bench bench_bulk = {
    "bulk", "a file of inquiries in, a file of results out", run_bulk};

/* --- Cost at size ------------------------------------------------------------ */

/* Among whom, and what the kernel remembers of them. */
enum { FEW_REMEMBERED, MANY_REMEMBERED, MANY_FORGOTTEN, WAYS };

/* For each exchange, round by round. */
struct cost {
	double walls[ROUNDS], processors[ROUNDS]; /* ms */
	double disks[ROUNDS];                     /* KiB */
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
	/* Forgetting leaves its traces in the kernel; therefore last. */
	for (i = 0; rc == OK && i < ROUNDS; i++)
		rc = one_round(many, PREPARED_FORGOTTEN, &cost[MANY_FORGOTTEN],
		    i, problem);

	return rc;
}

static void
put_cost(struct bench_report *report, struct bench_figure f, int64_t residents,
    struct cost *many, struct cost *few)
{
	struct bench_pairs walls = {.n = 0}, processors = {.n = 0};
	struct bench_figure by_processor = {.name = NULL};
	int i;

	for (i = 0; i < ROUNDS; i++) {
		bench_pair(&walls, many->walls[i], few->walls[i]);
		bench_pair(
		    &processors, many->processors[i], few->processors[i]);
	}
	bench_settle(&walls, &walls, &f);
	bench_settle(&processors, &processors, &by_processor);
	bench_add(report, &f,
	    "%lld residents with codes in network, relays and addressee; files "
	    "of %d inquiries about residents chosen at random, median of %d; "
	    "processor time %.2f against %.2f ms, %.2f times; %.0f KiB from "
	    "the disk%s",
	    (long long)residents, ROUND_LINES, ROUNDS, by_processor.measured,
	    by_processor.peer, by_processor.ratio,
	    bench_median(many->disks, ROUNDS),
	    residents < 10000000 ? "; asked at --residents 10000000" : "");
}

static void
put_costs(struct bench_report *report, int64_t n, struct cost cost[WAYS])
{
	struct bench_figure f = {.name = "one exchange among many residents",
	    .unit = "ms",
	    .peer_name = "the same among 10,000, in turns",
	    .asked = 1.3,
	    .bound = BENCH_AT_MOST};

	put_cost(report, f, n, &cost[MANY_REMEMBERED], &cost[FEW_REMEMBERED]);
	f.name = "the first look at each, from the disk";
	f.peer_name = "among 10,000, in the kernel's memory";
	f.asked = 0;
	put_cost(report, f, n, &cost[MANY_FORGOTTEN], &cost[FEW_REMEMBERED]);
}

static enum err
run_size(struct bench_report *report, struct problem *problem)
{
	int64_t n = report->options->residents > 0 ? report->options->residents
						   : MANY_DEFAULT;
	struct prepared few, many = {.residents = n};
	struct cost cost[WAYS] = {{.walls = {0}}};
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
