/* Records of an earlier program, with a name that no message may have. */
#include "registry_rows.h"
#include "systems/registry/resident.h"
#include "systems/registry/unfit.h"
#include "tests/support/registry_scheme.h"
#include "tests/support/test_arena.h"

#define TRANSFER "aa112233445566778899aabbccddeeff"
#define ROW(id, name, kana)                           \
	"\n" id ",1,," name "," kana ",1980-01-01,2," \
	"東京都新宿区新宿\n"
#define OLD "山田\ue000　花子"

/* A turn of Shinjuku's registry, between store_begin() and store_commit(). */
static struct turn
turn_of(struct simulation *sim, struct problem *problem)
{
	struct node *node = simulation_node(sim, SHINJUKU);

	return (struct turn){.node = node,
	    .store = node_store(node),
	    .arena = arena,
	    .now = simulation_now(sim),
	    .problem = problem};
}

/* Give a resident this name, as an earlier program would have let it in. */
static void
make_old(struct simulation *sim, const char *id, const char *name,
    enum numbering numbering)
{
	const struct event event = {
	    .name = "correction", .audit = "resident.correct"};
	struct problem problem = {0};
	struct turn turn = turn_of(sim, &problem);
	struct resident_id resident;
	struct resident r;

	assert_int_equal(resident_id_parse(slice_of(id), &resident), OK);
	assert_int_equal(store_begin(turn.store), OK);
	assert_int_equal(resident_load(&turn, resident, &r), OK);
	r.person.attributes.name = slice_of(name);
	r.numbering = numbering;
	assert_int_equal(resident_change(&turn, &event, &r), OK);
	assert_int_equal(store_commit(turn.store), OK);
}

/* Codes for so many more residents. */
static void
fill_pool(struct simulation *sim, size_t n)
{
	struct problem problem = {0};
	struct turn turn = turn_of(sim, &problem);
	struct resident_code code;
	struct tally tally;
	size_t i;

	assert_int_equal(store_begin(turn.store), OK);
	assert_int_equal(tally_load(&turn, &tally), OK);
	for (i = 0; i < n; i++) {
		code = resident_code_from_body(77000000 + i);
		assert_int_equal(registry_pool_add(turn.store, &code), OK);
	}
	tally.pool += (int64_t)n;
	assert_int_equal(tally_store(&turn, &tally), OK);
	assert_int_equal(store_commit(turn.store), OK);
}

static void
settle(struct simulation *sim)
{
	assert_int_equal(simulation_settle(sim, 600000), OK);
}

static json_t *
leave(struct simulation *sim, int want)
{
	return double_call(sim, SHINJUKU, HTTP_POST, "/move-outs",
	    scheme_json("{'transfer':'" TRANSFER "','residents':['1','2'],"
			"'to':'012041','date':'2026-11-20'}"),
	    want);
}

static void
name_again(struct simulation *sim, const char *id)
{
	scheme_post(sim, SHINJUKU, "/corrections",
	    scheme_json("{'resident':'%s','date':'2026-11-20',"
			"'name':'山田　花子'}",
		id),
	    200);
}

/* Closed here and unknown there, before. */
static void
nobody_moves_whose_name_would_be_refused_there(void **state)
{
	struct simulation *sim = scheme_nation();
	char text[400];
	json_t *reply;

	(void)state;
	scheme_import(sim, SCHEME_FAMILY, "");
	make_old(sim, "2", OLD, NUMBERING_NUMBERED);
	reply = leave(sim, 400);
	scheme_text(reply, "detail", text, sizeof(text));
	assert_non_null(strstr(text, "resident 2: field name: "));
	assert_non_null(strstr(text, "; correct it first: POST /corrections"));
	json_decref(reply);
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "current");
	name_again(sim, "2");
	settle(sim);
	assert_string_equal(double_item("persons.changed", 0, 4), "山田　花子");
	json_decref(leave(sim, 201));
	settle(sim);
	scheme_expect(
	    sim, ASAHIKAWA, "/transfers/" TRANSFER "?wait=30", "state", "open");
	double_done(sim);
}

