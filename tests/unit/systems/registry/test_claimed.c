/* Claims that our former residents have come back elsewhere: docs/decisions/0046. */
#include "base/bug.h"
#include "tests/support/registry_scheme.h"

#define CLAIM "cc112233445566778899aabbccddeeff"
#define MOVE "dd112233445566778899aabbccddeeff"
#define HOME "東京都新宿区新宿一丁目1番1号"
#define LEFT "'left':'2026-11-20'"
#define NAME "'name':'山田　太郎','kana':'ヤマダ　タロウ'"
#define OTHER_NAME "'name':'山田　二郎','kana':'ヤマダ　ジロウ'"

static char code[RESIDENT_CODE_DIGITS + 1]; /* of resident 1 */

static const char *
code_of_notice(void)
{
	const json_t *people =
	    json_object_get(double_last("transfer.notice"), "people");

	return json_string_value(
	    json_object_get(json_array_get(people, 0), "code"));
}

/* Resident 1 of Shinjuku has gone, abroad or to `to`. */
static struct simulation *
gone(const char *to)
{
	struct simulation *sim = scheme_nation();

	scheme_import(sim, SCHEME_FAMILY, "");
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" MOVE "','residents':['1'],%s"
			"'date':'2026-11-20'}",
		to),
	    201);
	assert_int_equal(simulation_settle(sim, 600000), OK);
	snprintf(code, sizeof(code), "%s",
	    *to == '\0' ? double_item("identity.update", 0, 0)
			: code_of_notice());

	return sim;
}

static void
notice(struct simulation *sim, const char *name, const char *before)
{
	double_say(sim, "jlis/jukinet", SHINJUKU, "arrival.notice",
	    scheme_json("{'claim':'" CLAIM "','code':'%s','by':'012041',"
			"'attributes':{%s,'birth':'1988-04-01','sex':'1',"
			"'address':'北海道旭川市六条通9丁目46番地'},"
			"'before':{%s},'evidence':'戸籍の附票',"
			"'until':'2026-11-27T15:00:00.000Z'}",
		code, name, before));
}

static size_t
waiting(struct simulation *sim)
{
	json_t *list = scheme_get(sim, SHINJUKU, "/claims");
	const size_t n = json_array_size(json_object_get(list, "claims"));

	json_decref(list);

	return n;
}

static void
expect_clerk(struct simulation *sim)
{
	assert_int_equal(double_count("arrival.reply"), 0);
	assert_int_equal(waiting(sim), 1);
	double_done(sim);
}

