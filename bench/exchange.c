/*
 * Inquiries and their answers: one at a time against the floor of its hops, as
 * many as go against the limit that the keys alone set, and how long they take
 * under load against one alone.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/floor.h"
#include "bench/load.h"

#define RESIDENTS_DEFAULT 10000
#define SINGLE 60
#define CLERKS 16
#define EXCHANGES 4000
#define LOAD_SECONDS 10
#define LOAD 500 /* exchanges a second */
/* office, addressee, relay, network, the other relay, relay, office */
#define HOPS 7
#define LIMIT "limit: the signatures and seals that it needs"
#define OFFICES "131041/offices"
#define WAY                                                                    \
	"office to office; all systems on this machine, mutual TLS, durable, " \
	"signed, sealed, recorded by three, ledgered"

struct course {
	struct prepared nation;
	int n_asked;  /* inquiries so far: their numbers */
	double alone; /* ms that an inquiry takes alone */
	double rate;  /* complete exchanges a second */
	struct floor *floor;
	struct bench_report *report;
	struct problem *problem;
};

/* --- One at a time ----------------------------------------------------------- */

/* Ask, and wait so many seconds for the answer. */
static enum err
ask(struct nation *nation, const struct prepared *p, int number, int wait,
    struct problem *problem)
{
	json_t *answer = NULL;
	const char *state;
	int status = 0;
	enum err rc;

	rc = nation_call(nation, OFFICES, HTTP_POST, "/inquiries",
	    load_inquiry(p, number, wait), &status, &answer, problem);
	state = json_string_value(json_object_get(answer, "state"));
	if (rc == OK && status != 201)
		rc = problem_set(problem, ERR_CONFLICT,
		    "an inquiry was answered %d", status);
	if (rc == OK && wait > 0 &&
	    (state == NULL || strcmp(state, "received") != 0))
		rc = problem_set(problem, ERR_CONFLICT, "an inquiry is %s",
		    state == NULL ? "lost" : state);
	json_decref(answer);

	return rc;
}

static enum err
wait_for(struct nation *nation, int number, struct problem *problem)
{
	json_t *answer = NULL;
	const char *state;
	char path[80];
	int status = 0;
	enum err rc;

	snprintf(path, sizeof(path), "/inquiries/%032x?wait=60",
	    (unsigned int)number);
	rc = nation_call(
	    nation, OFFICES, HTTP_GET, path, NULL, &status, &answer, problem);
	state = json_string_value(json_object_get(answer, "state"));
	if (rc == OK && (state == NULL || strcmp(state, "received") != 0))
		rc = problem_set(problem, ERR_CONFLICT, "an inquiry is %s",
		    state == NULL ? "lost" : state);
	json_decref(answer);

	return rc;
}

static enum err
one_at_a_time(struct course *c)
{
	struct nation *nation = c->nation.stage->nation;
	struct bench_figure f = {.name = "one inquiry to its answer",
	    .unit = "ms",
	    .peer_name = "limit: its 7 flushes and 7 round trips over TLS",
	    .asked = 8,
	    .bound = BENCH_AT_MOST};
	struct bench_pairs pairs = {.n = 0};
	double start, ms, least = 1;
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < SINGLE; i++) {
		start = bench_seconds();
		rc = ask(nation, &c->nation, ++c->n_asked, 60, c->problem);
		ms = (bench_seconds() - start) * 1000;
		if (rc == OK)
			rc = floor_measure(c->floor, HOPS, &least, c->problem);
		bench_pair(&pairs, ms, least);
	}
	if (rc)
		return rc;
	bench_settle(&pairs, &pairs, &f);
	c->alone = f.measured;
	bench_add(c->report, &f, "median of %d, one at a time; " WAY, SINGLE);

	return OK;
}

/* --- As many as go ------------------------------------------------------------ */

/* In a process of its own: ask, and wait until all are answered. */
static int
be_clerk(const struct prepared *p, int first, int n)
{
	struct problem problem = {0};
	struct nation *nation = NULL;
	enum err rc;
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	rc = nation_open(p->stage->dir, &nation, &problem);
	for (i = first; rc == OK && i < first + n; i++)
		rc = ask(nation, p, i, 0, &problem);
	for (i = first; rc == OK && i < first + n; i++)
		rc = wait_for(nation, i, &problem);
	if (rc)
		fprintf(stderr, "bango bench: %s\n", problem.text);
	nation_close(nation);

	return rc != OK;
}

static enum err
let_clerks_ask(struct course *c, double *ret_seconds)
{
	double start = bench_seconds();
	pid_t clerks[CLERKS];
	enum err rc = OK;
	int i, status;

	fflush(NULL);
	for (i = 0; i < CLERKS; i++) {
		clerks[i] = fork();
		if (clerks[i] == 0)
			_exit(be_clerk(&c->nation,
			    c->n_asked + 1 + i * (EXCHANGES / CLERKS),
			    EXCHANGES / CLERKS));
	}
	for (i = 0; i < CLERKS; i++) {
		if (waitpid(clerks[i], &status, 0) < 0 || status != 0)
			rc = problem_set(
			    c->problem, ERR_CONFLICT, "a clerk failed");
	}
	*ret_seconds = bench_seconds() - start;
	c->n_asked += EXCHANGES;

	return rc;
}

