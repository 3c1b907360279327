/* Benchmarks on a live nation of their own: processes, mutual TLS, files. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "bench/bench.h"
#include "bench/workshop.h"
#include "lab/demo/stage.h"
#include "lab/demo/story.h"
#include "lab/population/population.h"
#include "nation/import.h"

#define BULK 100000
#define MILLION 1000000
#define BIRTHS 60
#define PATIENCE_S 600
#define REGISTRY "012041/registry"

/* --- Helps --------------------------------------------------------------- */

/* A nation in a folder of the workshop's. */
static enum err
open_stage(struct stage **ret, struct problem *problem)
{
	char folder[WORKSHOP_PATH_MAX], dir[WORKSHOP_PATH_MAX + 8];
	struct stage_options options = {.dir = dir};
	enum err rc;

	rc = workshop_folder(folder, problem);
	if (rc)
		return rc;
	snprintf(dir, sizeof(dir), "%s/nation", folder);

	return stage_open(&options, ret, problem);
}

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

	rc = open_stage(&s, problem);
	if (rc == OK)
		rc = bulk(s, report, problem);
	if (rc == OK)
		rc = births(s, report, problem);
	stage_close(s);

	return rc;
}

const struct bench bench_registry = {"registry",
    "import, bulk numbering, one birth to its number", run_registry};

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

	rc = open_stage(&s, problem);
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
