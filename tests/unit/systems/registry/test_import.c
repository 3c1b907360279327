/* Importing a file of residents, through a registry's API. */
#include "tests/support/registry_scheme.h"

static void
everybody_loaded_is_numbered(void **state)
{
	struct simulation *sim = scheme_nation();
	struct scheme_totals t = scheme_import(sim, SCHEME_FAMILY, "");

	(void)state;
	assert_string_equal(t.state, "finished");
	assert_int_equal(t.loaded, 3);
	assert_int_equal(double_progress(sim, SHINJUKU, "residents"), 3);
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), 3);
	assert_int_equal(double_progress(sim, SHINJUKU, "notices"), 3);
	assert_string_equal(
	    double_item("persons.registered", 1, 0), "0000000002");
	assert_string_equal(
	    double_item("persons.registered", 1, 2), "山田　花子");
	scheme_expect(sim, SHINJUKU, "/residents/3", "numbering", "numbered");
	double_done(sim);
}

static void
the_same_file_again_changes_nothing(void **state)
{
	struct simulation *sim = scheme_nation();
	struct scheme_totals t;

	(void)state;
	scheme_import(sim, SCHEME_FAMILY, "");
	t = scheme_begin(sim, slice_of(SCHEME_FAMILY), "");
	assert_string_equal(t.state, "finished");
	scheme_chunk(sim, t.import, slice_of(SCHEME_FAMILY), 0,
	    (int64_t)strlen(SCHEME_FAMILY), 200);
	assert_int_equal(double_progress(sim, SHINJUKU, "residents"), 3);
	assert_int_equal(double_progress(sim, SHINJUKU, "imports"), 1);
	double_done(sim);
}

static void
the_same_people_in_another_file_are_unchanged(void **state)
{
	struct simulation *sim = scheme_nation();
	struct scheme_totals t;

	(void)state;
	scheme_import(sim, SCHEME_FAMILY, "");
	t = scheme_import(sim, SCHEME_FAMILY "\n", "");
	assert_int_equal(t.loaded, 0);
	assert_int_equal(t.unchanged, 3);
	/* known by their four attributes, where there is no number */
	t = scheme_import(sim,
	    "name,kana,birth,sex,address,relation\n"
	    "山田　太郎,ヤマダ　タロウ,S63.4.1,男,"
	    "東京都新宿区新宿一丁目1番1号,世帯主\n",
	    "");
	assert_int_equal(t.unchanged, 1);
	assert_int_equal(double_progress(sim, SHINJUKU, "residents"), 3);
	double_done(sim);
}

static void
a_chunk_is_taken_once(void **state)
{
	struct simulation *sim = scheme_nation();
	struct slice file = slice_of(SCHEME_FAMILY);
	int64_t cut = strstr(SCHEME_FAMILY, "2,1,妻") - SCHEME_FAMILY;
	int64_t rest = (int64_t)file.len - cut;
	struct scheme_totals t = scheme_begin(sim, file, "");

	(void)state;
	/* a gap, a half line, beyond the end */
	scheme_chunk(sim, t.import, file, cut, rest, 409);
	scheme_chunk(sim, t.import, file, 0, cut - 1, 400);
	t = scheme_chunk(sim, t.import, file, 0, cut, 200);
	assert_int_equal(t.offset, cut);
	assert_int_equal(t.loaded, 1);
	t = scheme_chunk(sim, t.import, file, 0, cut, 200);
	assert_int_equal(t.offset, cut);
	assert_int_equal(t.loaded, 1);
	t = scheme_begin(sim, file, "");
	assert_int_equal(t.offset, cut);
	t = scheme_chunk(sim, t.import, file, cut, rest, 200);
	assert_int_equal(t.loaded, 3);
	t = scheme_finish(sim, t.import);
	assert_string_equal(t.state, "finished");
	double_done(sim);
}

static void
an_incomplete_import_cannot_be_finished(void **state)
{
	struct simulation *sim = scheme_nation();
	struct scheme_totals t = scheme_begin(sim, slice_of(SCHEME_FAMILY), "");
	char path[96];

	(void)state;
	snprintf(path, sizeof(path), "/imports/%s/finish", t.import);
	scheme_post(sim, SHINJUKU, path, NULL, 409);
	scheme_post(sim, SHINJUKU,
	    "/imports/00000000000000000000000000000000/finish", NULL, 404);
	double_done(sim);
}

