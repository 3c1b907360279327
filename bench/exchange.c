/*
 * Inquiries and their answers: one at a time, as many as go, at half of that,
 * and the limit that the keys alone set.
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
#include "bench/load.h"
#include "crypto/tally.h"

#define RESIDENTS_DEFAULT 10000
#define SINGLE 60
#define CLERKS 16
#define EXCHANGES 4000
#define LOAD_SECONDS 10
#define ASKED 1000 /* exchanges a second */
#define OFFICES "131041/offices"
#define WAY                                                                    \
	"office to office; all systems on this machine, mutual TLS, durable, " \
	"signed, sealed, recorded by three, ledgered"

struct course {
	struct prepared nation;
	int n_asked; /* inquiries so far: their numbers */
	double rate; /* complete exchanges a second */
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
	struct bench_result *r;
	double ms[SINGLE], start;
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < SINGLE; i++) {
		start = bench_seconds();
		rc = ask(nation, &c->nation, ++c->n_asked, 60, c->problem);
		ms[i] = (bench_seconds() - start) * 1000;
	}
	if (rc)
		return rc;
	r = bench_row(c->report);
	r->what = "one inquiry to its answer";
	r->value = bench_median(ms, SINGLE);
	r->unit = "ms median";
	r->target = 50;
	r->at_most = true;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d inquiries, one at a time; worst %.1f ms; " WAY, SINGLE,
	    ms[SINGLE - 1]);

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

/* What all systems have done with their keys since they are up. */
static enum err
sum_tallies(const struct course *c, struct crypto_tally *ret)
{
	struct nation *nation = c->nation.stage->nation;
	json_t *s = NULL;
	int status = 0;
	enum err rc = OK;
	size_t i;

	*ret = (struct crypto_tally){0};
	for (i = 0; rc == OK && i < nation->config->n_systems; i++) {
		rc = nation_call(nation, nation->config->systems[i].id.text,
		    HTTP_GET, "/status", NULL, &status, &s, c->problem);
		ret->signatures +=
		    json_integer_value(json_object_get(s, "signatures"));
		ret->verifications +=
		    json_integer_value(json_object_get(s, "verifications"));
		ret->seals += json_integer_value(json_object_get(s, "seals"));
		ret->openings +=
		    json_integer_value(json_object_get(s, "openings"));
		json_decref(s);
		s = NULL;
	}

	return rc;
}

/* What the cores could do if they did nothing but that. */
static enum err
put_limit(struct course *c, const struct crypto_tally *before,
    const struct crypto_tally *after)
{
	double signs = (double)(after->signatures - before->signatures);
	double verifies =
	    (double)(after->verifications - before->verifications);
	double seals = (double)(after->seals - before->seals);
	double opens = (double)(after->openings - before->openings);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct bench_key_costs cost;
	struct bench_result *r;
	double us, limit;

	if (bench_measure_keys(&cost))
		return problem_set(c->problem, ERR_CRYPTO, "a key failed");
	us = (signs * cost.sign_us + verifies * cost.verify_us +
		 seals * cost.seal_us + opens * cost.open_us) /
	    EXCHANGES;
	limit = (double)cores * 1e6 / us;
	r = bench_row(c->report);
	r->what = "limit that signatures and seals alone set";
	r->value = limit;
	r->unit = "/s";
	snprintf(r->conditions, sizeof(r->conditions),
	    "counted for each of these exchanges: %.2f signatures of %.0f us, "
	    "%.2f verifications of %.0f us, %.2f seals of %.0f us, %.2f "
	    "openings of %.0f us; %ld cores",
	    signs / EXCHANGES, cost.sign_us, verifies / EXCHANGES,
	    cost.verify_us, seals / EXCHANGES, cost.seal_us, opens / EXCHANGES,
	    cost.open_us, cores);
	r = bench_row(c->report);
	r->what = "complete exchanges, of that limit";
	r->value = 100 * c->rate / limit;
	r->unit = "%";
	snprintf(r->conditions, sizeof(r->conditions),
	    "the rest is TLS, databases, the disk, the clerks who ask");

	return OK;
}

static enum err
as_many_as_go(struct course *c)
{
	struct crypto_tally before, after;
	struct bench_result *r;
	double seconds = 1;
	enum err rc;

	rc = sum_tallies(c, &before);
	if (rc == OK)
		rc = let_clerks_ask(c, &seconds);
	if (rc == OK)
		rc = sum_tallies(c, &after);
	if (rc)
		return rc;
	c->rate = EXCHANGES / seconds;
	r = bench_row(c->report);
	r->what = "complete exchanges";
	r->value = c->rate;
	r->unit = "/s";
	r->target = ASKED;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d inquiries of %d clerks who do not wait, about residents chosen "
	    "at random out of %lld; " WAY,
	    EXCHANGES, CLERKS, (long long)c->nation.residents);

	return put_limit(c, &before, &after);
}

/* --- At half load ------------------------------------------------------------ */

static void
put_latency(struct course *c, const char *what, double ms, double target,
    double rate, const struct load_result *load)
{
	struct bench_result *r = bench_row(c->report);

	r->what = what;
	r->value = ms;
	r->unit = "ms";
	r->target = target;
	r->at_most = true;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d inquiries that arrive at %.0f/s whether or not the others are "
	    "answered, counted from when they are to arrive; at most %d at "
	    "once, worst %.0f ms; " WAY,
	    load->n, rate, load->at_once, load->worst);
}

static enum err
be_asked(struct course *c, double rate, struct load_result *ret)
{
	enum err rc = load_run(
	    &c->nation, rate, LOAD_SECONDS, c->n_asked + 1, ret, c->problem);

	c->n_asked += ret->n;

	return rc;
}

/* Half of what is asked of the program, and half of what it can do. */
static enum err
at_half(struct course *c)
{
	double asked = ASKED / 2, measured = c->rate / 2;
	struct load_result load = {0};
	enum err rc;

	rc = be_asked(c, asked, &load);
	if (rc)
		return rc;
	put_latency(c, "latency at half of the 1,000/s asked, p50", load.p50,
	    20, asked, &load);
	put_latency(c, "latency at half of the 1,000/s asked, p99", load.p99,
	    150, asked, &load);
	rc = be_asked(c, measured, &load);
	if (rc)
		return rc;
	put_latency(c, "latency at half of those measured, p50", load.p50, 0,
	    measured, &load);
	put_latency(c, "latency at half of those measured, p99", load.p99, 0,
	    measured, &load);

	return OK;
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct course c = {.report = report, .problem = problem};
	int64_t n = report->options->residents;
	enum err rc;

	rc = prepared_open(n > 0 ? n : RESIDENTS_DEFAULT, &c.nation, problem);
	if (rc == OK)
		rc = one_at_a_time(&c);
	if (rc == OK)
		rc = as_many_as_go(&c);
	if (rc == OK)
		rc = at_half(&c);
	prepared_close(&c.nation);

	return rc;
}

const struct bench bench_exchange = {
    "exchange", "inquiries and their answers", run};
