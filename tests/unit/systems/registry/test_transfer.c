/* Moves between two municipalities, and arrivals from elsewhere. */
#include "base/bug.h"
#include "tests/support/registry_scheme.h"

#define TRANSFER "aa112233445566778899aabbccddeeff"
#define BACK "bb112233445566778899aabbccddeeff"
#define HOME "北海道旭川市六条通9丁目46番地"
#define ARRIVE                                        \
	"{'transfer':'" TRANSFER "','address':'" HOME \
	"','postal_code':'0708525','date':'2026-11-21','wait':30}"

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
leave(struct simulation *sim, const char *to, int want)
{
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" TRANSFER "','residents':['1','2','3'],"
			"'to':'%s','date':'2026-11-20'}",
		to),
	    want);
}

static void
a_family_moves_with_codes_and_numbers(void **state)
{
	struct simulation *sim = family();
	char before[16], after[16];
	json_t *json;

	(void)state;
	json = scheme_get(sim, SHINJUKU, "/notices/1");
	scheme_text(json, "number", before, sizeof(before));
	json_decref(json);
	leave(sim, "012041", 201);
	scheme_expect(
	    sim, ASAHIKAWA, "/transfers/" TRANSFER "?wait=30", "state", "open");
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "moved-out");
	/* nothing on record before they say that they have come */
	assert_int_equal(double_progress(sim, ASAHIKAWA, "residents"), 0);
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 201);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "address", HOME);
	scheme_expect(sim, ASAHIKAWA, "/residents/2", "numbering", "numbered");
	scheme_expect(sim, ASAHIKAWA, "/residents/3", "relation", "子");
	assert_int_equal(double_progress(sim, ASAHIKAWA, "numbered"), 3);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "notices"), 0);
	settle(sim);
	scheme_expect(sim, SHINJUKU,
	    "/transfers/" TRANSFER "?wait=30&until=completed", "state",
	    "completed");
	assert_string_equal(
	    double_item("persons.registered", 0, 0), "0000000001");
	snprintf(after, sizeof(after), "%s",
	    double_item("persons.registered", 0, 1));
	assert_string_equal(before, after);
	assert_int_equal(double_count("identity.update"), 0);
	double_done(sim);
}

static void
moves_are_declared_once(void **state)
{
	struct simulation *sim = family();

	(void)state;
	leave(sim, "012041", 201);
	leave(sim, "012041", 201);
	leave(sim, "014010", 409);
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" TRANSFER "','residents':['1','2'],"
			"'to':'012041','date':'2026-11-20'}"),
	    409);
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" TRANSFER "',"
			"'residents':['1','2','3'],'to':'012041',"
			"'date':'2026-11-21'}"),
	    409);
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" BACK "','residents':['1'],"
			"'to':'012041','date':'2026-11-20'}"),
	    409);
	settle(sim);
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 201);
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 201);
	settle(sim);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "residents"), 3);
	assert_int_equal(double_count("transfer.arrive"), 1);
	double_done(sim);
}

static void
without_a_notice_nobody_moves_in(void **state)
{
	struct simulation *sim = family();

	(void)state;
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 404);
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" TRANSFER "','residents':['1'],"
			"'to':'131041','date':'2026-11-20'}"),
	    400);
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" TRANSFER "','residents':[],"
			"'to':'012041','date':'2026-11-20'}"),
	    400);
	json_decref(double_call(
	    sim, ASAHIKAWA, HTTP_GET, "/transfers/" TRANSFER, NULL, 404));
	double_done(sim);
}

static void
a_refused_move_is_taken_back(void **state)
{
	struct simulation *sim = family();

	(void)state;
	leave(sim, "999999", 201);
	settle(sim);
	scheme_expect(sim, SHINJUKU, "/transfers/" TRANSFER, "reason",
	    "no-such-municipality");
	scheme_expect(sim, SHINJUKU, "/residents/2", "state", "current");
	scheme_expect(
	    sim, SHINJUKU, "/residents/2", "event", "move-out-cancelled");
	double_done(sim);
}

