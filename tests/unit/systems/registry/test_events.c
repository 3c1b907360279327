/* Births, deaths, moves within the municipality, corrections, look-ups,
 * changes of the number. */
#include "tests/support/registry_scheme.h"

#define REGISTRATION "00112233445566778899aabbccddeeff"
#define REGISTRATION_2 "10112233445566778899aabbccddeeff"
#define ADDRESS "東京都新宿区新宿一丁目1番1号"
#define CHILD                                                                \
	"{'registration':'%s','mother':'%d','name':'%s','kana':'ヤマダ'," \
	"'birth':'2026-11-20','sex':'2'}"

static struct simulation *
family(void)
{
	struct simulation *sim = scheme_nation();

	scheme_import(sim, SCHEME_FAMILY, "");

	return sim;
}

static void
settle(struct simulation *sim)
{
	assert_int_equal(simulation_settle(sim, 600000), OK);
}

static void
bear(struct simulation *sim, const char *registration, int mother,
    const char *name, int want, char ret[16])
{
	json_t *answer = double_call(sim, SHINJUKU, HTTP_POST, "/births",
	    scheme_json(CHILD, registration, mother, name), want);

	if (ret != NULL)
		scheme_text(answer, "resident", ret, 16);
	json_decref(answer);
}

/* ---- Births ------------------------------------------------------------ */

static void
a_child_is_on_record_and_numbered(void **state)
{
	struct simulation *sim = family();
	char child[16], path[64];

	(void)state;
	bear(sim, REGISTRATION, 2, "山田　花", 201, child);
	assert_string_equal(child, "0000000004");
	snprintf(
	    path, sizeof(path), "/residents/%s?wait=30&until=numbered", child);
	scheme_expect(sim, SHINJUKU, path, "numbering", "numbered");
	scheme_expect(sim, SHINJUKU, path, "household", "0000000001");
	scheme_expect(sim, SHINJUKU, path, "address", ADDRESS);
	scheme_expect(sim, SHINJUKU, path, "relation", "子");
	scheme_expect(sim, SHINJUKU, path, "became_resident", "2026-11-20");
	settle(sim);
	assert_string_equal(
	    double_item("persons.registered", 0, 0), "0000000004");
	scheme_expect(sim, SHINJUKU, "/notices/4", "birth", "令和8年11月20日");
	scheme_expect(sim, SHINJUKU, "/notices/4", "title", "個人番号通知書");
	double_done(sim);
}

static void
a_birth_is_registered_once(void **state)
{
	struct simulation *sim = family();
	char first[16], second[16];

	(void)state;
	bear(sim, REGISTRATION, 2, "山田　花", 201, first);
	bear(sim, REGISTRATION, 2, "山田　花", 200, second);
	assert_string_equal(first, second);
	/* the same id for another mother or another child, the same child
	 * under another id */
	bear(sim, REGISTRATION, 1, "山田　花", 409, NULL);
	bear(sim, REGISTRATION, 2, "山田　月", 409, NULL);
	bear(sim, REGISTRATION_2, 2, "山田花", 409, NULL);
	assert_int_equal(double_progress(sim, SHINJUKU, "residents"), 4);
	/* a twin has another name */
	bear(sim, REGISTRATION_2, 2, "山田　月", 201, NULL);
	double_done(sim);
}

static void
a_child_on_record_is_not_born_again(void **state)
{
	struct simulation *sim = family();

	(void)state;
	scheme_import(sim,
	    SCHEME_HEADER "\n4,1,子,山田　花,ヤマダ　ハナ,2026-11-20,2," ADDRESS
			  "\n",
	    "");
	bear(sim, REGISTRATION, 2, "山田　花", 409, NULL);
	double_done(sim);
}

static void
impossible_births_are_refused(void **state)
{
	struct simulation *sim = family();

	(void)state;
	bear(sim, REGISTRATION, 99, "山田　花", 404, NULL);
	scheme_post(sim, SHINJUKU, "/births",
	    scheme_json("{'registration':'" REGISTRATION "','mother':'2',"
			"'name':'花','kana':'ハナ','birth':'2026-11-22',"
			"'sex':'2'}"),
	    400);
	scheme_post(sim, SHINJUKU, "/births",
	    scheme_json("{'registration':'" REGISTRATION "','mother':'2',"
			"'name':'花','kana':'ハナ','birth':'1980-01-01',"
			"'sex':'2'}"),
	    400);
	scheme_post(sim, SHINJUKU, "/births",
	    scheme_json("{'registration':'" REGISTRATION "','mother':'2',"
			"'name':'花','birth':'2026-11-20','sex':'2'}"),
	    400);
	double_done(sim);
}

