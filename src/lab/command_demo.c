/* bango demo: a nation on one machine, and one family through it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "crypto/random.h"
#include "lab/commands.h"
#include "lab/demo/demo_proof.h"
#include "lab/demo/stage.h"
#include "lab/demo/story.h"
#include "lab/population/population.h"
#include "main/lab_commands.h"
#include "nation/import.h"
#include "nation/progress.h"

#define WAIT_MS (600 * 1000)
#define PARTS_MAX 8

struct city {
	const char *organisation;
	const char *name;
	bool cp932; /* both encodings of municipal files are shown */
	bool family;
	int foreign;
};

static const struct city cities[] = {
    {"012041", "旭川市 Asahikawa", false, true, 8},
    {"131041", "新宿区 Shinjuku", true, false, 110},
};
#define CITIES (sizeof(cities) / sizeof(cities[0]))

struct part {
	const char *title;
	int64_t ms;
	int64_t count; /* 0: none */
};

struct demo {
	struct stage *stage;
	uint64_t residents;
	struct part parts[PARTS_MAX];
	int n_parts;
	struct random random;
	struct problem *problem;
};

static void
finish_part(struct demo *d, const char *title, int64_t since, int64_t count)
{
	struct part *p = &d->parts[d->n_parts++];

	*p = (struct part){title, monotonic_ms() - since, count};
}

/* --- Residents ----------------------------------------------------------- */

static void
csv_path(const struct demo *d, const struct city *c, struct buf *ret)
{
	buf_clear(ret);
	buf_printf(ret, "%s/residents-%s.csv", d->stage->dir, c->organisation);
}

static enum err
write_csv(const struct demo *d, const struct city *c, const char *path)
{
	struct population_options o = {
	    .municipality = slice_of(c->organisation),
	    .seed = 1,
	    .count = d->residents - (c->family ? 2 : 0),
	    .day = {2026, 4, 1},
	    .foreign = c->foreign,
	    .cp932 = c->cp932};
	FILE *to = fopen(path, "w");
	enum err rc;

	if (to == NULL)
		return problem_set(d->problem, ERR_IO, "cannot write %s", path);
	rc = population_write(&o, to, d->problem);
	if (rc == OK && c->family)
		fputs(story_family_csv, to);
	if (fclose(to) && rc == OK)
		rc = problem_set(d->problem, ERR_IO, "cannot write %s", path);

	return rc;
}

static enum err
write_all(struct demo *d)
{
	int64_t since = monotonic_ms();
	struct buf path;
	enum err rc = OK;
	size_t i;

	buf_init(&path);
	for (i = 0; rc == OK && i < CITIES; i++) {
		csv_path(d, &cities[i], &path);
		rc = write_csv(d, &cities[i], path.data);
	}
	buf_done(&path);
	finish_part(d, "synthetic residents written as CSV", since,
	    (int64_t)(d->residents * CITIES));

	return rc;
}

static void
show_import(void *state, const struct import_progress *p)
{
	struct progress *bar = state;

	progress_show(bar, p->residents);
}

static enum err
import_city(struct demo *d, const struct city *c)
{
	struct import_options options = {.progress = show_import};
	struct import_totals totals = {0};
	struct progress bar;
	char system[32], title[64];
	struct buf path;
	enum err rc;

	buf_init(&path);
	csv_path(d, c, &path);
	snprintf(system, sizeof(system), "%s/registry", c->organisation);
	snprintf(title, sizeof(title), "import %s", c->name);
	progress_begin(&bar, title, (int64_t)d->residents);
	options.state = &bar;
	rc = import_file(
	    d->stage->nation, system, path.data, &options, &totals, d->problem);
	progress_end(&bar, totals.loaded + totals.unchanged + totals.rejected);
	if (rc == OK && totals.rejected > 0)
		rc = problem_set(d->problem, ERR_CONFLICT,
		    "%lld residents of %s were rejected",
		    (long long)totals.rejected, c->name);
	buf_done(&path);

	return rc;
}

static enum err
import_all(struct demo *d)
{
	int64_t since = monotonic_ms();
	enum err rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < CITIES; i++)
		rc = import_city(d, &cities[i]);
	finish_part(d, "imported into two registries", since,
	    (int64_t)(d->residents * CITIES));

	return rc;
}

