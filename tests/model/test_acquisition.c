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
#include "tests/model/world.h"

#define CITY "012041"
#define NUMBERS_MAX 256
#define FILE_MAX (32u << 20)

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
	world_import(&w, CITY);
	for (i = 0; i < 20000 &&
	     world_count(&w, CITY "/relay", "linked") < WORLD_RESIDENTS + 2;
	     i++) {
		simulation_run(w.sim, 2);
		collect(&w, &numbers);
	}
	assert_int_equal(numbers.n, WORLD_RESIDENTS + 2);
	assert_int_equal(simulation_settle(w.sim, 3600 * 1000), OK);
	assert_int_equal(world_count(&w, CITY "/addressee", "acquiring"), 0);
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
