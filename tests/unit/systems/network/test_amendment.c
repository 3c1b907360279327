/* Editions of the table in a network that runs. */
#include "base/file.h"
#include "law/edition.h"
#include "tests/support/network_exchange.h"

/* It is 17:00 on 21 November 2026 in Japan when a test begins. */
#define TODAY "2026-11-21"
#define TOMORROW "2026-11-22"

/* Derivatives made by hand for these tests; no texts of law. */
#define HEADER "row\tsub\tinquirer\taffair\tprovider\tinformation\n"
#define ROW_106(provider, information)                                         \
	"106\t1\t市町村長\t手当の支給に関する事務\t" provider "\t" information \
	"関係情報\n"
/* Asks the Pension Service for taxes, and no municipality. */
#define OTHER HEADER ROW_106("日本年金機構", "地方税")

/* Status 0 and NULL if the network died of it. */
static json_t *
try_load(
    struct simulation *sim, const char *day, const char *table, int *ret_status)
{
	char path[128];
	struct buf answer;
	json_t *reply = NULL;

	snprintf(path, sizeof(path),
	    "/law/editions?effective=%s&reason=amended", day);
	buf_init(&answer);
	*ret_status = 0;
	if (simulation_call_raw(sim, SELF, HTTP_POST, path, slice_of(table),
		SLICE(""), ret_status, &answer) == OK)
		assert_int_equal(
		    json_read(buf_slice(&answer), "answer", &reply, NULL), OK);
	buf_done(&answer);

	return reply;
}

static json_t *
load(struct simulation *sim, const char *day, const char *table, int want)
{
	int status = 0;
	json_t *reply = try_load(sim, day, table, &status);

	if (status != want)
		fail_msg("status %d, expected %d: %s", status, want,
		    json_string_value(json_object_get(reply, "detail")));

	return reply;
}

/* The state of the edition of a day; empty if there is none. */
static void
state_of(struct simulation *sim, const char *day, char ret[16])
{
	json_t *reply =
	    double_call(sim, SELF, HTTP_GET, "/law/editions", NULL, 200);
	const json_t *row;
	size_t i;

	ret[0] = '\0';
	json_array_foreach(json_object_get(reply, "editions"), i, row)
	{
		if (strcmp(json_string_value(json_object_get(row, "effective")),
			day) == 0)
			snprintf(ret, 16, "%s",
			    json_string_value(json_object_get(row, "state")));
	}
	json_decref(reply);
}

static void
assert_state(struct simulation *sim, const char *day, const char *want)
{
	char state[16];

	state_of(sim, day, state);
	assert_string_equal(state, want);
}

/* --- In force --------------------------------------------------------------- */

static void
an_edition_takes_effect_on_its_day_without_a_restart(void **state)
{
	struct simulation *sim = *state;

	json_decref(load(sim, TOMORROW, OTHER, 201));
	assert_permitted(sim, "106", "local-tax", "012041");
	assert_string_equal(newest_record(sim, "edition"), "2024-05-27");
	assert_refused(sim, "106", "local-tax", "nenkin", "no-basis");
	/* Midnight in Japan has passed. */
	simulation_leap(sim, 8 * 3600 * 1000);
	assert_refused(sim, "106", "local-tax", "012041", "no-basis");
	assert_string_equal(newest_record(sim, "edition"), TOMORROW);
	assert_permitted(sim, "106", "local-tax", "nenkin");
	assert_state(sim, TOMORROW, "in-force");
	assert_state(sim, "2024-05-27", "past");
}

static void
an_edition_survives_a_restart(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};

	json_decref(load(sim, TODAY, OTHER, 201));
	assert_permitted(sim, "106", "local-tax", "nenkin");
	assert_int_equal(
	    simulation_restart(sim, SELF, simulation_now(sim), &problem), OK);
	assert_permitted(sim, "106", "local-tax", "nenkin");
	assert_refused(sim, "106", "local-tax", "012041", "no-basis");
}

/* An item whose kind the edition does not know is nobody's to ask for. */
static void
an_item_that_the_edition_has_not_is_refused(void **state)
{
	struct simulation *sim = *state;

	json_decref(load(sim, TODAY, OTHER, 201));
	assert_refused(sim, "106", "pension", "nenkin", "no-basis");
	assert_refused(sim, "106", "diary", "nenkin", "unknown-item");
	assert_refused(sim, "107", "local-tax", "nenkin", "no-basis");
}

