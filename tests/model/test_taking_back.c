/*
 * Inquiries that are held, decided, cancelled and revoked at any moment, while
 * messages are lost and repeated and processes die: in the end the records of
 * the inquirer, the provider and the network say the same of each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/encode.h"
#include "base/file.h"
#include "host/simulated.h"
#include "main/config.h"
#include "main/population.h"
#include "main/story.h"

#define START ((struct instant){1795000000000})
#define RESIDENTS 30
#define TRIES 200

static const struct simulation_faults none = {
    .delay_min_ms = 1, .delay_max_ms = 5};
static const struct simulation_faults harsh = {.lose_request = 80,
    .lose_receipt = 80,
    .repeat = 80,
    .crash_before = 25,
    .crash_after = 25,
    .delay_min_ms = 1,
    .delay_max_ms = 300};

struct world {
	struct simulation *sim;
	struct config *config;
	struct random_seed seed;
	struct random random;
};

static void
world_open(struct world *w, uint64_t seed)
{
	char folder[] = "/tmp/bango-test-XXXXXX", path[64];
	struct problem problem = {0};
	size_t i;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/nation.ini", folder);
	assert_int_equal(
	    file_replace(path, slice_of(config_default), 0600, &problem), OK);
	assert_int_equal(config_read(path, &w->config, &problem), OK);
	w->random = random_seeded(&w->seed, seed);
	assert_int_equal(
	    simulation_new(seed, folder, &none, START, &w->sim, &problem), OK);
	for (i = 0; i < w->config->n_systems; i++) {
		const struct system_config *s = &w->config->systems[i];

		if (simulation_add(
			w->sim, s->system, s->id.text, s->settings, &problem))
			fail_msg("%s: %s", s->id.text, problem.text);
	}
}

static void
world_close(struct world *w)
{
	simulation_free(w->sim);
	config_free(w->config);
}

/* A process that died under a request is asked again, as a client would. */
static enum err
call_raw(struct world *w, const char *system, enum http_method method,
    const char *path, struct slice body, struct slice token, int *ret_status,
    json_t **ret)
{
	struct problem problem = {0};
	struct buf answer;
	enum err rc = ERR_UNREACHABLE;
	int i;

	buf_init(&answer);
	for (i = 0; i < TRIES && rc; i++) {
		buf_clear(&answer);
		rc = simulation_call_raw(w->sim, system, method, path, body,
		    token, ret_status, &answer);
		if (rc)
			simulation_run(w->sim, 50);
	}
	*ret = NULL;
	if (rc == OK && answer.len > 0)
		rc = json_read(buf_slice(&answer), "answer", ret, &problem);
	buf_done(&answer);

	return rc;
}

static enum err
call(void *state, const char *system, enum http_method method, const char *path,
    json_t *body, struct slice token, int *ret_status, json_t **ret,
    struct problem *problem)
{
	struct buf text;
	enum err rc;

	buf_init(&text);
	if (body != NULL)
		json_write(body, &text);
	json_decref(body);
	rc = call_raw(state, system, method, path, buf_slice(&text), token,
	    ret_status, ret);
	buf_done(&text);
	if (rc)
		return problem_set(problem, rc, "%s %s", system, path);

	return OK;
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
	struct world *w = state;

	return simulation_now(w->sim);
}

/* --- Residents ----------------------------------------------------------- */

static void
residents(const char *city, struct buf *ret)
{
	struct population_options o = {.municipality = slice_of(city),
	    .seed = 5,
	    .count = RESIDENTS,
	    .day = {2026, 4, 1},
	    .foreign = 50};
	struct problem problem = {0};
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	assert_int_equal(population_write(&o, f, &problem), OK);
	fclose(f);
	buf_add(ret, slice_bytes(text, len));
	buf_add_string(ret, story_family_csv);
	free(text);
}

