/* bango simulate: a nation under faults, and its invariants. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/commands.h"
#include "lab/simulate/simulate.h"
#include "main/lab_commands.h"

struct settings {
	struct simulate_options first;
	uint64_t seeds;
	bool json;
};

static void
print_replay(const struct simulate_options *o)
{
	struct buf faults;

	buf_init(&faults);
	simulation_faults_format(o->faults, &faults);
	printf("replay: bango simulate --seed %" PRIu64
	       " --steps %d --organisations %d --insiders %d --faults %s%s%s\n",
	    o->seed, o->steps, o->organisations, o->insiders, faults.data,
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

/* How often each fault has happened. */
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
	json_put_int(line, "insiders", o->insiders);
	json_put_int(line, "attacks", r->attacks);
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
read_faults(const char *text, struct settings *ret)
{
	struct problem problem = {0};

	if (simulation_faults_parse(
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
	struct simulate_wishes w = {0};
	int rc;

	rc = cli_options(&simulate_command, argc, argv, &w);
	if (rc < 0)
		rc = read_faults(w.faults, ret);
	if (rc < 0)
		rc = read_bug(w.bug, ret);
	ret->first.seed = w.seed;
	ret->first.steps = (int)w.steps;
	ret->first.organisations = (int)w.organisations;
	ret->first.insiders = (int)w.insiders;
	ret->seeds = w.seeds;
	ret->json = w.json;

	return rc;
}

int
command_simulate(int argc, char **argv)
{
	struct settings s = {0};
	uint64_t i;
	int rc;

	rc = read_settings(argc, argv, &s);
	for (i = 0; rc < 0 && i < s.seeds; i++)
		rc = run_seed(&s, s.first.seed + i);

	return rc < 0 ? 0 : rc;
}
