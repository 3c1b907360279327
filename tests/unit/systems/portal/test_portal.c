/* The portal, with a double of the network. */
#include "base/bug.h"
#include "systems/portal/portal.h"
#include "tests/support/double.h"

#define SELF "digital/portal"
#define NETWORK "digital/network"
#define LC "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LC2 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

struct enrolment {
	char enrolment[33];
	char secret[64];
	char acquisition[33];
};

static int
set_up(void **state)
{
	static const struct double_member members[] = {
	    {&double_network, NETWORK},
	    {&portal_system, SELF},
	};

	*state = double_nation(members, sizeof(members) / sizeof(members[0]));

	return 0;
}

static void
copy(char *to, size_t size, const json_t *from, const char *key)
{
	const char *text = json_string_value(json_object_get(from, key));

	assert_non_null(text);
	snprintf(to, size, "%s", text);
}

static struct enrolment
enrol(struct simulation *sim)
{
	json_t *reply =
	    double_call(sim, SELF, HTTP_POST, "/enrolments", NULL, 201);
	struct enrolment e;

	copy(e.enrolment, sizeof(e.enrolment), reply, "enrolment");
	copy(e.secret, sizeof(e.secret), reply, "secret");
	copy(e.acquisition, sizeof(e.acquisition), reply, "acquisition");
	json_decref(reply);

	return e;
}

static void
say_code(struct simulation *sim, const struct enrolment *e, const char *code)
{
	double_say(sim, NETWORK, SELF, "acquisition.code",
	    json_pack("{s:[[s,s]]}", "items", e->acquisition, code));
}

/* POST /sessions; new reference. */
static json_t *
sign_in(struct simulation *sim, const struct enrolment *e, const char *secret,
    int want)
{
	return double_call(sim, SELF, HTTP_POST, "/sessions",
	    json_pack("{s:s,s:s}", "enrolment", e->enrolment, "secret", secret),
	    want);
}

/* A confirmed account's session. */
static void
begin_session(struct simulation *sim, const struct enrolment *e, char token[64])
{
	json_t *reply = sign_in(sim, e, e->secret, 201);

	copy(token, 64, reply, "token");
	json_decref(reply);
}

/* A resident's request; new reference. */
static json_t *
resident(struct simulation *sim, enum http_method method, const char *path,
    const char *token, int want)
{
	struct problem problem = {0};
	json_t *reply = NULL;
	struct buf text;
	int status = 0;

	buf_init(&text);
	assert_int_equal(simulation_call_raw(sim, SELF, method, path, SLICE(""),
			     slice_of(token), &status, &text),
	    OK);
	assert_int_equal(status, want);
	assert_int_equal(
	    json_read(buf_slice(&text), "reply", &reply, &problem), OK);
	buf_done(&text);

	return reply;
}

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
an_enrolment_waits_for_the_counter(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);

	json_decref(sign_in(sim, &e, e.secret, 409));
	say_code(sim, &e, LC);
	json_decref(sign_in(sim, &e, e.secret, 201));
}

static void
signing_in_waits_for_the_counter_if_asked_to(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);

	double_tell(sim, NETWORK, SELF, "acquisition.code",
	    json_pack("{s:[[s,s]]}", "items", e.acquisition, LC));
	json_decref(double_call(sim, SELF, HTTP_POST, "/sessions",
	    json_pack("{s:s,s:s,s:i}", "enrolment", e.enrolment, "secret",
		e.secret, "wait", 30),
	    201));
}

static void
the_acquisition_number_is_deleted(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);

	say_code(sim, &e, LC);
	/* Under the same number again: nobody knows it any more. */
	say_code(sim, &e, LC2);
	assert_int_equal(double_refused(sim, NETWORK), 1);
}

static void
a_code_for_nobody_is_refused(void **state)
{
	struct simulation *sim = *state;

	enrol(sim);
	double_say(sim, NETWORK, SELF, "acquisition.code",
	    json_pack("{s:[[s,s]]}", "items",
		"00000000000000000000000000000000", LC));
	assert_int_equal(double_refused(sim, NETWORK), 1);
}

static void
a_second_enrolment_of_a_resident_has_no_use(void **state)
{
	struct simulation *sim = *state;
	struct enrolment first = enrol(sim), second = enrol(sim);
	json_t *reply;

	say_code(sim, &first, LC);
	say_code(sim, &second, "");
	reply = sign_in(sim, &second, second.secret, 409);
	assert_non_null(strstr(
	    json_string_value(json_object_get(reply, "detail")), "first"));
	json_decref(reply);
	json_decref(sign_in(sim, &first, first.secret, 201));
}

