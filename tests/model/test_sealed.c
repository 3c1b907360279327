/*
 * Contents are sealed from relay to relay (design: neither network nor courier
 * can read them), and go from the inquirer's relay to its offices: a
 * city provides contents that occur nowhere else, and then everything that
 * passed between organisations or by the inquirer's addressee, and every file of
 * every system but those that may have them, is searched.
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

#include "store/store.h"
#include "tests/model/world.h"

#define CITY "012041" /* the provider */
#define TOWN "131041" /* the inquirer */
#define INCOME 918273645
#define MARKER "918273645"
#define INQUIRY "0123456789abcdef0123456789abcdef"
#define FILE_MAX (32u << 20)

/* --- Messages on the way -------------------------------------------------- */

struct passing {
	/* Batches with the contents in the clear; `by`: from or to the
	 * inquirer's addressee. */
	int within, between, by;
	int network, addressee; /* batches of theirs, whatever is in them */
};

static bool
has_marker(struct slice text)
{
	return memmem(text.data, text.len, MARKER, strlen(MARKER)) != NULL;
}

static bool
is_of(const char *system, const struct system_id *from,
    const struct system_id *to)
{
	return strcmp(from->text, system) == 0 || strcmp(to->text, system) == 0;
}

static void
look(void *state, const struct system_id *from, const struct system_id *to,
    struct slice batch)
{
	struct passing *p = state;
	bool within = slice_equal(
	    system_id_organisation(from), system_id_organisation(to));
	bool by = is_of(TOWN "/addressee", from, to);

	p->network += is_of("digital/network", from, to);
	p->addressee += by;
	if (!has_marker(batch))
		return;
	p->by += by;
	if (within)
		p->within++;
	else
		p->between++;
}

/* --- Files of the systems ------------------------------------------------- */

static int theirs, others, files;

static bool
is_theirs(const char *name)
{
	return strncmp(name, CITY "-", 7) == 0 ||
	    strncmp(name, TOWN "-offices", 14) == 0;
}

static int
visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	char *content;
	size_t len;
	FILE *f;

	(void)st;
	if (type != FTW_F)
		return 0;
	f = fopen(path, "rb");
	assert_non_null(f);
	content = test_malloc(FILE_MAX);
	len = fread(content, 1, FILE_MAX, f);
	assert_true(len < FILE_MAX);
	fclose(f);
	files++;
	if (has_marker(slice_bytes(content, len))) {
		if (is_theirs(path + ftw->base)) {
			theirs++;
		} else {
			print_message("the contents are in %s\n", path);
			others++;
		}
	}
	test_free(content);

	return 0;
}

static void
search_files(struct world *w)
{
	const char *id;
	size_t i;

	for (i = 0; i < w->config->n_systems; i++) {
		id = w->config->systems[i].id.text;
		assert_int_equal(
		    store_checkpoint(node_store(simulation_node(w->sim, id))),
		    OK);
	}
	nftw(w->folder, visit, 16, FTW_PHYS);
}

/* --- The test ---------------------------------------------------------------- */

static void
provide(struct world *w, const struct story *story)
{
	json_t *answer;

	json_decref(world_must(w, CITY "/offices", HTTP_POST, "/replicas",
	    json_pack("{s:s,s:s,s:s,s:[[s,{s:i}]]}", "item", "local-tax",
		"version", "2026", "change", "correct", "items", STORY_FATHER,
		"income", INCOME),
	    200));
	assert_int_equal(simulation_settle(w->sim, 3600 * 1000), OK);
	json_decref(world_must(w, TOWN "/offices", HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", INQUIRY,
		"business_number", story->father_moved, "affair", "106", "item",
		"local-tax", "provider", CITY, "unit", "u"),
	    201));
	assert_int_equal(simulation_settle(w->sim, 3600 * 1000), OK);
	answer = world_must(
	    w, TOWN "/offices", HTTP_GET, "/inquiries/" INQUIRY, NULL, 200);
	assert_int_equal(json_integer_value(json_object_get(
			     json_object_get(answer, "contents"), "income")),
	    INCOME);
	json_decref(answer);
}

static void
nobody_on_the_way_sees_what_is_provided(void **state)
{
	struct passing passing = {0};
	struct problem problem = {0};
	struct story_port port;
	struct world w = {0};
	struct story story;

	(void)state;
	world_open(&w, 7);
	port = world_story_port(&w);
	world_import(&w, CITY);
	world_wait_for(&w, CITY "/relay", "linked", WORLD_RESIDENTS + 2);
	if (story_tell(&port, &w.random, &story, &problem))
		fail_msg("%s", problem.text);
	simulation_watch(w.sim, look, &passing);
	provide(&w, &story);
	search_files(&w);
	/* It was asked by way of both, and the two who may have it do. */
	assert_true(passing.network > 0);
	assert_true(passing.addressee > 0);
	assert_true(passing.within > 0);
	assert_true(theirs > 0);
	assert_true(files > theirs);
	assert_int_equal(passing.between, 0);
	assert_int_equal(passing.by, 0);
	assert_int_equal(others, 0);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_on_the_way_sees_what_is_provided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