static void
import(struct world *w, const char *city)
{
	json_t *body = json_object(), *answer = NULL;
	struct buf csv, digest;
	struct digest d;
	char system[32], path[100];
	int status = 0;

	buf_init(&csv);
	buf_init(&digest);
	residents(city, &csv);
	d = digest_of(buf_slice(&csv));
	hex_encode(digest_slice(&d), &digest);
	snprintf(system, sizeof(system), "%s/registry", city);
	json_put_text(body, "name", SLICE("residents.csv"));
	json_put_int(body, "size", (int64_t)csv.len);
	json_put_text(body, "digest", buf_slice(&digest));
	assert_int_equal(call(w, system, HTTP_POST, "/imports", body, SLICE(""),
			     &status, &answer, NULL),
	    OK);
	assert_true(status == 200 || status == 201);
	snprintf(path, sizeof(path), "/imports/%s/chunks?offset=0",
	    json_string_value(json_object_get(answer, "import")));
	json_decref(answer);
	assert_int_equal(call_raw(w, system, HTTP_POST, path, buf_slice(&csv),
			     SLICE(""), &status, &answer),
	    OK);
	if (status != 200)
		fail_msg("import: %d %s", status,
		    json_string_value(json_object_get(answer, "detail")));
	json_decref(answer);
	*strstr(path, "/chunks") = '\0';
	snprintf(path + strlen(path), sizeof(path) - strlen(path), "/finish");
	assert_int_equal(call(w, system, HTTP_POST, path, json_object(),
			     SLICE(""), &status, &answer, NULL),
	    OK);
	assert_int_equal(
	    json_integer_value(json_object_get(answer, "rejected")), 0);
	json_decref(answer);
	buf_done(&csv);
	buf_done(&digest);
}

static int64_t
count(struct world *w, const char *system, const char *name)
{
	json_t *answer = NULL;
	int status = 0;
	int64_t n;

	assert_int_equal(call(w, system, HTTP_GET, "/status", NULL, SLICE(""),
			     &status, &answer, NULL),
	    OK);
	n = json_integer_value(
	    json_object_get(json_object_get(answer, "counts"), name));
	json_decref(answer);

	return n;
}

static void
wait_for(struct world *w, const char *system, const char *name, int64_t want)
{
	int i;

	for (i = 0; i < 600 && count(w, system, name) != want; i++)
		simulation_run(w->sim, 1000);
	assert_int_equal(count(w, system, name), want);
}

/* --- Records --------------------------------------------------------------- */

#define INQUIRIES 24
#define SEEDS 4

static json_t *
must(struct world *w, const char *system, enum http_method method,
    const char *path, json_t *body, int want)
{
	json_t *answer = NULL;
	int status = 0;

	assert_int_equal(call(w, system, method, path, body, SLICE(""), &status,
			     &answer, NULL),
	    OK);
	if (want != 0 && status != want)
		fail_msg("%s %s: %d %s", system, path, status,
		    json_string_value(json_object_get(answer, "detail")));

	return answer;
}

static void
internal_number(
    struct world *w, const char *system, const char *number, char ret[32])
{
	json_t *answer = must(w, system, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "business_number", number), 200);

	snprintf(ret, 32, "%s",
	    json_string_value(json_object_get(answer, "internal_number")));
	json_decref(answer);
}

/* A relay's records of a person, to be freed. */
static json_t *
records(struct world *w, const char *organisation, const char *number)
{
	char system[32], path[80], internal[32];
	json_t *answer;

	snprintf(system, sizeof(system), "%s/addressee", organisation);
	internal_number(w, system, number, internal);
	snprintf(system, sizeof(system), "%s/relay", organisation);
	snprintf(path, sizeof(path), "/records?internal_number=%s", internal);
	answer = must(w, system, HTTP_GET, path, NULL, 200);

	return answer;
}

static const char *
text_of(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text == NULL ? "" : text;
}

static const json_t *
find_row(const json_t *answer, const char *key, const char *value)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer, "records"), i, row)
	{
		if (strcmp(text_of(row, key), value) == 0)
			return row;
	}

	return NULL;
}

/* --- Acts ------------------------------------------------------------------ */

static void
mark(struct world *w, const char *internal, const char *path)
{
	json_decref(must(w, "012041/relay", HTTP_POST, path,
	    json_pack("{s:s,s:s,s:s,s:s}", "internal_number", internal, "kind",
		"hold", "reason", "r", "role", "officer"),
	    200));
}

static void
ask(struct world *w, const char *inquiry, const char *person)
{
	json_decref(must(w, "131041/offices", HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", inquiry,
		"business_number", person, "affair", "106", "item", "local-tax",
		"provider", "012041", "unit", "u", "clerk", "c"),
	    201));
}

/* Whether it still can be, or is over, is what the race is about. */
static void
cancel(struct world *w, const char *inquiry)
{
	char path[80];

	snprintf(path, sizeof(path), "/inquiries/%s/cancel", inquiry);
	json_decref(
	    must(w, "131041/offices", HTTP_POST, path, json_object(), 0));
}

static void
decide_all(struct world *w, bool release)
{
	json_t *answer = must(w, "012041/relay", HTTP_GET, "/held", NULL, 200);
	const json_t *row;
	char path[80];
	size_t i;

	json_array_foreach(json_object_get(answer, "held"), i, row)
	{
		snprintf(path, sizeof(path), "/held/%s/decision",
		    text_of(row, "permit"));
		json_decref(must(w, "012041/relay", HTTP_POST, path,
		    json_pack("{s:s,s:s,s:s}", "decision",
			release ? "release" : "refuse", "reason", "r", "role",
			"officer"),
		    0));
	}
	json_decref(answer);
}

