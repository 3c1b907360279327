#include "lab/simulate/simulate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "lab/simulate/simulate_internal.h"
#include "number/notation.h"
#include "systems/jukinet/jukinet.h"

#define START ((struct instant){1795000000000})
/* The longest time from one step to the next. */
#define BETWEEN_MS 300
#define LATER_MS 9000
#define DOZE_MS 1500
#define SLEEP_DAYS_MAX 8
#define DAY_MS (24ll * 3600 * 1000)
#define SHRINK_RUNS 120

/* --- The nation ---------------------------------------------------------- */

/* The cities of Hokkaido; a code ends with a check digit. */
static void
name_city(int index, char ret[8])
{
	char body[16];

	snprintf(body, sizeof(body), "%05d", 1202 + index);
	ret[6] = '\0';
	if (notation_complete(NOTATION_GOVERNMENT, body, 5, ret))
		abort();
}

static void
founding_file(struct driver *d, struct buf *ret)
{
	int i, n = d->options->organisations + d->options->insiders;

	buf_add_string(ret,
	    "[nation]\nname = 模型国\n"
	    "[organisation jlis]\nkind = information-systems-agency\n"
	    "name = 機構\nsystems = jukinet\n"
	    "[organisation digital]\nkind = digital-agency\n"
	    "name = デジタル庁\nsystems = network portal\n"
	    "[organisation nenkin]\nkind = pension-service\n"
	    "name = 日本年金機構\nsystems = addressee relay offices\n");
	for (i = 0; i < n; i++) {
		name_city(i, d->cities[i]);
		buf_printf(ret,
		    "[organisation %s]\nkind = municipality\nname = 市%d\n"
		    "systems = registry addressee relay offices\n",
		    d->cities[i], i);
	}
}

static enum err
read_founding_file(struct driver *d, struct problem *problem)
{
	struct buf text, path;
	enum err rc;

	buf_init(&text);
	buf_init(&path);
	founding_file(d, &text);
	buf_printf(&path, "%s/nation.ini", d->folder);
	rc = file_replace(path.data, buf_slice(&text), 0600, problem);
	if (rc == OK)
		rc = config_read(path.data, &d->config, problem);
	buf_done(&text);
	buf_done(&path);

	return rc;
}

/* Processes crash, not the machine, so that memory is durable enough. */
static enum err
make_folder(struct driver *d, struct problem *problem)
{
	const char *places[] = {"/dev/shm", "/tmp"};
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(d->folder, sizeof(d->folder),
		    "%s/bango-simulate-XXXXXX", places[i]);
		if (mkdtemp(d->folder) != NULL)
			return OK;
	}
	d->folder[0] = '\0';

	return problem_set(problem, err_of_errno(errno),
	    "no temporary folder: %s", strerror(errno));
}

static enum err
open_nation(struct driver *d, struct problem *problem)
{
	struct simulation_faults none = simulation_faults_of(0);
	const struct system_config *s;
	struct buf folder;
	enum err rc;
	size_t i;

	buf_init(&folder);
	buf_printf(&folder, "%s/db", d->folder);
	rc = simulation_new(
	    d->options->seed, folder.data, &none, START, &d->sim, problem);
	buf_done(&folder);
	for (i = 0; rc == OK && i < d->config->n_systems; i++) {
		s = &d->config->systems[i];
		rc = simulation_add(
		    d->sim, s->system, s->id.text, s->settings, problem);
	}
	if (rc == OK)
		simulation_watch(d->sim, simulate_watch, d);

	return rc;
}

static void
close_driver(struct driver *d)
{
	int i;

	simulation_free(d->sim);
	config_free(d->config);
	simulate_watch_done(d);
	for (i = 0; i < d->n_people; i++)
		json_decref(d->people[i].shown);
	json_decref(d->persons);
	json_decref(d->shown);
	json_decref(d->decided);
	json_decref(d->tried);
	if (d->folder[0] != '\0')
		folder_remove(d->folder);
	bug_set(BUG_NONE);
	free(d);
}

/* --- A run --------------------------------------------------------------- */

/* Often long enough for permits to run out. */
static int64_t
days(struct driver *d)
{
	return driver_below(d, 2) == 0
	    ? SLEEP_DAYS_MAX
	    : (int64_t)driver_below(d, SLEEP_DAYS_MAX);
}

/* Some steps follow hard on each other. */
static int64_t
pause_of(struct driver *d)
{
	return (int64_t)driver_below(
	    d, driver_below(d, 2) == 0 ? BETWEEN_MS : LATER_MS);
}

static int64_t
doze_of(struct driver *d)
{
	return (int64_t)driver_below(d, DOZE_MS);
}

/* jukinet keeps a copy of its database, or loses the newest one. */
static void
forget(struct driver *d, int per_mille)
{
	struct problem refusal = {0};

	if (driver_below(d, 1000) < (uint64_t)per_mille)
		simulation_keep(d->sim, JUKINET_USUAL);
	if (driver_below(d, 1000) >= (uint64_t)per_mille)
		return;
	if (simulation_lose(d->sim, JUKINET_USUAL,
		driver_below(d, 2) == 0 ? LOSS_OF_ALL : LOSS_OF_NEWEST,
		&refusal)) {
		fprintf(stderr,
		    "simulation: jukinet does not start again: %s\n",
		    refusal.text);
		abort();
	}
}

/* Nothing fails any more by a fault. */
static void
hear(void *state, const char *line)
{
	if (strncmp(line, "timer ", 6) == 0)
		driver_found(state, "timers-run", "%s", line);
}

