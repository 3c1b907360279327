/*
 * kill -9 of any process at any moment of import, numbering, acquisition,
 * births and inquiries: after restarts everything completes, nothing is lost,
 * nothing is done twice.
 *
 * With BANGO_TEST_POSTGRESQL (tests/support/private_cluster.sh) the databases
 * are there, and the server itself is stopped and crashed underway.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/random.h"
#include "lab/demo/stage.h"
#include "lab/demo/story.h"
#include "lab/population/population.h"
#include "nation/import.h"
#include "tests/support/cluster.h"
#include "tests/support/grant.h"

#define BIRTHS 40
#define INQUIRIES 30
#define PAUSE_MAX_MS 250         /* between two kills */
#define PATIENCE_MS (900 * 1000) /* then something hangs */

static const char *const cities[] = {"012041", "131041"};

struct scale {
	uint64_t residents; /* in each city, and the family */
	int kills_min;
	int kills_per_crash; /* of the server of databases; 0: none */
};

static const struct scale on_sqlite = {3000, 240, 0};
static const struct scale on_postgresql = {400, 64, 8};
static const struct scale *scale = &on_sqlite;

/* Shared with the child. */
struct score {
	volatile int kills;
	volatile int crashes;
};

struct killer {
	pid_t pid;
	struct score *score;
};

static void
pause_ms(int64_t ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&ts, NULL);
}

static void
count_kill(struct score *score)
{
	score->kills++;
	if (scale->kills_per_crash > 0 &&
	    score->kills % scale->kills_per_crash == 0)
		cluster_restart(score->crashes++ % 2 == 0 ? CLUSTER_IN_ORDER
							  : CLUSTER_CRASH);
}

/* In a child: kill a random system every few milliseconds, for ever. */
static void
kill_on(const struct stage *s, uint64_t seed, struct score *score)
{
	const struct config *c = s->nation->config;
	struct random_seed state;
	struct random r = random_seeded(&state, seed);
	pid_t pid;

	for (;;) {
		pause_ms((int64_t)random_below(&r, PAUSE_MAX_MS));
		pid = stage_system_pid(
		    s, c->systems[random_below(&r, c->n_systems)].id.text);
		if (pid > 0 && kill(pid, SIGKILL) == 0)
			count_kill(score);
	}
}

