/* The portal, with a double of the network. */
#include "base/bug.h"
#include "tests/support/portal_scheme.h"

#define FIRST "11111111111111111111111111111111"
#define WITHHELD "cccccccccccccccccccccccccccccccc"
#define SECOND "22222222222222222222222222222222"

static void
answer_records(struct simulation *sim, const char *record)
{
	json_t *body =
	    json_pack("{s:s,s:[{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}],"
		      "s:[{s:s,s:s}]}",
		"request", double_text("records.request", "request"), "records",
		"record", record, "inquirer", "131041", "provider", "012041",
		"item", "local-tax", "affair", "106", "article",
		"番号法19条8号", "unit", "児童手当係", "outcome", "provided",
		"requested", "2026-11-21T08:00:00.000Z", "withheld", "record",
		WITHHELD, "withheld_until", "2027-03-31");

	assert_non_null(body);
	double_say(sim, NETWORK, SELF, "records.answer", body);
}

/* --- Enrolment ----------------------------------------------------------- */

static void
nobody_enrols_without_a_ticket(void **state)
{
	struct simulation *sim = *state;

	json_decref(use(sim, TICKET, 0, 404));
	json_decref(use(sim, "K7M2Q", 0, 404));
	json_decref(use(sim, "K7M2Q-0ABCD-EFGHJ-KMNPQ-7", 0, 404));
	json_decref(use(sim, "K7M2Q-0ABCD-EFGHJ-KMNPU", 0, 404));
	json_decref(double_call(
	    sim, SELF, HTTP_POST, "/enrolments", json_object(), 400));
}

static void
a_ticket_is_read_as_people_type(void **state)
{
	struct simulation *sim = *state;

	order(sim, TICKET, "begin", LC, 0);
	json_decref(use(sim, "k7m2q oabcd efghj kmnpq", 0, 201));
	order(sim, TICKET2, "begin", LC2, 0);
	json_decref(
	    use(sim, "Ｋ７Ｍ２Ｑー０ＡＢＣＤ　ＥＦＧＨＪ－ＫＭＮＰＲ", 0, 201));
}

static void
an_enrolment_waits_for_a_ticket_if_asked_to(void **state)
{
	struct simulation *sim = *state;

	double_tell(sim, NETWORK, SELF, "enrolment.code",
	    order_body(TICKET, "begin", LC, 0));
	json_decref(use(sim, TICKET, 30, 201));
}

static void
a_ticket_works_once(void **state)
{
	struct simulation *sim = *state;

	enrol(sim);
	json_decref(use(sim, TICKET, 0, 404));
	order(sim, TICKET2, "end", LC, 1);
	json_decref(use(sim, TICKET, 0, 404));
	if (bug_is_possible()) {
		bug_set(BUG_TICKET_AGAIN);
		json_decref(use(sim, TICKET, 0, 201));
		bug_set(BUG_NONE);
	}
}

static void
a_ticket_works_for_three_days(void **state)
{
	struct simulation *sim = *state;

	order(sim, TICKET, "begin", LC, 0);
	order(sim, TICKET2, "begin", LC2, 0);
	simulation_run(sim, PORTAL_TICKET_MS - 60000);
	json_decref(use(sim, TICKET, 0, 201));
	simulation_run(sim, 120000);
	json_decref(use(sim, TICKET2, 0, 404));
	if (bug_is_possible()) {
		bug_set(BUG_TICKET_FOREVER);
		json_decref(use(sim, TICKET2, 0, 201));
		bug_set(BUG_NONE);
	}
}

static void
a_later_ticket_takes_the_place_of_the_earlier(void **state)
{
	struct simulation *sim = *state;

	order(sim, TICKET, "begin", LC, 0);
	order(sim, TICKET2, "begin", LC, 1);
	json_decref(use(sim, TICKET, 0, 404));
	json_decref(use(sim, TICKET2, 0, 201));
}

static void
an_enrolment_does_not_end(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);

	double_timers(sim, SELF, 30 * PORTAL_TICKET_MS);
	json_decref(sign_in(sim, &e, e.secret, 201));
}

/* --- Other codes, after the network's key has leaked ---------------------- */

/* The code with which the resident's records are asked for. */
static const char *
code_asked(struct simulation *sim, const struct enrolment *e)
{
	char token[64];

	begin_session(sim, e, token);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
	simulation_run(sim, 1000);

	return double_text("records.request", "code");
}

static void
another_code_takes_the_place_of_the_portals(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);

	other_codes(sim, NETWORK);
	other_codes(sim, NETWORK);
	double_said("code.taken",
	    json_pack("{s:i,s:s,s:s}", "epoch", 2, "first", LC2, "last", LC2));
	assert_string_equal(code_asked(sim, &e), LC2);
	/* An order under the old code is about the same resident. */
	order(sim, TICKET2, "end", LC, 1);
	assert_string_equal(outcome(), "ended");
}