static void
a_move_that_jukinet_does_not_take_is_taken_back(void **state)
{
	struct simulation *sim = family();

	(void)state;
	double_refuses = "transfer.notice";
	leave(sim, "012041", 201);
	settle(sim);
	scheme_expect(sim, SHINJUKU, "/transfers/" TRANSFER, "reason",
	    "the double refuses it");
	scheme_expect(sim, SHINJUKU, "/residents/2", "state", "current");
	double_done(sim);
}

/* Jukinet says that the first of the family has arrived. */
static void
say_completed(struct simulation *sim)
{
	const char *code = json_string_value(json_object_get(
	    json_array_get(
		json_object_get(double_last("transfer.notice"), "people"), 0),
	    "code"));

	double_say(sim, "jlis/jukinet", SHINJUKU, "transfer.completed",
	    scheme_json("{'transfer':'" TRANSFER "',"
			"'codes':['%s'],'date':'2026-11-21'}",
		code));
}

static void
nobody_arrives_by_a_move_that_was_taken_back(void **state)
{
	struct simulation *sim = family();

	(void)state;
	leave(sim, "999999", 201);
	settle(sim);
	say_completed(sim);
	assert_int_equal(double_refused(sim, "jlis/jukinet"), 1);
	scheme_expect(
	    sim, SHINJUKU, "/transfers/" TRANSFER, "state", "refused");
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "current");
	double_done(sim);
}

/* The family has moved from Shinjuku to Asahikawa. */
static struct simulation *
arrived_family(void)
{
	struct simulation *sim = family();

	leave(sim, "012041", 201);
	settle(sim);
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 201);
	settle(sim);

	return sim;
}

static void
nobody_arrives_by_a_move_that_is_over(void **state)
{
	struct simulation *sim = arrived_family();

	(void)state;
	say_completed(sim);
	assert_int_equal(double_refused(sim, "jlis/jukinet"), 1);
	scheme_expect(
	    sim, SHINJUKU, "/transfers/" TRANSFER, "state", "completed");
	double_done(sim);
}

static void
who_comes_back_keeps_the_old_record(void **state)
{
	struct simulation *sim = arrived_family();

	(void)state;
	scheme_post(sim, ASAHIKAWA, "/move-outs",
	    scheme_json("{'transfer':'" BACK "','residents':['2'],"
			"'to':'131041','date':'2026-11-21'}"),
	    201);
	settle(sim);
	scheme_post(sim, SHINJUKU, "/move-ins",
	    scheme_json("{'transfer':'" BACK "','address':'東京都新宿区',"
			"'date':'2026-11-21','wait':30}"),
	    201);
	scheme_expect(sim, SHINJUKU, "/residents/2", "state", "current");
	scheme_expect(sim, SHINJUKU, "/residents/2", "address", "東京都新宿区");
	scheme_expect(sim, SHINJUKU, "/notices/2", "reason", "first");
	assert_int_equal(double_progress(sim, SHINJUKU, "residents"), 3);
	double_done(sim);
}

static void
some_of_a_family_may_come_later(void **state)
{
	struct simulation *sim = family();
	const char *code;
	json_t *open;

	(void)state;
	leave(sim, "012041", 201);
	settle(sim);
	/* an empty list is not everybody */
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json("{'transfer':'" TRANSFER "','codes':[],"
			"'address':'" HOME "','date':'2026-11-21'}"),
	    400);
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json("{'transfer':'" TRANSFER "','codes':['00000000000'],"
			"'address':'" HOME "','date':'2026-11-21'}"),
	    400);
	code = json_string_value(json_object_get(
	    json_array_get(
		json_object_get(double_last("transfer.notice"), "people"), 2),
	    "code"));
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json("{'transfer':'" TRANSFER "','codes':['%s'],"
			"'address':'" HOME "','date':'2026-11-21','wait':30}",
		code),
	    201);
	settle(sim);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "relation", "子");
	assert_int_equal(double_progress(sim, ASAHIKAWA, "residents"), 1);
	scheme_expect(sim, SHINJUKU, "/transfers/" TRANSFER, "state", "open");
	open = scheme_get(sim, ASAHIKAWA, "/transfers");
	assert_int_equal(
	    json_array_size(json_object_get(open, "transfers")), 1);
	json_decref(open);
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 201);
	settle(sim);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "residents"), 3);
	scheme_expect(
	    sim, SHINJUKU, "/transfers/" TRANSFER, "state", "completed");
	open = scheme_get(sim, ASAHIKAWA, "/transfers");
	assert_int_equal(
	    json_array_size(json_object_get(open, "transfers")), 0);
	json_decref(open);
	double_done(sim);
}

