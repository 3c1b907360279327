/* The network, with doubles of jukinet, relays and the portal. */
#include "systems/network/record.h"

#include "base/bug.h"
#include "tests/support/network_scheme.h"

#define AN2 "0123456789abcdef0123456789abcde1"
#define INQUIRY2 "22222222222222222222222222222223"

static const struct setting late_asker[] = {
    {"organisation.012041", "3 municipality 旭川市"},
    {"organisation.131041", "4 municipality 新宿区"},
    {"assessment.131041", "overdue"},
    {0},
};
static const struct setting late_giver[] = {
    {"organisation.012041", "3 municipality 旭川市"},
    {"organisation.131041", "4 municipality 新宿区"},
    {"assessment.012041", "overdue"},
    {0},
};

static char asker_code[33], giver_code[33];

/* --- Acquisition ---------------------------------------------------------- */

static void
each_organisation_gets_a_code_of_its_own(void **state)
{
	struct simulation *sim = *state;

	acquire(sim, ASKER, 1, asker_code);
	acquire(sim, GIVER, 1, giver_code);
	assert_int_equal(strlen(asker_code), 32);
	assert_int_equal(strlen(giver_code), 32);
	assert_string_not_equal(asker_code, giver_code);
}

static void
acquiring_twice_gives_no_second_code(void **state)
{
	struct simulation *sim = *state;

	acquire(sim, ASKER, 1, asker_code);
	say_identify(sim, ASKER, AN2, person(1));
	assert_string_equal(double_item("acquisition.code", 0, 0), AN2);
	assert_string_equal(double_item("acquisition.code", 0, 1), "");
	acquire(sim, ASKER, 2, giver_code);
	assert_string_not_equal(asker_code, giver_code);
}

/* The acquisition number must not stay (番号法21条の2第3項). */
static void
no_table_has_a_place_for_acquisition_numbers(void **state)
{
	const struct migration *m = network_system.component.schema->migrations;

	(void)state;
	assert_null(strstr(m->sqlite, "acquisition"));
}

static void
codes_go_to_known_relays_only(void **state)
{
	static const char *const bad[] = {JUKINET, PORTAL, "bank/relay",
	    "nobody/relay", "131041/addressee", "x"};
	struct simulation *sim = *state;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		say_identify(sim, bad[i], AN, person(1));
		assert_int_equal(double_refused(sim, JUKINET), i + 1);
	}
	assert_int_equal(double_count("acquisition.code"), 0);
}

static void
a_counters_order_goes_to_a_known_portal_only(void **state)
{
	static const char *const bad[] = {
	    JUKINET, ASKER, "nobody/portal", "131041/portal", "x"};
	struct simulation *sim = *state;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		say_enrolled(sim, bad[i], AN, person(1));
		assert_int_equal(double_refused(sim, JUKINET), i + 1);
	}
	assert_int_equal(double_count("enrolment.code"), 0);
}

/* An order is about the sign-in of whoever has that code. */
static void
the_portal_is_told_its_code_each_time(void **state)
{
	struct simulation *sim = *state;
	char first[33], again[33], other[33];

	acquire(sim, PORTAL, 1, first);
	assert_string_equal(
	    double_text("enrolment.code", "municipality"), "131041");
	assert_string_equal(double_item("enrolment.code", 0, 0), AN);
	assert_string_equal(double_item("enrolment.code", 0, 1), "begin");
	acquire(sim, PORTAL, 1, again);
	acquire(sim, PORTAL, 2, other);
	assert_string_equal(first, again);
	assert_string_not_equal(first, other);
	assert_int_equal(strlen(first), 32);
}

/* --- Inquiries ------------------------------------------------------------ */

static json_t *
question(struct simulation *sim, const char *inquiry, const char *code,
    const char *item)
{
	return signed_inquiry(
	    sim, inquiry, code, question_about("106", item, "012041"));
}

static void
ask(struct simulation *sim, const char *code, const char *affair,
    const char *item, const char *provider)
{
	double_say(sim, ASKER, SELF, "inquiry.request",
	    signed_inquiry(
		sim, INQUIRY, code, question_about(affair, item, provider)));
}