static void
check_refused(struct simulation *sim, const char *path, json_t *body,
    const char *begins, const char *ends)
{
	json_t *reply = double_call(sim, SHINJUKU, HTTP_POST, path, body, 400);
	char text[400];

	scheme_text(reply, "detail", text, sizeof(text));
	json_decref(reply);
	if (strncmp(text, begins, strlen(begins)) != 0 ||
	    strcmp(text + strlen(text) - strlen(ends), ends) != 0)
		fail_msg("%s: %s", path, text);
}

/* The message and a place in it were named, before. */
static void
a_refusal_names_the_residents_field_and_the_route_that_corrects_it(void **state)
{
	struct simulation *sim = scheme_nation();
	const char *kana = "{'resident':'2','date':'2026-11-20','kana':'ヤマ'}";
	const char *back =
	    "{'registration':'" TRANSFER "','resident':'2',"
	    "'date':'2026-11-20','address':'東京都新宿区大久保'}";

	(void)state;
	scheme_import(sim, SCHEME_FAMILY, "");
	make_old(sim, "2", OLD, NUMBERING_NUMBERED);
	check_refused(sim, "/deaths",
	    scheme_json("{'resident':'2','date':'2026-11-20'}"),
	    "resident 2: field name: ",
	    "; correct it first: POST /corrections");
	check_refused(sim, "/corrections", scheme_json("%s", kana),
	    "resident 2: field name: ",
	    "; correct it first: POST /corrections");
	name_again(sim, "2");
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" TRANSFER "','residents':['2'],"
			"'date':'2026-11-20'}"),
	    201);
	make_old(sim, "2", OLD, NUMBERING_NUMBERED);
	check_refused(sim, "/move-ins", scheme_json("%s", back),
	    "resident 2: field name: ", "; correct it first: POST /move-ins");
	double_done(sim);
}

/* Others get theirs, and a correction asks again. */
static void
a_number_is_not_asked_for_under_such_a_name(void **state)
{
	struct simulation *sim = scheme_nation();
	char text[400];
	json_t *reply;

	(void)state;
	scheme_import(sim, SCHEME_HEADER ROW("4", "拒否", "キョヒ"), "");
	make_old(sim, "4", OLD, NUMBERING_WAITING);
	scheme_import(sim, SCHEME_HEADER ROW("5", "山田", "ヤマダ"), "");
	scheme_expect(sim, SHINJUKU, "/residents/5", "numbering", "numbered");
	reply = scheme_get(sim, SHINJUKU, "/residents/4");
	scheme_text(reply, "refusal", text, sizeof(text));
	assert_non_null(strstr(text, "field name: "));
	assert_non_null(strstr(text, "; correct it first: POST /corrections"));
	json_decref(reply);
	name_again(sim, "4");
	settle(sim);
	scheme_expect(sim, SHINJUKU, "/residents/4", "numbering", "numbered");
	double_done(sim);
}

/* The answer to a look from resident `after` on, which lists so many. */
static json_t *
look(struct simulation *sim, int after, size_t want)
{
	char path[40];
	json_t *reply;

	snprintf(path, sizeof(path), "/unfit?after=%d", after);
	reply = scheme_get(sim, SHINJUKU, path);
	assert_int_equal(
	    json_array_size(json_object_get(reply, "unfit")), want);

	return reply;
}

/* A counter and the log alone told of them, before. */
static void
such_records_are_listed_without_names(void **state)
{
	struct simulation *sim = scheme_nation();
	json_t *reply, *one;
	char text[400];

	(void)state;
	scheme_import(sim, SCHEME_FAMILY, "");
	make_old(sim, "2", OLD, NUMBERING_NUMBERED);
	reply = look(sim, 0, 1);
	one = json_array_get(json_object_get(reply, "unfit"), 0);
	assert_int_equal(json_object_size(one), 2);
	scheme_text(one, "resident", text, sizeof(text));
	assert_string_equal(text, "0000000002");
	scheme_text(one, "problem", text, sizeof(text));
	assert_int_equal(strncmp(text, "field name: ", 12), 0);
	assert_null(strstr(text, "花子"));
	json_decref(reply);
	json_decref(look(sim, 2, 0));
	name_again(sim, "2");
	json_decref(look(sim, 0, 0));
	double_done(sim);
}

