/* Benchmarks on a live nation of their own: processes, mutual TLS, files. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "bench/bench.h"
#include "crypto/random.h"
#include "main/import.h"
#include "main/population.h"
#include "main/stage.h"
#include "main/story.h"

#define BULK 100000
#define MILLION 1000000
#define BIRTHS 60
#define INQUIRIES 60
#define EXCHANGES 4000
#define CLERKS 4
#define PATIENCE_S 600
#define REGISTRY "012041/registry"

static const struct stage_options stage;

/* --- Helps --------------------------------------------------------------- */

static enum err
write_csv(const char *path, uint64_t count, struct problem *problem)
{
	struct population_options o = {.municipality = SLICE("012041"),
	    .seed = 1,
	    .count = count,
	    .day = {2026, 4, 1},
	    .foreign = 10};
	FILE *to = fopen(path, "w");
	enum err rc;

	if (to == NULL)
		return problem_set(problem, ERR_IO, "cannot write %s", path);
	rc = population_write(&o, to, problem);
	if (rc == OK)
		fputs(story_family_csv, to);
	if (fclose(to) && rc == OK)
		rc = problem_set(problem, ERR_IO, "cannot write %s", path);

	return rc;
}

static void
hold(const struct stage *s, const char *system, int how)
{
	pid_t pid = stage_system_pid(s, system);

	if (pid > 0)
		kill(pid, how);
}

/* Seconds until a count of a system has reached `want`. */
static enum err
time_until(struct stage *s, const char *system, const char *count, int64_t want,
    double *ret, struct problem *problem)
{
	struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
	double start = bench_seconds();
	int64_t n = 0;
	enum err rc = OK;

	while (rc == OK && n < want) {
		nanosleep(&pause, NULL);
		rc = nation_count(s->nation, system, count, &n, problem);
		if (rc == OK && bench_seconds() - start > PATIENCE_S)
			rc = problem_set(problem, ERR_BUSY,
			    "%s of %s is still %lld", count, system,
			    (long long)n);
	}
	*ret = bench_seconds() - start;

	return rc;
}

/* Import `count` residents with the network's number generation held back,
 * so that nothing else runs. */
static enum err
import(struct stage *s, uint64_t count, double *ret_seconds,
    struct problem *problem)
{
	struct import_options options = {0};
	struct import_totals totals = {0};
	struct buf path;
	double start;
	enum err rc;

	buf_init(&path);
	nation_path(&path, s->dir, "bench.csv");
	rc = write_csv(path.data, count, problem);
	hold(s, "jlis/jukinet", SIGSTOP);
	start = bench_seconds();
	if (rc == OK)
		rc = import_file(
		    s->nation, REGISTRY, path.data, &options, &totals, problem);
	*ret_seconds = bench_seconds() - start;
	buf_done(&path);

	return rc;
}

static void
put_rate(struct bench_report *report, const char *what, int64_t n,
    double seconds, double target, const char *conditions)
{
	struct bench_result *r = bench_row(report);

	r->what = what;
	r->value = (double)n / seconds;
	r->unit = "residents/s";
	r->target = target;
	snprintf(r->conditions, sizeof(r->conditions), "%s", conditions);
}

/* --- Import, numbering, birth -------------------------------------------- */

static enum err
bulk(struct stage *s, struct bench_report *report, struct problem *problem)
{
	double seconds = 0;
	enum err rc;

	rc = import(s, BULK, &seconds, problem);
	if (rc)
		return rc;
	put_rate(report, "import of residents", BULK, seconds, 50000,
	    "100,002 residents, CSV in UTF-8, SQLite, synchronous=FULL, one "
	    "audit entry each; everything else idle");
	/* The ledger takes in what the import has left. */
	nanosleep(&(struct timespec){.tv_sec = 3}, NULL);
	hold(s, "012041/addressee", SIGSTOP);
	hold(s, "jlis/jukinet", SIGCONT);
	rc = time_until(s, REGISTRY, "numbered", BULK, &seconds, problem);
	hold(s, "012041/addressee", SIGCONT);
	if (rc)
		return rc;
	put_rate(report, "numbering in bulk", BULK, seconds, 50000,
	    "the same residents, from the first request of codes; two "
	    "processes, mutual TLS, signed, durable; addressee held back, "
	    "ledgers behind");
	rc = time_until(s, "012041/relay", "linked", BULK, &seconds, problem);
	if (rc == OK)
		put_rate(report, "acquisition of linkage codes in bulk", BULK,
		    seconds, 0,
		    "the same residents; addressee, jukinet, network, relay; "
		    "after the numbering");

	return rc;
}

