/* Arrivals from abroad that a clerk decides about. */
#include "host_rows.h"
#include "registry_rows.h"
#include "tests/support/registry_scheme.h"

#define BACK "bb112233445566778899aabbccddeeff"
#define NEXT "cc112233445566778899aabbccddeeff"
/* The last stays of who has SCHEME_RETURNED, and of nobody. */
#define SEEN "'municipality':'011002','left':'2020-04-01'"
#define OTHER "'municipality':'131041','left':'2020-04-01'"
#define HOME "北海道旭川市六条通9丁目46番地"

static void
settle(struct simulation *sim)
{
	assert_int_equal(simulation_settle(sim, 600000), OK);
}

static void
arrive(struct simulation *sim, const char *name, const char *registration)
{
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json(
		"{'registration':'%s','address':'" HOME "',"
		"'date':'2026-11-21','name':'%s',"
		"'kana':'コウホ　タロウ','birth':'1990-01-01','sex':'1'}",
		registration, name),
	    201);
	settle(sim);
}

/* A nation in which an arrival is held: resident 1 of Asahikawa. */
static struct simulation *
held(void)
{
	struct simulation *sim = scheme_nation();

	arrive(sim, "候補　太郎", BACK);

	return sim;
}

static void
decide(struct simulation *sim, const char *decision, int want)
{
	scheme_post(sim, ASAHIKAWA, "/arrivals/1/decision",
	    scheme_json("{%s,'evidence':'戸籍の附票'}", decision), want);
	settle(sim);
}

static void
expect_number(struct simulation *sim, const struct resident_code *code,
    const char *resident)
{
	struct individual_number number = scheme_number(code, 0);
	char digits[16], found[16];
	json_t *json;

	individual_number_format(&number, digits);
	json = double_call(sim, ASAHIKAWA, HTTP_POST, "/lookups",
	    scheme_json("{'number':'%s'}", digits), 200);
	scheme_text(json, "resident", found, sizeof(found));
	assert_string_equal(found, resident);
	json_decref(json);
}

static void
expect_no_number(struct simulation *sim, const struct resident_code *code)
{
	struct individual_number number = scheme_number(code, 0);
	char digits[16];

	individual_number_format(&number, digits);
	scheme_post(sim, ASAHIKAWA, "/lookups",
	    scheme_json("{'number':'%s'}", digits), 404);
}

static struct resident_code
known(void)
{
	return resident_code_from_body(SCHEME_RETURNED);
}

/* The code in the last request to jukinet. */
static struct resident_code
asked_code(void)
{
	struct resident_code code;

	assert_int_equal(
	    resident_code_parse(
		slice_of(double_text("arrival.decided", "code")), &code),
	    OK);

	return code;
}

/* --- Held ----------------------------------------------------------------- */

static void
who_may_have_come_back_waits_for_a_clerk(void **state)
{
	struct simulation *sim = held();
	const json_t *row;
	json_t *json;

	(void)state;
	scheme_expect(sim, ASAHIKAWA, "/residents/1?until=numbered&wait=60",
	    "numbering", "held");
	assert_int_equal(double_progress(sim, ASAHIKAWA, "held"), 1);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "numbered"), 0);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "notices"), 0);
	assert_int_equal(double_count("persons.registered"), 0);
	json = scheme_get(sim, ASAHIKAWA, "/arrivals");
	row = json_array_get(json_object_get(json, "arrivals"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "resident")), "0000000001");
	json_decref(json);
	/* Nobody is told who they are. */
	json = scheme_get(sim, ASAHIKAWA, "/arrivals/1");
	assert_null(json_object_get(json, "candidates"));
	json_decref(json);
	double_done(sim);
}

