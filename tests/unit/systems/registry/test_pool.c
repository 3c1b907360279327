/* The registry's pool of Resident Record Codes, and a jukinet that gives few. */
#include "tests/support/registry_scheme.h"

#define PEOPLE 300
#define MINUTES(n) ((n)*INT64_C(60000))

static void
import_people(struct simulation *sim)
{
	struct buf file;
	int i;

	buf_init(&file);
	buf_add_string(&file, SCHEME_HEADER "\n");
	for (i = 1; i <= PEOPLE; i++)
		buf_printf(&file,
		    "%d,%d,世帯主,山田　太郎,ヤマダ　タロウ,1988-04-01,1,"
		    "東京都新宿区新宿一丁目1番%d号\n",
		    i, i, i);
	scheme_import(sim, file.data, "");
	buf_done(&file);
}

static void
a_refused_request_asks_for_what_there_is_room_for(void **state)
{
	struct simulation *sim = scheme_nation();

	(void)state;
	scheme_room = 100;
	import_people(sim);
	simulation_run(sim, MINUTES(5));
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), PEOPLE);
	double_done(sim);
}

static void
without_room_people_wait_and_are_numbered_later(void **state)
{
	struct simulation *sim = scheme_nation();
	size_t asked;

	(void)state;
	scheme_room = 0;
	import_people(sim);
	asked = scheme_asked;
	simulation_run(sim, MINUTES(30));
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), 0);
	/* It asks again, but not without end. */
	assert_true(scheme_asked > asked && scheme_asked < asked + 40);
	scheme_room = -1;
	simulation_run(sim, MINUTES(5));
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), PEOPLE);
	assert_int_equal(
	    double_progress(sim, SHINJUKU, "pool"), REGISTRY_POOL_RESERVE);
	double_done(sim);
}

static void
a_refusal_of_what_nobody_asked_changes_nothing(void **state)
{
	struct simulation *sim = scheme_nation();

	(void)state;
	double_say(sim, "jlis/jukinet", SHINJUKU, "codes.refused",
	    scheme_json("{'request':'0123456789abcdef0123456789abcdef',"
			"'pool':1000,'held':1000}"));
	assert_int_equal(double_refused(sim, "jlis/jukinet"), 0);
	import_people(sim);
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), PEOPLE);
	double_done(sim);
}

static void
numbers_that_are_stopped_are_asked_for_when_there_are_more(void **state)
{
	struct simulation *sim = scheme_nation();

	(void)state;
	scheme_stopped = true;
	import_people(sim);
	simulation_run(sim, MINUTES(60));
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), 0);
	assert_int_equal(double_progress(sim, SHINJUKU, "refused"), 0);
	assert_int_equal(double_progress(sim, SHINJUKU, "coded"), PEOPLE);
	scheme_stopped = false;
	simulation_run(sim, MINUTES(240));
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), 0);
	simulation_run(sim, MINUTES(120));
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), PEOPLE);
	assert_int_equal(double_progress(sim, SHINJUKU, "coded"), PEOPLE);
	double_done(sim);
}

/* After a lost database: codes of before are in the list, and nowhere else. */
static void
the_pool_is_made_anew_from_jukinets_list(void **state)
{
	struct simulation *sim = scheme_nation();
	struct resident_code code = resident_code_from_body(4711);
	char first[RESIDENT_CODE_DIGITS + 1], request[33];

	(void)state;
	resident_code_format(&code, first);
	scheme_post(sim, SHINJUKU, "/pool/relisting", scheme_json("{}"), 202);
	simulation_run(sim, MINUTES(5));
	/* It asks for no codes meanwhile. */
	assert_int_equal(double_progress(sim, SHINJUKU, "pool"), 0);
	snprintf(request, sizeof(request), "%s",
	    double_text("codes.outstanding", "request"));
	double_say(sim, "jlis/jukinet", SHINJUKU, "codes.listed",
	    scheme_json("{'request':'%s','codes':['%s'],'next':'%s'}", request,
		first, first));
	assert_string_equal(double_text("codes.outstanding", "after"), first);
	assert_int_equal(double_progress(sim, SHINJUKU, "pool"), 1);
	/* A part that comes again changes nothing. */
	double_say(sim, "jlis/jukinet", SHINJUKU, "codes.listed",
	    scheme_json("{'request':'%s','codes':['%s'],'next':'%s'}", request,
		first, first));
	assert_int_equal(double_progress(sim, SHINJUKU, "pool"), 1);
	assert_int_equal(double_count("codes.outstanding"), 2);
	snprintf(request, sizeof(request), "%s",
	    double_text("codes.outstanding", "request"));
	double_say(sim, "jlis/jukinet", SHINJUKU, "codes.listed",
	    scheme_json("{'request':'%s','codes':[]}", request));
	simulation_run(sim, MINUTES(2));
	assert_int_equal(
	    double_progress(sim, SHINJUKU, "pool"), REGISTRY_POOL_RESERVE);
	double_done(sim);
}

/* --- Giving back ---------------------------------------------------------- */

static int64_t
number(const json_t *reply, const char *name)
{
	return json_integer_value(json_object_get(reply, name));
}

static json_t *
give_back(struct simulation *sim)
{
	return double_call(
	    sim, SHINJUKU, HTTP_POST, "/pool/returns", json_object(), 202);
}

/* A list of more codes than are needed, as after a lost database. */
static void
say_listed(struct simulation *sim, size_t n)
{
	char request[33], text[RESIDENT_CODE_DIGITS + 1];
	struct resident_code code;
	json_t *codes = json_array();
	size_t i;

	scheme_post(sim, SHINJUKU, "/pool/relisting", scheme_json("{}"), 202);
	assert_int_equal(simulation_settle(sim, 60000), OK);
	snprintf(request, sizeof(request), "%s",
	    double_text("codes.outstanding", "request"));
	for (i = 0; i < n; i++) {
		code = resident_code_from_body(5000 + i);
		resident_code_format(&code, text);
		json_array_append_new(codes, json_string(text));
	}
	double_say(sim, "jlis/jukinet", SHINJUKU, "codes.listed",
	    json_pack("{s:s,s:o}", "request", request, "codes", codes));
}

static void
what_lies_beyond_the_reserve_is_given_back(void **state)
{
	struct simulation *sim = scheme_nation();
	json_t *reply;
	int i;

	(void)state;
	say_listed(sim, REGISTRY_POOL_RESERVE + 20);
	for (i = 0; i < 2; i++) {
		reply = give_back(sim);
		assert_int_equal(number(reply, "returned"), i == 0 ? 20 : 0);
		assert_int_equal(number(reply, "pool"), REGISTRY_POOL_RESERVE);
		json_decref(reply);
	}
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_int_equal(double_count("codes.return"), 1);
	assert_int_equal(json_array_size(json_object_get(
			     double_last("codes.return"), "codes")),
	    20);
	/* And nothing is asked for in their place. */
	simulation_run(sim, MINUTES(5));
	assert_int_equal(
	    double_progress(sim, SHINJUKU, "pool"), REGISTRY_POOL_RESERVE);
	double_done(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_refused_request_asks_for_what_there_is_room_for),
	    cmocka_unit_test(without_room_people_wait_and_are_numbered_later),
	    cmocka_unit_test(
		numbers_that_are_stopped_are_asked_for_when_there_are_more),
	    cmocka_unit_test(the_pool_is_made_anew_from_jukinets_list),
	    cmocka_unit_test(a_refusal_of_what_nobody_asked_changes_nothing),
	    cmocka_unit_test(what_lies_beyond_the_reserve_is_given_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