static void
assert_refused(const char *reason, const char *article)
{
	assert_string_equal(double_text("inquiry.refused", "inquiry"), INQUIRY);
	assert_string_equal(double_text("inquiry.refused", "reason"), reason);
	assert_string_equal(double_text("inquiry.refused", "article"), article);
	assert_int_not_equal(strlen(double_text("inquiry.refused", "text")), 0);
	assert_int_equal(double_count("permit.issued"), 0);
	assert_int_equal(double_count("inquiry.permitted"), 0);
}

static void
acquire_both(struct simulation *sim)
{
	acquire(sim, ASKER, 1, asker_code);
	acquire(sim, GIVER, 1, giver_code);
}

static void
an_allowed_inquiry_gives_the_provider_a_permit(void **state)
{
	struct simulation *sim = *state;
	struct instant requested, expires;

	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	assert_string_equal(
	    double_text("inquiry.permitted", "inquiry"), INQUIRY);
	assert_string_equal(double_text("inquiry.permitted", "question"),
	    double_digest(double_text("permit.issued", "question")));
	assert_string_equal(double_text("permit.issued", "article"),
	    "番号法19条8号、令和6年命令第9号2条の表106の項");
	assert_string_not_equal(double_text("permit.issued", "sheet"), "");
	/* Neither side learns the other's id. */
	assert_null(
	    json_object_get(double_last("inquiry.permitted"), "permit"));
	assert_null(json_object_get(double_last("permit.issued"), "inquiry"));
	/* The provider's own code, not the inquirer's. */
	assert_string_equal(double_text("permit.issued", "code"), giver_code);
	assert_int_equal(
	    instant_parse(slice_of(double_text("permit.issued", "requested")),
		&requested),
	    OK);
	assert_int_equal(
	    instant_parse(
		slice_of(double_text("permit.issued", "expires")), &expires),
	    OK);
	/* No longer than the question, which is some moments older. */
	assert_int_equal(expires.ms, DOUBLE_START_MS + QUESTION_LIFE_MS);
	assert_true(requested.ms >= DOUBLE_START_MS);
	assert_int_equal(double_count("inquiry.refused"), 0);
}

static void
a_code_of_somebody_else_is_refused(void **state)
{
	struct simulation *sim = *state;

	acquire_both(sim);
	ask(sim, giver_code, "106", "local-tax", "012041");
	assert_refused("no-code", "番号法施行令20条");
	ask(sim, "ffffffffffffffffffffffffffffffff", "106", "local-tax",
	    "012041");
	assert_refused("no-code", "番号法施行令20条");
}

static void
an_item_that_there_is_not_is_refused(void **state)
{
	struct simulation *sim = *state;

	acquire_both(sim);
	ask(sim, asker_code, "106", "diary", "012041");
	assert_refused("unknown-item", "番号法19条8号");
}

static void
ask_version(struct simulation *sim, const char *item, const char *version)
{
	struct question q = question_about("106", item, "012041");

	q.version = slice_of(version);
	double_say(sim, ASKER, SELF, "inquiry.request",
	    signed_inquiry(sim, INQUIRY, asker_code, q));
}

static void
a_version_that_there_cannot_be_is_refused(void **state)
{
	struct simulation *sim = *state;

	acquire_both(sim);
	ask_version(sim, "local-tax", "26");
	assert_refused("unknown-version", "番号法19条8号");
	/* Asked again under its id, it is refused again. */
	ask_version(sim, "local-tax", "26");
	assert_refused("unknown-version", "番号法19条8号");
	assert_int_equal(double_count("inquiry.refused"), 2);
}

static void
an_item_is_looked_for_before_its_version(void **state)
{
	struct simulation *sim = *state;

	acquire_both(sim);
	ask_version(sim, "diary", "26");
	assert_refused("unknown-item", "番号法19条8号");
}

static void
a_provider_that_is_not_connected_is_refused(void **state)
{
	static const char *const bad[] = {"011002", "jlis", "digital"};
	struct simulation *sim = *state;
	char inquiry[33];
	size_t i;

	acquire_both(sim);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		double_forget();
		snprintf(inquiry, sizeof(inquiry), "%032zx", i);
		double_say(sim, ASKER, SELF, "inquiry.request",
		    signed_inquiry(sim, inquiry, asker_code,
			question_about("106", "local-tax", bad[i])));
		assert_string_equal(double_text("inquiry.refused", "reason"),
		    "provider-unknown");
	}
}