/* ---- Deaths, moves, corrections ---------------------------------------- */

/* Resident 1 of the family was born on 1988-04-01. */
static void
nothing_happens_before_a_birth(void **state)
{
	static const struct {
		const char *path, *body;
	} early[] = {
	    {"/deaths", "{'resident':'1','date':'1988-03-31'}"},
	    {"/moves", "{'residents':['1'],'address':'x','date':'1988-03-31'}"},
	    {"/corrections",
		"{'resident':'1','name':'山田','date':'1988-03-31'}"},
	    {"/move-outs",
		"{'transfer':'" REGISTRATION "','residents':['1'],"
		"'date':'1988-03-31'}"},
	};
	struct simulation *sim = family();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(early) / sizeof(early[0]); i++)
		scheme_post(sim, SHINJUKU, early[i].path,
		    scheme_json("%s", early[i].body), 400);
	scheme_expect(sim, SHINJUKU, "/residents/1", "event", "import");
	scheme_post(sim, SHINJUKU, "/deaths",
	    scheme_json("{'resident':'1','date':'1988-04-01'}"), 201);
	double_done(sim);
}

static void
a_death_closes_the_record_and_is_told(void **state)
{
	struct simulation *sim = family();

	(void)state;
	scheme_post(sim, SHINJUKU, "/deaths",
	    scheme_json("{'resident':'1','date':'2026-11-20'}"), 201);
	settle(sim);
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "deceased");
	assert_string_equal(double_item("identity.update", 0, 1), "death");
	assert_string_equal(double_item("persons.changed", 0, 1), "death");
	assert_string_equal(double_item("persons.changed", 0, 2), "2026-11-20");
	/* the same again, another day, a move, the day after tomorrow */
	scheme_post(sim, SHINJUKU, "/deaths",
	    scheme_json("{'resident':'1','date':'2026-11-20'}"), 200);
	scheme_post(sim, SHINJUKU, "/deaths",
	    scheme_json("{'resident':'1','date':'2026-11-19'}"), 409);
	scheme_post(sim, SHINJUKU, "/moves",
	    scheme_json("{'residents':['1'],'address':'x',"
			"'date':'2026-11-20'}"),
	    409);
	scheme_post(sim, SHINJUKU, "/deaths",
	    scheme_json("{'resident':'2','date':'2026-11-23'}"), 400);
	double_done(sim);
}

static void
a_move_adds_a_version_and_keeps_the_old(void **state)
{
	struct simulation *sim = family();
	const json_t *versions;
	json_t *history;
	char text[64];

	(void)state;
	scheme_post(sim, SHINJUKU, "/moves",
	    scheme_json("{'residents':['1','2','3'],'address':'東京都新宿区"
			"西新宿二丁目8番1号','postal_code':'1630001',"
			"'date':'2026-11-20'}"),
	    200);
	settle(sim);
	assert_string_equal(double_item("identity.update", 2, 1), "move");
	assert_string_equal(double_item("persons.changed", 2, 0), "0000000003");
	history = scheme_get(sim, SHINJUKU, "/residents/3/history");
	versions = json_object_get(history, "versions");
	assert_int_equal(json_array_size(versions), 2);
	scheme_text(json_array_get(versions, 1), "address", text, sizeof(text));
	assert_string_equal(text, ADDRESS);
	scheme_text(json_array_get(versions, 1), "event", text, sizeof(text));
	assert_string_equal(text, "import");
	json_decref(history);
	/* A resident who lives there already has no new version. */
	scheme_post(sim, SHINJUKU, "/moves",
	    scheme_json("{'residents':['3'],'address':'東京都新宿区"
			"西新宿二丁目8番1号','postal_code':'1630001',"
			"'date':'2026-11-20'}"),
	    200);
	history = scheme_get(sim, SHINJUKU, "/residents/3/history");
	assert_int_equal(
	    json_array_size(json_object_get(history, "versions")), 2);
	json_decref(history);
	scheme_post(sim, SHINJUKU, "/moves",
	    scheme_json("{'residents':['3','3'],'address':'x',"
			"'date':'2026-11-20'}"),
	    400);
	double_done(sim);
}