static void
killer_start(struct killer *k, const struct stage *s, uint64_t seed)
{
	if (k->score == NULL)
		k->score = mmap(NULL, sizeof(*k->score), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	k->pid = fork();
	assert_true(k->pid >= 0);
	if (k->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		kill_on(s, seed, k->score);
	}
}

static void
killer_stop(struct killer *k)
{
	kill(k->pid, SIGKILL);
	waitpid(k->pid, NULL, 0);
}

/* Ask until there is an answer that is not about being down. */
static enum err
call(void *state, const char *system, enum http_method method, const char *path,
    json_t *body, struct slice token, int *ret_status, json_t **ret,
    struct problem *problem)
{
	const struct stage *s = state;
	int64_t until = monotonic_ms() + PATIENCE_MS;
	enum err rc;

	for (;;) {
		*ret = NULL;
		rc = nation_call_as(s->nation, system, method, path,
		    json_incref(body), token, ret_status, ret, problem);
		if ((rc == OK && *ret_status < 500) || monotonic_ms() > until)
			break;
		json_decref(*ret);
		pause_ms(10);
	}
	json_decref(body);

	return rc;
}

static int64_t
count(const struct stage *s, const char *organisation, const char *system,
    const char *name)
{
	struct problem problem = {0};
	json_t *answer = NULL;
	char id[32];
	int status = 0;
	int64_t n;

	snprintf(id, sizeof(id), "%s/%s", organisation, system);
	assert_int_equal(call((void *)(uintptr_t)s, id, HTTP_GET, "/status",
			     NULL, SLICE(""), &status, &answer, &problem),
	    OK);
	n = json_integer_value(
	    json_object_get(json_object_get(answer, "counts"), name));
	json_decref(answer);

	return n;
}

static void
wait_for(const struct stage *s, const char *organisation, const char *system,
    const char *name, int64_t want)
{
	int64_t until = monotonic_ms() + PATIENCE_MS, n = -1;

	while (n != want && monotonic_ms() < until) {
		n = count(s, organisation, system, name);
		pause_ms(20);
	}
	if (n != want)
		fail_msg("%s/%s: %s is %lld, not %lld", organisation, system,
		    name, (long long)n, (long long)want);
}

static void
import(struct stage *s, const char *city)
{
	struct population_options o = {.municipality = slice_of(city),
	    .seed = 3,
	    .count = scale->residents,
	    .day = {2026, 4, 1},
	    .foreign = 20};
	struct import_options options = {.patience_ms = PATIENCE_MS};
	struct import_totals totals = {0};
	struct problem problem = {0};
	char path[300], id[32];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.csv", s->dir, city);
	snprintf(id, sizeof(id), "%s/registry", city);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(population_write(&o, f, &problem), OK);
	fputs(story_family_csv, f);
	fclose(f);
	if (import_file(s->nation, id, path, &options, &totals, &problem))
		fail_msg("import: %s", problem.text);
	assert_int_equal(totals.loaded, scale->residents + 2);
	assert_int_equal(totals.rejected, 0);
}

static void
give_birth(struct stage *s, int i)
{
	json_t *body = json_object(), *answer = NULL;
	struct problem problem = {0};
	char registration[33], name[40];
	int status = 0;

	snprintf(registration, sizeof(registration), "%032x", i + 1);
	/* As many names as registrations: a fast machine has thousands born. */
	snprintf(name, sizeof(name), "山田　%c%c%c%c", 'A' + i / 17576 % 26,
	    'A' + i / 676 % 26, 'A' + i / 26 % 26, 'A' + i % 26);
	json_put_text(body, "registration", slice_of(registration));
	json_put_text(body, "mother", SLICE(STORY_MOTHER));
	json_put_text(body, "name", slice_of(name));
	json_put_text(body, "kana", SLICE("ヤマダ　ナナシ"));
	json_put_text(body, "birth", SLICE("2026-04-01"));
	json_put_text(body, "sex", SLICE("1"));
	assert_int_equal(call(s, "131041/registry", HTTP_POST, "/births", body,
			     SLICE(""), &status, &answer, &problem),
	    OK);
	if (status != 200 && status != 201)
		fail_msg("a birth was answered %d: %s", status,
		    json_string_value(json_object_get(answer, "detail")));
	json_decref(answer);
}

/* The state of an application; true once nothing waits for it any more. */
static bool
is_answered(struct stage *s, const char *application, char ret_state[32])
{
	struct problem problem = {0};
	json_t *answer = NULL;
	char path[80];
	int status = 0;

	snprintf(path, sizeof(path), "/applications/%s?wait=60", application);
	assert_int_equal(call(s, "131041/offices", HTTP_GET, path, NULL,
			     SLICE(""), &status, &answer, &problem),
	    OK);
	snprintf(ret_state, 32, "%s",
	    json_string_value(json_object_get(answer, "state")));
	json_decref(answer);

	return strcmp(ret_state, "waiting") != 0;
}

static void
inquire(struct stage *s, const struct story *story, int i)
{
	int64_t until = monotonic_ms() + PATIENCE_MS;
	json_t *body = json_object(), *answer = NULL;
	struct problem problem = {0};
	char id[33], state[32];
	int status = 0;

	snprintf(id, sizeof(id), "%032x", i + 1);
	json_put_text(body, "application", slice_of(id));
	json_put_text(body, "applicant", slice_of(story->father_moved));
	json_put_text(body, "child", slice_of(story->child_moved));
	json_put_text(body, "previous_municipality", SLICE("012041"));
	json_put_text(body, "unit", SLICE("test"));
	assert_int_equal(
	    call(s, "131041/offices", HTTP_POST, "/child-allowance", body,
		SLICE(""), &status, &answer, &problem),
	    OK);
	json_decref(answer);
	assert_true(status == 200 || status == 201 || status == 202);
	while (!is_answered(s, id, state) && monotonic_ms() < until)
		;
	assert_string_equal(state, "received");
}

static void
say(void *state, const char *line)
{
	(void)state;
	(void)line;
}

static struct instant
now(void *state)
{
	struct clock clock = clock_system();

	(void)state;

	return clock.now(clock.state);
}

static void
load_under_fire(struct stage *s, struct killer *killer)
{
	int64_t all = (int64_t)scale->residents + 2;
	int births;
	size_t i;

	killer_start(killer, s, 1);
	for (i = 0; i < 2; i++)
		import(s, cities[i]);
	for (i = 0; i < 2; i++)
		wait_for(s, cities[i], "registry", "numbered", all);
	killer_stop(killer);
	killer_start(killer, s, 2);
	for (births = 0;
	     births < BIRTHS || killer->score->kills < scale->kills_min / 2;
	     births++)
		give_birth(s, births);
	killer_stop(killer);
	wait_for(s, "012041", "registry", "numbered", all);
	wait_for(s, "131041", "registry", "numbered", all + births);
	wait_for(s, "012041", "relay", "linked", all);
	wait_for(s, "131041", "relay", "linked", all + births);
}

/* An officer of the network grants what one father needs who is asked about so
 * often. */
static void
grant_inquiries(struct stage *s)
{
	json_t *answer = NULL;
	struct problem problem = {0};
	int status = 0;

	assert_int_equal(
	    call(s, "digital/network", HTTP_POST, "/budgets/grants",
		grant_of_questions(), SLICE(""), &status, &answer, &problem),
	    OK);
	assert_int_equal(status, 201);
	json_decref(answer);
}

static void
inquire_under_fire(struct stage *s, struct killer *killer)
{
	struct random random = random_system();
	struct story_port port = {
	    .call = call, .say = say, .now = now, .state = s};
	struct problem problem = {0};
	struct story story;
	int i;

	if (story_tell(&port, &random, &story, &problem))
		fail_msg("the story: %s", problem.text);
	killer_start(killer, s, 3);
	for (i = 0; i < INQUIRIES || killer->score->kills < scale->kills_min;
	     i++) {
		if (i % GRANT_QUESTIONS == 0)
			grant_inquiries(s);
		inquire(s, &story, i);
	}
	killer_stop(killer);
	wait_for(s, "digital", "network", "records", i + STORY_RECORDS);
	wait_for(s, "digital", "network", "open", 0);
	/* The story had one refused. */
	assert_int_equal(count(s, "digital", "network", "refusals"), 1);
}

static void
nothing_is_lost_or_done_twice(void **state)
{
	struct stage_options options = {.program = getenv("BANGO"),
	    .database = getenv("BANGO_TEST_POSTGRESQL")};
	struct killer killer = {0};
	struct problem problem = {0};
	struct stage *s = NULL;
	int kills;
	size_t i;

	(void)state;
	assert_non_null(options.program);
	if (options.database != NULL)
		scale = &on_postgresql;
	if (stage_open(&options, &s, &problem))
		fail_msg("%s", problem.text);
	load_under_fire(s, &killer);
	inquire_under_fire(s, &killer);
	kills = killer.score->kills;
	print_message("%d processes were killed, the server of databases "
		      "stopped %d times\n",
	    kills, killer.score->crashes);
	assert_true(kills >= scale->kills_min);
	for (i = 0; i < 2; i++) {
		assert_int_equal(count(s, cities[i], "registry", "refused"), 0);
		assert_int_equal(
		    count(s, cities[i], "addressee", "conflicts"), 0);
		assert_int_equal(
		    count(s, cities[i], "addressee", "acquiring"), 0);
	}
	stage_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_lost_or_done_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