static void
what_the_table_does_not_allow_is_refused(void **state)
{
	struct simulation *sim = *state;

	acquire_both(sim);
	acquire(sim, PENSION, 1, giver_code);
	ask(sim, asker_code, "106", "pension", "nenkin");
	assert_refused(
	    "no-basis", "番号法19条8号、令和6年命令第9号2条の表106の項");
}

static void
an_affair_that_the_table_lacks_is_refused(void **state)
{
	struct simulation *sim = *state;

	acquire_both(sim);
	ask(sim, asker_code, "999", "local-tax", "012041");
	assert_refused("no-basis", "番号法19条8号");
}

static void
nobody_asks_itself(void **state)
{
	struct simulation *sim = *state;

	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "131041");
	assert_refused(
	    "no-basis", "番号法19条8号、令和6年命令第9号2条の表106の項");
}

static void
without_an_assessment_nobody_asks(void **state)
{
	struct simulation *sim = scheme_nation(late_asker);

	(void)state;
	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	assert_refused("assessment-inquirer", "番号法28条");
	double_done(sim);
}

static void
without_an_assessment_nobody_is_asked(void **state)
{
	struct simulation *sim = scheme_nation(late_giver);

	(void)state;
	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	assert_refused("assessment-provider", "番号法28条");
	double_done(sim);
}

static void
a_provider_without_a_code_is_refused(void **state)
{
	struct simulation *sim = *state;

	acquire(sim, ASKER, 1, asker_code);
	ask(sim, asker_code, "106", "local-tax", "012041");
	assert_refused("provider-no-code", "番号法施行令26条2項");
}

/* An earlier check speaks first. */
static void
the_table_is_asked_before_the_assessments(void **state)
{
	struct simulation *sim = scheme_nation(late_asker);

	(void)state;
	acquire(sim, ASKER, 1, asker_code);
	ask(sim, asker_code, "106", "pension", "012041");
	assert_refused(
	    "no-basis", "番号法19条8号、令和6年命令第9号2条の表106の項");
	double_done(sim);
}

static void
the_same_inquiry_again_gets_the_same_answer_and_no_second_permit(void **state)
{
	struct simulation *sim = *state;
	json_t *first;

	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	first = json_deep_copy(double_last("inquiry.permitted"));
	ask(sim, asker_code, "106", "local-tax", "012041");
	assert_int_equal(double_count("inquiry.permitted"), 2);
	double_said("inquiry.permitted", first);
	assert_int_equal(double_count("permit.issued"), 1);
	/* Under the same id for something else: refused as a message. */
	ask(sim, asker_code, "106", "resident-record", "012041");
	assert_int_equal(double_refused(sim, ASKER), 1);
	assert_int_equal(double_count("permit.issued"), 1);
	assert_int_equal(double_audited(sim, SELF, "inquiry.repeat", NULL), 1);
	assert_int_equal(double_audited(sim, SELF, "inquiry.repeat", ""), 0);
}

/* Otherwise the receipt would prove an inquiry that nobody judged. */
static void
an_inquiry_id_is_never_used_for_other_content(void **state)
{
	static const char *const members[] = {
	    "question", "sheet", "blind", "code", "whose"};
	struct simulation *sim = *state;
	char other[33];
	json_t *others, *body;
	size_t i, n = sizeof(members) / sizeof(members[0]);

	acquire_both(sim);
	acquire(sim, ASKER, 2, other);
	others = question(sim, INQUIRY2, other, "pension");
	json_put_text(others, "whose", SLICE("spouse"));
	json_put_text(others, "blind", slice_of(double_digest("other")));
	ask(sim, asker_code, "106", "local-tax", "012041");
	for (i = 0; i < n; i++) {
		body = question(sim, INQUIRY, asker_code, "local-tax");
		json_object_set(
		    body, members[i], json_object_get(others, members[i]));
		double_say(sim, ASKER, SELF, "inquiry.request", body);
		if (double_refused(sim, ASKER) != (int64_t)i + 1)
			fail_msg("%s", members[i]);
	}
	json_decref(others);
	assert_int_equal(double_count("inquiry.permitted"), 1);
	ask(sim, asker_code, "106", "local-tax", "012041");
	assert_int_equal(double_count("inquiry.permitted"), 2);
}

