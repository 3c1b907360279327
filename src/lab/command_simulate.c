/* bango simulate: a nation under faults, and what must hold of it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/commands.h"
#include "lab/simulate/simulate.h"
#include "main/cli.h"

static const char help[] =
    "usage: bango simulate [--seed S] [--seeds COUNT] [--steps N]\n"
    "                      [--organisations M] [--faults LIST] [--json]\n"
    "\n"
    "Run a nation in one process under virtual time, tell it at random what\n"
    "happens to its residents, and check afterwards what must hold of it.\n"
    "The same seed gives the same run.\n"
    "\n"
    "  --seed S           the first seed (1)\n"
    "  --seeds COUNT      so many, one after another (1)\n"
    "  --steps N          things that happen (100)\n"
    "  --organisations M  municipalities, 2 to 8 (3)\n"
    "  --faults LIST      all, none, or some of loss, duplication,\n"
    "                     reordering, delay, partition, crash, torn, slow,\n"
    "                     lying, skew, sleep, with commas (all)\n"
    "  --bug NAME         behave as if this mistake had been made, in a\n"
    "                     program that was built with BANGO_BUGS\n"
    "  --json             one JSON object a seed\n"
    "\n"
    "exit status: 0 everything holds, 1 something does not: its shortest\n"
    "replay is printed, 2 misuse\n";

#define STEPS_MAX 100000

struct settings {
	struct simulate_options first;
	uint64_t seeds;
	int json;
};

static void
print_replay(const struct simulate_options *o)
{
	struct buf faults;

	buf_init(&faults);
	simulation_faults_format(o->faults, &faults);
	printf("replay: bango simulate --seed %" PRIu64
	       " --steps %d --organisations %d --faults %s%s%s\n",
	    o->seed, o->steps, o->organisations, faults.data,
	    o->bug != BUG_NONE ? " --bug " : "",
	    o->bug != BUG_NONE ? bug_name(o->bug) : "");
	buf_done(&faults);
}

static void
print_plain(const struct simulate_options *o, const struct simulate_report *r)
{
	printf("seed %" PRIu64 ": ", o->seed);
	if (r->invariant[0] == '\0') {
		printf("%d residents, %d exchanges, %d refusals, %" PRIu64
		       " events, %" PRId64 " s, trace %016" PRIx64 "\n",
		    r->residents, r->exchanges, r->refusals, r->events,
		    r->virtual_ms / 1000, r->trace);
		return;
	}
	printf("BROKEN %s at event %" PRIu64 ": %s\n", r->invariant,
	    r->at_event, r->finding);
	print_replay(o);
}

/* How often each fault has befallen somebody. */
static json_t *
happened(const struct simulate_report *r)
{
	json_t *counts = json_object();
	unsigned int i;

	for (i = 0; i < FAULT_COUNT; i++)
		json_put_int(counts,
		    simulation_fault_name((enum simulation_fault)i),
		    (int64_t)r->happened[i]);

	return counts;
}

static void
print_json(const struct simulate_options *o, const struct simulate_report *r)
{
	json_t *line = json_object();
	struct buf text, faults;
	char trace[24];

	buf_init(&text);
	buf_init(&faults);
	simulation_faults_format(o->faults, &faults);
	snprintf(trace, sizeof(trace), "%016" PRIx64, r->trace);
	json_put_int(line, "seed", (int64_t)o->seed);
	json_put_int(line, "steps", o->steps);
	json_put_int(line, "organisations", o->organisations);
	json_put_text(line, "faults", buf_slice(&faults));
	json_put(line, "happened", happened(r));
	json_put_int(line, "residents", r->residents);
	json_put_int(line, "exchanges", r->exchanges);
	json_put_int(line, "refusals", r->refusals);
	json_put_int(line, "events", (int64_t)r->events);
	json_put_int(line, "virtual_ms", r->virtual_ms);
	json_put_text(line, "trace", slice_of(trace));
	json_put_bool(line, "holds", r->invariant[0] == '\0');
	if (r->invariant[0] != '\0') {
		json_put_text(line, "invariant", slice_of(r->invariant));
		json_put_text(line, "finding", slice_of(r->finding));
		json_put_int(line, "event", (int64_t)r->at_event);
	}
	json_write(line, &text);
	printf("%s\n", text.data);
	json_decref(line);
	buf_done(&text);
	buf_done(&faults);
}

