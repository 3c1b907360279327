/* Own-use affairs and limits as an office declares them. */
#include "systems/offices/declaration.h"
#include "systems/offices/offices.h"
#include "tests/support/double.h"

#define SELF "131041/offices"
#define NETWORK "digital/network"
#define DECLARATION "66666666666666666666666666666661"
#define LIMIT "77777777777777777777777777777771"

static const struct message_handler network_hears[] = {
    HEAR("affair.declare", "offices"),
    HEAR("affair.limit", "offices"),
    HEAR("affair.withdraw", "offices"),
    {0},
};
static const struct system network = DOUBLE("network", network_hears);

static int
set_up(void **state)
{
	static const struct double_member members[] = {
	    {&network, NETWORK},
	    {&offices_system, SELF},
	};

	*state = double_nation(members, sizeof(members) / sizeof(members[0]));

	return 0;
}

static json_t *
affair(const char *title)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:[s],s:[s]}",
	    "declaration", DECLARATION, "affair", "own-medical-children",
	    "title", title, "ordinance", "新宿区子ども医療費助成条例", "number",
	    "平成10年条例第5号", "effective", "2026-04-01", "row", "106",
	    "items", "local-tax", "providers", "municipality");
}

static json_t *
limit(const char *item)
{
	return json_pack("{s:s,s:s,s:s,s:s}", "declaration", LIMIT, "item",
	    item, "ordinance", "新宿区番号利用条例", "number",
	    "平成27年条例第60号");
}

static void
answer(struct simulation *sim, const char *declaration, const char *state,
    const char *at)
{
	double_say(sim, NETWORK, SELF, "affair.state",
	    json_pack("{s:s,s:s,s:s,s:s}", "declaration", declaration, "state",
		state, "reason", "examined", "at", at));
}

static void
assert_state(struct simulation *sim, const char *path, const char *want)
{
	json_t *reply = double_call(sim, SELF, HTTP_GET, path, NULL, 200);

	assert_string_equal(
	    json_string_value(json_object_get(reply, "state")), want);
	json_decref(reply);
}

static void
an_affair_is_declared_once_and_its_state_kept(void **state)
{
	struct simulation *sim = *state;
	json_t *said = affair("医療費");

	double_post(sim, SELF, "/affairs", affair("医療費"), 201);
	double_post(sim, SELF, "/affairs", affair("医療費"), 201);
	double_post(sim, SELF, "/affairs", affair("another"), 409);
	assert_int_equal(double_count("affair.declare"), 1);
	assert_true(json_equal(double_last("affair.declare"), said));
	json_decref(said);
	assert_state(sim, "/affairs/" DECLARATION, "sent");
	answer(sim, DECLARATION, "declared", "2026-11-21T07:00:00Z");
	assert_state(sim, "/affairs/" DECLARATION, "declared");
	answer(sim, DECLARATION, "confirmed", "2026-11-21T07:30:00Z");
	/* Late: what was said before. */
	answer(sim, DECLARATION, "declared", "2026-11-21T07:00:00Z");
	assert_state(sim, "/affairs/" DECLARATION "?wait=5", "confirmed");
}

static void
a_clerk_waits_for_the_decision(void **state)
{
	struct simulation *sim = *state;
	struct instant before;

	double_post(sim, SELF, "/affairs", affair("医療費"), 201);
	answer(sim, DECLARATION, "declared", "2026-11-21T07:00:00Z");
	before = simulation_now(sim);
	assert_state(sim, "/affairs/" DECLARATION "?wait=30", "declared");
	assert_true(simulation_now(sim).ms - before.ms >= 30000);
	/* A limit stands as soon as it is declared. */
	double_post(sim, SELF, "/affairs/limits", limit("local-tax"), 201);
	answer(sim, LIMIT, "declared", "2026-11-21T07:00:00Z");
	before = simulation_now(sim);
	assert_state(sim, "/affairs/" LIMIT "?wait=30", "declared");
	assert_true(simulation_now(sim).ms - before.ms < 30000);
}