static void
a_refused_inquiry_again_is_refused_again(void **state)
{
	static const char *const items[] = {"pension", "diary"};
	static const char *const reasons[] = {"no-basis", "unknown-item"};
	struct simulation *sim = *state;
	size_t i, n;

	acquire_both(sim);
	for (i = 0; i < 2; i++) {
		for (n = 0; n < 2; n++)
			double_say(sim, ASKER, SELF, "inquiry.request",
			    question(sim, i == 0 ? INQUIRY : INQUIRY2,
				asker_code, items[i]));
		assert_int_equal(double_count("inquiry.refused"), 2 * (i + 1));
		assert_string_equal(
		    double_text("inquiry.refused", "reason"), reasons[i]);
		assert_int_not_equal(
		    strlen(double_text("inquiry.refused", "text")), 0);
	}
}

/* --- Records -------------------------------------------------------------- */

static const json_t *
show_records(struct simulation *sim, const char *code)
{
	double_say(sim, PORTAL, SELF, "records.request",
	    json_pack("{s:s,s:s}", "request", AN, "code", code));
	assert_string_equal(double_text("records.answer", "request"), AN);

	return json_object_get(double_last("records.answer"), "records");
}

static const char *
record_text(const json_t *records, size_t index, const char *key)
{
	return json_string_value(
	    json_object_get(json_array_get(records, index), key));
}

static void
report(struct simulation *sim, const char *from, const char *outcome,
    int64_t after_ms)
{
	char at[INSTANT_TEXT_MAX];

	instant_format(instant_plus(simulation_now(sim), after_ms), at);
	double_say(sim, from, SELF, "provision.report",
	    json_pack("{s:s,s:s,s:s}", "permit",
		double_text("permit.issued", "permit"), "outcome", outcome,
		"at", at));
}

static void
a_resident_sees_who_asked_whom_for_what(void **state)
{
	struct simulation *sim = *state;
	char portal_code[33];
	const json_t *records;

	acquire(sim, PORTAL, 1, portal_code);
	acquire_both(sim);
	assert_int_equal(json_array_size(show_records(sim, portal_code)), 0);
	ask(sim, asker_code, "106", "local-tax", "012041");
	report(sim, GIVER, "provided", 0);
	simulation_run(sim, 1000);
	double_say(sim, ASKER, SELF, "inquiry.request",
	    question(sim, INQUIRY2, asker_code, "pension"));
	records = show_records(sim, portal_code);
	assert_int_equal(json_array_size(records), 2);
	/* Newest first. */
	assert_string_equal(record_text(records, 0, "outcome"), "refused");
	assert_string_equal(record_text(records, 0, "provided"), "");
	assert_string_equal(record_text(records, 1, "outcome"), "provided");
	assert_string_not_equal(record_text(records, 1, "provided"), "");
	assert_string_equal(record_text(records, 1, "inquirer"), "131041");
	assert_string_equal(record_text(records, 1, "provider"), "012041");
	assert_string_equal(record_text(records, 1, "item"), "local-tax");
	assert_string_equal(record_text(records, 1, "affair"), "106");
	assert_string_equal(record_text(records, 1, "unit"), "子ども家庭部");
	assert_string_equal(record_text(records, 1, "article"),
	    "番号法19条8号、令和6年命令第9号2条の表106の項");
}

static void
a_resident_sees_nobody_elses_records(void **state)
{
	struct simulation *sim = *state;
	char portal_code[33];

	acquire(sim, PORTAL, 2, portal_code);
	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	assert_int_equal(json_array_size(show_records(sim, portal_code)), 0);
	/* The portal cannot use a code of another organisation. */
	double_say(sim, PORTAL, SELF, "records.request",
	    json_pack("{s:s,s:s}", "request", AN2, "code", asker_code));
	assert_int_equal(double_refused(sim, PORTAL), 1);
}

