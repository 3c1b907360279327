/* The offices of a municipality, with doubles of its addressee and relay. */
#include "number/individual_number.h"
#include "tests/support/offices_scheme.h"

#define APPLICATION "0123456789abcdef0123456789abcdef"

/* --- Records ------------------------------------------------------------- */

static json_t *
tax(const char *bn, int income)
{
	return json_pack(
	    "{s:i,s:[[s,{s:i}]]}", "year", 2026, "items", bn, "income", income);
}

static void
tax_records_become_replicas(void **state)
{
	struct simulation *sim = *state;

	double_post(sim, SELF, "/tax-records", tax("R1", 5), 200);
	assert_string_equal(double_item("replica.put", 0, 0), "R1");
	assert_string_equal(double_text("replica.put", "item"), "local-tax");
	assert_string_equal(double_text("replica.put", "version"), "2026");
	assert_non_null(json_object_get(double_last("replica.put"), "at"));
	assert_int_equal(double_progress(sim, SELF, "records"), 1);
}

static void
loading_twice_keeps_one_record(void **state)
{
	struct simulation *sim = *state;

	double_post(sim, SELF, "/tax-records", tax("R1", 5), 200);
	double_post(sim, SELF, "/tax-records", tax("R1", 6), 200);
	assert_int_equal(double_progress(sim, SELF, "records"), 1);
	assert_int_equal(double_count("replica.put"), 2);
}

static void
malformed_tax_records_load_nothing(void **state)
{
	struct simulation *sim = *state;

	double_post(sim, SELF, "/tax-records", tax("", 5), 400);
	double_post(sim, SELF, "/tax-records",
	    tax("123456789012345678901234567890123", 5), 400);
	double_post(sim, SELF, "/tax-records",
	    json_pack(
		"{s:i,s:[[s,{}],[s]]}", "year", 2026, "items", "R1", "R2"),
	    400);
	double_post(sim, SELF, "/tax-records",
	    json_pack("{s:[[s,{}]]}", "items", "R1"), 400);
	assert_int_equal(double_progress(sim, SELF, "records"), 0);
	assert_int_equal(double_count("replica.put"), 0);
}

static void
a_person_twice_in_one_load_is_refused_with_both_rows(void **state)
{
	struct simulation *sim = *state;
	json_t *reply = double_call(sim, SELF, HTTP_POST, "/tax-records",
	    json_pack("{s:i,s:[[s,{}],[s,{}],[s,{s:i}]]}", "year", 2026,
		"items", "R1", "R2", "R1", "income", 1),
	    400);
	const char *detail =
	    json_string_value(json_object_get(reply, "detail"));

	assert_non_null(strstr(detail, "items[2]"));
	assert_non_null(strstr(detail, "items[0]"));
	json_decref(reply);
	assert_int_equal(double_progress(sim, SELF, "records"), 0);
	assert_int_equal(double_count("replica.put"), 0);
}

static void
contents_of_a_record_are_printable(void **state)
{
	struct simulation *sim = *state;

	double_post(sim, SELF, "/tax-records",
	    json_pack("{s:i,s:[[s,{s:s}]]}", "year", 2026, "items", "R1",
		"note", "\x1b[2J"),
	    400);
	double_post(sim, SELF, "/tax-records",
	    json_pack("{s:i,s:[[s,{s:s}]]}", "year", 2026, "items", "R1",
		"\xe2\x80\xae", "x"),
	    400);
	assert_int_equal(double_progress(sim, SELF, "records"), 0);
}

/* A request has room for 29 levels, and a message has not. */
static void
contents_that_no_message_can_carry_are_refused(void **state)
{
	struct simulation *sim = *state;
	json_t *contents = json_object(), *reply;
	const char *detail;
	int i;

	for (i = 1; i < 29; i++)
		contents = json_pack("{s:o}", "a", contents);
	reply = double_call(sim, SELF, HTTP_POST, "/tax-records",
	    json_pack("{s:i,s:[[s,{}],[s,o]]}", "year", 2026, "items", "R1",
		"R2", contents),
	    400);
	detail = json_string_value(json_object_get(reply, "detail"));
	assert_non_null(strstr(detail, "items[1].contents"));
	json_decref(reply);
	assert_int_equal(double_progress(sim, SELF, "records"), 0);
}

static void
refuse_replica(struct simulation *sim)
{
	double_say(sim, ADDRESSEE, SELF, "replica.refused",
	    json_pack("{s:s,s:s,s:[[s,s],[s,s]]}", "item", "local-tax",
		"version", "2026", "items", "R1", "unknown-person", "R9",
		"unknown-person"));
}

static const json_t *
newest_row(void)
{
	return json_array_get(
	    json_object_get(double_last("replica.put"), "items"), 0);
}