static void
the_search_for_providers_knows_the_edition(void **state)
{
	struct simulation *sim = *state;
	json_t *body;
	int i;

	for (i = 0; i < 2; i++) {
		body = signed_question(
		    sim, asker_code, question_about("106", "local-tax", ""));
		json_put_text(
		    body, "search", SLICE("55555555555555555555555555555555"));
		double_say(sim, ASKER, SELF, "provider.search", body);
		assert_string_equal(
		    json_string_value(json_array_get(
			json_object_get(
			    double_last("provider.found"), "organisations"),
			0)),
		    i == 0 ? "012041" : "nenkin");
		json_decref(load(sim, TODAY, OTHER, 201));
	}
}

/* --- Loading ---------------------------------------------------------------- */

static void
a_malformed_edition_is_refused_with_its_line_and_changes_nothing(void **state)
{
	static const struct {
		const char *table, *says;
	} bad[] = {
	    {"", "line 1"},
	    {"row\tsub\n", "line 1"},
	    {HEADER, "line 2: is missing"},
	    {OTHER "x\t1\ta\tb\tc\td\n", "line 3: column row or sub"},
	    {OTHER "106\t3\t市町村長\tb\t市町村長\t税情報\n", "line 3"},
	    {OTHER "107\t1\t市町村長（\tb\t市町村長\t税情報\n",
		"line 3: column inquirer"},
	    {OTHER "107\t1\t市町村長\n", "line 3: expected 6 columns"},
	    {OTHER "107\t1\t市町村長\t\xff\t市町村長\t税情報\n", "UTF-8"},
	};
	struct simulation *sim = *state;
	json_t *reply;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		reply = load(sim, TODAY, bad[i].table, 400);
		if (strstr(json_string_value(json_object_get(reply, "detail")),
			bad[i].says) == NULL)
			fail_msg("%zu: %s", i,
			    json_string_value(
				json_object_get(reply, "detail")));
		json_decref(reply);
	}
	/* Not before, nor on the day of, the one that is built in. */
	json_decref(load(sim, "2024-05-27", OTHER, 400));
	assert_state(sim, TODAY, "");
	assert_permitted(sim, "106", "local-tax", "012041");
}

static void
an_edition_tells_what_it_changes(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};
	struct buf table;
	json_t *reply;

	buf_init(&table);
	assert_int_equal(
	    file_read("data/provision_table.tsv", 1 << 20, &table, &problem),
	    OK);
	buf_add_char(&table, '\0');
	reply = load(sim, TODAY, table.data, 201);
	assert_int_equal(
	    json_integer_value(json_object_get(reply, "changes")), 0);
	assert_int_equal(
	    json_integer_value(json_object_get(reply, "affairs")), 173);
	json_decref(reply);
	buf_done(&table);
	/* 172 rows go; one has another provider and less information. */
	reply = load(sim, TOMORROW, OTHER, 201);
	assert_true(
	    json_integer_value(json_object_get(reply, "changes")) > 172);
	json_decref(reply);
}

static void
the_same_edition_again_changes_nothing_and_another_is_refused(void **state)
{
	struct simulation *sim = *state;

	json_decref(load(sim, TOMORROW, OTHER, 201));
	json_decref(load(sim, TOMORROW, OTHER, 201));
	json_decref(
	    load(sim, TOMORROW, HEADER ROW_106("市町村長", "児童手当"), 409));
}

static void
an_edition_is_withdrawn_before_it_takes_effect_and_not_after(void **state)
{
	struct simulation *sim = *state;
	const char *path = "/law/editions/" TOMORROW "/withdrawal";

	json_decref(
	    double_call(sim, SELF, HTTP_POST, path, json_object(), 404));
	json_decref(load(sim, TOMORROW, OTHER, 201));
	assert_state(sim, TOMORROW, "coming");
	json_decref(
	    double_call(sim, SELF, HTTP_POST, path, json_object(), 200));
	assert_state(sim, TOMORROW, "withdrawn");
	/* The right one instead. */
	json_decref(
	    load(sim, TOMORROW, HEADER ROW_106("市町村長", "児童手当"), 201));
	simulation_leap(sim, DAY_MS);
	assert_permitted(sim, "106", "child-allowance", "012041");
	json_decref(
	    double_call(sim, SELF, HTTP_POST, path, json_object(), 409));
	assert_permitted(sim, "106", "child-allowance", "012041");
}