static void
a_correction_is_told(void **state)
{
	struct simulation *sim = family();

	(void)state;
	scheme_post(sim, SHINJUKU, "/corrections",
	    scheme_json("{'resident':'3','date':'2026-11-20',"
			"'birth':'2020-01-16','name':'山田　市郎'}"),
	    200);
	settle(sim);
	scheme_expect(sim, SHINJUKU, "/residents/3", "birth", "2020-01-16");
	assert_string_equal(double_item("identity.update", 0, 1), "correction");
	assert_string_equal(double_item("persons.changed", 0, 4), "山田　市郎");
	/* the code is not for correcting here */
	scheme_post(sim, SHINJUKU, "/corrections",
	    scheme_json("{'resident':'3','date':'2026-11-20','recode':true}"),
	    409);
	double_done(sim);
}

static void
a_refusal_is_seen_and_can_be_mended(void **state)
{
	struct simulation *sim = family();
	json_t *progress;

	(void)state;
	scheme_import(sim,
	    SCHEME_HEADER "\n4,1,,拒否,キョヒ,1980-01-01,2," ADDRESS "\n", "");
	scheme_expect(sim, SHINJUKU, "/residents/4", "numbering", "refused");
	scheme_expect(sim, SHINJUKU, "/residents/4", "refusal", "not-yours");
	progress = scheme_get(sim, SHINJUKU, "/progress");
	assert_int_equal(
	    json_array_size(json_object_get(progress, "refusals")), 1);
	json_decref(progress);
	scheme_expect(sim, SHINJUKU, "/notices/1", "reason", "first");
	json_decref(
	    double_call(sim, SHINJUKU, HTTP_GET, "/notices/4", NULL, 404));
	scheme_post(sim, SHINJUKU, "/corrections",
	    scheme_json("{'resident':'4','date':'2026-11-20','name':'佐藤',"
			"'recode':true}"),
	    200);
	settle(sim);
	scheme_expect(sim, SHINJUKU, "/residents/4", "numbering", "numbered");
	assert_int_equal(double_progress(sim, SHINJUKU, "refused"), 0);
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), 4);
	assert_int_equal(double_progress(sim, SHINJUKU, "coded"), 4);
	double_done(sim);
}

/* ---- Look-ups ---------------------------------------------------------- */

static void
look(struct simulation *sim, const char *body, int want)
{
	scheme_post(sim, SHINJUKU, "/lookups", scheme_json("%s", body), want);
}

/* docs/incidents.md F11 */
static void
attributes_must_be_four_and_fit_one(void **state)
{
	struct simulation *sim = family();

	(void)state;
	look(sim,
	    "{'name':'山田 太郎','birth':'1988-04-01','sex':'1','address':"
	    "'" ADDRESS "'}",
	    200);
	look(sim, "{'name':'山田　太郎','birth':'1988-04-01'}", 400);
	look(sim, "{'name':'山田　太郎','birth':'1988-04-01','sex':'1'}", 400);
	look(sim, "{}", 400);
	look(sim, "{'resident':'1','name':'山田'}", 400);
	look(sim,
	    "{'name':'山田　太郎','birth':'1988-04-01','sex':'1','address':"
	    "'elsewhere'}",
	    404);
	scheme_import(sim,
	    SCHEME_HEADER
	    "\n4,1,,山田　太郎,ヤマダ　タロウ,1988-04-01,1," ADDRESS "\n",
	    "");
	look(sim,
	    "{'name':'山田　太郎','birth':'1988-04-01','sex':'1','address':"
	    "'" ADDRESS "'}",
	    409);
	double_done(sim);
}