static void
a_refused_replica_is_put_again(void **state)
{
	struct simulation *sim = *state;
	char at[INSTANT_TEXT_MAX];

	double_post(sim, SELF, "/tax-records", tax("R1", 5), 200);
	snprintf(at, sizeof(at), "%s", double_text("replica.put", "at"));
	refuse_replica(sim);
	assert_int_equal(double_progress(sim, SELF, "retrying"), 1);
	simulation_run(sim, 2 * OFFICES_RETRY_MS);
	assert_int_equal(double_count("replica.put"), 2);
	assert_string_equal(double_item("replica.put", 0, 0), "R1");
	assert_string_equal(double_text("replica.put", "at"), at);
	assert_int_equal(json_integer_value(json_object_get(
			     json_array_get(newest_row(), 1), "income")),
	    5);
	assert_int_equal(double_progress(sim, SELF, "retrying"), 0);
}

/* At the same time, unless the clock goes on in between. */
static void
load_tax(struct simulation *sim, int year, const char *bn)
{
	json_decref(double_call(sim, SELF, HTTP_POST, "/tax-records",
	    json_pack(
		"{s:i,s:[[s,{s:i}]]}", "year", year, "items", bn, "income", 5),
	    200));
}

/* Each message has one version, put at one time. */
static void
refused_replicas_of_several_loads_are_put_again_apart(void **state)
{
	struct simulation *sim = *state;

	load_tax(sim, 2025, "R1");
	load_tax(sim, 2026, "R1");
	assert_int_equal(simulation_settle(sim, 60000), OK);
	load_tax(sim, 2026, "R9");
	assert_int_equal(simulation_settle(sim, 60000), OK);
	refuse_replica(sim);
	double_say(sim, ADDRESSEE, SELF, "replica.refused",
	    json_pack("{s:s,s:s,s:[[s,s]]}", "item", "local-tax", "version",
		"2025", "items", "R1", "unknown-person"));
	assert_int_equal(double_progress(sim, SELF, "retrying"), 3);
	simulation_run(sim, 2 * OFFICES_RETRY_MS);
	assert_int_equal(double_count("replica.put"), 6);
	assert_string_equal(double_text("replica.put", "version"), "2026");
	assert_string_equal(double_item("replica.put", 0, 0), "R9");
}

static void
a_replica_refused_too_often_is_given_up(void **state)
{
	struct simulation *sim = *state;
	int i;

	double_post(sim, SELF, "/tax-records", tax("R1", 5), 200);
	for (i = 0; i <= OFFICES_RETRIES_MAX; i++) {
		assert_int_equal(double_progress(sim, SELF, "given_up"), 0);
		refuse_replica(sim);
	}
	assert_int_equal(double_progress(sim, SELF, "given_up"), 1);
	simulation_run(sim, 86400000);
	assert_int_equal(double_count("replica.put"), 1);
	/* Loading it anew begins anew. */
	double_post(sim, SELF, "/tax-records", tax("R1", 5), 200);
	assert_int_equal(double_progress(sim, SELF, "given_up"), 0);
}

/* --- Insured persons ----------------------------------------------------- */

static const char *
number(void)
{
	static char text[INDIVIDUAL_NUMBER_DIGITS + 1];
	struct individual_number in = individual_number_from_body(4711);

	individual_number_format(&in, text);

	return text;
}

static json_t *
insured(const char *in, const char *address)
{
	return json_pack("{s:[[s,s,s,s,s,s,s,{s:i}]]}", "items", "P1", in,
	    "番号太郎", "バンゴウタロウ", "1980-05-05", "1", address, "months",
	    240);
}

static void
insured_persons_are_registered_and_replicated(void **state)
{
	struct simulation *sim = *state;
	json_t *row = json_pack("[s,s,s,s,s,s,s]", "P1", number(), "番号太郎",
	    "バンゴウタロウ", "1980-05-05", "1", "東京都新宿区");

	double_post(
	    sim, SELF, "/insured", insured(number(), "東京都新宿区"), 200);
	assert_true(json_equal(
	    json_array_get(
		json_object_get(double_last("persons.registered"), "items"), 0),
	    row));
	json_decref(row);
	assert_string_equal(double_text("replica.put", "item"), "pension");
	assert_string_equal(double_item("replica.put", 0, 0), "P1");
}

static void
no_individual_number_stays_in_the_office(void **state)
{
	struct simulation *sim = *state;
	FILE *file;
	char *content;
	size_t len;

	double_post(
	    sim, SELF, "/insured", insured(number(), "東京都新宿区"), 200);
	assert_int_equal(
	    store_checkpoint(node_store(simulation_node(sim, SELF))), OK);
	file = fopen(double_path("131041-offices.sqlite"), "rb");
	assert_non_null(file);
	content = test_malloc(1 << 20);
	len = fread(content, 1, 1 << 20, file);
	fclose(file);
	assert_true(len > 4096);
	assert_non_null(memmem(content, len, "240", 3));
	assert_null(memmem(content, len, number(), 12));
	test_free(content);
}