static void
newcomers_get_a_code_and_a_number(void **state)
{
	struct simulation *sim = family();
	const char *body =
	    "{'registration':'" BACK "','address':'" HOME "',"
	    "'date':'2026-11-21','name':'NGUYEN VAN A','birth':'1990-00-00',"
	    "'sex':'1','nationality':'ベトナム','residence_status':'留学'}";

	(void)state;
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json("%s", body), 201);
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json("%s", body), 201);
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json("{'registration':'" BACK "','address':'" HOME "',"
			"'date':'2026-11-21','name':'NGUYEN VAN B',"
			"'birth':'1990-00-00','sex':'1',"
			"'nationality':'ベトナム'}"),
	    409);
	settle(sim);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "residents"), 1);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "numbering", "numbered");
	scheme_expect(
	    sim, ASAHIKAWA, "/residents/1", "nationality", "ベトナム");
	/* under another id it is the same person */
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json("{'registration':'" TRANSFER "','address':'" HOME "',"
			"'date':'2026-11-21','name':'NGUYEN VAN A',"
			"'birth':'1990-00-00','sex':'1',"
			"'nationality':'ベトナム'}"),
	    409);
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json("{'address':'" HOME "','date':'2026-11-21'}"), 400);
	double_done(sim);
}

static void
back_from_abroad_is_the_same_record(void **state)
{
	struct simulation *sim = family();

	(void)state;
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" TRANSFER "','residents':['1'],"
			"'date':'2026-11-20'}"),
	    201);
	settle(sim);
	assert_string_equal(double_item("identity.update", 0, 1), "move-out");
	scheme_post(sim, SHINJUKU, "/move-ins",
	    scheme_json("{'registration':'" BACK "','resident':'1',"
			"'address':'東京都新宿区','date':'2026-11-21'}"),
	    201);
	settle(sim);
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "current");
	assert_string_equal(double_item("identity.update", 0, 1), "move-in");
	assert_int_equal(double_progress(sim, SHINJUKU, "numbered"), 3);
	scheme_post(sim, SHINJUKU, "/move-ins",
	    scheme_json("{'registration':'" TRANSFER "','resident':'1',"
			"'address':'東京都新宿区','date':'2026-11-21'}"),
	    409);
	double_done(sim);
}