static void
a_code_that_comes_late_is_the_new_one(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e;

	other_codes(sim, NETWORK);
	e = enrol(sim);
	assert_string_equal(code_asked(sim, &e), LC2);
}

static void
the_network_alone_gives_other_codes(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);
	struct problem problem = {0};

	assert_int_equal(simulation_add(sim, &double_network, "012041/network",
			     NULL, &problem),
	    OK);
	other_codes(sim, "012041/network");
	assert_int_equal(double_refused(sim, "012041/network"), 1);
	assert_string_equal(code_asked(sim, &e), LC);
	if (!bug_is_possible())
		return;
	bug_set(BUG_RENEWED_BY_ANYBODY);
	other_codes(sim, "012041/network");
	bug_set(BUG_NONE);
	assert_string_equal(code_asked(sim, &e), LC2);
}

/* --- The counter ---------------------------------------------------------- */

static void
the_counter_hears_what_became_of_its_order(void **state)
{
	struct simulation *sim = *state;

	order(sim, TICKET, "end", LC, 0);
	assert_string_equal(outcome(), "nothing");
	order(sim, TICKET, "begin", LC, 1);
	assert_string_equal(outcome(), "ready");
	json_decref(use(sim, TICKET, 0, 201));
	order(sim, TICKET2, "begin", LC, 2);
	assert_string_equal(outcome(), "has-sign-in");
	json_decref(use(sim, TICKET2, 0, 404));
	order(sim, TICKET2, "renew", LC, 3);
	assert_string_equal(outcome(), "renewed");
	json_decref(use(sim, TICKET2, 0, 201));
	order(sim, TICKET3, "end", LC, 4);
	assert_string_equal(outcome(), "ended");
}

/* A lost secret: the former sign-in and its sessions end at the order. */
static void
a_renewed_enrolment_is_the_only_one(void **state)
{
	struct simulation *sim = *state;
	struct enrolment first = enrol(sim), second;
	json_t *reply;
	char token[64];

	begin_session(sim, &first, token);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
	order(sim, TICKET2, "renew", LC, 1);
	json_decref(resident(sim, HTTP_GET, "/records", token, 401));
	reply = sign_in(sim, &first, first.secret, 403);
	assert_non_null(strstr(
	    json_string_value(json_object_get(reply, "detail")), "131041"));
	json_decref(reply);
	json_decref(sign_in(sim, &first, "wrong", 401));
	second = take(use(sim, TICKET2, 0, 201));
	json_decref(sign_in(sim, &second, second.secret, 201));
	json_decref(sign_in(sim, &first, first.secret, 403));
}

static void
without_the_checks_an_ended_sign_in_goes_on(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);
	char token[64];

	if (!bug_is_possible())
		skip();
	begin_session(sim, &e, token);
	bug_set(BUG_SESSION_OUTLIVES);
	order(sim, TICKET2, "end", LC, 1);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
	bug_set(BUG_ENDED_SIGNS_IN);
	json_decref(sign_in(sim, &e, e.secret, 201));
	bug_set(BUG_NONE);
	json_decref(sign_in(sim, &e, e.secret, 403));
}

/* Somebody else's ticket was given to X: the counter ends what X has, and X
 * enrols as X. */
static void
an_enrolment_as_somebody_else_is_ended(void **state)
{
	struct simulation *sim = *state;
	struct enrolment wrong = enrol_as(sim, TICKET, LC2), right;

	order(sim, TICKET2, "end", LC2, 1);
	json_decref(sign_in(sim, &wrong, wrong.secret, 403));
	right = enrol_as(sim, TICKET3, LC);
	json_decref(sign_in(sim, &right, right.secret, 201));
}

static void
an_order_ends_nobody_elses_sign_in(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);

	order(sim, TICKET2, "end", LC2, 1);
	assert_string_equal(outcome(), "nothing");
	json_decref(sign_in(sim, &e, e.secret, 201));
}

/* Orders may come late and twice. */
static void
an_order_that_was_overtaken_changes_nothing(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e;

	order(sim, TICKET, "begin", LC, 5);
	order(sim, TICKET2, "end", LC, 4);
	assert_string_equal(outcome(), "overtaken");
	e = take(use(sim, TICKET, 0, 201));
	order(sim, TICKET, "begin", LC, 5);
	assert_string_equal(outcome(), "overtaken");
	json_decref(use(sim, TICKET, 0, 404));
	order(sim, TICKET3, "renew", LC, 4);
	json_decref(sign_in(sim, &e, e.secret, 201));
}