static void
fewer_than_four_attributes_are_refused(void **state)
{
	struct simulation *sim = *state;

	double_post(sim, SELF, "/insured", insured(number(), ""), 400);
	double_post(sim, SELF, "/insured",
	    insured("123456789012", "東京都新宿区"), 400);
	double_post(sim, SELF, "/insured",
	    json_pack("{s:[[s,s]]}", "items", "P1", number()), 400);
	assert_int_equal(double_count("persons.registered"), 0);
	assert_int_equal(double_progress(sim, SELF, "records"), 0);
}

/* --- Applications -------------------------------------------------------- */

static json_t *
allowance(const char *applicant, int pension)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:b}", "application",
	    APPLICATION, "applicant", applicant, "child", "R2",
	    "previous_municipality", "012041", "unit", "児童手当係",
	    "ask_pension", pension);
}

static json_t *
application(struct simulation *sim, const char *query, int want)
{
	char path[96];

	snprintf(path, sizeof(path), "/applications/%s%s", APPLICATION, query);

	return double_call(sim, SELF, HTTP_GET, path, NULL, want);
}

static void
assert_state(struct simulation *sim, const char *want)
{
	json_t *reply = application(sim, "", 200);

	assert_string_equal(
	    json_string_value(json_object_get(reply, "state")), want);
	json_decref(reply);
}

/* Answer the newest question. */
static void
answer(struct simulation *sim, const char *outcome)
{
	json_t *body = json_pack("{s:s,s:s}", "inquiry",
	    double_text("inquiry.request", "inquiry"), "outcome", outcome);

	if (strcmp(outcome, "provided") == 0)
		json_object_set_new(
		    body, "contents", json_pack("{s:i}", "income", 5));
	else {
		json_object_set_new(body, "reason", json_string("no-basis"));
		json_object_set_new(
		    body, "article", json_string("番号法19条8号"));
	}
	double_say(sim, RELAY, SELF, "inquiry.answered", body);
}

static void
an_application_asks_the_previous_municipality(void **state)
{
	struct simulation *sim = *state;
	json_t *reply, *question;

	double_post(sim, SELF, "/child-allowance", allowance("R1", 0), 201);
	assert_int_equal(double_count("inquiry.request"), 1);
	assert_string_equal(double_text("inquiry.request", "affair"), "106");
	assert_string_equal(
	    double_text("inquiry.request", "item"), "local-tax");
	assert_string_equal(
	    double_text("inquiry.request", "provider"), "012041");
	assert_state(sim, "waiting");
	answer(sim, "provided");
	reply = application(sim, "", 200);
	question = json_array_get(json_object_get(reply, "questions"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(reply, "state")), "received");
	assert_int_equal(json_integer_value(json_object_get(
			     json_object_get(question, "contents"), "income")),
	    5);
	json_decref(reply);
}

static void
the_same_application_is_opened_once(void **state)
{
	struct simulation *sim = *state;

	double_post(sim, SELF, "/child-allowance", allowance("R1", 0), 201);
	double_post(sim, SELF, "/child-allowance", allowance("R1", 0), 201);
	assert_int_equal(double_count("inquiry.request"), 1);
	double_post(sim, SELF, "/child-allowance", allowance("R3", 0), 409);
	assert_int_equal(double_progress(sim, SELF, "applications"), 1);
}

static void
a_question_of_an_application_is_not_cancelled(void **state)
{
	struct simulation *sim = *state;
	json_t *reply;
	char path[64];

	double_post(sim, SELF, "/child-allowance", allowance("R1", 0), 201);
	snprintf(path, sizeof(path), "/inquiries/%s/cancel",
	    double_text("inquiry.request", "inquiry"));
	reply = double_call(sim, SELF, HTTP_POST, path, json_object(), 409);
	assert_non_null(
	    strstr(json_string_value(json_object_get(reply, "detail")),
		"is a question of application "));
	json_decref(reply);
	assert_state(sim, "waiting");
}

static void
a_pension_question_is_asked_beside(void **state)
{
	struct simulation *sim = *state;

	double_post(sim, SELF, "/child-allowance", allowance("R1", 1), 201);
	assert_int_equal(double_count("inquiry.request"), 2);
	assert_string_equal(double_text("inquiry.request", "affair"), "107");
	assert_string_equal(
	    double_text("inquiry.request", "provider"), "nenkin");
	answer(sim, "no-data");
	assert_state(sim, "waiting");
}