static enum err
one_birth(struct stage *s, int i, double *ret_ms, struct problem *problem)
{
	json_t *body = json_object(), *answer = NULL;
	char registration[33], name[40], path[80];
	double start = bench_seconds();
	int status = 0;
	enum err rc;

	snprintf(registration, sizeof(registration), "%032x", i + 1);
	snprintf(name, sizeof(name), "山田　%c%c", 'A' + i / 26, 'A' + i % 26);
	json_put_text(body, "registration", slice_of(registration));
	json_put_text(body, "mother", SLICE(STORY_MOTHER));
	json_put_text(body, "name", slice_of(name));
	json_put_text(body, "kana", SLICE("ヤマダ　ナナシ"));
	json_put_text(body, "birth", SLICE("2026-04-01"));
	json_put_text(body, "sex", SLICE("1"));
	rc = nation_call(s->nation, REGISTRY, HTTP_POST, "/births", body,
	    &status, &answer, problem);
	if (rc == OK) {
		snprintf(path, sizeof(path),
		    "/residents/%s?wait=30&until=numbered",
		    json_string_value(json_object_get(answer, "resident")));
		json_decref(answer);
		answer = NULL;
		rc = nation_call(s->nation, REGISTRY, HTTP_GET, path, NULL,
		    &status, &answer, problem);
	}
	*ret_ms = (bench_seconds() - start) * 1000;
	if (rc == OK && status != 200)
		rc = problem_set(
		    problem, ERR_CONFLICT, "a birth was answered %d", status);
	json_decref(answer);

	return rc;
}

static enum err
births(struct stage *s, struct bench_report *report, struct problem *problem)
{
	struct bench_result *r;
	double ms[BIRTHS];
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < BIRTHS; i++)
		rc = one_birth(s, i, &ms[i], problem);
	if (rc)
		return rc;
	r = bench_row(report);
	r->what = "one birth to its number";
	r->value = bench_median(ms, BIRTHS);
	r->unit = "ms median";
	r->target = 50;
	r->at_most = true;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d births, one at a time; worst %.1f ms; live processes, mutual "
	    "TLS, durable everywhere",
	    BIRTHS, ms[BIRTHS - 1]);

	return OK;
}

static enum err
run_registry(struct bench_report *report, struct problem *problem)
{
	struct stage *s = NULL;
	enum err rc;

	rc = stage_open(&stage, &s, problem);
	if (rc == OK)
		rc = bulk(s, report, problem);
	if (rc == OK)
		rc = births(s, report, problem);
	stage_close(s);

	return rc;
}

const struct bench bench_registry = {"registry",
    "import, bulk numbering, one birth to its number", run_registry};

/* --- Exchange ------------------------------------------------------------ */

static enum err
port_call(void *state, const char *system, enum http_method method,
    const char *path, json_t *body, struct slice token, int *ret_status,
    json_t **ret, struct problem *problem)
{
	struct stage *s = state;

	return nation_call_as(s->nation, system, method, path, body, token,
	    ret_status, ret, problem);
}

static void
port_say(void *state, const char *line)
{
	(void)state;
	(void)line;
}

static struct instant
port_now(void *state)
{
	struct clock clock = clock_system();

	(void)state;

	return clock.now(clock.state);
}

static json_t *
application(const struct story *story, int i)
{
	json_t *body = json_object();
	char id[33];

	snprintf(id, sizeof(id), "%032x", i + 1);
	json_put_text(body, "application", slice_of(id));
	json_put_text(body, "applicant", slice_of(story->father_moved));
	json_put_text(body, "child", slice_of(story->child_moved));
	json_put_text(body, "previous_municipality", SLICE("012041"));
	json_put_text(body, "unit", SLICE("bench"));
	json_put_text(body, "clerk", SLICE("bench"));

	return body;
}