/*
 * The limit of the rate is what the cores could do if they did nothing but the
 * signatures and seals that were counted; that of the processor time, what
 * these need of a core.
 */
static void
put_rate(struct course *c, double seconds, double processor, double keys)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	c->rate = EXCHANGES / seconds;
	bench_add(c->report,
	    &(struct bench_figure){.name = "complete exchanges",
		.unit = "/s",
		.measured = c->rate,
		.peer_name = LIMIT,
		.peer = (double)cores * EXCHANGES / keys,
		.asked = 0.06},
	    "%d inquiries of %d clerks who do not wait, about residents chosen "
	    "at random out of %lld; " WAY,
	    EXCHANGES, CLERKS, (long long)c->nation.residents);
	bench_add(c->report,
	    &(struct bench_figure){.name = "processor time of an exchange",
		.unit = "ms",
		.measured = 1000 * processor / EXCHANGES,
		.peer_name = LIMIT,
		.peer = 1000 * keys / EXCHANGES,
		.asked = 6.8,
		.bound = BENCH_AT_MOST},
	    "of the same, all systems together, without the clerks; the rest "
	    "is TLS, databases, JSON");
}

static enum err
as_many_as_go(struct course *c)
{
	struct prepared_cost cost, cost_before;
	struct crypto_tally tally, tally_before;
	struct bench_key_costs costs;
	double seconds = 1;
	enum err rc;

	rc = prepared_tally(&c->nation, &tally_before, c->problem);
	cost_before = prepared_cost_so_far(&c->nation);
	if (rc == OK)
		rc = let_clerks_ask(c, &seconds);
	cost = prepared_cost_so_far(&c->nation);
	if (rc == OK)
		rc = prepared_tally(&c->nation, &tally, c->problem);
	if (rc == OK && bench_measure_keys(&costs))
		rc = problem_set(c->problem, ERR_CRYPTO, "a key failed");
	if (rc == OK)
		put_rate(c, seconds, cost.processor - cost_before.processor,
		    bench_key_seconds(&costs, &tally_before, &tally));

	return rc;
}

/* --- At half load ------------------------------------------------------------ */

struct limits {
	const char *names[2];
	double asked[2]; /* p50, p99: times an inquiry alone; 0: nothing */
};

static void
put_latency(struct course *c, const struct limits *limits, double rate,
    const struct load_result *load)
{
	const double ms[] = {load->p50, load->p99};
	size_t i;

	for (i = 0; i < 2; i++)
		bench_add(c->report,
		    &(struct bench_figure){.name = limits->names[i],
			.unit = "ms",
			.measured = ms[i],
			.peer_name = "one inquiry alone",
			.peer = c->alone,
			.asked = limits->asked[i],
			.bound = BENCH_AT_MOST},
		    "load: %.0f inquiries a second, %d in all, that arrive "
		    "whether or not the others are answered; counted from when "
		    "they are to arrive; at most %d at once, worst %.0f ms; " WAY,
		    rate, load->n, load->at_once, load->worst);
}

static enum err
be_asked(struct course *c, double rate, const struct limits *limits)
{
	struct load_result load = {0};
	enum err rc;

	rc = load_run(
	    &c->nation, rate, LOAD_SECONDS, c->n_asked + 1, &load, c->problem);
	c->n_asked += load.n;
	if (rc == OK)
		put_latency(c, limits, rate, &load);

	return rc;
}

/* A fixed load, and half of what was measured. */
static enum err
at_half(struct course *c)
{
	static const struct limits fixed = {
	    .names = {"latency at 500 exchanges/s, p50",
		"latency at 500 exchanges/s, p99"},
	    .asked = {4, 16}};
	static const struct limits half = {
	    .names = {"latency at half of those measured, p50",
		"latency at half of those measured, p99"}};
	enum err rc = be_asked(c, LOAD, &fixed);

	return rc ? rc : be_asked(c, c->rate / 2, &half);
}

static enum err
measure(struct course *c)
{
	enum err rc;

	rc = floor_open(c->nation.folder, &c->floor, c->problem);
	if (rc == OK)
		rc = one_at_a_time(c);
	floor_close(c->floor);
	if (rc == OK)
		rc = as_many_as_go(c);

	return rc ? rc : at_half(c);
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct course c = {.report = report, .problem = problem};
	int64_t n = report->options->residents;
	enum err rc;

	rc = prepared_open(n > 0 ? n : RESIDENTS_DEFAULT, &c.nation, problem);
	if (rc == OK)
		rc = measure(&c);
	prepared_close(&c.nation);

	return rc;
}

const struct bench bench_exchange = {
    "exchange", "inquiries and their answers", run};
