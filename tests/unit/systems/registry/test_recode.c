/* Another Resident Record Code on request: 住基法30条の4. */
#include "tests/support/registry_scheme.h"

#define REQUEST "cccccccccccccccccccccccccccccccc"
#define REQUEST_2 "dddddddddddddddddddddddddddddddd"
#define TRANSFER "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static struct simulation *
family(void)
{
	struct simulation *sim = scheme_nation();

	assert_int_equal(scheme_import(sim, SCHEME_FAMILY, "").loaded, 3);

	return sim;
}

static void
settle(struct simulation *sim)
{
	assert_int_equal(simulation_settle(sim, 600000), OK);
}

/* The code on the notice. */
static void
change(struct simulation *sim, const char *resident, const char *request,
    char ret[16])
{
	json_t *notice = double_call(sim, SHINJUKU, HTTP_POST, "/code-changes",
	    scheme_json("{'resident':'%s','request':'%s','paper':'S-1'}",
		resident, request),
	    200);

	scheme_text(notice, "code", ret, 16);
	json_decref(notice);
	settle(sim);
}

static void
expect_found(
    struct simulation *sim, const char *system, const char *code, int want)
{
	json_decref(double_call(sim, system, HTTP_POST, "/lookups",
	    scheme_json("{'code':'%s'}", code), want));
}

static void
a_code_is_changed_once_and_told_to_jukinet(void **state)
{
	struct simulation *sim = family();
	char first[16], second[16], again[16];
	int64_t pool = double_progress(sim, SHINJUKU, "pool");
	json_t *history;

	(void)state;
	change(sim, "1", REQUEST, first);
	assert_string_equal(double_item("code.changed", 0, 1), first);
	change(sim, "1", REQUEST, again);
	assert_string_equal(again, first);
	assert_int_equal(double_count("code.changed"), 1);
	assert_int_equal(double_progress(sim, SHINJUKU, "pool"), pool - 1);
	change(sim, "1", REQUEST_2, second);
	assert_string_not_equal(second, first);
	assert_string_equal(double_item("code.changed", 0, 0), first);
	assert_string_equal(double_item("code.changed", 0, 1), second);
	scheme_expect(sim, SHINJUKU, "/residents/1", "event", "code-change");
	history = scheme_get(sim, SHINJUKU, "/residents/1/history");
	assert_int_equal(
	    json_array_size(json_object_get(history, "versions")), 3);
	assert_int_equal(
	    json_array_size(json_object_get(history, "assignments")), 1);
	json_decref(history);
	expect_found(sim, SHINJUKU, first, 200);
	expect_found(sim, SHINJUKU, second, 200);
	double_done(sim);
}

/* The Individual Number stays, so nobody of the organisation must notice. */
static void
the_addressee_hears_nothing(void **state)
{
	struct simulation *sim = family();
	char code[16], before[16], after[16];
	json_t *notice;
	size_t heard;

	(void)state;
	notice = scheme_get(sim, SHINJUKU, "/notices/1");
	scheme_text(notice, "number", before, sizeof(before));
	json_decref(notice);
	heard = double_count("persons.changed") +
	    double_count("persons.registered");
	change(sim, "1", REQUEST, code);
	assert_int_equal(double_count("persons.changed") +
		double_count("persons.registered"),
	    heard);
	notice = scheme_get(sim, SHINJUKU, "/notices/1");
	scheme_text(notice, "number", after, sizeof(after));
	json_decref(notice);
	assert_string_equal(before, after);
	double_done(sim);
}

static void
a_request_is_for_one_resident(void **state)
{
	struct simulation *sim = family();
	char code[16];

	(void)state;
	change(sim, "1", REQUEST, code);
	scheme_post(sim, SHINJUKU, "/code-changes",
	    scheme_json("{'resident':'2','request':'" REQUEST "'}"), 409);
	scheme_post(sim, SHINJUKU, "/code-changes",
	    scheme_json("{'resident':'9','request':'" REQUEST_2 "'}"), 404);
	scheme_post(sim, SHINJUKU, "/code-changes",
	    scheme_json("{'resident':'2'}"), 400);
	double_done(sim);
}

static void
only_who_lives_here_gets_another_code(void **state)
{
	struct simulation *sim = family();

	(void)state;
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" TRANSFER "','residents':['1'],"
			"'date':'2026-11-20'}"),
	    201);
	settle(sim);
	scheme_post(sim, SHINJUKU, "/code-changes",
	    scheme_json("{'resident':'1','request':'" REQUEST "'}"), 409);
	assert_int_equal(double_count("code.changed"), 0);
	double_done(sim);
}