/* 住基法30条の3第1項: no second code, and so no second number. */
static void
back_from_abroad_elsewhere_the_code_comes_along(void **state)
{
	struct simulation *sim = scheme_nation();
	struct resident_code code = resident_code_from_body(4711);
	struct individual_number number = scheme_number(&code, 0);
	char text[RESIDENT_CODE_DIGITS + 1], digits[16];
	int64_t pool = double_progress(sim, ASAHIKAWA, "pool");

	(void)state;
	resident_code_format(&code, text);
	individual_number_format(&number, digits);
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json(
		"{'registration':'" BACK "','address':'" HOME "',"
		"'date':'2026-11-21','name':'帰国　太郎',"
		"'kana':'キコク　タロウ','birth':'1990-01-01','sex':'1','code':'%s'}",
		text),
	    201);
	settle(sim);
	scheme_expect(sim, ASAHIKAWA, "/residents/1", "numbering", "numbered");
	scheme_post(sim, ASAHIKAWA, "/lookups",
	    scheme_json("{'number':'%s'}", digits), 200);
	/* A code was set aside until that was settled, and is nobody's now. */
	assert_int_equal(double_progress(sim, ASAHIKAWA, "pool"), pool - 1);
	assert_string_equal(double_text("arrival.decided", "decision"), "same");
	/* The number is no news to the person. */
	assert_int_equal(double_progress(sim, ASAHIKAWA, "notices"), 0);
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json(
		"{'registration':'" TRANSFER "','address':'" HOME "',"
		"'date':'2026-11-21','name':'帰国　次郎',"
		"'kana':'キコク　ジロウ','birth':'1990-01-02','sex':'1','code':'%s'}",
		text),
	    409);
	scheme_post(sim, ASAHIKAWA, "/move-ins",
	    scheme_json(
		"{'registration':'" TRANSFER "','address':'" HOME "',"
		"'date':'2026-11-21','name':'帰国　次郎',"
		"'kana':'キコク　ジロウ','birth':'1990-01-02','sex':'1',"
		"'code':'12345678901'}"),
	    400);
	double_done(sim);
}

/* ---- Jukinet answers first ---------------------------------------------- */

/* The code of one of the last notice's people. */
static const char *
code_of(size_t i)
{
	return json_string_value(json_object_get(
	    json_array_get(
		json_object_get(double_last("transfer.notice"), "people"), i),
	    "code"));
}

static void
say_ended(struct simulation *sim, const char *registry, const char *reason)
{
	double_say(sim, "jlis/jukinet", registry, "transfer.ended",
	    scheme_json("{'transfer':'" TRANSFER "','codes':['%s','%s','%s'],"
			"'reason':'%s'}",
		code_of(0), code_of(1), code_of(2), reason));
}

static void
expect_found(struct simulation *sim, const char *registry, int want)
{
	scheme_post(sim, registry, "/lookups",
	    scheme_json("{'code':'%s'}", code_of(0)), want);
}

/* 仮登録: neither lists nor the addressee know of who is not confirmed. */
static void
a_declared_arrival_is_no_record_before_the_answer(void **state)
{
	static const struct simulation_faults none;
	static const struct simulation_faults cut = {.lose_request = 1000};
	struct simulation *sim = family();
	size_t told;

	(void)state;
	leave(sim, "012041", 201);
	settle(sim);
	told = double_count("persons.registered");
	simulation_set_faults(sim, &cut);
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 202);
	scheme_expect(sim, ASAHIKAWA, "/transfers/" TRANSFER, "state", "open");
	expect_found(sim, ASAHIKAWA, 404);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "residents"), 0);
	simulation_set_faults(sim, &none);
	settle(sim);
	assert_int_equal(double_count("persons.registered"), told + 1);
	expect_found(sim, ASAHIKAWA, 200);
	scheme_expect(
	    sim, ASAHIKAWA, "/transfers/" TRANSFER, "state", "completed");
	double_done(sim);
}

/* By whom the record says that it was made. */
static void
expect_recorded_by(struct simulation *sim, const char *path, const char *want)
{
	json_t *history = scheme_get(sim, ASAHIKAWA, path);

	assert_string_equal(
	    json_string_value(json_object_get(
		json_array_get(json_object_get(history, "versions"), 0),
		"recorded_by")),
	    want);
	json_decref(history);
}

static void
the_clerk_who_took_the_declaration_is_on_record(void **state)
{
	struct simulation *sim = arrived_family();

	(void)state;
	expect_recorded_by(sim, "/residents/1/history", "operator");
	double_done(sim);
}

static struct simulation *
family_with_a_refused(void)
{
	struct simulation *sim = scheme_nation();

	scheme_import(sim, SCHEME_FAMILY, "");
	scheme_post(sim, SHINJUKU, "/corrections",
	    scheme_json("{'resident':'2','date':'2026-11-20',"
			"'name':'拒否　花子'}"),
	    200);
	settle(sim);
	leave(sim, "012041", 201);
	settle(sim);

	return sim;
}