static void
a_malformed_declaration_is_refused(void **state)
{
	static const struct {
		const char *field, *value;
	} bad[] = {
	    {"affair", "106"},
	    {"affair", "own-"},
	    {"effective", "someday"},
	    {"items", NULL},
	    {"providers", NULL},
	    {"declaration", "x"},
	};
	struct simulation *sim = *state;
	json_t *body;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		body = affair("医療費");
		json_object_set_new(body, bad[i].field,
		    bad[i].value == NULL ? json_array()
					 : json_string(bad[i].value));
		double_post(sim, SELF, "/affairs", body, 400);
	}
	double_post(sim, SELF, "/affairs/limits", limit("diary"), 400);
	body = limit("local-tax");
	json_object_set_new(body, "affair", json_string("106"));
	double_post(sim, SELF, "/affairs/limits", body, 400);
	assert_int_equal(double_count("affair.declare"), 0);
	assert_int_equal(double_count("affair.limit"), 0);
}

static void
a_declaration_is_taken_back(void **state)
{
	struct simulation *sim = *state;

	double_post(
	    sim, SELF, "/affairs/" LIMIT "/withdrawal", json_object(), 404);
	double_post(sim, SELF, "/affairs/limits", limit("local-tax"), 201);
	assert_string_equal(double_text("affair.limit", "item"), "local-tax");
	assert_string_equal(double_text("affair.limit", "organisation"), "");
	double_post(
	    sim, SELF, "/affairs/" LIMIT "/withdrawal", json_object(), 202);
	assert_string_equal(
	    double_text("affair.withdraw", "declaration"), LIMIT);
	answer(sim, LIMIT, "withdrawn", "2026-11-21T07:00:00Z");
	double_post(
	    sim, SELF, "/affairs/" LIMIT "/withdrawal", json_object(), 409);
	assert_int_equal(double_count("affair.withdraw"), 1);
}

static void
all_that_was_declared_is_listed(void **state)
{
	struct simulation *sim = *state;
	const json_t *rows;
	json_t *reply;

	double_post(sim, SELF, "/affairs", affair("医療費"), 201);
	simulation_run(sim, 1000);
	double_post(sim, SELF, "/affairs/limits", limit("local-tax"), 201);
	reply = double_call(sim, SELF, HTTP_GET, "/affairs", NULL, 200);
	rows = json_object_get(reply, "declarations");
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(rows, 0), "kind")),
	    "limit");
	assert_string_equal(json_string_value(json_object_get(
				json_array_get(rows, 1), "title")),
	    "医療費");
	json_decref(reply);
}

/* A member that was left out is shown as "". */
static void
a_declaration_is_shown_whole(void **state)
{
	struct simulation *sim = *state;
	json_t *want = limit("local-tax"), *reply;

	double_post(sim, SELF, "/affairs/limits", limit("local-tax"), 201);
	reply = double_call(sim, SELF, HTTP_GET, "/affairs/" LIMIT, NULL, 200);
	assert_true(json_object_del(reply, "sent") == 0);
	assert_true(json_object_del(reply, "clerk") == 0);
	json_object_update_new(want,
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "organisation", "", "affair",
		"", "kind", "limit", "state", "sent", "reason", "", "answered",
		""));
	assert_true(json_equal(reply, want));
	json_decref(reply);
	json_decref(want);
}

static void
an_answer_that_fits_nothing_is_refused(void **state)
{
	struct simulation *sim = *state;

	answer(sim, DECLARATION, "confirmed", "2026-11-21T07:00:00Z");
	double_post(sim, SELF, "/affairs", affair("医療費"), 201);
	answer(sim, DECLARATION, "perhaps", "2026-11-21T07:00:00Z");
	answer(sim, DECLARATION, "sent", "2026-11-21T07:00:00Z");
	answer(sim, DECLARATION, "confirmed", "soon");
	assert_int_equal(double_refused(sim, NETWORK), 4);
	assert_state(sim, "/affairs/" DECLARATION, "sent");
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, double_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_affair_is_declared_once_and_its_state_kept),
	    TEST(a_clerk_waits_for_the_decision),
	    TEST(a_malformed_declaration_is_refused),
	    TEST(a_declaration_is_taken_back),
	    TEST(all_that_was_declared_is_listed),
	    TEST(a_declaration_is_shown_whole),
	    TEST(an_answer_that_fits_nothing_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