/* --- Waiting for bulk work ----------------------------------------------- */

static enum err
count_all(struct demo *d, const char *system, const char *key, int64_t *ret_sum)
{
	int64_t n = 0;
	char id[32];
	enum err rc = OK;
	size_t i;

	*ret_sum = 0;
	for (i = 0; rc == OK && i < CITIES; i++) {
		snprintf(
		    id, sizeof(id), "%s/%s", cities[i].organisation, system);
		rc = nation_count(d->stage->nation, id, key, &n, d->problem);
		*ret_sum += n;
	}

	return rc;
}

/* Until the sum of a count over both cities is all residents. */
static enum err
wait_for(struct demo *d, const char *title, const char *system, const char *key)
{
	int64_t total = (int64_t)(d->residents * CITIES), done = 0, left;
	int64_t since = monotonic_ms();
	struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	struct progress bar;
	enum err rc = OK;

	progress_begin(&bar, title, total);
	for (left = WAIT_MS; done < total && rc == OK; left -= 20) {
		nanosleep(&pause, NULL);
		rc = count_all(d, system, key, &done);
		progress_show(&bar, done);
		if (rc == OK && left <= 0)
			rc = problem_set(d->problem, ERR_BUSY,
			    "%s: only %lld of %lld after %d s; see `bango "
			    "status %s`",
			    title, (long long)done, (long long)total,
			    WAIT_MS / 1000, d->stage->dir);
	}
	progress_end(&bar, done);
	finish_part(d, title, since, done);

	return rc;
}

/* --- The story ----------------------------------------------------------- */

static enum err
port_call(void *state, const char *system, enum http_method method,
    const char *path, json_t *body, struct slice token, int *ret_status,
    json_t **ret, struct problem *problem)
{
	struct demo *d = state;

	return nation_call_as(d->stage->nation, system, method, path, body,
	    token, ret_status, ret, problem);
}

static void
port_say(void *state, const char *line)
{
	size_t digits = strspn(line, "0123456789");

	(void)state;
	printf(
	    "%s%s\n", digits > 0 && line[digits] == '.' ? "\n" : "   ", line);
	fflush(stdout);
}

static struct instant
port_now(void *state)
{
	struct clock clock = clock_system();

	(void)state;

	return clock.now(clock.state);
}

static enum err
port_stop(void *state, const char *system, struct problem *problem)
{
	struct demo *d = state;

	return stage_kill(d->stage, system, problem);
}

static void
port_go_on(void *state)
{
	struct demo *d = state;

	stage_go_on(d->stage);
}

/* --- Telling ------------------------------------------------------------- */

static void
print_row(const char *title, int64_t ms, int64_t count)
{
	printf("  %-44s %9.3f s", title, (double)ms / 1000);
	if (count > 0)
		printf("  %9lld", (long long)count);
	if (count > 0 && ms > 0)
		printf("  %8.0f/s", (double)count * 1000 / (double)ms);
	printf("\n");
}

static void
print_summary(const struct demo *d, const struct story *s, int64_t since)
{
	int i;

	printf(
	    "\n  %-44s %11s  %9s  %10s\n", "what", "time", "residents", "rate");
	for (i = 0; i < d->n_parts; i++)
		print_row(d->parts[i].title, d->parts[i].ms, d->parts[i].count);
	for (i = 0; i < s->n_steps; i++)
		print_row(s->steps[i].title, s->steps[i].ms, 0);
	print_row("the whole demo", monotonic_ms() - since, 0);
}

static const struct system_config *
system_of(const struct demo *d, const char *id)
{
	struct system_id system;

	if (system_id_parse(slice_of(id), &system))
		abort();

	return config_system(d->stage->nation->config, &system);
}

