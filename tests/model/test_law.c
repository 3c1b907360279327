/*
 * The law at work in the whole nation: an own-use affair from its ordinance to
 * the inquiry, and an edition of the table that takes effect, while messages
 * are lost and repeated and processes die.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/model/world.h"

#define ASKER "131041/offices"
#define GIVER "012041/offices"
#define NETWORK "digital/network"
#define AFFAIR "own-medical-children"
#define DECLARATION "66666666666666666666666666666661"
#define LIMIT "77777777777777777777777777777771"
#define ORDINANCE \
	"番号法19条9号、新宿区子ども医療費助成条例（平成10年条例第5号）"
#define DAY_MS (24 * 3600ll * 1000)

static struct world world;
static struct story story;
static unsigned int n_inquiries;

static json_t *
call(const char *system, enum http_method method, const char *path,
    json_t *body, int *ret_status)
{
	json_t *answer = NULL;

	assert_int_equal(world_call(&world, system, method, path, body,
			     SLICE(""), ret_status, &answer, NULL),
	    OK);

	return answer;
}

/* A client whose server died does not know whether it was heard: `again` is
 * what it is told if it was. */
static void
post(const char *system, const char *path, json_t *body, int want, int again)
{
	int status = 0;
	json_t *answer = call(system, HTTP_POST, path, body, &status);

	if (status != want && status != again)
		fail_msg("%s %s: %d %s", system, path, status,
		    json_string_value(json_object_get(answer, "detail")));
	json_decref(answer);
}

/* Run until a declaration stands so. */
static void
wait_for(const char *system, const char *declaration, const char *want)
{
	const char *state = "";
	json_t *answer = NULL;
	char path[160];
	int i, status;

	snprintf(path, sizeof(path), "/affairs/%s", declaration);
	for (i = 0; i < 600 && strcmp(state, want) != 0; i++) {
		simulation_run(world.sim, 1000);
		json_decref(answer);
		answer = call(system, HTTP_GET, path, NULL, &status);
		assert_int_equal(status, 200);
		state = json_string_value(json_object_get(answer, "state"));
	}
	assert_string_equal(state, want);
	json_decref(answer);
}

/* Ask about the father who has moved; the answer, to be freed. */
static json_t *
ask(const char *affair)
{
	json_t *answer = NULL;
	char inquiry[33], path[80];
	int i, status = 0;

	snprintf(inquiry, sizeof(inquiry), "%032x", ++n_inquiries);
	post(ASKER, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", inquiry,
		"business_number", story.father_moved, "affair", affair, "item",
		"local-tax", "provider", "012041", "unit", "u"),
	    201, 201);
	snprintf(path, sizeof(path), "/inquiries/%s", inquiry);
	for (i = 0; i < 600; i++) {
		json_decref(answer);
		answer = call(ASKER, HTTP_GET, path, NULL, &status);
		if (strcmp(json_string_value(json_object_get(answer, "state")),
			"waiting") != 0)
			return answer;
		simulation_run(world.sim, 1000);
	}
	fail_msg("nobody answered");

	return NULL;
}

static void
assert_received(const char *affair)
{
	json_t *answer = ask(affair);

	if (strcmp(json_string_value(json_object_get(answer, "state")),
		"received") != 0)
		fail_msg("%s: %s", affair,
		    json_string_value(json_object_get(answer, "text")));
	json_decref(answer);
}

/* Empty: any article. */
static void
assert_refused(const char *affair, const char *reason, const char *article)
{
	json_t *answer = ask(affair);

	assert_string_equal(
	    json_string_value(json_object_get(answer, "reason")), reason);
	if (article[0] != '\0')
		assert_string_equal(
		    json_string_value(json_object_get(answer, "article")),
		    article);
	json_decref(answer);
}

/* --- Affairs by ordinance --------------------------------------------------- */

static void
declare(void)
{
	post(ASKER, "/affairs",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:[s],s:[s]}",
		"declaration", DECLARATION, "affair", AFFAIR, "title",
		"子ども医療費の助成に関する事務", "ordinance",
		"新宿区子ども医療費助成条例", "number", "平成10年条例第5号",
		"effective", "2026-04-01", "row", "106", "items", "local-tax",
		"providers", "municipality"),
	    201, 201);
	wait_for(ASKER, DECLARATION, "declared");
}

static void
confirm(void)
{
	simulation_act_as(world.sim, SIMULATION_COMMISSIONER, SIMULATION_VICE);
	post(NETWORK, "/affairs/" DECLARATION "/decision",
	    json_pack("{s:s,s:s}", "decision", "confirm", "reason", "r"), 200,
	    409);
	simulation_act_as(world.sim, SIMULATION_CLERK, SIMULATION_CHIEF);
	wait_for(ASKER, DECLARATION, "confirmed");
}

static void
limit(void)
{
	post(GIVER, "/affairs/limits",
	    json_pack("{s:s,s:s,s:s,s:s}", "declaration", LIMIT, "item",
		"local-tax", "ordinance", "旭川市番号利用条例", "number",
		"平成27年条例第60号"),
	    201, 201);
	wait_for(GIVER, LIMIT, "declared");
}