static void
numbers_find_their_owner_alone(void **state)
{
	struct simulation *sim = family();
	json_t *notice;
	char number[16], body[64];

	(void)state;
	notice = scheme_get(sim, SHINJUKU, "/notices/2");
	scheme_text(notice, "number", number, sizeof(number));
	json_decref(notice);
	snprintf(body, sizeof(body), "{'number':'%s'}", number);
	notice = double_call(
	    sim, SHINJUKU, HTTP_POST, "/lookups", scheme_json("%s", body), 200);
	scheme_text(notice, "resident", body, sizeof(body));
	assert_string_equal(body, "0000000002");
	assert_null(json_object_get(notice, "number"));
	assert_null(json_object_get(notice, "code"));
	json_decref(notice);
	number[11] = number[11] == '0' ? '1' : '0';
	snprintf(body, sizeof(body), "{'number':'%s'}", number);
	look(sim, body, 400);
	look(sim, "{'resident':'77'}", 404);
	double_done(sim);
}

/* ---- Changes of the number --------------------------------------------- */

static void
a_leaked_number_is_changed_once(void **state)
{
	struct simulation *sim = family();
	char before[16], after[16], body[64];
	json_t *json;

	(void)state;
	json = scheme_get(sim, SHINJUKU, "/notices/1");
	scheme_text(json, "number", before, sizeof(before));
	json_decref(json);
	scheme_post(sim, SHINJUKU, "/number-changes",
	    scheme_json("{'resident':'1','reason':'lost','request':"
			"'" REGISTRATION "'}"),
	    202);
	/* while it is on its way, no other */
	scheme_post(sim, SHINJUKU, "/number-changes",
	    scheme_json("{'resident':'1','reason':'lost','request':"
			"'" REGISTRATION_2 "'}"),
	    409);
	settle(sim);
	scheme_post(sim, SHINJUKU, "/number-changes",
	    scheme_json("{'resident':'1','reason':'stolen','request':"
			"'" REGISTRATION "'}"),
	    409);
	json = double_call(sim, SHINJUKU, HTTP_POST, "/number-changes",
	    scheme_json("{'resident':'1','reason':'lost','request':"
			"'" REGISTRATION "'}"),
	    200);
	scheme_text(json, "state", body, sizeof(body));
	assert_string_equal(body, "changed");
	json_decref(json);
	json = scheme_get(sim, SHINJUKU, "/notices/1");
	scheme_text(json, "number", after, sizeof(after));
	assert_string_not_equal(before, after);
	json_decref(json);
	assert_string_equal(double_item("persons.changed", 0, 3), after);
	assert_string_equal(
	    double_item("persons.changed", 0, 1), "number-change");
	/* the old one finds nobody any more */
	snprintf(body, sizeof(body), "{'number':'%s'}", before);
	look(sim, body, 404);
	json = scheme_get(sim, SHINJUKU, "/residents/1/history");
	assert_int_equal(
	    json_array_size(json_object_get(json, "assignments")), 2);
	json_decref(json);
	double_done(sim);
}

static void
a_change_may_be_refused(void **state)
{
	struct simulation *sim = family();
	char text[64];
	json_t *json;

	(void)state;
	scheme_post(sim, SHINJUKU, "/number-changes",
	    scheme_json("{'resident':'1','reason':'x','request':"
			"'" REGISTRATION "'}"),
	    202);
	settle(sim);
	scheme_post(sim, SHINJUKU, "/number-changes",
	    scheme_json("{'resident':'1','reason':'x','request':"
			"'" REGISTRATION_2 "'}"),
	    202);
	settle(sim);
	json = double_call(sim, SHINJUKU, HTTP_POST, "/number-changes",
	    scheme_json("{'resident':'1','reason':'x','request':"
			"'" REGISTRATION_2 "'}"),
	    200);
	scheme_text(json, "refusal", text, sizeof(text));
	assert_string_equal(text, "once is enough");
	json_decref(json);
	scheme_post(sim, SHINJUKU, "/number-changes",
	    scheme_json("{'resident':'2','reason':'x','request':"
			"'" REGISTRATION "'}"),
	    409);
	double_done(sim);
}

/* ---- Wrong answers of jukinet -------------------------------------------- */

