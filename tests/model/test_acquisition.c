/*
 * Acquisition numbers (取得番号) must not be kept longer than the acquisition
 * needs them (番号法21条の2第3項): a nation acquires codes for a city, and then
 * every file of it is searched for every number that was used.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ftw.h>

#include <cmocka.h>

#include "addressee_statements.h"
#include "base/encode.h"
#include "base/file.h"
#include "host/simulated.h"
#include "main/config.h"
#include "main/population.h"
#include "main/story.h"

#define START ((struct instant){1795000000000})
#define RESIDENTS 30
#define CITY "012041"
#define NUMBERS_MAX 256
#define FILE_MAX (32u << 20)
#define TRIES 200

static const struct simulation_faults none = {
    .delay_min_ms = 1, .delay_max_ms = 5};

struct world {
	char folder[32];
	struct simulation *sim;
	struct config *config;
	struct random_seed seed;
	struct random random;
};

static void
world_open(struct world *w, uint64_t seed)
{
	char *folder = w->folder, path[64];
	struct problem problem = {0};
	size_t i;

	snprintf(w->folder, sizeof(w->folder), "/tmp/bango-test-XXXXXX");
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

/* --- Numbers --------------------------------------------------------------- */

struct numbers {
	char all[NUMBERS_MAX][33];
	size_t n;
};

static bool
is_known(const struct numbers *numbers, struct slice text)
{
	size_t i;

	for (i = 0; i < numbers->n; i++) {
		if (slice_equal_string(text, numbers->all[i]))
			return true;
	}

	return false;
}

/* Those under way now. */
static void
collect(struct world *w, struct numbers *numbers)
{
	struct node *node = simulation_node(w->sim, CITY "/addressee");
	struct slice text;
	struct query q;

	assert_int_equal(node_begin(node, simulation_now(w->sim)), OK);
	store_query(node_store(node), ADDRESSEE_ACQUISITION_STUCK, &q);
	query_int(&q, "before", INT64_MAX);
	query_int(&q, "limit", NUMBERS_MAX);
	while (query_step(&q) == OK) {
		text = column_text(&q, "acquisition");
		if (is_known(numbers, text))
			continue;
		assert_true(numbers->n < NUMBERS_MAX);
		snprintf(
		    numbers->all[numbers->n++], 33, "%.*s", SLICE_ARG(text));
	}
	query_done(&q);
	node_abort(node);
}

static void
checkpoint_all(struct world *w)
{
	size_t i;

	for (i = 0; i < w->config->n_systems; i++)
		assert_int_equal(store_checkpoint(node_store(simulation_node(
				     w->sim, w->config->systems[i].id.text))),
		    OK);
}

/* As hex digits, or as the bytes that they stand for. */
static bool
has_number(const char *content, size_t len, const char *number)
{
	char bytes[16];
	unsigned int byte;
	size_t i;

	for (i = 0; i < sizeof(bytes); i++) {
		assert_int_equal(sscanf(number + 2 * i, "%2x", &byte), 1);
		bytes[i] = (char)byte;
	}

	return memmem(content, len, number, 32) != NULL ||
	    memmem(content, len, bytes, sizeof(bytes)) != NULL;
}

static size_t
search_file(const char *path, const struct numbers *numbers)
{
	char *content = test_malloc(FILE_MAX);
	size_t i, len, found = 0;
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	len = fread(content, 1, FILE_MAX, f);
	assert_true(len < FILE_MAX);
	fclose(f);
	for (i = 0; i < numbers->n; i++)
		found += has_number(content, len, numbers->all[i]);
	if (found > 0)
		print_message("%s: %zu of them\n", path, found);
	test_free(content);

	return found;
}

static size_t searched, found_in_all;
static const struct numbers *wanted;

static int
visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_F) {
		searched++;
		found_in_all += search_file(path, wanted);
	}

	return 0;
}

static void
no_acquisition_number_is_left_in_any_file(void **state)
{
	struct numbers numbers = {.n = 0};
	struct world w = {0};
	int i;

	(void)state;
	world_open(&w, 7);
	import(&w, CITY);
	for (i = 0;
	     i < 20000 && count(&w, CITY "/relay", "linked") < RESIDENTS + 2;
	     i++) {
		simulation_run(w.sim, 2);
		collect(&w, &numbers);
	}
	assert_int_equal(numbers.n, RESIDENTS + 2);
	assert_int_equal(simulation_settle(w.sim, 3600 * 1000), OK);
	assert_int_equal(count(&w, CITY "/addressee", "acquiring"), 0);
	checkpoint_all(&w);
	wanted = &numbers;
	assert_int_equal(nftw(w.folder, visit, 8, FTW_PHYS), 0);
	assert_true(searched >= w.config->n_systems);
	assert_int_equal(found_in_all, 0);
	world_close(&w);
}

/* The search itself must be able to find. */
static void
the_search_finds_what_is_there(void **state)
{
	static const char number[] = "00112233445566778899aabbccddeeff";

	(void)state;
	assert_true(has_number(number, 32, number));
	assert_true(has_number("xx\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa"
			       "\xbb\xcc\xdd\xee\xff",
	    18, number));
	assert_false(has_number("0011", 4, number));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_search_finds_what_is_there),
	    cmocka_unit_test(no_acquisition_number_is_left_in_any_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