/* The tables in memory are not ahead of the committed ones, whichever write
 * fails. */
static void
an_edition_whose_loading_fails_decides_nothing(void **state)
{
	struct simulation *sim = *state;
	struct store *store;
	uint64_t nth;
	int status = 0;

	for (nth = 1; nth < 20; nth++) {
		store = node_store(simulation_node(sim, SELF));
		store_inject(store, nth, ERR_FULL);
		json_decref(try_load(sim, TODAY, OTHER, &status));
		store = node_store(simulation_node(sim, SELF));
		store_inject(store, 0, OK);
		if (status == 201)
			break;
		assert_permitted(sim, "106", "local-tax", "012041");
	}
	/* The row, the audit, the commit at least. */
	assert_true(nth > 3);
	assert_refused(sim, "106", "local-tax", "012041", "no-basis");
}

/* --- Any decision ------------------------------------------------------------ */

#define DECISION "/law/decision?inquirer=131041&affair=106&item=local-tax"

static void
any_decision_is_shown(void **state)
{
	struct simulation *sim = *state;
	char text[256];
	json_t *reply;

	reply = double_call(
	    sim, SELF, HTTP_GET, DECISION "&provider=012041", NULL, 200);
	assert_true(json_is_true(json_object_get(reply, "allowed")));
	assert_int_equal(
	    json_integer_value(json_object_get(reply, "row")), 106);
	assert_int_equal(json_integer_value(json_object_get(reply, "sub")), 2);
	assert_int_equal(
	    json_integer_value(json_object_get(reply, "detailed_in")), 108);
	json_decref(reply);
	get(sim, DECISION "&provider=012041", 200, "edition", text);
	assert_string_equal(text, "2024-05-27");
	get(sim, DECISION "&provider=012041", 200, "article", text);
	assert_string_equal(
	    text, "番号法19条8号、令和6年命令第9号2条の表106の項");
	get(sim, DECISION "&provider=nenkin", 200, "missing", text);
	assert_string_equal(text, "provider");
	get(sim, DECISION "&provider=nenkin", 200, "reason", text);
	assert_string_equal(text, "no-basis");
	get(sim, DECISION "&provider=nenkin", 200, "fitting", text);
	assert_string_equal(text, "市町村長");
	/* A kind is any other of that kind; oneself is oneself. */
	get(sim, DECISION "&provider=municipality", 200, "reason", text);
	assert_string_equal(text, "");
	get(sim, DECISION "&provider=131041", 200, "reason", text);
	assert_string_equal(text, "no-basis");
	get(sim, DECISION "&provider=nobody", 400, "detail", text);
	assert_non_null(strstr(text, "field provider"));
}

static void
a_decision_is_shown_for_any_day(void **state)
{
	struct simulation *sim = *state;
	char text[256];

	json_decref(load(sim, TOMORROW, OTHER, 201));
	get(sim, DECISION "&provider=012041&date=" TOMORROW, 200, "reason",
	    text);
	assert_string_equal(text, "no-basis");
	get(sim, DECISION "&provider=012041", 200, "reason", text);
	assert_string_equal(text, "");
	json_decref(double_call(sim, SELF, HTTP_GET,
	    DECISION "&provider=012041&date=2024-05-26", NULL, 404));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_edition_takes_effect_on_its_day_without_a_restart),
	    TEST(an_edition_survives_a_restart),
	    TEST(an_item_that_the_edition_has_not_is_refused),
	    TEST(the_search_for_providers_knows_the_edition),
	    TEST(
		a_malformed_edition_is_refused_with_its_line_and_changes_nothing),
	    TEST(an_edition_tells_what_it_changes),
	    TEST(the_same_edition_again_changes_nothing_and_another_is_refused),
	    TEST(an_edition_is_withdrawn_before_it_takes_effect_and_not_after),
	    TEST(an_edition_whose_loading_fails_decides_nothing),
	    TEST(any_decision_is_shown),
	    TEST(a_decision_is_shown_for_any_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