static enum err
one_inquiry(struct stage *s, const struct story *story, int i, double *ret_ms,
    struct problem *problem)
{
	double start = bench_seconds();
	json_t *answer = NULL;
	char id[33], path[80];
	int status = 0;
	enum err rc;

	snprintf(id, sizeof(id), "%032x", i + 1);
	rc = nation_call(s->nation, "131041/offices", HTTP_POST,
	    "/child-allowance", application(story, i), &status, &answer,
	    problem);
	json_decref(answer);
	answer = NULL;
	snprintf(path, sizeof(path), "/applications/%s?wait=30", id);
	if (rc == OK)
		rc = nation_call(s->nation, "131041/offices", HTTP_GET, path,
		    NULL, &status, &answer, problem);
	*ret_ms = (bench_seconds() - start) * 1000;
	if (rc == OK &&
	    strcmp(json_string_value(json_object_get(answer, "state")),
		"received") != 0)
		rc = problem_set(problem, ERR_CONFLICT,
		    "an inquiry ended otherwise than with its answer");
	json_decref(answer);

	return rc;
}

static enum err
inquiries(struct stage *s, const struct story *story,
    struct bench_report *report, struct problem *problem)
{
	struct bench_result *r;
	double ms[INQUIRIES];
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < INQUIRIES; i++)
		rc = one_inquiry(s, story, i, &ms[i], problem);
	if (rc)
		return rc;
	r = bench_row(report);
	r->what = "one inquiry to its answer";
	r->value = bench_median(ms, INQUIRIES);
	r->unit = "ms median";
	r->target = 50;
	r->at_most = true;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d inquiries, one at a time, office to office (further than the "
	    "relay); worst %.1f ms; live, mutual TLS, durable, signed, sealed",
	    INQUIRIES, ms[INQUIRIES - 1]);

	return OK;
}

/* In a process of its own: ask from `first` on, `n` times. */
static int
ask_many(const char *dir, const struct story *story, int first, int n)
{
	struct problem problem = {0};
	struct nation *nation = NULL;
	json_t *answer = NULL;
	int i, status = 0;
	enum err rc;

	rc = nation_open(dir, &nation, &problem);
	for (i = first; rc == OK && i < first + n; i++) {
		rc = nation_call(nation, "131041/offices", HTTP_POST,
		    "/child-allowance", application(story, i), &status, &answer,
		    &problem);
		json_decref(answer);
		answer = NULL;
		if (rc == OK && status >= 300)
			rc = problem_set(&problem, ERR_CONFLICT,
			    "an application was answered %d", status);
	}
	if (rc)
		fprintf(stderr, "bango bench: %s\n", problem.text);
	nation_close(nation);

	return rc != OK;
}

/* Exchanges at once: from the first application to the last answer. */
static enum err
exchanges(struct stage *s, const struct story *story,
    struct bench_report *report, struct problem *problem)
{
	double start = bench_seconds(), seconds = 0;
	struct bench_result *r;
	pid_t clerks[CLERKS];
	int64_t before = 0, waiting = 1;
	enum err rc;
	int i, status;

	rc = nation_count(
	    s->nation, "131041/relay", "inquiries", &before, problem);
	if (rc)
		return rc;
	fflush(NULL);
	for (i = 0; i < CLERKS; i++) {
		clerks[i] = fork();
		if (clerks[i] == 0)
			_exit(ask_many(s->dir, story,
			    INQUIRIES + i * (EXCHANGES / CLERKS),
			    EXCHANGES / CLERKS));
	}
	rc = time_until(s, "131041/relay", "inquiries", before + EXCHANGES,
	    &seconds, problem);
	while (rc == OK && waiting > 0)
		rc = nation_count(
		    s->nation, "131041/relay", "waiting", &waiting, problem);
	seconds = bench_seconds() - start;
	for (i = 0; i < CLERKS; i++) {
		if (waitpid(clerks[i], &status, 0) < 0 || status != 0)
			rc = problem_set(
			    problem, ERR_CONFLICT, "a clerk failed");
	}
	if (rc)
		return rc;
	r = bench_row(report);
	r->what = "complete exchanges";
	r->value = EXCHANGES / seconds;
	r->unit = "/s";
	r->target = 1000;
	snprintf(r->conditions, sizeof(r->conditions),
	    "%d applications of %d clerks, office to office and back; eight "
	    "systems, mutual TLS, durable, signed, sealed, recorded by three",
	    EXCHANGES, CLERKS);