static void
births_and_brought_codes_are_not_from_abroad(void **state)
{
	struct simulation *sim = scheme_nation();

	(void)state;
	scheme_import(sim,
	    SCHEME_HEADER "\n"
			  "1,1,世帯主,候補　花子,コウホ　ハナコ,1990-07-07,2,"
			  "東京都新宿区新宿一丁目1番1号\n",
	    "");
	scheme_expect(sim, SHINJUKU, "/residents/1", "numbering", "numbered");
	scheme_post(sim, SHINJUKU, "/births",
	    scheme_json("{'registration':'" BACK "','mother':'1',"
			"'name':'候補　一郎','kana':'コウホ　イチロウ',"
			"'birth':'2026-11-20','sex':'1'}"),
	    201);
	settle(sim);
	scheme_expect(sim, SHINJUKU, "/residents/2", "numbering", "numbered");
	assert_int_equal(double_progress(sim, SHINJUKU, "held"), 0);
	json_decref(
	    double_call(sim, SHINJUKU, HTTP_GET, "/arrivals/1", NULL, 404));
	double_done(sim);
}

static void
a_line_of_a_file_that_says_so_is_from_abroad(void **state)
{
	struct simulation *sim = scheme_nation();

	(void)state;
	scheme_import(sim,
	    SCHEME_HEADER ",became_resident,reason\n"
			  "1,1,世帯主,候補　花子,コウホ　ハナコ,1990-07-07,2,"
			  "東京都新宿区新宿一丁目1番1号,2026-11-01,国外転入\n"
			  "2,2,世帯主,候補　次郎,コウホ　ジロウ,1990-07-08,1,"
			  "東京都新宿区新宿一丁目1番1号,2026-11-01,転入\n",
	    "");
	scheme_expect(sim, SHINJUKU, "/residents/1", "numbering", "held");
	scheme_expect(sim, SHINJUKU, "/residents/2", "numbering", "numbered");
	double_done(sim);
}

/* --- Decided -------------------------------------------------------------- */

static void
the_same_person_keeps_code_and_number(void **state)
{
	struct simulation *sim = held();
	struct resident_code own, old = known();
	json_t *json;
	const json_t *row;

	(void)state;
	decide(sim, "'decision':'same'," SEEN, 202);
	own = asked_code();
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "numbering", "numbered");
	expect_number(sim, &old, "0000000001");
	expect_no_number(sim, &own);
	/* No news to the person; and the code set aside is nobody else's. */
	assert_int_equal(double_progress(sim, ASAHIKAWA, "notices"), 0);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "held"), 0);
	assert_string_equal(
	    double_item("persons.registered", 0, 0), "0000000001");
	json = scheme_get(sim, ASAHIKAWA, "/arrivals/1");
	assert_string_equal(
	    json_string_value(json_object_get(json, "state")), "same");
	row = json_array_get(json_object_get(json, "decisions"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "evidence")), "戸籍の附票");
	assert_non_null(json_object_get(row, "officer"));
	assert_non_null(json_object_get(row, "settled"));
	json_decref(json);
	/* Once more is the same. */
	decide(sim, "'decision':'same'," SEEN, 200);
	assert_int_equal(double_count("arrival.decided"), 1);
	double_done(sim);
}

static void
another_person_gets_a_number_of_their_own(void **state)
{
	struct simulation *sim = held();
	struct resident_code own, old = known();

	(void)state;
	decide(sim, "'decision':'different'", 202);
	own = asked_code();
	expect_number(sim, &own, "0000000001");
	expect_no_number(sim, &old);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "notices"), 1);
	decide(sim, "'decision':'different'", 200);
	double_done(sim);
}

static void
a_decision_names_its_evidence_and_whom(void **state)
{
	struct simulation *sim = held();

	(void)state;
	decide(sim, "'decision':'same'", 400);
	decide(sim, "'decision':'perhaps'", 400);
	decide(sim, "'decision':'different','code':'00000000019'", 400);
	decide(sim, "'decision':'same','municipality':'011002'", 400);
	decide(sim, "'decision':'same','left':'2020-04-01'", 400);
	decide(sim, "'decision':'same','name':'候補　太郎'", 400);
	decide(sim, "'decision':'same','code':'12345678901'", 400);
	scheme_post(sim, ASAHIKAWA, "/arrivals/1/decision",
	    scheme_json("{'decision':'different'}"), 400);
	scheme_post(sim, ASAHIKAWA, "/arrivals/7/decision",
	    scheme_json("{'decision':'different','evidence':'旅券'}"), 404);
	assert_int_equal(double_count("arrival.decided"), 0);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "numbering", "held");
	double_done(sim);
}

