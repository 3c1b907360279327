/* Benchmarks on a live nation of their own: processes, mutual TLS, files. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "bench/bench.h"
#include "bench/floor.h"
#include "bench/raw.h"
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
#define JUKINET "jlis/jukinet"
#define HOPS 3 /* registry, jukinet, registry */

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
	hold(s, JUKINET, SIGSTOP);
	start = bench_seconds();
	if (rc == OK)
		rc = import_file(
		    s->nation, REGISTRY, path.data, &options, &totals, problem);
	*ret_seconds = bench_seconds() - start;
	buf_done(&path);

	return rc;
}

/* --- Import, numbering, birth -------------------------------------------- */

/* Time that some residents took. */
struct took {
	double seconds;   /* on the clock */
	double processor; /* of a core, of the systems that did it */
};

struct registry_course {
	struct stage *stage;
	struct took import, numbering, linking;
	struct bench_report *report;
	struct problem *problem;
};

static double
processor_of(const struct stage *s, const char *system)
{
	return bench_processor_of(stage_system_pid(s, system));
}

static double
processor_of_both(const struct stage *s)
{
	return processor_of(s, REGISTRY) + processor_of(s, JUKINET);
}

static enum err
bulk(struct registry_course *c)
{
	struct stage *s = c->stage;
	double before = processor_of(s, REGISTRY);
	enum err rc;

	rc = import(s, BULK, &c->import.seconds, c->problem);
	if (rc)
		return rc;
	c->import.processor = processor_of(s, REGISTRY) - before;
	/* The ledger takes in what the import has left. */
	nanosleep(&(struct timespec){.tv_sec = 3}, NULL);
	hold(s, "012041/addressee", SIGSTOP);
	before = processor_of_both(s);
	hold(s, JUKINET, SIGCONT);
	rc = time_until(
	    s, REGISTRY, "numbered", BULK, &c->numbering.seconds, c->problem);
	c->numbering.processor = processor_of_both(s) - before;
	hold(s, "012041/addressee", SIGCONT);
	if (rc == OK)
		rc = time_until(s, "012041/relay", "linked", BULK,
		    &c->linking.seconds, c->problem);

	return rc;
}

/* The rate by the clock; the ratio by processor time, in which neither a disk
 * nor others on the machine count. */
static void
put_rate(struct bench_report *report, const char *name, const struct took *took,
    const struct raw_cost *raw, double asked, const char *conditions)
{
	bench_add(report,
	    &(struct bench_figure){.name = name,
		.unit = "/s",
		.measured = BULK / took->seconds,
		.peer_name = "raw inserts of the same rows",
		.peer = 1 / raw->seconds,
		.ratio = raw->processor * BULK / took->processor,
		.asked = asked},
	    "%s; SQLite, synchronous=FULL; the ratio is of processor time, "
	    "%.1f against %.1f us a resident",
	    conditions, 1e6 * raw->processor, 1e6 * took->processor / BULK);
}