static void
lift(void)
{
	post(GIVER, "/affairs/" LIMIT "/withdrawal", json_object(), 202, 409);
	wait_for(GIVER, LIMIT, "withdrawn");
}

/* The record that the father reads in the portal names the ordinance. */
static void
assert_shown(void)
{
	const json_t *row;
	json_t *records = NULL;
	int status = 0, seen = 0;
	size_t i;

	assert_int_equal(
	    world_call(&world, "digital/portal", HTTP_GET, "/records?wait=30",
		NULL, slice_of(story.token), &status, &records, NULL),
	    OK);
	assert_int_equal(status, 200);
	json_array_foreach(json_object_get(records, "records"), i, row)
	{
		seen +=
		    strcmp(json_string_value(json_object_get(row, "article")),
			ORDINANCE) == 0;
	}
	assert_true(seen > 0);
	json_decref(records);
}

/* So do the records of both relays. */
static void
assert_recorded(const char *organisation, const char *number)
{
	char system[32], path[80];
	const json_t *row;
	json_t *answer;
	int status = 0, seen = 0;
	size_t i;

	snprintf(system, sizeof(system), "%s/addressee", organisation);
	answer = call(system, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "business_number", number), &status);
	assert_int_equal(status, 200);
	snprintf(path, sizeof(path), "/records?internal_number=%s",
	    json_string_value(json_object_get(answer, "internal_number")));
	json_decref(answer);
	snprintf(system, sizeof(system), "%s/relay", organisation);
	answer = call(system, HTTP_GET, path, NULL, &status);
	json_array_foreach(json_object_get(answer, "records"), i, row)
	{
		seen +=
		    strcmp(json_string_value(json_object_get(row, "article")),
			ORDINANCE) == 0 &&
		    strcmp(json_string_value(json_object_get(row, "outcome")),
			"provided") == 0;
	}
	assert_true(seen > 0);
	json_decref(answer);
}

static void
affairs(void)
{
	assert_refused(AFFAIR, "no-basis", "番号法19条9号");
	declare();
	assert_refused(AFFAIR, "own-use-unconfirmed", ORDINANCE);
	confirm();
	assert_received(AFFAIR);
	assert_shown();
	assert_recorded("131041", story.father_moved);
	assert_recorded("012041", story.father);
	limit();
	assert_refused(AFFAIR, "own-use-limited",
	    "番号法26条、旭川市番号利用条例（平成27年条例第60号）");
	assert_received("106");
	lift();
	assert_received(AFFAIR);
}

/* --- Editions ---------------------------------------------------------------- */

/* The table without row 106: a derivative for this test, no text of law. */
static void
shorten(struct buf *ret)
{
	struct problem problem = {0};
	struct slice rest, line;
	struct buf table;

	buf_init(&table);
	assert_int_equal(
	    file_read("data/provision_table.tsv", 1 << 20, &table, &problem),
	    OK);
	rest = buf_slice(&table);
	while (rest.len > 0) {
		line = slice_cut(&rest, '\n');
		if (slice_has_prefix(line, SLICE("106\t")))
			continue;
		buf_add(ret, line);
		buf_add_char(ret, '\n');
	}
	buf_done(&table);
}

static void
load(const char *day)
{
	struct buf table, answer;
	char path[160];
	int i, status = 0;

	buf_init(&table);
	buf_init(&answer);
	shorten(&table);
	snprintf(
	    path, sizeof(path), "/law/editions?effective=%s&reason=r", day);
	for (i = 0; i < 100 && status != 201; i++) {
		if (simulation_call_raw(world.sim, NETWORK, HTTP_POST, path,
			buf_slice(&table), SLICE(""), &status, &answer))
			simulation_run(world.sim, 50);
	}
	assert_int_equal(status, 201);
	buf_done(&answer);
	buf_done(&table);
}

static void
editions(void)
{
	struct date day = date_in_japan(simulation_now(world.sim));
	char text[DATE_TEXT_MAX];

	date_format(date_plus_days(day, 2), text);
	load(text);
	assert_received("106");
	simulation_leap(world.sim, 2 * DAY_MS);
	assert_refused("106", "no-basis", "番号法19条8号");
	/* The affair to which the own-use affair corresponds is gone. */
	assert_refused(AFFAIR, "no-basis", ORDINANCE);
}

/* --- The runs ------------------------------------------------------------------ */

static void
run(uint64_t seed, const struct simulation_faults *faults)
{
	struct problem problem = {0};
	struct story_port port;

	n_inquiries = 0;
	memset(&world, 0, sizeof(world));
	world_open(&world, seed);
	port = world_story_port(&world);
	world_import(&world, "012041");
	world_wait_for(&world, "012041/relay", "linked", WORLD_RESIDENTS + 2);
	if (story_tell(&port, &world.random, &story, &problem))
		fail_msg("%s", problem.text);
	simulation_set_faults(world.sim, faults);
	affairs();
	editions();
	world_close(&world);
}

static void
the_law_decides_on_its_day(void **state)
{
	(void)state;
	run(1, &world_none);
}

static void
it_does_so_under_faults(void **state)
{
	(void)state;
	run(2, &world_harsh);
	run(3, &world_harsh);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_law_decides_on_its_day),
	    cmocka_unit_test(it_does_so_under_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