/* A code of before is nobody else's, neither by a file nor by a correction. */
static void
a_former_code_is_not_given_again(void **state)
{
	struct simulation *sim = family();
	char code[16], file[512], rejects[200];
	struct scheme_totals t;

	(void)state;
	change(sim, "1", REQUEST, code);
	snprintf(code, sizeof(code), "%s", double_item("code.changed", 0, 0));
	snprintf(file, sizeof(file),
	    SCHEME_HEADER ",code\n8,8,世帯主,新宿　八郎,シンジュク　ハチロウ,"
			  "1970-01-01,1,東京都新宿区,%s\n",
	    code);
	t = scheme_import(sim, file, "");
	assert_int_equal(t.rejected, 1);
	scheme_rejects(sim, t.import, rejects, sizeof(rejects));
	assert_string_equal(rejects, "2 code taken");
	double_done(sim);
}

/* A person who lived here before, and whose code was changed elsewhere. */
static void
who_comes_back_with_another_code_keeps_the_record(void **state)
{
	struct simulation *sim = family();
	struct resident_code other = resident_code_from_body(4711);
	char code[16], number[16];
	json_t *notice;

	(void)state;
	notice = scheme_get(sim, SHINJUKU, "/notices/1");
	scheme_text(notice, "number", number, sizeof(number));
	json_decref(notice);
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" REQUEST "','residents':['1'],"
			"'date':'2026-11-20'}"),
	    201);
	settle(sim);
	resident_code_format(&other, code);
	double_say(sim, "jlis/jukinet", SHINJUKU, "transfer.notice",
	    scheme_json("{'transfer':'" TRANSFER "','household':'" REQUEST_2
			"','date':'2026-11-20','from_organisation':'012041',"
			"'to':'131041','people':[{'code':'%s','number':'%s',"
			"'relation':'世帯主','person':{'name':'山田　太郎',"
			"'kana':'ヤマダ　タロウ','birth':'1988-04-01',"
			"'sex':'1','address':'x'}}]}",
		code, number));
	scheme_post(sim, SHINJUKU, "/move-ins",
	    scheme_json("{'transfer':'" TRANSFER "','date':'2026-11-21',"
			"'address':'東京都新宿区新宿二丁目','wait':30}"),
	    201);
	settle(sim);
	assert_int_equal(double_progress(sim, SHINJUKU, "residents"), 3);
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "current");
	expect_found(sim, SHINJUKU, code, 200);
	assert_string_equal(
	    json_string_value(json_array_get(
		json_array_get(
		    json_object_get(double_last("transfer.arrive"), "people"),
		    0),
		0)),
	    code);
	double_done(sim);
}

/* --- Without end ------------------------------------------------------------ */

static void
another_change_within_a_year_needs_papers(void **state)
{
	struct simulation *sim = family();
	char first[16], second[16];

	(void)state;
	json_decref(double_call(sim, SHINJUKU, HTTP_POST, "/code-changes",
	    scheme_json("{'resident':'1','request':'" REQUEST "'}"), 200));
	scheme_post(sim, SHINJUKU, "/code-changes",
	    scheme_json("{'resident':'1','request':'" REQUEST_2 "'}"), 409);
	settle(sim);
	assert_int_equal(double_count("code.changed"), 1);
	assert_null(json_object_get(double_last("code.changed"), "paper"));
	change(sim, "1", REQUEST, first);
	change(sim, "1", REQUEST_2, second);
	assert_string_not_equal(first, second);
	assert_string_equal(double_text("code.changed", "paper"), "S-1");
	assert_true(strlen(double_text("code.changed", "officer")) > 0);
	double_done(sim);
}

/* The person's code was changed elsewhere lately, which jukinet alone knows. */
static void
a_change_that_jukinet_refuses_is_taken_back(void **state)
{
	struct simulation *sim = family();
	char code[16];

	(void)state;
	double_refuses = "code.changed";
	change(sim, "1", REQUEST, code);
	double_refuses = NULL;
	scheme_expect(
	    sim, SHINJUKU, "/residents/1", "event", "code-change-refused");
	scheme_post(sim, SHINJUKU, "/code-changes",
	    scheme_json("{'resident':'1','request':'" REQUEST "',"
			"'paper':'S-1'}"),
	    409);
	/* The refused one does not count, and gives nobody its code. */
	json_decref(double_call(sim, SHINJUKU, HTTP_POST, "/code-changes",
	    scheme_json("{'resident':'1','request':'" REQUEST_2 "'}"), 200));
	settle(sim);
	assert_string_not_equal(double_item("code.changed", 0, 0), code);
	assert_string_not_equal(double_item("code.changed", 0, 1), code);
	assert_string_equal(double_item("identity.update", 0, 0),
	    double_item("code.changed", 0, 0));
	double_done(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_code_is_changed_once_and_told_to_jukinet),
	    cmocka_unit_test(the_addressee_hears_nothing),
	    cmocka_unit_test(a_request_is_for_one_resident),
	    cmocka_unit_test(only_who_lives_here_gets_another_code),
	    cmocka_unit_test(a_former_code_is_not_given_again),
	    cmocka_unit_test(another_change_within_a_year_needs_papers),
	    cmocka_unit_test(a_change_that_jukinet_refuses_is_taken_back),
	    cmocka_unit_test(who_comes_back_with_another_code_keeps_the_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
