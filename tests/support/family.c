#include "tests/support/family.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "lab/population/population.h"
#include "nation/import.h"
#include "tests/support/grant.h"
#include "tests/support/scratch.h"

#define OFFICES "131041/offices"
#define OTHERS 10 /* residents beside the family */

/* --- Asking -------------------------------------------------------------- */

static void
pause_a_moment(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
}

/* Repeat while there is no answer, or one that asks us to try again. */
static enum err
call(void *state, const char *system, enum http_method method, const char *path,
    json_t *body, struct slice token, int *ret_status, json_t **ret,
    struct problem *problem)
{
	struct family *f = state;
	int64_t end = monotonic_ms() + FAMILY_PATIENCE_MS;
	enum err rc;

	for (;;) {
		*ret = NULL;
		rc = nation_call_as(f->stage->nation, system, method, path,
		    json_incref(body), token, ret_status, ret, problem);
		if ((rc == OK && *ret_status != 503) || monotonic_ms() > end)
			break;
		json_decref(*ret);
		pause_a_moment();
	}
	json_decref(body);

	return rc;
}

void
family_call(struct family *f, const char *system, enum http_method method,
    const char *path, json_t *body, json_t **ret)
{
	struct problem problem = {0};
	json_t *answer = NULL;
	int status = 0;

	if (call(f, system, method, path, body, SLICE(""), &status, &answer,
		&problem))
		fail_msg("%s %s: %s", system, path, problem.text);
	if (status >= 300)
		fail_msg("%s %s: %d %s", system, path, status,
		    json_string_value(json_object_get(answer, "detail")));
	if (ret != NULL)
		*ret = answer;
	else
		json_decref(answer);
}

int64_t
family_status(struct family *f, const char *system, const char *name)
{
	json_t *answer;
	const json_t *value;
	int64_t n = -1;

	family_call(f, system, HTTP_GET, "/status", NULL, &answer);
	value = json_object_get(answer, name);
	if (value == NULL)
		value =
		    json_object_get(json_object_get(answer, "counts"), name);
	if (value != NULL)
		n = json_integer_value(value);
	json_decref(answer);

	return n;
}

void
family_until(
    struct family *f, const char *system, const char *name, int64_t least)
{
	int64_t end = monotonic_ms() + FAMILY_PATIENCE_MS, n = -1;

	while (n < least && monotonic_ms() < end) {
		n = family_status(f, system, name);
		pause_a_moment();
	}
	if (n < least)
		fail_msg("%s: %s is %lld, not %lld", system, name, (long long)n,
		    (long long)least);
}

void
family_until_well(struct family *f, const char *system)
{
	family_call(f, system, HTTP_GET, "/health", NULL, NULL);
}

/* --- Opening ------------------------------------------------------------- */

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
load(struct family *f)
{
	struct population_options o = {.municipality = SLICE("012041"),
	    .seed = 1,
	    .count = OTHERS,
	    .day = {2026, 4, 1}};
	struct import_options options = {.patience_ms = FAMILY_PATIENCE_MS};
	struct import_totals totals = {0};
	struct problem problem = {0};
	struct buf path;
	FILE *to;

	buf_init(&path);
	nation_path(&path, f->stage->dir, "family.csv");
	to = fopen(path.data, "w");
	assert_non_null(to);
	assert_int_equal(population_write(&o, to, &problem), OK);
	fputs(story_family_csv, to);
	assert_int_equal(fclose(to), 0);
	if (import_file(f->stage->nation, "012041/registry", path.data,
		&options, &totals, &problem))
		fail_msg("import: %s", problem.text);
	assert_int_equal(totals.loaded, OTHERS + 2);
	buf_done(&path);
}

void
family_open(struct family *f)
{
	struct stage_options options = {
	    .program = getenv("BANGO"), .dir = scratch_path()};
	struct random random = random_system();
	struct story_port port = {
	    .call = call, .say = say, .now = now, .state = f};
	struct problem problem = {0};

	*f = (struct family){0};
	assert_non_null(options.program);
	if (stage_open(&options, &f->stage, &problem))
		fail_msg("%s", problem.text);
	load(f);
	family_until(f, "012041/registry", "numbered", OTHERS + 2);
	family_until(f, "012041/relay", "linked", OTHERS + 2);
	if (story_tell(&port, &random, &f->story, &problem))
		fail_msg("the story: %s", problem.text);
	family_call(f, "digital/network", HTTP_POST, "/budgets/grants",
	    grant_of_questions(), NULL);
}

void
family_close(struct family *f)
{
	stage_close(f->stage);
	f->stage = NULL;
}

/* --- Exchanges ----------------------------------------------------------- */

int
family_ask(struct family *f, const char *provider)
{
	bool pension = strcmp(provider, "nenkin") == 0;
	json_t *body = json_object();
	char id[33];

	snprintf(id, sizeof(id), "%032x", ++f->n_asked);
	json_put_text(body, "inquiry", slice_of(id));
	json_put_text(body, "business_number", slice_of(f->story.father_moved));
	json_put_text(body, "affair", pension ? SLICE("107") : SLICE("106"));
	json_put_text(
	    body, "item", pension ? SLICE("pension") : SLICE("local-tax"));
	json_put_text(body, "provider", slice_of(provider));
	json_put_text(body, "unit", SLICE("test"));
	family_call(f, OFFICES, HTTP_POST, "/inquiries", body, NULL);

	return f->n_asked;
}

const char *
family_state(struct family *f, int inquiry, int wait)
{
	static char state[32];
	json_t *answer;
	char path[80];

	snprintf(path, sizeof(path), "/inquiries/%032x?wait=%d",
	    (unsigned int)inquiry, wait);
	family_call(f, OFFICES, HTTP_GET, path, NULL, &answer);
	snprintf(state, sizeof(state), "%s",
	    json_string_value(json_object_get(answer, "state")));
	json_decref(answer);

	return state;
}

void
family_until_received(struct family *f, int inquiry)
{
	int64_t end = monotonic_ms() + FAMILY_PATIENCE_MS;
	const char *state;

	do
		state = family_state(f, inquiry, 60);
	while (strcmp(state, "waiting") == 0 && monotonic_ms() < end);
	assert_string_equal(state, "received");
}

int64_t
family_exchange(struct family *f, const char *provider)
{
	int64_t start = monotonic_ms();
	int inquiry = family_ask(f, provider);

	family_until_received(f, inquiry);

	return monotonic_ms() - start;
}

pid_t
family_signal(struct family *f, const char *system, int number)
{
	pid_t pid = stage_system_pid(f->stage, system);

	assert_true(pid > 0);
	assert_int_equal(kill(pid, number), 0);

	return pid;
}