/* With the systems down. */
static enum err
put_rates(struct registry_course *c)
{
	struct raw_cost import, numbering;
	enum err rc;

	stage_stop(c->stage);
	rc = raw_measure(c->stage->dir, BULK, &import, &numbering, c->problem);
	if (rc)
		return rc;
	put_rate(c->report, "import of residents", &c->import, &import, 0.55,
	    "100,002 residents, CSV in UTF-8, one audit entry each; everything "
	    "else idle");
	put_rate(c->report, "numbering in bulk", &c->numbering, &numbering,
	    0.34,
	    "the same residents, from the first request of codes; two "
	    "processes, mutual TLS, signed, durable; addressee held back, "
	    "ledgers behind; the peer writes into the tables of both");
	bench_add(c->report,
	    &(struct bench_figure){
		.name = "acquisition of linkage codes in bulk",
		.unit = "/s",
		.measured = BULK / c->linking.seconds,
		.peer_name = "the numbering before it",
		.peer = BULK / c->numbering.seconds,
		.asked = 0},
	    "the same residents; addressee, jukinet, network, relay; after the "
	    "numbering");

	return OK;
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

/* Each beside the floor of its hops. */
static enum err
measure_births(struct registry_course *c, struct floor *floor)
{
	struct bench_figure f = {.name = "one birth to its number",
	    .unit = "ms",
	    .peer_name = "limit: its 3 flushes and 3 round trips over TLS",
	    .asked = 8,
	    .bound = BENCH_AT_MOST};
	struct bench_pairs pairs = {.n = 0};
	double ms, least = 1;
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < BIRTHS; i++) {
		rc = one_birth(c->stage, i, &ms, c->problem);
		if (rc == OK)
			rc = floor_measure(floor, HOPS, &least, c->problem);
		bench_pair(&pairs, ms, least);
	}
	if (rc)
		return rc;
	bench_settle(&pairs, &pairs, &f);
	bench_add(c->report, &f,
	    "median of %d births, load: one at a time; registry, jukinet, "
	    "registry: live processes, mutual TLS, signed, durable everywhere",
	    BIRTHS);

	return OK;
}

static enum err
births(struct registry_course *c)
{
	struct floor *floor = NULL;
	enum err rc;

	rc = floor_open(c->stage->dir, &floor, c->problem);
	if (rc == OK)
		rc = measure_births(c, floor);
	floor_close(floor);

	return rc;
}

static enum err
run_registry(struct bench_report *report, struct problem *problem)
{
	struct registry_course c = {.report = report, .problem = problem};
	enum err rc;

	rc = open_stage(&c.stage, problem);
	if (rc == OK)
		rc = bulk(&c);
	if (rc == OK)
		rc = births(&c);
	if (rc == OK)
		rc = put_rates(&c);
	stage_close(c.stage);

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

static const char *const remembered[] = {
    REGISTRY, JUKINET, "012041/addressee", "012041/relay", "digital/network"};
#define REMEMBERED (sizeof(remembered) / sizeof(remembered[0]))

static void
read_peaks(const struct stage *s, double ret[REMEMBERED])
{
	size_t i;

	for (i = 0; i < REMEMBERED; i++)
		ret[i] = peak_mib(stage_system_pid(s, remembered[i]));
}

static void
put_memory(struct bench_report *report, const double empty[REMEMBERED],
    const double full[REMEMBERED])
{
	static const char *const names[REMEMBERED] = {"memory of a registry",
	    "memory of jukinet", "memory of an addressee", "memory of a relay",
	    "memory of the network"};
	size_t i;

	for (i = 0; i < REMEMBERED; i++)
		bench_add(report,
		    &(struct bench_figure){.name = names[i],
			.unit = "MiB",
			.measured = full[i],
			.peer_name = "the process before any resident",
			.peer = empty[i],
			.asked = 5,
			.bound = BENCH_AT_MOST},
		    "peak resident memory after importing and numbering a "
		    "million residents, SQLite");
}

static enum err
run_memory(struct bench_report *report, struct problem *problem)
{
	double empty[REMEMBERED], full[REMEMBERED], seconds = 0;
	struct stage *s = NULL;
	enum err rc;

	rc = open_stage(&s, problem);
	if (rc == OK) {
		read_peaks(s, empty);
		rc = import(s, MILLION - 2, &seconds, problem);
	}
	if (rc == OK) {
		hold(s, JUKINET, SIGCONT);
		rc = time_until(
		    s, REGISTRY, "numbered", MILLION, &seconds, problem);
	}
	if (rc == OK)
		rc = time_until(
		    s, "012041/relay", "linked", MILLION, &seconds, problem);
	if (rc == OK) {
		read_peaks(s, full);
		put_memory(report, empty, full);
	}
	stage_close(s);

	return rc;
}

const struct bench bench_memory = {
    "memory", "of the systems at a million residents", run_memory};