	return OK;
}

static enum err
run_exchange(struct bench_report *report, struct problem *problem)
{
	struct random random = random_system();
	struct story_port port = {port_call, port_say, port_now, NULL};
	struct stage *s = NULL;
	struct story story;
	double seconds = 0;
	enum err rc;

	rc = stage_open(&stage, &s, problem);
	if (rc == OK)
		rc = import(s, 10, &seconds, problem);
	if (rc == OK) {
		hold(s, "jlis/jukinet", SIGCONT);
		rc = time_until(
		    s, "012041/relay", "linked", 12, &seconds, problem);
	}
	port.state = s;
	if (rc == OK)
		rc = story_tell(&port, &random, &story, problem);
	if (rc == OK)
		rc = inquiries(s, &story, report, problem);
	if (rc == OK)
		rc = exchanges(s, &story, report, problem);
	stage_close(s);

	return rc;
}

const struct bench bench_exchange = {
    "exchange", "one inquiry to its answer", run_exchange};

/* --- Memory -------------------------------------------------------------- */

/* Peak resident memory of a process in MiB, as Linux counts it. */
static double
peak_mib(pid_t pid)
{
	struct problem problem = {0};
	struct slice rest, line;
	struct buf path, text;
	uint64_t kib = 0;

	buf_init(&path);
	buf_init(&text);
	buf_printf(&path, "/proc/%ld/status", (long)pid);
	if (file_read(path.data, 65536, &text, &problem) == OK) {
		rest = buf_slice(&text);
		while (rest.data != NULL) {
			line = slice_cut(&rest, '\n');
			if (!slice_has_prefix(line, SLICE("VmHWM:")))
				continue;
			slice_cut(&line, ':');
			line = slice_trim(line);
			line = slice_cut(&line, ' ');
			if (slice_to_u64(line, UINT32_MAX, &kib))
				kib = 0;
		}
	}
	buf_done(&path);
	buf_done(&text);

	return (double)kib / 1024;
}

static void
put_memory(struct stage *s, const char *system, struct bench_report *report,
    const char *what)
{
	struct bench_result *r = bench_row(report);

	r->what = what;
	r->value = peak_mib(stage_system_pid(s, system));
	r->unit = "MiB";
	r->target = 64;
	r->at_most = true;
	snprintf(r->conditions, sizeof(r->conditions),
	    "peak resident memory after importing and numbering a million "
	    "residents, SQLite");
}

static enum err
run_memory(struct bench_report *report, struct problem *problem)
{
	struct stage *s = NULL;
	double seconds = 0;
	enum err rc;

	rc = stage_open(&stage, &s, problem);
	if (rc == OK)
		rc = import(s, MILLION - 2, &seconds, problem);
	if (rc == OK) {
		put_rate(report, "import of a million residents", MILLION,
		    seconds, 0, "as above, at size");
		hold(s, "jlis/jukinet", SIGCONT);
		rc = time_until(
		    s, REGISTRY, "numbered", MILLION, &seconds, problem);
	}
	if (rc == OK)
		rc = time_until(
		    s, "012041/relay", "linked", MILLION, &seconds, problem);
	if (rc == OK) {
		put_memory(s, REGISTRY, report, "memory of a registry");
		put_memory(s, "jlis/jukinet", report, "memory of jukinet");
		put_memory(
		    s, "012041/addressee", report, "memory of an addressee");
		put_memory(s, "012041/relay", report, "memory of a relay");
		put_memory(
		    s, "digital/network", report, "memory of the network");
	}
	stage_close(s);

	return rc;
}

const struct bench bench_memory = {
    "memory", "of the systems at a million residents", run_memory};