/* -1: it holds. */
static int
run_seed(const struct settings *s, uint64_t seed)
{
	struct simulate_options o = s->first;
	struct simulate_report report;
	struct problem problem = {0};
	enum err rc;

	o.seed = seed;
	rc = simulate_run(&o, &report, &problem);
	if (rc == OK && report.invariant[0] != '\0')
		rc = simulate_shrink(&o, &report, &problem);
	if (rc)
		return cli_fail("simulate", &problem);
	if (s->json)
		print_json(&o, &report);
	else
		print_plain(&o, &report);
	fflush(stdout);

	return report.invariant[0] != '\0' ? 1 : -1;
}

static int
read_number(const char *name, const char *text, uint64_t min, uint64_t max,
    uint64_t *ret)
{
	if (text == NULL)
		return -1;
	if (slice_to_u64(slice_of(text), max, ret) || *ret < min)
		return cli_misuse("simulate",
		    "%s: expected %" PRIu64 " to %" PRIu64, name, min, max);

	return -1;
}

static int
read_faults(const char *text, struct settings *ret)
{
	struct problem problem = {0};

	if (text != NULL &&
	    simulation_faults_parse(
		slice_of(text), &ret->first.faults, &problem))
		return cli_misuse("simulate", "--faults: %s", problem.text);

	return -1;
}

static int
read_bug(const char *text, struct settings *ret)
{
	if (text == NULL)
		return -1;
	if (!bug_is_possible())
		return cli_misuse(
		    "simulate", "this program was built without BANGO_BUGS");
	if (!bug_find(text, &ret->first.bug))
		return cli_misuse("simulate", "there is no bug \"%s\"", text);

	return -1;
}

static int
read_settings(int argc, char **argv, struct settings *ret)
{
	const char *seed = NULL, *seeds = NULL, *steps = NULL, *cities = NULL;
	const char *faults = NULL, *bug = NULL;
	const struct cli_option table[] = {{"--seed", &seed, NULL},
	    {"--seeds", &seeds, NULL}, {"--steps", &steps, NULL},
	    {"--organisations", &cities, NULL}, {"--faults", &faults, NULL},
	    {"--bug", &bug, NULL}, {"--json", NULL, &ret->json}, {0}};
	uint64_t n_steps = 100, n_cities = 3;
	int operands, rc;

	rc = cli_options(argc, argv, table, help, &operands);
	if (rc < 0 && operands > 0)
		rc = cli_misuse("simulate", "takes no operands");
	if (rc < 0)
		rc =
		    read_number("--seed", seed, 0, INT64_MAX, &ret->first.seed);
	if (rc < 0)
		rc = read_number("--seeds", seeds, 1, INT64_MAX, &ret->seeds);
	if (rc < 0)
		rc = read_number("--steps", steps, 1, STEPS_MAX, &n_steps);
	if (rc < 0)
		rc = read_number("--organisations", cities, 2,
		    SIMULATE_CITIES_MAX, &n_cities);
	if (rc < 0)
		rc = read_faults(faults, ret);
	if (rc < 0)
		rc = read_bug(bug, ret);
	ret->first.steps = (int)n_steps;
	ret->first.organisations = (int)n_cities;

	return rc;
}

int
command_simulate(int argc, char **argv)
{
	struct settings s = {
	    .first = {.seed = 1, .faults = FAULTS_ALL}, .seeds = 1};
	uint64_t i;
	int rc;

	rc = read_settings(argc, argv, &s);
	for (i = 0; rc < 0 && i < s.seeds; i++)
		rc = run_seed(&s, s.first.seed + i);

	return rc < 0 ? 0 : rc;
}