static void
what_jukinet_refuses_is_decided_anew(void **state)
{
	struct simulation *sim = held();
	json_t *json;

	(void)state;
	decide(sim, "'decision':'same'," OTHER, 202);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "numbering", "held");
	json = scheme_get(sim, ASAHIKAWA, "/arrivals/1?wait=5");
	assert_string_equal(
	    json_string_value(json_object_get(
		json_array_get(json_object_get(json, "decisions"), 0),
		"refusal")),
	    "no-match");
	json_decref(json);
	decide(sim, "'decision':'different'", 202);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "numbering", "numbered");
	double_done(sim);
}

static void
one_decision_at_a_time(void **state)
{
	struct simulation *sim = held();

	(void)state;
	scheme_post(sim, ASAHIKAWA, "/arrivals/1/decision",
	    scheme_json("{'decision':'different','evidence':'旅券'}"), 202);
	scheme_post(sim, ASAHIKAWA, "/arrivals/1/decision",
	    scheme_json("{'decision':'different','evidence':'旅券'}"), 202);
	scheme_post(sim, ASAHIKAWA, "/arrivals/1/decision",
	    scheme_json("{'decision':'same'," SEEN ","
			"'evidence':'旅券'}"),
	    409);
	/* A change meanwhile is told afterwards. */
	scheme_post(sim, ASAHIKAWA, "/deaths",
	    scheme_json("{'resident':'1','date':'2026-11-21'}"), 201);
	settle(sim);
	assert_int_equal(double_count("arrival.decided"), 1);
	assert_string_equal(double_item("identity.update", 0, 1), "death");
	assert_int_equal(double_count("identity.update"), 2);
	assert_int_equal(double_count("persons.registered"), 0);
	double_done(sim);
}

static void
about_who_is_gone_nothing_is_decided(void **state)
{
	struct simulation *sim = held();

	(void)state;
	scheme_post(sim, ASAHIKAWA, "/deaths",
	    scheme_json("{'resident':'1','date':'2026-11-21'}"), 201);
	decide(sim, "'decision':'different'", 409);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "state", "deceased");
	double_done(sim);
}

/* --- Waiting ---------------------------------------------------------------- */

static void
tell_state(struct simulation *sim, const char *claim, const char *more)
{
	double_say(sim, "jlis/jukinet", ASAHIKAWA, "arrival.state",
	    scheme_json("{'claim':'%s',%s}", claim, more));
}

static void
last_claim(char ret[33])
{
	snprintf(ret, 33, "%s", double_text("arrival.decided", "claim"));
}

/* The municipality of before has days to answer: nothing is given meanwhile, and
 * the clerk may think again. */
static void
a_claim_that_waits_gives_nothing_and_may_be_replaced(void **state)
{
	struct simulation *sim = held();
	struct resident_code old = known(), own;
	char first[33], second[33], settled[200], text[16], number[16];
	struct individual_number given = scheme_number(&old, 0);
	json_t *json;

	(void)state;
	scheme_waits = "asked";
	decide(sim, "'decision':'same'," SEEN, 202);
	last_claim(first);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "numbering", "held");
	expect_no_number(sim, &old);
	json = scheme_get(sim, ASAHIKAWA, "/arrivals/1");
	assert_string_equal(
	    json_string_value(json_object_get(
		json_array_get(json_object_get(json, "decisions"), 0),
		"state")),
	    "asked");
	json_decref(json);
	scheme_waits = NULL;
	decide(sim, "'decision':'different'", 202);
	own = asked_code();
	last_claim(second);
	assert_string_not_equal(first, second);
	expect_number(sim, &own, "0000000001");
	/* An answer of before jukinet heard the second decision comes late. */
	resident_code_format(&old, text);
	individual_number_format(&given, number);
	snprintf(settled, sizeof(settled),
	    "'state':'settled','number':'%s','known_code':'%s'", number, text);
	tell_state(sim, first, settled);
	expect_number(sim, &own, "0000000001");
	expect_no_number(sim, &old);
	double_done(sim);
}

