#include "tests/model/world.h"

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
#include "lab/population/population.h"
#include "network_rows.h"
#include "tests/support/scratch.h"

#define START ((struct instant){1795000000000})
#define TRIES 200

const struct simulation_faults world_none = {
    .delay_min_ms = 1, .delay_max_ms = 5};
const struct simulation_faults world_harsh = {.lose_request = 80,
    .lose_receipt = 80,
    .repeat = 80,
    .crash_before = 25,
    .crash_after = 25,
    .delay_min_ms = 1,
    .delay_max_ms = 300};

void
world_open(struct world *w, uint64_t seed)
{
	char path[SCRATCH_PATH_MAX + 16];
	struct problem problem = {0};
	size_t i;

	w->folder = scratch_folder();
	snprintf(path, sizeof(path), "%s/nation.ini", w->folder);
	assert_int_equal(
	    file_replace(path, slice_of(config_default), 0600, &problem), OK);
	assert_int_equal(config_read(path, &w->config, &problem), OK);
	w->random = random_seeded(&w->seed, seed);
	assert_int_equal(simulation_new(seed, w->folder, &world_none, START,
			     &w->sim, &problem),
	    OK);
	for (i = 0; i < w->config->n_systems; i++) {
		const struct system_config *s = &w->config->systems[i];

		if (simulation_add(
			w->sim, s->system, s->id.text, s->settings, &problem))
			fail_msg("%s: %s", s->id.text, problem.text);
	}
}

void
world_close(struct world *w)
{
	simulation_free(w->sim);
	config_free(w->config);
	scratch_remove(w->folder);
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

enum err
world_call(void *state, const char *system, enum http_method method,
    const char *path, json_t *body, struct slice token, int *ret_status,
    json_t **ret, struct problem *problem)
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

json_t *
world_must(struct world *w, const char *system, enum http_method method,
    const char *path, json_t *body, int want)
{
	json_t *answer = NULL;
	int status = 0;

	assert_int_equal(world_call(w, system, method, path, body, SLICE(""),
			     &status, &answer, NULL),
	    OK);
	if (want != 0 && status != want)
		fail_msg("%s %s: %d %s", system, path, status,
		    world_text(answer, "detail"));

	return answer;
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

struct story_port
world_story_port(struct world *w)
{
	return (struct story_port){
	    .call = world_call, .say = say, .now = now, .state = w};
}

/* --- Residents ----------------------------------------------------------- */

static void
residents(const char *city, struct buf *ret)
{
	struct population_options o = {.municipality = slice_of(city),
	    .seed = 5,
	    .count = WORLD_RESIDENTS,
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

void
world_import(struct world *w, const char *city)
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
	assert_int_equal(world_call(w, system, HTTP_POST, "/imports", body,
			     SLICE(""), &status, &answer, NULL),
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
	assert_int_equal(world_call(w, system, HTTP_POST, path, json_object(),
			     SLICE(""), &status, &answer, NULL),
	    OK);
	assert_int_equal(
	    json_integer_value(json_object_get(answer, "rejected")), 0);
	json_decref(answer);
	buf_done(&csv);
	buf_done(&digest);
}

int64_t
world_count(struct world *w, const char *system, const char *name)
{
	json_t *answer = NULL;
	int status = 0;
	int64_t n;

	assert_int_equal(world_call(w, system, HTTP_GET, "/status", NULL,
			     SLICE(""), &status, &answer, NULL),
	    OK);
	n = json_integer_value(
	    json_object_get(json_object_get(answer, "counts"), name));
	json_decref(answer);

	return n;
}

void
world_wait_for(
    struct world *w, const char *system, const char *name, int64_t want)
{
	int i;

	for (i = 0; i < 600 && world_count(w, system, name) != want; i++)
		simulation_run(w->sim, 1000);
	assert_int_equal(world_count(w, system, name), want);
}

/* --- Records ------------------------------------------------------------- */

const char *
world_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

void
world_internal_number(struct world *w, const char *addressee,
    const char *business_number, char ret[32])
{
	json_t *answer = world_must(w, addressee, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "business_number", business_number), 200);

	snprintf(ret, 32, "%s", world_text(answer, "internal_number"));
	json_decref(answer);
}

json_t *
world_records(
    struct world *w, const char *organisation, const char *business_number)
{
	char system[32], path[80], internal[32];

	snprintf(system, sizeof(system), "%s/addressee", organisation);
	world_internal_number(w, system, business_number, internal);
	snprintf(system, sizeof(system), "%s/relay", organisation);
	snprintf(path, sizeof(path), "/records?internal_number=%s", internal);

	return world_must(w, system, HTTP_GET, path, NULL, 200);
}

const json_t *
world_row(const json_t *answer, const char *key, const char *value)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer, "records"), i, row)
	{
		if (strcmp(world_text(row, key), value) == 0)
			return row;
	}

	return NULL;
}

void
world_permit(
    struct world *w, const char *asker, const char *inquiry, char ret[33])
{
	struct node *network = simulation_node(w->sim, "digital/network");
	struct arena *arena = arena_new();
	struct network_record_row row = {0};
	struct store *store;

	ret[0] = '\0';
	if (network != NULL) {
		store = node_store(network);
		assert_int_equal(store_begin(store), OK);
		if (network_record_of_inquiry(store, arena, slice_of(asker),
			slice_of(inquiry), &row) == OK &&
		    row.has_expires)
			snprintf(ret, 33, "%.*s", SLICE_ARG(row.record));
		store_rollback(store);
	}
	arena_free(arena);
}

void
world_agree(struct world *w, const char *registry)
{
	json_t *claims =
	    world_must(w, registry, HTTP_GET, "/claims", NULL, 200);
	const json_t *row =
	    json_array_get(json_object_get(claims, "claims"), 0);
	char path[80];

	snprintf(
	    path, sizeof(path), "/claims/%s/reply", world_text(row, "claim"));
	json_decref(claims);
	json_decref(world_must(w, registry, HTTP_POST, path,
	    json_pack("{s:s,s:s}", "reply", "agree", "reason", "除票と一致"),
	    200));
}