/* The nation's hour begins with minute 60. */
static void
a_counter_whose_clock_is_ahead_overtakes_nobody_for_long(void **state)
{
	struct simulation *sim = *state;

	order(sim, TICKET, "begin", LC, 75);
	assert_string_equal(outcome(), "ready");
	simulation_run(sim, 4 * 60000);
	order(sim, TICKET2, "begin", LC, 63);
	assert_string_equal(outcome(), "ready");
	json_decref(use(sim, TICKET, 0, 404));
	json_decref(use(sim, TICKET2, 0, 201));
	if (bug_is_possible()) {
		bug_set(BUG_ORDER_AHEAD);
		order(sim, "K7M2Q-0ABCD-EFGHJ-KMNPT", "begin", LC2, 75);
		order(sim, TICKET3, "begin", LC2, 64);
		assert_string_equal(outcome(), "overtaken");
		bug_set(BUG_NONE);
	}
}

/* A municipality without a registry in the directory. */
static void
an_order_of_a_counter_that_nobody_knows_is_obeyed(void **state)
{
	struct simulation *sim = *state;
	json_t *body = order_body(TICKET, "begin", LC, 0);

	json_object_set_new(body, "municipality", json_string("999999"));
	double_say(sim, NETWORK, SELF, "enrolment.code", body);
	assert_int_equal(double_refused(sim, NETWORK), 0);
	json_decref(use(sim, TICKET, 0, 201));
}

/* --- Secrets ------------------------------------------------------------- */

static void
five_wrong_secrets_lock_for_an_hour(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);
	json_t *reply;
	int i;

	for (i = 0; i < PORTAL_TRIES_MAX; i++) {
		reply = sign_in(sim, &e, "wrong", 401);
		assert_string_equal(
		    json_string_value(json_object_get(reply, "error")),
		    "unauthenticated");
		json_decref(reply);
	}
	json_decref(sign_in(sim, &e, e.secret, 403));
	simulation_run(sim, PORTAL_LOCK_MS);
	json_decref(sign_in(sim, &e, e.secret, 201));
}

static void
a_right_secret_forgives_the_wrong_ones(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);
	int i;

	for (i = 0; i < 2 * PORTAL_TRIES_MAX; i++) {
		json_decref(sign_in(sim, &e, "wrong", 401));
		json_decref(sign_in(sim, &e, e.secret, 201));
	}
}

static void
another_enrolments_secret_does_not_fit(void **state)
{
	struct simulation *sim = *state;
	struct enrolment first = enrol(sim),
			 second = enrol_as(sim, TICKET2, LC2);

	json_decref(sign_in(sim, &first, second.secret, 401));
	snprintf(first.enrolment, sizeof(first.enrolment),
	    "00000000000000000000000000000000");
	json_decref(sign_in(sim, &first, first.secret, 401));
}

/* --- Sessions ------------------------------------------------------------ */

static void
a_session_ends_by_itself_and_on_request(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);
	char first[64], second[64];

	begin_session(sim, &e, first);
	begin_session(sim, &e, second);
	json_decref(resident(sim, HTTP_DELETE, "/sessions", first, 200));
	json_decref(resident(sim, HTTP_DELETE, "/sessions", first, 401));
	json_decref(resident(sim, HTTP_GET, "/records", first, 401));
	json_decref(resident(sim, HTTP_GET, "/records", second, 202));
	simulation_run(sim, PORTAL_SESSION_MS + 60000);
	json_decref(resident(sim, HTTP_GET, "/records", second, 401));
}

static void
a_made_up_token_is_nobody(void **state)
{
	struct simulation *sim = *state;

	json_decref(resident(sim, HTTP_GET, "/records", "x", 401));
	json_decref(resident(sim, HTTP_GET, "/records",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 401));
}

/* --- Records ------------------------------------------------------------- */

static const char *
first_record(const json_t *reply)
{
	return json_string_value(json_object_get(
	    json_array_get(json_object_get(reply, "records"), 0), "record"));
}

static void
assert_said(const json_t *line, const char *key, const char *want)
{
	assert_string_equal(
	    json_string_value(json_object_get(line, key)), want);
}

/* A line that a record is withheld, and until when; nothing else. */
static void
assert_withheld(const json_t *reply)
{
	json_t *line = json_array_get(json_object_get(reply, "records"), 1);

	assert_string_equal(
	    json_string_value(json_object_get(line, "record")), WITHHELD);
	assert_string_equal(
	    json_string_value(json_object_get(line, "withheld_until")),
	    "2027-03-31");
	assert_int_equal(json_object_size(line), 2);
}

static bool
is_instant(const json_t *text)
{
	struct instant at;

	return instant_parse(slice_of(json_string_value(text)), &at) == OK;
}