/* Jukinet has another view of one of them: a record of nobody stays. */
static void
an_arrival_that_jukinet_refuses_leaves_no_resident(void **state)
{
	struct simulation *sim = family_with_a_refused();
	json_t *move;

	(void)state;
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 201);
	settle(sim);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "residents"), 2);
	move = scheme_get(sim, ASAHIKAWA, "/transfers/" TRANSFER);
	assert_string_equal(
	    json_string_value(json_object_get(
		json_array_get(json_object_get(move, "movers"), 1), "state")),
	    "refused");
	json_decref(move);
	scheme_expect(sim, SHINJUKU, "/transfers/" TRANSFER, "state", "open");
	double_done(sim);
}

/* The same attack, where the arrival counts at once. */
static void
an_arrival_that_is_not_answered_makes_a_resident_without_the_check(void **state)
{
	struct simulation *sim = family_with_a_refused();

	(void)state;
	if (!bug_is_possible()) {
		double_done(sim);
		skip();
	}
	bug_set(BUG_ARRIVAL_UNASKED);
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 201);
	bug_set(BUG_NONE);
	settle(sim);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "residents"), 3);
	double_done(sim);
}

static void
an_arrival_that_jukinet_does_not_take_leaves_no_resident(void **state)
{
	struct simulation *sim = family();

	(void)state;
	leave(sim, "012041", 201);
	settle(sim);
	double_refuses = "transfer.arrive";
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 409);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "residents"), 0);
	scheme_expect(sim, ASAHIKAWA, "/transfers/" TRANSFER, "state", "ended");
	double_done(sim);
}

/* A number that was another resident's could not be written after the answer. */
static void
what_could_not_be_written_is_refused_at_the_counter(void **state)
{
	struct simulation *sim = family();
	char code[16], number[16];
	json_t *notice;

	(void)state;
	notice = scheme_get(sim, SHINJUKU, "/notices/1");
	scheme_text(notice, "number", number, sizeof(number));
	json_decref(notice);
	snprintf(code, sizeof(code), "%s", "00000000019");
	double_say(sim, "jlis/jukinet", SHINJUKU, "transfer.notice",
	    scheme_json("{'transfer':'" TRANSFER "','household':'" BACK "',"
			"'date':'2026-11-20','from_organisation':'012041',"
			"'to':'131041','people':[{'code':'%s','number':'%s',"
			"'person':{'name':'山田　太郎','birth':'1988-04-01',"
			"'sex':'1','address':'x'}}]}",
		code, number));
	scheme_post(sim, SHINJUKU, "/move-ins", scheme_json(ARRIVE), 409);
	assert_int_equal(double_count("transfer.arrive"), 0);
	double_done(sim);
}

/* ---- Withdrawals, and the end of a notice ------------------------------- */

#define WITHDRAWAL "/move-outs/" TRANSFER "/withdrawal"

static void
who_stays_is_taken_back_when_jukinet_has_said_so(void **state)
{
	struct simulation *sim = family();

	(void)state;
	leave(sim, "012041", 201);
	settle(sim);
	scheme_post(sim, SHINJUKU, WITHDRAWAL, scheme_json("{}"), 202);
	scheme_post(sim, SHINJUKU, WITHDRAWAL, scheme_json("{}"), 202);
	settle(sim);
	assert_int_equal(double_count("transfer.withdraw"), 1);
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "moved-out");
	say_ended(sim, SHINJUKU, "withdrawn");
	say_ended(sim, ASAHIKAWA, "withdrawn");
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "current");
	scheme_expect(
	    sim, SHINJUKU, "/residents/1", "event", "move-out-cancelled");
	scheme_expect(sim, SHINJUKU, "/transfers/" TRANSFER, "state", "ended");
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 409);
	assert_int_equal(double_progress(sim, ASAHIKAWA, "residents"), 0);
	double_done(sim);
}