static void
answers_nobody_waits_for_change_nothing(void **state)
{
	struct simulation *sim = family();
	struct resident_code code = resident_code_from_body(7);
	struct individual_number number = individual_number_from_body(7);
	char rc[12], in[13];

	(void)state;
	resident_code_format(&code, rc);
	individual_number_format(&number, in);
	double_say(sim, "jlis/jukinet", SHINJUKU, "numbering.answer",
	    scheme_json("{'items':[['%s','%s']]}", rc, in));
	assert_int_equal(double_refused(sim, "jlis/jukinet"), 0);
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), 3);
	double_say(sim, "jlis/jukinet", SHINJUKU, "numbering.answer",
	    scheme_json("{'items':[['%s','123']]}", rc));
	double_say(sim, "jlis/jukinet", SHINJUKU, "codes.designated",
	    scheme_json("{'request':'" REGISTRATION "','codes':[]}"));
	double_say(sim, "jlis/jukinet", SHINJUKU, "number.changed",
	    scheme_json("{'request':'" REGISTRATION "','number':'%s'}", in));
	assert_int_equal(double_refused(sim, "jlis/jukinet"), 3);
	double_done(sim);
}

static void
births_find_a_code_in_the_reserve(void **state)
{
	struct simulation *sim = family();
	int64_t pool = double_progress(sim, SHINJUKU, "pool");

	(void)state;
	assert_int_equal(pool, REGISTRY_POOL_RESERVE);
	bear(sim, REGISTRATION, 2, "山田　花", 201, NULL);
	assert_int_equal(double_progress(sim, SHINJUKU, "pool"), pool - 1);
	assert_int_equal(double_progress(sim, SHINJUKU, "coded"), 4);
	double_done(sim);
}

/* ---- Restored by jukinet's officer --------------------------------------- */

static void
say_restored(struct simulation *sim, const char *code, const char *state,
    const char *municipality)
{
	double_say(sim, "jlis/jukinet", SHINJUKU, "identity.restored",
	    scheme_json("{'code':'%s','state':'%s','municipality':'%s',"
			"'date':'2026-11-21','reason':'戸籍謄本'}",
		code, state, municipality));
}

static void
a_death_that_was_none_is_taken_back(void **state)
{
	struct simulation *sim = family();
	char code[16];

	(void)state;
	scheme_post(sim, SHINJUKU, "/deaths",
	    scheme_json("{'resident':'1','date':'2026-11-20'}"), 201);
	settle(sim);
	snprintf(
	    code, sizeof(code), "%s", double_item("identity.update", 0, 0));
	say_restored(sim, code, "resident", "131041");
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "current");
	scheme_expect(sim, SHINJUKU, "/residents/1", "event", "restored");
	assert_string_equal(double_item("persons.changed", 0, 1), "restored");
	/* Once more, and about nobody of ours: nothing. */
	say_restored(sim, code, "resident", "131041");
	say_restored(sim, "00000000019", "resident", "131041");
	assert_int_equal(double_refused(sim, "jlis/jukinet"), 0);
	/* Lives elsewhere, or abroad. */
	say_restored(sim, code, "resident", "012041");
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "moved-out");
	say_restored(sim, code, "resident", "131041");
	say_restored(sim, code, "moved-out", "131041");
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "moved-out");
	double_done(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_child_is_on_record_and_numbered),
	    cmocka_unit_test(a_birth_is_registered_once),
	    cmocka_unit_test(a_child_on_record_is_not_born_again),
	    cmocka_unit_test(impossible_births_are_refused),
	    cmocka_unit_test(nothing_happens_before_a_birth),
	    cmocka_unit_test(a_death_closes_the_record_and_is_told),
	    cmocka_unit_test(a_move_adds_a_version_and_keeps_the_old),
	    cmocka_unit_test(a_correction_is_told),
	    cmocka_unit_test(a_refusal_is_seen_and_can_be_mended),
	    cmocka_unit_test(attributes_must_be_four_and_fit_one),
	    cmocka_unit_test(numbers_find_their_owner_alone),
	    cmocka_unit_test(a_leaked_number_is_changed_once),
	    cmocka_unit_test(a_change_may_be_refused),
	    cmocka_unit_test(answers_nobody_waits_for_change_nothing),
	    cmocka_unit_test(births_find_a_code_in_the_reserve),
	    cmocka_unit_test(a_death_that_was_none_is_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