static void
a_refusal_is_shown_with_its_article(void **state)
{
	struct simulation *sim = *state;
	json_t *reply, *question;

	double_post(sim, SELF, "/child-allowance", allowance("R1", 0), 201);
	answer(sim, "refused");
	assert_state(sim, "refused");
	reply = application(sim, "", 200);
	question = json_array_get(json_object_get(reply, "questions"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(question, "article")),
	    "番号法19条8号");
	json_decref(reply);
}

static void
a_question_that_the_addressee_does_not_take_is_refused(void **state)
{
	struct simulation *sim = *state;

	double_refuses = "inquiry.request";
	double_post(sim, SELF, "/child-allowance", allowance("R1", 0), 201);
	assert_state(sim, "refused");
}

static void
a_question_may_be_cancelled(void **state)
{
	struct simulation *sim = *state;

	double_post(sim, SELF, "/child-allowance", allowance("R1", 0), 201);
	answer(sim, "cancelled");
	assert_int_equal(double_refused(sim, RELAY), 0);
	assert_state(sim, "cancelled");
}

static void
only_an_expired_question_takes_a_second_answer(void **state)
{
	struct simulation *sim = *state;

	double_post(sim, SELF, "/child-allowance", allowance("R1", 0), 201);
	answer(sim, "expired");
	assert_state(sim, "expired");
	answer(sim, "provided");
	assert_state(sim, "received");
	answer(sim, "refused");
	assert_state(sim, "received");
}

static void
an_answer_without_a_question_is_refused(void **state)
{
	struct simulation *sim = *state;

	double_say(sim, RELAY, SELF, "inquiry.answered",
	    json_pack("{s:s,s:s}", "inquiry",
		"00000000000000000000000000000000", "outcome", "provided"));
	double_post(sim, SELF, "/child-allowance", allowance("R1", 0), 201);
	answer(sim, "perhaps");
	assert_int_equal(double_refused(sim, RELAY), 2);
	assert_state(sim, "waiting");
}

static void
reading_waits_for_the_answer(void **state)
{
	struct simulation *sim = *state;
	int64_t before;
	json_t *reply;

	double_post(sim, SELF, "/child-allowance", allowance("R1", 0), 201);
	before = simulation_now(sim).ms;
	reply = application(sim, "?wait=5", 200);
	assert_true(simulation_now(sim).ms >= before + 5000);
	json_decref(reply);
	double_tell(sim, RELAY, SELF, "inquiry.answered",
	    json_pack("{s:s,s:s}", "inquiry",
		double_text("inquiry.request", "inquiry"), "outcome",
		"no-data"));
	before = simulation_now(sim).ms;
	reply = application(sim, "?wait=50", 200);
	assert_true(simulation_now(sim).ms < before + 50000);
	assert_string_equal(
	    json_string_value(json_object_get(reply, "state")), "no-data");
	json_decref(reply);
}

static void
applications_that_make_no_sense_are_refused(void **state)
{
	struct simulation *sim = *state;
	json_t *body = allowance("R1", 0);

	json_object_set_new(
	    body, "previous_municipality", json_string("131041"));
	double_post(sim, SELF, "/child-allowance", body, 400);
	body = allowance("R1", 0);
	json_object_set_new(body, "application", json_string("short"));
	double_post(sim, SELF, "/child-allowance", body, 400);
	body = allowance("R1", 0);
	json_object_del(body, "unit");
	double_post(sim, SELF, "/child-allowance", body, 400);
	json_decref(application(sim, "", 404));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(tax_records_become_replicas),
	    TEST(loading_twice_keeps_one_record),
	    TEST(malformed_tax_records_load_nothing),
	    TEST(a_person_twice_in_one_load_is_refused_with_both_rows),
	    TEST(contents_of_a_record_are_printable),
	    TEST(contents_that_no_message_can_carry_are_refused),
	    TEST(a_refused_replica_is_put_again),
	    TEST(refused_replicas_of_several_loads_are_put_again_apart),
	    TEST(a_replica_refused_too_often_is_given_up),
	    TEST(insured_persons_are_registered_and_replicated),
	    TEST(no_individual_number_stays_in_the_office),
	    TEST(fewer_than_four_attributes_are_refused),
	    TEST(an_application_asks_the_previous_municipality),
	    TEST(the_same_application_is_opened_once),
	    TEST(a_question_of_an_application_is_not_cancelled),
	    TEST(a_pension_question_is_asked_beside),
	    TEST(a_refusal_is_shown_with_its_article),
	    TEST(a_question_that_the_addressee_does_not_take_is_refused),
	    TEST(a_question_may_be_cancelled),
	    TEST(only_an_expired_question_takes_a_second_answer),
	    TEST(an_answer_without_a_question_is_refused),
	    TEST(reading_waits_for_the_answer),
	    TEST(applications_that_make_no_sense_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