/* Revoke the newest permit that the inquirer knows. */
static void
revoke(struct world *w, const char *inquiry, const char *person)
{
	json_t *answer = records(w, "131041", person);
	const json_t *row = find_row(answer, "inquiry", inquiry);
	char path[80];

	if (row != NULL && text_of(row, "permit")[0] != '\0') {
		snprintf(path, sizeof(path), "/permits/%s/revocation",
		    text_of(row, "permit"));
		json_decref(must(w, "digital/network", HTTP_POST, path,
		    json_pack("{s:s,s:s}", "reason", "r", "role", "officer"),
		    0));
	}
	json_decref(answer);
}

static void
act(struct world *w, int i, const char *inquiry, const struct story *story,
    const char *internal)
{
	uint64_t dice = random_u64(&w->random);

	mark(w, internal, dice & 1 ? "/marks" : "/marks/remove");
	ask(w, inquiry, story->father_moved);
	simulation_run(w->sim, (int64_t)(dice >> 8 & 0xfff));
	if ((dice & 6) == 2)
		cancel(w, inquiry);
	if (dice & 4)
		revoke(w, inquiry, story->father_moved);
	if (i % 3 == 0)
		decide_all(w, (dice & 16) != 0);
}

/* --- The runs --------------------------------------------------------------- */

static const char *const outcomes[] = {
    "provided", "refused", "cancelled", "revoked"};
static int seen[4]; /* how often, in all runs */

static void
note_outcome(const char *outcome)
{
	size_t i;

	for (i = 0; i < 4; i++)
		seen[i] += strcmp(outcome, outcomes[i]) == 0;
}

/* The two relays' records, and what the father sees in the portal. */
static void
compare(struct world *w, const struct story *story, size_t *ret_compared)
{
	json_t *inquirer = records(w, "131041", story->father_moved);
	json_t *provider = records(w, "012041", story->father);
	json_t *network = NULL;
	const json_t *row, *other, *third;
	int status = 0;
	size_t i;

	assert_int_equal(
	    call(w, "digital/portal", HTTP_GET, "/records?wait=30", NULL,
		slice_of(story->token), &status, &network, NULL),
	    OK);
	assert_int_equal(status, 200);
	json_array_foreach(json_object_get(provider, "records"), i, row)
	{
		const char *permit = text_of(row, "permit");

		other = find_row(inquirer, "permit", permit);
		third = find_row(network, "record", permit);
		assert_non_null(other);
		assert_non_null(third);
		assert_string_equal(
		    text_of(row, "outcome"), text_of(other, "outcome"));
		assert_string_equal(
		    text_of(row, "outcome"), text_of(third, "outcome"));
		note_outcome(text_of(row, "outcome"));
		(*ret_compared)++;
	}
	json_decref(inquirer);
	json_decref(provider);
	json_decref(network);
}

static void
run(uint64_t seed)
{
	struct story_port port = {call, say, now, NULL};
	struct problem problem = {0};
	char inquiry[33], internal[32];
	size_t compared = 0;
	struct story story;
	struct world w = {0};
	int i;

	world_open(&w, seed);
	port.state = &w;
	import(&w, "012041");
	wait_for(&w, "012041/relay", "linked", RESIDENTS + 2);
	if (story_tell(&port, &w.random, &story, &problem))
		fail_msg("%s", problem.text);
	internal_number(&w, "012041/addressee", STORY_FATHER, internal);
	simulation_set_faults(w.sim, &harsh);
	for (i = 0; i < INQUIRIES; i++) {
		snprintf(inquiry, sizeof(inquiry), "%032x", i + 1);
		act(&w, i, inquiry, &story, internal);
	}
	simulation_set_faults(w.sim, &none);
	assert_int_equal(simulation_settle(w.sim, 3600 * 1000), OK);
	decide_all(&w, true);
	assert_int_equal(simulation_settle(w.sim, 3600 * 1000), OK);
	assert_int_equal(count(&w, "digital/network", "open"), 0);
	assert_int_equal(count(&w, "131041/relay", "waiting"), 0);
	assert_int_equal(count(&w, "131041/offices", "asking"), 0);
	compare(&w, &story, &compared);
	assert_true(compared > INQUIRIES / 2);
	world_close(&w);
}

static void
the_three_records_agree(void **state)
{
	uint64_t seed;
	size_t i;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++)
		run(seed);
	for (i = 0; i < 4; i++) {
		print_message("%s: %d\n", outcomes[i], seen[i]);
		assert_true(seen[i] > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_three_records_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