static void
one_of_a_family_stays(void **state)
{
	struct simulation *sim = family();

	(void)state;
	leave(sim, "012041", 201);
	settle(sim);
	scheme_post(
	    sim, SHINJUKU, WITHDRAWAL, scheme_json("{'residents':['4']}"), 400);
	scheme_post(
	    sim, SHINJUKU, WITHDRAWAL, scheme_json("{'residents':['2']}"), 202);
	double_say(sim, "jlis/jukinet", SHINJUKU, "transfer.ended",
	    scheme_json("{'transfer':'" TRANSFER "','codes':['%s'],"
			"'reason':'withdrawn'}",
		code_of(1)));
	double_say(sim, "jlis/jukinet", ASAHIKAWA, "transfer.ended",
	    scheme_json("{'transfer':'" TRANSFER "','codes':['%s'],"
			"'reason':'withdrawn'}",
		code_of(1)));
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 201);
	settle(sim);
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "moved-out");
	scheme_expect(sim, SHINJUKU, "/residents/2", "state", "current");
	assert_int_equal(double_progress(sim, ASAHIKAWA, "residents"), 2);
	scheme_expect(
	    sim, SHINJUKU, "/transfers/" TRANSFER, "state", "completed");
	scheme_post(
	    sim, SHINJUKU, WITHDRAWAL, scheme_json("{'residents':['1']}"), 409);
	double_done(sim);
}

/* Jukinet puts the two in order: the arrival was first. */
static void
a_withdrawal_that_comes_too_late_takes_nobody_back(void **state)
{
	struct simulation *sim = family();

	(void)state;
	leave(sim, "012041", 201);
	settle(sim);
	scheme_post(sim, SHINJUKU, WITHDRAWAL, scheme_json("{}"), 202);
	say_ended(sim, SHINJUKU, "arrived");
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "moved-out");
	scheme_expect(
	    sim, SHINJUKU, "/transfers/" TRANSFER, "state", "completed");
	double_done(sim);
}

/* The notice has ended, the person is away: a clerk says that they stay, or
 * announces the move again. */
static void
who_did_not_arrive_in_time_stays_by_a_clerks_act(void **state)
{
	struct simulation *sim = family();

	(void)state;
	leave(sim, "012041", 201);
	settle(sim);
	scheme_expect(
	    sim, ASAHIKAWA, "/transfers/" TRANSFER, "until", "2027-01-20");
	say_ended(sim, SHINJUKU, "expired");
	say_ended(sim, ASAHIKAWA, "expired");
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "moved-out");
	scheme_expect(sim, SHINJUKU, "/transfers/" TRANSFER, "state", "ended");
	scheme_post(sim, ASAHIKAWA, "/move-ins", scheme_json(ARRIVE), 409);
	scheme_post(sim, SHINJUKU, WITHDRAWAL, scheme_json("{}"), 200);
	settle(sim);
	assert_int_equal(double_count("transfer.withdraw"), 0);
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "current");
	scheme_post(sim, SHINJUKU, "/move-outs",
	    scheme_json("{'transfer':'" BACK "','residents':['1','2','3'],"
			"'to':'012041','date':'2026-11-21'}"),
	    201);
	settle(sim);
	/* The old notice's end says nothing about the new one. */
	scheme_post(sim, SHINJUKU, WITHDRAWAL, scheme_json("{}"), 200);
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "moved-out");
	double_done(sim);
}

/* Otherwise the person would live in two places. */
static void
who_is_announced_elsewhere_has_not_come_back_from_abroad(void **state)
{
	struct simulation *sim = family();

	(void)state;
	leave(sim, "012041", 201);
	settle(sim);
	scheme_post(sim, SHINJUKU, "/move-ins",
	    scheme_json("{'registration':'" BACK "','resident':'1',"
			"'address':'東京都新宿区','date':'2026-11-21'}"),
	    409);
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "moved-out");
	double_done(sim);
}