static void
reply(struct simulation *sim, const char *choice, const char *reason, int want)
{
	scheme_post(sim, SHINJUKU, "/claims/" CLAIM "/reply",
	    scheme_json("{'reply':'%s','reason':'%s'}", choice, reason), want);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

/* --- By rule ---------------------------------------------------------------- */

static void
expect_agreed(struct simulation *sim)
{
	assert_int_equal(double_count("arrival.reply"), 1);
	assert_string_equal(double_text("arrival.reply", "claim"), CLAIM);
	assert_string_equal(double_text("arrival.reply", "reply"), "agree");
	assert_null(json_object_get(double_last("arrival.reply"), "officer"));
	assert_int_equal(waiting(sim), 0);
	double_done(sim);
}

static void
the_record_itself_agrees(void **state)
{
	struct simulation *sim = gone("");

	(void)state;
	notice(sim, NAME, "'municipality':'131041'," LEFT);
	expect_agreed(sim);
	/* So does the last address, a day of the same month, a name of then. */
	sim = gone("");
	notice(sim, NAME, "'address':'" HOME "'");
	expect_agreed(sim);
	sim = gone("");
	notice(sim, NAME, "'left':'2026-10-21'");
	expect_agreed(sim);
	sim = gone("");
	notice(sim, OTHER_NAME, NAME "," LEFT);
	expect_agreed(sim);
}

static void
what_the_record_does_not_show_is_for_a_clerk(void **state)
{
	struct simulation *sim = gone("");

	(void)state;
	/* A code is no stay. */
	notice(sim, NAME, "'code':'00000000019'");
	expect_clerk(sim);
	sim = gone("");
	notice(sim, NAME, "'left':'2026-10-19'");
	expect_clerk(sim);
	sim = gone("");
	notice(sim, OTHER_NAME, LEFT);
	expect_clerk(sim);
	sim = gone("");
	notice(sim, NAME, "'address':'東京都新宿区'");
	expect_clerk(sim);
	/* A resident who moved elsewhere did not leave for abroad from here. */
	sim = gone("'to':'012041',");
	notice(sim, NAME, LEFT);
	expect_clerk(sim);
	/* Nobody's code. */
	sim = gone("");
	snprintf(code, sizeof(code), "00000000019");
	notice(sim, NAME, LEFT);
	expect_clerk(sim);
}

static void
support(struct simulation *sim, const char *until, int want)
{
	scheme_post(sim, SHINJUKU, "/support-measures",
	    scheme_json(
		"{'resident':'1','until':'%s','reason':'警察の意見'}", until),
	    want);
}

static void
about_who_is_threatened_a_clerk_answers(void **state)
{
	struct simulation *sim = gone("");

	(void)state;
	support(sim, "2027-11-20", 200);
	notice(sim, NAME, LEFT);
	expect_clerk(sim);
	/* One that ended hinders nothing. */
	sim = gone("");
	support(sim, "2027-11-20", 200);
	support(sim, "2026-11-20", 200);
	notice(sim, NAME, LEFT);
	expect_agreed(sim);
	sim = gone("");
	support(sim, "soon", 400);
	scheme_post(sim, SHINJUKU, "/support-measures",
	    scheme_json("{'resident':'77','until':'2027-11-20','reason':'-'}"),
	    404);
	double_done(sim);
}

static void
without_the_check_the_record_agrees_about_anybody(void **state)
{
	struct simulation *sim;

	(void)state;
	if (!bug_is_possible())
		skip();
	sim = gone("");
	support(sim, "2027-11-20", 200);
	bug_set(BUG_SUPPORT_IGNORED);
	notice(sim, NAME, LEFT);
	bug_set(BUG_NONE);
	expect_agreed(sim);
}

/* --- A clerk ---------------------------------------------------------------- */

static void
a_clerk_answers_once(void **state)
{
	struct simulation *sim = gone("");
	json_t *list;
	const json_t *row;

	(void)state;
	scheme_post(sim, SHINJUKU, "/claims/" CLAIM "/reply",
	    scheme_json("{'reply':'agree','reason':'-'}"), 404);
	notice(sim, OTHER_NAME, LEFT);
	assert_int_equal(double_progress(sim, SHINJUKU, "claims"), 1);
	list = scheme_get(sim, SHINJUKU, "/claims");
	row = json_array_get(json_object_get(list, "claims"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "resident")), "0000000001");
	assert_string_equal(
	    json_string_value(json_object_get(row, "by")), "012041");
	assert_string_equal(json_string_value(json_object_get(
				json_object_get(row, "attributes"), "name")),
	    "山田　二郎");
	assert_false(json_is_true(json_object_get(row, "reminded")));
	json_decref(list);
	reply(sim, "perhaps", "除票", 400);
	reply(sim, "agree", "", 400);
	reply(sim, "object", "除票", 200);
	reply(sim, "object", "除票", 200);
	reply(sim, "agree", "除票", 409);
	assert_int_equal(double_count("arrival.reply"), 1);
	assert_string_equal(double_text("arrival.reply", "reply"), "object");
	assert_non_null(
	    json_object_get(double_last("arrival.reply"), "officer"));
	assert_int_equal(waiting(sim), 0);
	double_done(sim);
}

static void
a_notice_once_more_is_a_reminder(void **state)
{
	struct simulation *sim = gone("");
	json_t *list;

	(void)state;
	notice(sim, OTHER_NAME, LEFT);
	notice(sim, OTHER_NAME, LEFT);
	list = scheme_get(sim, SHINJUKU, "/claims");
	assert_int_equal(json_array_size(json_object_get(list, "claims")), 1);
	assert_true(json_is_true(json_object_get(
	    json_array_get(json_object_get(list, "claims"), 0), "reminded")));
	json_decref(list);
	double_done(sim);
}

static void
a_claim_that_ended_waits_for_nobody(void **state)
{
	struct simulation *sim = gone("");

	(void)state;
	notice(sim, OTHER_NAME, LEFT);
	double_say(sim, "jlis/jukinet", SHINJUKU, "arrival.ended",
	    scheme_json("{'claim':'" CLAIM "','outcome':'withdrawn'}"));
	assert_int_equal(waiting(sim), 0);
	assert_int_equal(double_progress(sim, SHINJUKU, "claims"), 0);
	reply(sim, "agree", "除票", 409);
	assert_int_equal(double_count("arrival.reply"), 0);
	double_done(sim);
}

/* The two messages may come in any order. */
static void
an_end_waits_for_its_notice(void **state)
{
	struct simulation *sim = gone("");

	(void)state;
	double_tell(sim, "jlis/jukinet", SHINJUKU, "arrival.ended",
	    scheme_json("{'claim':'" CLAIM "','outcome':'withdrawn'}"));
	simulation_run(sim, 1000);
	notice(sim, OTHER_NAME, LEFT);
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_int_equal(waiting(sim), 0);
	assert_int_equal(double_refused(sim, "jlis/jukinet"), 0);
	double_done(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_record_itself_agrees),
	    cmocka_unit_test(what_the_record_does_not_show_is_for_a_clerk),
	    cmocka_unit_test(about_who_is_threatened_a_clerk_answers),
	    cmocka_unit_test(without_the_check_the_record_agrees_about_anybody),
	    cmocka_unit_test(a_clerk_answers_once),
	    cmocka_unit_test(a_notice_once_more_is_a_reminder),
	    cmocka_unit_test(a_claim_that_ended_waits_for_nobody),
	    cmocka_unit_test(an_end_waits_for_its_notice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