static void
states_that_contradict_themselves_are_refused(void **state)
{
	struct simulation *sim = held();
	char claim[33];

	(void)state;
	scheme_waits = "asked";
	decide(sim, "'decision':'same'," SEEN, 202);
	last_claim(claim);
	tell_state(sim, claim, "'state':'settled'");
	tell_state(sim, claim, "'state':'refused'");
	tell_state(sim, claim, "'state':'held','number':'383306824046'");
	tell_state(sim, claim, "'state':'asked','reason':'no-match'");
	assert_int_equal(double_refused(sim, "jlis/jukinet"), 4);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "numbering", "held");
	/* One about nobody's claim changes nothing. */
	tell_state(sim, BACK, "'state':'refused','reason':'no-match'");
	assert_int_equal(double_refused(sim, "jlis/jukinet"), 4);
	double_done(sim);
}

/* --- Corrected ------------------------------------------------------------ */

/* Code and number are free for who they belong to. */
static void
a_wrong_same_is_corrected(void **state)
{
	struct simulation *sim = held();
	struct resident_code own, old = known();
	char text[RESIDENT_CODE_DIGITS + 1];

	(void)state;
	decide(sim, "'decision':'same'," SEEN, 202);
	own = asked_code();
	decide(sim, "'decision':'different'", 202);
	expect_number(sim, &own, "0000000001");
	expect_no_number(sim, &old);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "notices"), 1);
	resident_code_format(&old, text);
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json("{'registration':'" NEXT "','address':'" HOME "',"
			"'date':'2026-11-21','name':'帰国　太郎',"
			"'kana':'キコク　タロウ','birth':'1990-01-01',"
			"'sex':'1','code':'%s'}",
		text),
	    201);
	settle(sim);
	expect_number(sim, &old, "0000000002");
	/* The resident may have another code like everybody. */
	scheme_post(sim, ASAHIKAWA, "/code-changes",
	    scheme_json("{'resident':'1','request':'" NEXT "'}"), 200);
	double_done(sim);
}

static void
a_wrong_different_is_corrected_by_the_code(void **state)
{
	struct simulation *sim = held();
	struct resident_code old = known();
	char text[RESIDENT_CODE_DIGITS + 1], decision[80];

	(void)state;
	decide(sim, "'decision':'different'", 202);
	resident_code_format(&old, text);
	snprintf(
	    decision, sizeof(decision), "'decision':'same','code':'%s'", text);
	decide(sim, decision, 202);
	expect_number(sim, &old, "0000000001");
	decide(sim, decision, 200);
	double_done(sim);
}

/* Also of somebody whom nobody held. */
static void
a_second_number_of_long_ago_is_corrected(void **state)
{
	struct simulation *sim = scheme_nation();
	struct resident_code old = known();
	char text[RESIDENT_CODE_DIGITS + 1], decision[80];

	(void)state;
	arrive(sim, "普通　太郎", BACK);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "numbering", "numbered");
	decide(sim, "'decision':'different'", 409);
	resident_code_format(&old, text);
	snprintf(
	    decision, sizeof(decision), "'decision':'same','code':'%s'", text);
	decide(sim, decision, 202);
	expect_number(sim, &old, "0000000001");
	double_done(sim);
}

/* --- A record of before --------------------------------------------------- */