static void
the_first_report_counts_and_another_is_refused(void **state)
{
	struct simulation *sim = *state;
	char portal_code[33];

	acquire(sim, PORTAL, 1, portal_code);
	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	report(sim, GIVER, "no-data", 0);
	report(sim, GIVER, "no-data", 0);
	assert_int_equal(double_refused(sim, GIVER), 0);
	report(sim, GIVER, "provided", 0);
	report(sim, GIVER, "no-data", 1000);
	assert_int_equal(double_refused(sim, GIVER), 2);
	assert_string_equal(
	    record_text(show_records(sim, portal_code), 0, "outcome"),
	    "no-data");
}

static void
only_the_provider_reports_on_a_permit(void **state)
{
	struct simulation *sim = *state;

	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	report(sim, PENSION, "provided", 0);
	assert_int_equal(double_refused(sim, PENSION), 1);
	double_say(sim, GIVER, SELF, "provision.report",
	    json_pack("{s:s,s:s,s:s}", "permit", AN, "outcome", "provided",
		"at", "2026-11-21T08:00:00Z"));
	assert_int_equal(double_refused(sim, GIVER), 1);
}

static void
a_permit_that_nobody_used_expires(void **state)
{
	struct simulation *sim = *state;
	char portal_code[33];
	const json_t *records;

	acquire(sim, PORTAL, 1, portal_code);
	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	simulation_leap(sim, NETWORK_PERMIT_MS - DAY_MS);
	simulation_run(sim, 2 * DAY_MS / 24);
	assert_string_equal(
	    record_text(show_records(sim, portal_code), 0, "outcome"),
	    "permitted");
	simulation_leap(sim, DAY_MS);
	simulation_run(sim, DAY_MS / 24);
	assert_string_equal(
	    record_text(show_records(sim, portal_code), 0, "outcome"),
	    "expired");
	/* It was provided in time, and the report came late. */
	report(sim, GIVER, "provided", -DAY_MS);
	records = show_records(sim, portal_code);
	assert_string_equal(record_text(records, 0, "outcome"), "provided");
}

static void
what_was_provided_too_late_stays_expired_and_is_noted(void **state)
{
	struct simulation *sim = *state;
	char portal_code[33];
	const json_t *records;

	acquire(sim, PORTAL, 1, portal_code);
	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	simulation_run(sim, NETWORK_PERMIT_MS + DAY_MS);
	report(sim, GIVER, "provided", 0);
	records = show_records(sim, portal_code);
	assert_string_equal(record_text(records, 0, "outcome"), "expired");
	assert_string_not_equal(record_text(records, 0, "provided"), "");
}

static void
a_report_of_the_future_is_refused(void **state)
{
	struct simulation *sim = *state;

	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	report(sim, GIVER, "provided", 600000);
	assert_int_equal(double_refused(sim, GIVER), 1);
	report(sim, GIVER, "provided", 299000);
	assert_int_equal(double_refused(sim, GIVER), 1);
}

static void
a_report_of_a_time_before_the_inquiry_is_refused(void **state)
{
	struct simulation *sim = *state;

	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	report(sim, GIVER, "provided", -DAY_MS);
	report(sim, GIVER, "provided", -360000);
	assert_int_equal(double_refused(sim, GIVER), 2);
	/* The provider's clock may be behind. */
	report(sim, GIVER, "provided", -280000);
	assert_int_equal(double_refused(sim, GIVER), 2);
}

static int64_t
count_records(struct simulation *sim)
{
	int64_t n = -1;
	struct query q;

	store_query(
	    node_store(simulation_node(sim, SELF)), NETWORK_COUNT_RECORDS, &q);
	if (query_step(&q) == OK)
		n = column_int(&q, "n");
	query_done(&q);

	return n;
}

static void
records_go_after_seven_years_and_not_before(void **state)
{
	struct simulation *sim = *state;

	acquire_both(sim);
	ask(sim, asker_code, "106", "local-tax", "012041");
	/* Two leap days: the anniversary is the 2557th day. */
	double_timers(sim, SELF, 2557 * DAY_MS);
	assert_int_equal(count_records(sim), 1);
	double_timers(sim, SELF, 2558 * DAY_MS);
	assert_int_equal(count_records(sim), 0);
}