static void
print_curl(const struct demo *d, const struct story *s)
{
	const char *dir = d->stage->dir;
	struct buf registry, offices, portal;

	buf_init(&registry);
	buf_init(&offices);
	buf_init(&portal);
	config_peers_url(system_of(d, "131041/registry"), &registry);
	config_peers_url(system_of(d, "131041/offices"), &offices);
	config_peers_url(system_of(d, "digital/portal"), &portal);

	printf("\nThe nation goes on serving.  Try, in another terminal:\n\n");
	printf("  cd %s\n", dir);
	printf("  curl --cacert ca/ca.pem --cert operators/131041/cert.pem "
	       "--key operators/131041/key.pem %s/residents/%s/history\n",
	    registry.data, s->father_moved);
	printf("  curl --cacert ca/ca.pem --cert operators/131041/cert.pem "
	       "--key operators/131041/key.pem %s/applications/%s\n",
	    offices.data, s->application);
	printf("  curl --cacert ca/ca.pem -H 'Authorization: Bearer %s' "
	       "'%s/records?wait=10'\n",
	    s->token, portal.data);
	printf("\nand `bango status %s`.  Ctrl-C ends it%s.\n", dir,
	    d->stage->temporary ? " and removes the folder" : "");
	fflush(stdout);
	buf_done(&registry);
	buf_done(&offices);
	buf_done(&portal);
}

/* The story's last step, which only live systems can show. */
static enum err
prove(struct demo *d, struct story *story)
{
	struct story_step *step = &story->steps[story->n_steps++];
	int64_t since = monotonic_ms();
	enum err rc;

	step->title = "a proof, judged by other programs";
	printf("\n%d. %s\n", story->n_steps, step->title);
	rc = demo_proof(d->stage->dir, slice_of(story->held), d->problem);
	step->ms = monotonic_ms() - since;

	return rc;
}

static enum err
play(struct demo *d, struct story *story)
{
	struct story_port port = {
	    port_call, port_say, port_now, port_stop, port_go_on, d};
	enum err rc;

	printf("\nTwo cities load their residents from CSV (%s in UTF-8, %s in "
	       "CP932).\n",
	    cities[0].name, cities[1].name);
	fflush(stdout);
	rc = write_all(d);
	if (rc == OK)
		rc = import_all(d);
	if (rc == OK)
		rc = wait_for(
		    d, "Individual Numbers assigned", "registry", "numbered");
	if (rc == OK)
		rc = wait_for(d, "linkage codes acquired", "relay", "linked");
	if (rc == OK)
		rc = story_tell(&port, &d->random, story, d->problem);
	if (rc == OK)
		rc = prove(d, story);

	return rc;
}

static volatile sig_atomic_t stopped;

static void
on_stop(int number)
{
	(void)number;
	stopped = 1;
}

/* Ctrl-C must reach the removal of the temporary folder. */
static void
catch_stop(void)
{
	struct sigaction sa = {.sa_handler = on_stop};

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

static enum err
run(struct demo *d, const struct stage_options *options, bool once)
{
	int64_t since = monotonic_ms();
	struct story story;
	sigset_t none;
	enum err rc;

	printf("Founding a nation: keys, certificates, databases, one process "
	       "for each system.\n");
	rc = stage_open(options, &d->stage, d->problem);
	if (rc)
		return rc;
	finish_part(d, "nation founded, systems up", since, 0);
	printf("%zu systems are up in %s.\n",
	    d->stage->nation->config->n_systems, d->stage->dir);
	rc = play(d, &story);
	if (rc == OK) {
		print_summary(d, &story, since);
		if (!once) {
			print_curl(d, &story);
			sigemptyset(&none);
			while (!stopped)
				sigsuspend(&none);
		}
	}
	stage_close(d->stage);

	return rc;
}

/* Made-up residents would be loaded into a nation that is there. */
static enum err
check_is_new(const char *dir, struct problem *problem)
{
	struct stat st;

	if (dir == NULL || stat(dir, &st) != 0)
		return OK;

	return problem_set(problem, ERR_CONFLICT,
	    "%s exists; the demo founds a nation of its own: name a folder "
	    "that does not exist, or run the nation that is there with "
	    "`bango up %s`",
	    dir, dir);
}

int
command_demo(int argc, char **argv)
{
	struct stage_options stage = {0};
	struct problem problem = {0};
	struct demo_wishes w = {0};
	struct demo d = {.random = random_system(), .problem = &problem};
	int rc;

	rc = cli_options(&demo_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	if (w.database != NULL && argv[1] == NULL)
		return cli_misuse("demo",
		    "--database: name a folder too, for the databases stay");
	d.residents = w.residents;
	stage.dir = argv[1];
	stage.port = (uint16_t)w.port;
	stage.database = w.database;
	catch_stop();
	if (check_is_new(argv[1], &problem) || run(&d, &stage, w.once))
		return cli_fail("demo", &problem);

	return 0;
}