/* A person who lived here before they left has the old record again. */
static void
who_lived_here_before_has_the_old_record(void **state)
{
	struct simulation *sim = scheme_nation();
	struct resident_code old = known();
	char text[RESIDENT_CODE_DIGITS + 1];
	json_t *json;

	(void)state;
	resident_code_format(&old, text);
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json("{'registration':'" NEXT "','address':'" HOME "',"
			"'date':'2020-01-01','name':'帰国　太郎',"
			"'kana':'キコク　タロウ','birth':'1990-01-01',"
			"'sex':'1','code':'%s'}",
		text),
	    201);
	settle(sim);
	scheme_post(sim, ASAHIKAWA, "/move-outs",
	    scheme_json("{'transfer':'" NEXT "','residents':['1'],"
			"'date':'2020-04-01'}"),
	    201);
	arrive(sim, "候補　太郎", BACK);
	scheme_expect(sim, ASAHIKAWA, "/residents/2", "numbering", "held");
	scheme_post(sim, ASAHIKAWA, "/arrivals/2/decision",
	    scheme_json("{'decision':'same'," SEEN ","
			"'evidence':'旅券'}"),
	    202);
	settle(sim);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "state", "current");
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "name", "候補　太郎");
	scheme_expect(sim, ASAHIKAWA, "/residents/2", "state", "moved-out");
	scheme_expect(sim, ASAHIKAWA, "/arrivals/2", "same_as", "0000000001");
	expect_number(sim, &old, "0000000001");
	assert_string_equal(
	    double_item("persons.registered", 0, 0), "0000000001");
	/* A second declaration of the arrival is answered with that record. */
	json = double_call(sim, ASAHIKAWA, HTTP_POST, "/move-ins",
	    scheme_json("{'registration':'" BACK "','address':'" HOME "',"
			"'date':'2026-11-21','name':'候補　太郎',"
			"'kana':'コウホ　タロウ','birth':'1990-01-01',"
			"'sex':'1'}"),
	    201);
	assert_string_equal(json_string_value(json_array_get(
				json_object_get(json, "residents"), 0)),
	    "0000000001");
	json_decref(json);
	scheme_post(sim, ASAHIKAWA, "/arrivals/2/decision",
	    scheme_json("{'decision':'different','evidence':'旅券'}"), 409);
	double_done(sim);
}

/* --- Faults --------------------------------------------------------------- */

static void
nothing_is_decided_twice_under_faults(void **state)
{
	const struct simulation_faults harsh = {.lose_request = 80,
	    .lose_receipt = 80,
	    .repeat = 80,
	    .crash_before = 25,
	    .crash_after = 25,
	    .delay_min_ms = 1,
	    .delay_max_ms = 300};
	const struct simulation_faults none = {
	    .delay_min_ms = 1, .delay_max_ms = 5};
	struct resident_code old = known();
	struct simulation *sim;

	(void)state;
	for (double_seed = 1; double_seed <= 8; double_seed++) {
		sim = held();
		scheme_post(sim, ASAHIKAWA, "/arrivals/1/decision",
		    scheme_json("{'decision':'same'," SEEN ","
				"'evidence':'旅券'}"),
		    202);
		simulation_set_faults(sim, &harsh);
		simulation_run(sim, 5000);
		simulation_set_faults(sim, &none);
		settle(sim);
		expect_number(sim, &old, "0000000001");
		assert_int_equal(
		    double_progress(sim, ASAHIKAWA, "numbered"), 1);
		double_done(sim);
	}
	double_seed = 1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_may_have_come_back_waits_for_a_clerk),
	    cmocka_unit_test(births_and_brought_codes_are_not_from_abroad),
	    cmocka_unit_test(a_line_of_a_file_that_says_so_is_from_abroad),
	    cmocka_unit_test(the_same_person_keeps_code_and_number),
	    cmocka_unit_test(another_person_gets_a_number_of_their_own),
	    cmocka_unit_test(a_decision_names_its_evidence_and_whom),
	    cmocka_unit_test(what_jukinet_refuses_is_decided_anew),
	    cmocka_unit_test(
		a_claim_that_waits_gives_nothing_and_may_be_replaced),
	    cmocka_unit_test(states_that_contradict_themselves_are_refused),
	    cmocka_unit_test(one_decision_at_a_time),
	    cmocka_unit_test(about_who_is_gone_nothing_is_decided),
	    cmocka_unit_test(a_wrong_same_is_corrected),
	    cmocka_unit_test(a_wrong_different_is_corrected_by_the_code),
	    cmocka_unit_test(a_second_number_of_long_ago_is_corrected),
	    cmocka_unit_test(who_lived_here_before_has_the_old_record),
	    cmocka_unit_test(nothing_is_decided_twice_under_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