/* One about a code that is not the asker's, one about somebody. */
static void
ask_about_nobody_and_somebody(struct simulation *sim)
{
	acquire_both(sim);
	ask(sim, giver_code, "106", "local-tax", "012041");
	assert_refused("no-code", "番号法施行令20条");
	double_say(sim, ASKER, SELF, "inquiry.request",
	    question(sim, INQUIRY2, asker_code, "local-tax"));
	assert_int_equal(count_records(sim), 2);
}

static void
records_of_nobody_go_after_nine_weeks(void **state)
{
	struct simulation *sim = *state;

	ask_about_nobody_and_somebody(sim);
	double_timers(sim, SELF, 62 * DAY_MS);
	assert_int_equal(count_records(sim), 2);
	double_timers(sim, SELF, 64 * DAY_MS);
	assert_int_equal(count_records(sim), 1);
}

static void
without_the_check_they_stay(void **state)
{
	struct simulation *sim = *state;

	if (!bug_is_possible())
		skip();
	bug_set(BUG_NOBODY_KEPT);
	ask_about_nobody_and_somebody(sim);
	double_timers(sim, SELF, 64 * DAY_MS);
	assert_int_equal(count_records(sim), 2);
	bug_set(BUG_NONE);
}

static void
assert_keeps_from(const char *now, const char *from)
{
	char text[INSTANT_TEXT_MAX];
	struct instant t;

	assert_int_equal(instant_parse(slice_of(now), &t), OK);
	instant_format(record_keep_from(t), text);
	assert_string_equal(text, from);
}

static void
seven_years_are_years_of_japan(void **state)
{
	(void)state;
	/* 00:30 on 22 November in Japan. */
	assert_keeps_from("2033-11-21T15:30:00Z", "2026-11-21T15:00:00.000Z");
	assert_keeps_from("2033-11-21T14:30:00Z", "2026-11-20T15:00:00.000Z");
	assert_keeps_from("2032-02-29T03:00:00Z", "2025-02-28T15:00:00.000Z");
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scheme_set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_organisation_gets_a_code_of_its_own),
	    TEST(acquiring_twice_gives_no_second_code),
	    cmocka_unit_test(no_table_has_a_place_for_acquisition_numbers),
	    TEST(codes_go_to_known_relays_only),
	    TEST(a_counters_order_goes_to_a_known_portal_only),
	    TEST(the_portal_is_told_its_code_each_time),
	    TEST(an_allowed_inquiry_gives_the_provider_a_permit),
	    TEST(a_code_of_somebody_else_is_refused),
	    TEST(an_item_that_there_is_not_is_refused),
	    TEST(a_version_that_there_cannot_be_is_refused),
	    TEST(an_item_is_looked_for_before_its_version),
	    TEST(a_provider_that_is_not_connected_is_refused),
	    TEST(what_the_table_does_not_allow_is_refused),
	    TEST(an_affair_that_the_table_lacks_is_refused),
	    TEST(nobody_asks_itself),
	    cmocka_unit_test(without_an_assessment_nobody_asks),
	    cmocka_unit_test(without_an_assessment_nobody_is_asked),
	    TEST(a_provider_without_a_code_is_refused),
	    cmocka_unit_test(the_table_is_asked_before_the_assessments),
	    TEST(
		the_same_inquiry_again_gets_the_same_answer_and_no_second_permit),
	    TEST(an_inquiry_id_is_never_used_for_other_content),
	    TEST(a_refused_inquiry_again_is_refused_again),
	    TEST(a_resident_sees_who_asked_whom_for_what),
	    TEST(a_resident_sees_nobody_elses_records),
	    TEST(the_first_report_counts_and_another_is_refused),
	    TEST(only_the_provider_reports_on_a_permit),
	    TEST(a_permit_that_nobody_used_expires),
	    TEST(what_was_provided_too_late_stays_expired_and_is_noted),
	    TEST(a_report_of_the_future_is_refused),
	    TEST(a_report_of_a_time_before_the_inquiry_is_refused),
	    TEST(records_go_after_seven_years_and_not_before),
	    TEST(records_of_nobody_go_after_nine_weeks),
	    TEST(without_the_check_they_stay),
	    cmocka_unit_test(seven_years_are_years_of_japan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