static void
a_look_for_such_records_is_audited_and_so_is_each_of_them(void **state)
{
	struct simulation *sim = scheme_nation();

	(void)state;
	scheme_import(sim, SCHEME_FAMILY, "");
	json_decref(look(sim, 0, 0));
	make_old(sim, "2", OLD, NUMBERING_NUMBERED);
	json_decref(look(sim, 0, 1));
	assert_int_equal(
	    double_audited(sim, SHINJUKU, "residents.unfit", NULL), 2);
	assert_int_equal(
	    double_audited(sim, SHINJUKU, "resident.unfit", NULL), 1);
	assert_int_equal(
	    double_audited(sim, SHINJUKU, "resident.unfit", "0000000002"), 1);
	double_done(sim);
}

/* Residents 5, 6, ..., each with a row of an import. */
static struct slice
many_rows(size_t n)
{
	struct buf text;
	struct slice ret;
	size_t i;

	buf_init(&text);
	buf_add_string(&text, SCHEME_HEADER);
	for (i = 5; i < n + 5; i++)
		buf_printf(&text,
		    "\n%zu,1,,山田,ヤマダ,1980-01-01,2,東京都新宿区新宿", i);
	ret = arena_copy(arena, buf_slice(&text));
	buf_done(&text);

	return ret;
}

static void
a_look_goes_so_far_and_says_where_to_go_on(void **state)
{
	struct simulation *sim = scheme_nation();
	json_t *reply;

	(void)state;
	scheme_import(sim, many_rows(UNFIT_STEP).data, "");
	scheme_import(sim, SCHEME_HEADER ROW("9000", "山田", "ヤマダ"), "");
	make_old(sim, "9000", OLD, NUMBERING_WAITING);
	reply = look(sim, 0, 0);
	assert_int_equal(
	    json_integer_value(json_object_get(reply, "next")), UNFIT_STEP + 4);
	json_decref(reply);
	reply = look(sim, UNFIT_STEP + 4, 1);
	assert_null(json_object_get(reply, "next"));
	json_decref(reply);
	double_done(sim);
}

/* The last one waited for the timer, before. */
static void
one_such_name_in_a_full_message_delays_nobody(void **state)
{
	struct simulation *sim = scheme_nation();
	char path[40];

	(void)state;
	scheme_import(sim, SCHEME_HEADER ROW("4", "拒否", "キョヒ"), "");
	make_old(sim, "4", OLD, NUMBERING_WAITING);
	fill_pool(sim, REGISTRY_REQUEST_MAX);
	scheme_import(sim, many_rows(REGISTRY_REQUEST_MAX).data, "");
	simulation_run(sim, 5000);
	scheme_expect(sim, SHINJUKU, "/residents/4", "numbering", "refused");
	snprintf(path, sizeof(path), "/residents/%d", REGISTRY_REQUEST_MAX + 4);
	scheme_expect(sim, SHINJUKU, path, "numbering", "numbered");
	double_done(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_moves_whose_name_would_be_refused_there),
	    cmocka_unit_test(
		a_refusal_names_the_residents_field_and_the_route_that_corrects_it),
	    cmocka_unit_test(a_number_is_not_asked_for_under_such_a_name),
	    cmocka_unit_test(such_records_are_listed_without_names),
	    cmocka_unit_test(
		a_look_for_such_records_is_audited_and_so_is_each_of_them),
	    cmocka_unit_test(a_look_goes_so_far_and_says_where_to_go_on),
	    cmocka_unit_test(one_such_name_in_a_full_message_delays_nobody),
	};

	return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