static void
bad_lines_are_rejected_and_the_rest_is_loaded(void **state)
{
	struct simulation *sim = scheme_nation();
	struct scheme_totals t;
	char text[512];

	(void)state;
	scheme_import(sim, SCHEME_FAMILY, "");
	t = scheme_import(sim,
	    SCHEME_HEADER "\n"
			  "1,1,世帯主,山田　次郎,ヤマダ　タロウ,1988-04-01,1,"
			  "東京都新宿区新宿一丁目1番1号\n"
			  "4,1,,佐藤,サトウ,1988-13-01,1,東京\n"
			  "5,1,,佐藤,サトウ,1988-12-01,1,東京\n"
			  "6,1,,佐\"藤,サトウ,1988-12-01,1,東京\n"
			  "7,1\n"
			  "5,1,,佐藤,サトウ,1988-12-01,2,東京\n",
	    "");
	assert_int_equal(t.loaded, 1);
	assert_int_equal(t.rejected, 5);
	scheme_rejects(sim, t.import, text, sizeof(text));
	assert_string_equal(text,
	    "2 name conflict; 3 birth malformed; 5  quoting; 6  columns; "
	    "7 sex conflict");
	double_done(sim);
}

static void
one_code_belongs_to_one_resident(void **state)
{
	struct simulation *sim = scheme_nation();
	struct resident_code code = resident_code_from_body(42);
	char file[512], digits[12], text[256];
	struct scheme_totals t;

	(void)state;
	resident_code_format(&code, digits);
	snprintf(file, sizeof(file),
	    "resident,name,kana,birth,sex,address,code\n"
	    "1,佐藤,サトウ,1988-12-01,1,東京,%s\n"
	    "2,鈴木,スズキ,1989-12-01,1,東京,%s\n"
	    ",佐藤,サトウ,1988-12-01,1,東京,%s\n"
	    ",田中,タナカ,1988-12-01,1,東京,%s\n",
	    digits, digits, digits, digits);
	t = scheme_import(sim, file, "");
	assert_int_equal(t.loaded, 1);
	assert_int_equal(t.unchanged, 1);
	scheme_rejects(sim, t.import, text, sizeof(text));
	assert_string_equal(text, "3 code taken; 5 name conflict");
	double_done(sim);
}

static void
several_who_fit_are_ambiguous(void **state)
{
	struct simulation *sim = scheme_nation();
	struct scheme_totals t;
	char text[256];

	(void)state;
	t = scheme_import(sim,
	    "resident,name,kana,birth,sex,address\n"
	    "1,佐藤,サトウ,1988-12-01,1,東京\n"
	    "2,佐藤,サトウ,1988-12-01,1,東京\n"
	    ",佐藤,サトウ,1988-12-01,1,東京\n",
	    "");
	scheme_rejects(sim, t.import, text, sizeof(text));
	assert_string_equal(text, "4  ambiguous");
	double_done(sim);
}

static void
a_strict_import_loads_all_or_nothing(void **state)
{
	struct simulation *sim = scheme_nation();
	struct scheme_totals t;
	char text[256];

	(void)state;
	/* a line that cannot be read */
	t = scheme_import(sim, SCHEME_FAMILY "4,1\n", ",'strict':true");
	assert_string_equal(t.state, "refused");
	assert_int_equal(t.loaded, 0);
	assert_int_equal(double_progress(sim, SHINJUKU, "residents"), 0);
	/* a line that contradicts another, seen only when it is applied */
	t = scheme_import(sim,
	    SCHEME_FAMILY "3,1,,佐藤,サトウ,1988-12-01,1,東京\n",
	    ",'strict':true");
	assert_string_equal(t.state, "refused");
	assert_int_equal(t.rejected, 1);
	scheme_rejects(sim, t.import, text, sizeof(text));
	assert_string_equal(text, "5 name conflict");
	assert_int_equal(double_progress(sim, SHINJUKU, "residents"), 0);
	t = scheme_import(sim, SCHEME_FAMILY, ",'strict':true");
	assert_string_equal(t.state, "finished");
	assert_int_equal(t.loaded, 3);
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), 3);
	/* A refused import may be tried again without strict. */
	t = scheme_import(sim, SCHEME_FAMILY "4,1\n", "");
	assert_string_equal(t.state, "finished");
	assert_int_equal(t.unchanged, 3);
	assert_int_equal(t.rejected, 1);
	double_done(sim);
}