static void
records_are_asked_for_and_handed_over_once(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);
	char token[64];
	json_t *reply;

	begin_session(sim, &e, token);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_string_equal(double_text("records.request", "code"), LC);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
	assert_int_equal(double_count("records.request"), 1);
	answer_records(sim, FIRST);
	answer_records(sim, SECOND);
	reply = resident(sim, HTTP_GET, "/records", token, 200);
	assert_string_equal(first_record(reply), FIRST);
	assert_withheld(reply);
	assert_int_equal(json_object_size(reply), 3);
	assert_true(is_instant(json_object_get(reply, "as_of")));
	json_decref(reply);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_int_equal(double_count("records.request"), 2);
}

static void
an_old_answer_is_not_handed_over(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);
	char token[64];

	begin_session(sim, &e, token);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	answer_records(sim, FIRST);
	simulation_run(sim, PORTAL_FRESH_MS + 1000);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
}

static void
one_residents_answer_does_not_reach_another(void **state)
{
	struct simulation *sim = *state;
	struct enrolment first = enrol(sim),
			 second = enrol_as(sim, TICKET2, LC2);
	char token[64], other[64];

	begin_session(sim, &first, token);
	begin_session(sim, &second, other);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	answer_records(sim, FIRST);
	json_decref(resident(sim, HTTP_GET, "/records", other, 202));
	json_decref(resident(sim, HTTP_GET, "/records", token, 200));
}

static void
an_answer_after_the_session_is_dropped(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);
	char token[64];

	begin_session(sim, &e, token);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	json_decref(resident(sim, HTTP_DELETE, "/sessions", token, 200));
	answer_records(sim, FIRST);
	assert_int_equal(double_refused(sim, NETWORK), 0);
}

/* Under every later sign-in, too. */
static void
the_records_show_what_counters_did(void **state)
{
	static const char *const want[] = {
	    "ticket", "begun", "ended", "ticket", "begun"};
	struct simulation *sim = *state;
	struct enrolment e;
	const json_t *lines;
	char token[64];
	json_t *reply;
	size_t i;

	enrol(sim);
	enrol_as(sim, TICKET3, LC2);
	order(sim, TICKET2, "renew", LC, 1);
	e = take(use(sim, TICKET2, 0, 201));
	begin_session(sim, &e, token);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	answer_records(sim, FIRST);
	reply = resident(sim, HTTP_GET, "/records", token, 200);
	lines = json_object_get(reply, "sign_in");
	assert_int_equal(
	    json_array_size(lines), sizeof(want) / sizeof(want[0]));
	for (i = 0; i < json_array_size(lines); i++) {
		assert_said(json_array_get(lines, i), "what", want[i]);
		assert_said(json_array_get(lines, i), "municipality", "131041");
		assert_true(is_instant(
		    json_object_get(json_array_get(lines, i), "at")));
	}
	json_decref(reply);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(another_code_takes_the_place_of_the_portals),
	    TEST(a_code_that_comes_late_is_the_new_one),
	    TEST(the_network_alone_gives_other_codes),
	    TEST(nobody_enrols_without_a_ticket),
	    TEST(a_ticket_is_read_as_people_type),
	    TEST(an_enrolment_waits_for_a_ticket_if_asked_to),
	    TEST(a_ticket_works_once),
	    TEST(a_ticket_works_for_three_days),
	    TEST(a_later_ticket_takes_the_place_of_the_earlier),
	    TEST(an_enrolment_does_not_end),
	    TEST(the_counter_hears_what_became_of_its_order),
	    TEST(a_renewed_enrolment_is_the_only_one),
	    TEST(without_the_checks_an_ended_sign_in_goes_on),
	    TEST(an_enrolment_as_somebody_else_is_ended),
	    TEST(an_order_ends_nobody_elses_sign_in),
	    TEST(an_order_that_was_overtaken_changes_nothing),
	    TEST(a_counter_whose_clock_is_ahead_overtakes_nobody_for_long),
	    TEST(an_order_of_a_counter_that_nobody_knows_is_obeyed),
	    TEST(five_wrong_secrets_lock_for_an_hour),
	    TEST(a_right_secret_forgives_the_wrong_ones),
	    TEST(another_enrolments_secret_does_not_fit),
	    TEST(a_session_ends_by_itself_and_on_request),
	    TEST(a_made_up_token_is_nobody),
	    TEST(records_are_asked_for_and_handed_over_once),
	    TEST(an_old_answer_is_not_handed_over),
	    TEST(one_residents_answer_does_not_reach_another),
	    TEST(an_answer_after_the_session_is_dropped),
	    TEST(the_records_show_what_counters_did),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