/* Jukinet knows the person elsewhere: the record is closed again. */
static void
who_is_refused_as_a_returner_is_no_resident(void **state)
{
	struct simulation *sim = arrived_family();

	(void)state;
	double_refuses = "identity.update";
	scheme_post(sim, SHINJUKU, "/move-ins",
	    scheme_json("{'registration':'" BACK "','resident':'1',"
			"'address':'東京都新宿区','date':'2026-11-21'}"),
	    201);
	settle(sim);
	scheme_expect(sim, SHINJUKU, "/residents/1", "state", "moved-out");
	scheme_expect(
	    sim, SHINJUKU, "/residents/1", "event", "move-in-refused");
	double_done(sim);
}

static void
malformed_notices_are_refused(void **state)
{
	struct simulation *sim = scheme_nation();

	(void)state;
	double_say(sim, "jlis/jukinet", SHINJUKU, "transfer.notice",
	    scheme_json("{'transfer':'" TRANSFER "','household':'" BACK "',"
			"'to':'131041','date':'2026-11-20',"
			"'from_organisation':'012041','people':[]}"));
	double_say(sim, "jlis/jukinet", SHINJUKU, "transfer.notice",
	    scheme_json("{'transfer':'" TRANSFER "','household':'" BACK "',"
			"'to':'131041','date':'2026-11-20','people':[]}"));
	double_say(sim, "jlis/jukinet", SHINJUKU, "transfer.completed",
	    scheme_json("{'transfer':'" TRANSFER "',"
			"'codes':[],'date':'2026-11-20'}"));
	double_say(sim, "jlis/jukinet", SHINJUKU, "transfer.arrived",
	    scheme_json("{'transfer':'" TRANSFER "','codes':[],"
			"'refused':[]}"));
	double_say(sim, "jlis/jukinet", SHINJUKU, "transfer.refused",
	    scheme_json("{'transfer':'" TRANSFER "','reason':'x'}"));
	assert_int_equal(double_refused(sim, "jlis/jukinet"), 5);
	double_done(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_family_moves_with_codes_and_numbers),
	    cmocka_unit_test(moves_are_declared_once),
	    cmocka_unit_test(without_a_notice_nobody_moves_in),
	    cmocka_unit_test(a_refused_move_is_taken_back),
	    cmocka_unit_test(a_move_that_jukinet_does_not_take_is_taken_back),
	    cmocka_unit_test(nobody_arrives_by_a_move_that_was_taken_back),
	    cmocka_unit_test(nobody_arrives_by_a_move_that_is_over),
	    cmocka_unit_test(who_comes_back_keeps_the_old_record),
	    cmocka_unit_test(some_of_a_family_may_come_later),
	    cmocka_unit_test(newcomers_get_a_code_and_a_number),
	    cmocka_unit_test(back_from_abroad_is_the_same_record),
	    cmocka_unit_test(back_from_abroad_elsewhere_the_code_comes_along),
	    cmocka_unit_test(a_declared_arrival_is_no_record_before_the_answer),
	    cmocka_unit_test(the_clerk_who_took_the_declaration_is_on_record),
	    cmocka_unit_test(
		an_arrival_that_jukinet_refuses_leaves_no_resident),
	    cmocka_unit_test(
		an_arrival_that_is_not_answered_makes_a_resident_without_the_check),
	    cmocka_unit_test(
		an_arrival_that_jukinet_does_not_take_leaves_no_resident),
	    cmocka_unit_test(
		what_could_not_be_written_is_refused_at_the_counter),
	    cmocka_unit_test(who_stays_is_taken_back_when_jukinet_has_said_so),
	    cmocka_unit_test(one_of_a_family_stays),
	    cmocka_unit_test(
		a_withdrawal_that_comes_too_late_takes_nobody_back),
	    cmocka_unit_test(who_did_not_arrive_in_time_stays_by_a_clerks_act),
	    cmocka_unit_test(
		who_is_announced_elsewhere_has_not_come_back_from_abroad),
	    cmocka_unit_test(who_is_refused_as_a_returner_is_no_resident),
	    cmocka_unit_test(malformed_notices_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