static void
live(struct driver *d)
{
	struct simulation_faults faults =
	    simulation_faults_of(d->options->faults);
	bool sleeps;
	int i;

	/* The pools of codes are filled before anybody comes. */
	simulation_run(d->sim, 1000);
	simulation_set_faults(d->sim, &faults);
	for (i = 0; i < d->options->steps && !driver_has_found(d); i++) {
		date_format(date_in_japan(simulation_now(d->sim)), d->today);
		simulate_step(d);
		simulate_attack(d);
		simulate_leak(d);
		if (faults.forget > 0)
			forget(d, faults.forget);
		sleeps = driver_below(d, 1000) < (uint64_t)faults.sleep;
		/* The machines sleep in the middle of work just begun. */
		if (sleeps)
			simulate_inquire(d);
		simulation_run(d->sim, sleeps ? doze_of(d) : pause_of(d));
		if (sleeps)
			simulation_leap(d->sim, DAY_MS * days(d));
	}
	faults = simulation_faults_of(0);
	simulation_set_faults(d->sim, &faults);
	simulation_listen(d->sim, hear, d);
	if (!driver_has_found(d) && !driver_loses(d))
		simulate_finish(d);
}

/* Verify the ledgers in the databases, which no node uses any more. */
static enum err
examine_ledgers(struct driver *d, struct problem *problem)
{
	struct problem found = {0};
	enum err rc;

	rc = simulation_verify_ledgers(d->sim, &found);
	if (rc == ERR_CORRUPT)
		driver_found(d, "ledger-verifies", "%s", found.text);
	else if (rc == OK) {
		rc = simulation_verify_witnesses(d->sim, &found);
		if (rc == ERR_CORRUPT)
			driver_found(d, "one-history", "%s", found.text);
	}
	if (rc && rc != ERR_CORRUPT) {
		*problem = found;
		return rc;
	}

	return OK;
}

static enum err
examine(struct driver *d, struct problem *problem)
{
	unsigned int i;
	json_t *dump;
	enum err rc;

	for (i = 0; i < FAULT_COUNT; i++)
		d->report->happened[i] =
		    simulation_happened(d->sim, (enum simulation_fault)i);
	d->report->trace = simulation_trace(d->sim);
	d->report->events = simulation_events(d->sim);
	d->report->virtual_ms = simulation_now(d->sim).ms - START.ms;
	d->report->residents = d->n_people;
	if (driver_has_found(d))
		return OK;
	rc = simulation_dump(d->sim, &dump, problem);
	if (rc)
		return rc;
	simulate_check(d, dump);
	json_decref(dump);

	return examine_ledgers(d, problem);
}

enum err
simulate_run(const struct simulate_options *options,
    struct simulate_report *ret, struct problem *problem)
{
	struct driver *d = heap_array(1, sizeof(*d));
	enum err rc;

	memset(ret, 0, sizeof(*ret));
	d->options = options;
	d->report = ret;
	d->random = random_seeded(&d->seed, ~options->seed);
	d->persons = json_object();
	d->shown = json_object();
	d->decided = json_object();
	d->tried = json_object();
	simulate_watch_init(d);
	bug_set(options->bug);
	rc = make_folder(d, problem);
	if (rc == OK)
		rc = read_founding_file(d, problem);
	if (rc == OK)
		rc = open_nation(d, problem);
	if (rc == OK) {
		live(d);
		rc = examine(d, problem);
	}
	close_driver(d);

	return rc;
}

/* --- Shrinking ----------------------------------------------------------- */

struct shrinking {
	struct simulate_options *best;
	struct simulate_report *report;
	struct problem *problem;
	int runs;
	enum err err;
};

/* Take `less` if it breaks the same invariant. */
static bool
try_less(struct shrinking *s, const struct simulate_options *less)
{
	struct simulate_report report;

	if (s->err || s->runs >= SHRINK_RUNS)
		return false;
	s->runs++;
	s->err = simulate_run(less, &report, s->problem);
	if (s->err || strcmp(report.invariant, s->report->invariant) != 0)
		return false;
	*s->best = *less;
	*s->report = report;

	return true;
}

static void
fewer_steps(struct shrinking *s)
{
	struct simulate_options less;
	int cut;

	for (cut = s->best->steps / 2; cut > 0;) {
		less = *s->best;
		less.steps -= cut;
		if (less.steps < 1 || !try_less(s, &less))
			cut /= 2;
	}
}

static void
fewer_faults(struct shrinking *s)
{
	struct simulate_options less;
	unsigned int i;

	for (i = 0; i < FAULT_COUNT; i++) {
		less = *s->best;
		less.faults &= ~(1u << i);
		if (less.faults != s->best->faults)
			try_less(s, &less);
	}
}

static void
fewer_insiders(struct shrinking *s)
{
	struct simulate_options less = *s->best;

	while (--less.insiders >= 0 && try_less(s, &less))
		continue;
}

static void
fewer_organisations(struct shrinking *s)
{
	struct simulate_options less = *s->best;

	while (--less.organisations >= 2 && try_less(s, &less))
		continue;
}

enum err
simulate_shrink(struct simulate_options *options,
    struct simulate_report *report, struct problem *problem)
{
	struct shrinking s = {
	    .best = options, .report = report, .problem = problem};

	fewer_steps(&s);
	fewer_faults(&s);
	fewer_insiders(&s);
	fewer_organisations(&s);
	fewer_steps(&s);

	return s.err;
}