static void
cp932_is_recognised_and_may_be_demanded(void **state)
{
	struct simulation *sim = scheme_nation();
	struct arena *arena = arena_new();
	struct scheme_totals t;
	struct slice bytes;

	(void)state;
	assert_int_equal(
	    cp932_encode(arena, slice_of(SCHEME_FAMILY), &bytes), OK);
	t = scheme_begin(sim, bytes, "");
	t = scheme_chunk(sim, t.import, bytes, 0, (int64_t)bytes.len, 200);
	assert_int_equal(t.loaded, 3);
	scheme_expect(sim, SHINJUKU, "/residents/2", "name", "山田　花子");
	scheme_post(sim, SHINJUKU, "/imports",
	    scheme_import_body(bytes, ",'encoding':'latin-1'"), 400);
	arena_free(arena);
	double_done(sim);
}

static void
a_file_without_column_names_is_refused(void **state)
{
	struct simulation *sim = scheme_nation();
	struct slice file = SLICE("1,山田,ヤマダ,1988-04-01,1,東京\n");
	struct scheme_totals t = scheme_begin(sim, file, "");

	(void)state;
	scheme_chunk(sim, t.import, file, 0, (int64_t)file.len, 400);
	scheme_post(sim, SHINJUKU, "/imports",
	    scheme_json("{'name':'x','size':1,'digest':'00'}"), 400);
	double_done(sim);
}

static void
numbers_are_given_where_the_file_has_none(void **state)
{
	struct simulation *sim = scheme_nation();

	(void)state;
	scheme_import(sim, SCHEME_FAMILY, "");
	scheme_import(sim,
	    "name,kana,birth,sex,address\n"
	    "佐藤,サトウ,1988-12-01,1,東京\n",
	    "");
	scheme_expect(sim, SHINJUKU, "/residents/4", "name", "佐藤");
	scheme_expect(sim, SHINJUKU, "/residents/4", "household", "0000000002");
	double_done(sim);
}

/* Crashes, losses and repetitions: everybody is numbered, once. */
static void
faults_lose_nobody_and_number_nobody_twice(void **state)
{
	const struct simulation_faults faults = {.lose_request = 100,
	    .lose_receipt = 100,
	    .repeat = 100,
	    .crash_before = 50,
	    .crash_after = 50,
	    .delay_min_ms = 1,
	    .delay_max_ms = 200};
	const struct simulation_faults none = {0};
	struct simulation *sim = scheme_nation();
	struct scheme_totals t;
	struct buf file;
	int i;

	(void)state;
	buf_init(&file);
	buf_add_string(&file, "resident,name,kana,birth,sex,address\n");
	for (i = 1; i <= 5000; i++)
		buf_printf(&file, "%d,山田,ヤマダ,1988-04-01,1,東京%d\n", i, i);
	t = scheme_begin(sim, buf_slice(&file), "");
	scheme_chunk(
	    sim, t.import, buf_slice(&file), 0, (int64_t)file.len, 200);
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), 0);
	simulation_set_faults(sim, &faults);
	simulation_run(sim, 300000);
	simulation_set_faults(sim, &none);
	simulation_run(sim, 120000);
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_int_equal(double_progress(sim, SHINJUKU, "residents"), 5000);
	assert_int_equal(double_progress(sim, SHINJUKU, "coded"), 5000);
	assert_int_equal(double_progress(sim, SHINJUKU, "requested"), 5000);
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), 5000);
	assert_int_equal(double_progress(sim, SHINJUKU, "notices"), 5000);
	buf_done(&file);
	double_done(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everybody_loaded_is_numbered),
	    cmocka_unit_test(the_same_file_again_changes_nothing),
	    cmocka_unit_test(the_same_people_in_another_file_are_unchanged),
	    cmocka_unit_test(a_chunk_is_taken_once),
	    cmocka_unit_test(an_incomplete_import_cannot_be_finished),
	    cmocka_unit_test(bad_lines_are_rejected_and_the_rest_is_loaded),
	    cmocka_unit_test(one_code_belongs_to_one_resident),
	    cmocka_unit_test(several_who_fit_are_ambiguous),
	    cmocka_unit_test(a_strict_import_loads_all_or_nothing),
	    cmocka_unit_test(cp932_is_recognised_and_may_be_demanded),
	    cmocka_unit_test(a_file_without_column_names_is_refused),
	    cmocka_unit_test(numbers_are_given_where_the_file_has_none),
	    cmocka_unit_test(faults_lose_nobody_and_number_nobody_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