static void
an_unconfirmed_enrolment_ends_after_a_day(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);

	double_timers(sim, SELF, PORTAL_ENROLMENT_MS - 3600000);
	json_decref(sign_in(sim, &e, e.secret, 409));
	double_timers(sim, SELF, PORTAL_ENROLMENT_MS + 3600000);
	json_decref(sign_in(sim, &e, e.secret, 401));
	say_code(sim, &e, LC);
	assert_int_equal(double_refused(sim, NETWORK), 1);
}

static void
a_confirmed_enrolment_does_not_end(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);

	say_code(sim, &e, LC);
	double_timers(sim, SELF, 30 * PORTAL_ENROLMENT_MS);
	json_decref(sign_in(sim, &e, e.secret, 201));
}

/* --- Other codes, after the network's key has leaked ---------------------- */

static void
renew(struct simulation *sim, const char *from)
{
	double_say(sim, from, SELF, "code.renewed",
	    json_pack("{s:i,s:[[s,s]]}", "epoch", 2, "items", LC, LC2));
}

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

	say_code(sim, &e, LC);
	renew(sim, NETWORK);
	renew(sim, NETWORK);
	double_said("code.taken",
	    json_pack("{s:i,s:s,s:s}", "epoch", 2, "first", LC2, "last", LC2));
	assert_string_equal(code_asked(sim, &e), LC2);
}

static void
a_code_that_comes_late_is_the_new_one(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);

	renew(sim, NETWORK);
	say_code(sim, &e, LC);
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
	say_code(sim, &e, LC);
	renew(sim, "012041/network");
	assert_int_equal(double_refused(sim, "012041/network"), 1);
	assert_string_equal(code_asked(sim, &e), LC);
	if (!bug_is_possible())
		return;
	bug_set(BUG_RENEWED_BY_ANYBODY);
	renew(sim, "012041/network");
	bug_set(BUG_NONE);
	assert_string_equal(code_asked(sim, &e), LC2);
}

/* --- Secrets ------------------------------------------------------------- */

static void
five_wrong_secrets_lock_for_an_hour(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim);
	json_t *reply;
	int i;

	say_code(sim, &e, LC);
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

	say_code(sim, &e, LC);
	for (i = 0; i < 2 * PORTAL_TRIES_MAX; i++) {
		json_decref(sign_in(sim, &e, "wrong", 401));
		json_decref(sign_in(sim, &e, e.secret, 201));
	}
}

static void
another_enrolments_secret_does_not_fit(void **state)
{
	struct simulation *sim = *state;
	struct enrolment first = enrol(sim), second = enrol(sim);

	say_code(sim, &first, LC);
	say_code(sim, &second, LC2);
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

	say_code(sim, &e, LC);
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

	say_code(sim, &e, LC);
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
	assert_int_equal(json_object_size(reply), 2);
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

	say_code(sim, &e, LC);
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
	struct enrolment first = enrol(sim), second = enrol(sim);
	char token[64], other[64];

	say_code(sim, &first, LC);
	say_code(sim, &second, LC2);
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

	say_code(sim, &e, LC);
	begin_session(sim, &e, token);
	json_decref(resident(sim, HTTP_GET, "/records", token, 202));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	json_decref(resident(sim, HTTP_DELETE, "/sessions", token, 200));
	answer_records(sim, FIRST);
	assert_int_equal(double_refused(sim, NETWORK), 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, double_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_enrolment_waits_for_the_counter),
	    TEST(signing_in_waits_for_the_counter_if_asked_to),
	    TEST(the_acquisition_number_is_deleted),
	    TEST(a_code_for_nobody_is_refused),
	    TEST(a_second_enrolment_of_a_resident_has_no_use),
	    TEST(an_unconfirmed_enrolment_ends_after_a_day),
	    TEST(a_confirmed_enrolment_does_not_end),
	    TEST(another_code_takes_the_place_of_the_portals),
	    TEST(a_code_that_comes_late_is_the_new_one),
	    TEST(the_network_alone_gives_other_codes),
	    TEST(five_wrong_secrets_lock_for_an_hour),
	    TEST(a_right_secret_forgives_the_wrong_ones),
	    TEST(another_enrolments_secret_does_not_fit),
	    TEST(a_session_ends_by_itself_and_on_request),
	    TEST(a_made_up_token_is_nobody),
	    TEST(records_are_asked_for_and_handed_over_once),
	    TEST(an_old_answer_is_not_handed_over),
	    TEST(one_residents_answer_does_not_reach_another),
	    TEST(an_answer_after_the_session_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
